"""A host's way through the candidates: names first, then the short list and the tiers."""

import asyncio
from datetime import timedelta

import pytest

from internships.accounts.rules import Role
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.writing import write
from tests.reviews.candidates import CONTENT, at, stands, trace


async def test_a_reserve_without_positions_is_told_so(as_tomas):
    page = await as_tomas.get("/host")

    assert page.status_code == 200
    assert "Your reserve has no positions in this call." in page.text


async def test_the_start_page_counts_what_is_to_do(
    as_tomas, tomas, new_file, no_tie, set_choice, new_position, new_reserve
):
    elsewhere = await new_position("Glacier maps", reserve=await new_reserve("Ubuntu Valley"))
    files = [await new_file(name) for name in ("Amina Okello", "Bao Nguyen", "Chloé Martin")]
    await new_file("Draft Person", state=ApplicationState.SUBMITTED)
    await no_tie(tomas, *files)
    await set_choice(files[0], ChoiceState.SHORTLISTED)
    await set_choice(files[1], ChoiceState.ACCEPTABLE)

    page = (await as_tomas.get("/host")).text

    assert "1 of 3 candidates have your answer" in page
    assert "Counting condors" in page
    assert elsewhere.ref not in page
    assert "anywhere on Earth" in page


async def test_names_only_until_a_tie_is_denied(as_tomas, position, file):
    table = (await as_tomas.get(f"/host/positions/{position.ref}")).text
    person = (await as_tomas.get(at(file))).text

    assert "Amina Okello" in table
    assert "Do you have a tie to this person?" in person
    assert "Ornithology" not in table + person
    assert CONTENT not in table + person


@pytest.mark.parametrize(("count", "shown"), [(1, "not in yet"), (2, "72 (spread 12)")])
async def test_the_mean_is_shown_when_enough_have_read(as_tomas, tomas, new_file, no_tie, count, shown):
    file = await new_file(review_count=count, review_mean=71.5, review_spread=12.0)
    await no_tie(tomas, file)

    page = (await as_tomas.get(at(file))).text

    assert shown in page
    assert ("72 (spread" in page) == (count == 2)


async def test_the_candidate_is_shown_with_this_wish_alone(
    as_tomas, tomas, position, new_position, new_file, no_tie, new_reserve
):
    other = await new_position("Glacier maps", reserve=await new_reserve("Ubuntu Valley"))
    file = await new_file(positions=[other, position])
    await no_tie(tomas, file)

    page = (await as_tomas.get(f"/host/candidates/{file.choices[1].ref}")).text

    assert CONTENT in page
    assert "Wish 2." in page
    assert "Wish 1." not in page
    assert "Glacier maps" not in page
    assert "Ubuntu Valley" not in page
    assert "example.org" not in page


async def test_short_list_then_rate_then_change(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)

    await as_tomas.post(at(file, "/sort"), data={"version": "1", "do": "shortlist"})
    await as_tomas.post(at(file, "/rate"), data={"version": "2", "answer": "1", "note": "Met her in May."})
    rated = await stands(file)
    await as_tomas.post(at(file, "/rate"), data={"version": "3", "answer": "3", "note": "Met her in May."})
    changed = await stands(file)
    await as_tomas.post(at(file, "/rate"), data={"version": "4", "answer": "no", "reason": "field", "note": ""})

    assert rated == ("acceptable", 1, "", "Met her in May.")
    assert changed == ("acceptable", 3, "", "Met her in May.")
    assert await stands(file) == ("not_acceptable", None, "field", "")
    assert await trace() == [
        "choice.shortlist", "choice.would_host", "choice.rate", "choice.rate_again", "choice.would_not",
    ]  # fmt: skip


async def test_passing_over_wants_a_reason_and_can_be_taken_back(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)

    empty = await as_tomas.post(at(file, "/sort"), data={"version": "1", "do": "pass_over"})
    await as_tomas.post(at(file, "/sort"), data={"version": "1", "do": "pass_over", "why": "studies"})
    passed = await stands(file)
    page = (await as_tomas.get(at(file))).text
    await as_tomas.post(at(file, "/sort"), data={"version": "2", "do": "think_again"})

    assert empty.status_code == 422
    assert "Choose a reason." in empty.text
    assert passed == ("not_shortlisted", None, "studies", "")
    assert "Other studies are needed" in page
    assert await stands(file) == ("waiting", None, None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": ""}, {"answer": "4"}, {"answer": "no"}, {"answer": "no", "reason": "ugly"}, {"version": "x"},
        {"note": "\0"}, {"note": "x" * 2001}, {"tier": "1"}, {"answer": ["1", "2"]},
    ],
)  # fmt: skip
async def test_a_wrong_answer_comes_back_with_what_was_typed(as_tomas, tomas, file, no_tie, wrong):
    await no_tie(tomas, file)

    typed = {"version": "1", "answer": "1", "note": "Met her in May.", **wrong}
    response = await as_tomas.post(at(file, "/rate"), data=typed)

    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert "Met her in May." in response.text or "note" in wrong
    assert await stands(file) == ("waiting", None, None, None)


async def test_who_rates_second_sees_both_and_loses_nothing(
    as_tomas, tomas, file, no_tie, new_person, signed_in, reserve
):
    colleague = await new_person(Role.HOST, "Lucía Mamani", reserve_id=reserve.id)
    await no_tie(tomas, file)
    await no_tie(colleague, file)
    await (await signed_in(colleague)).post(at(file, "/rate"), data={"version": "1", "answer": "3", "note": "Maybe."})

    late = await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "1", "note": "Yes!"})
    again = await as_tomas.post(at(file, "/rate"), data={"version": "2", "answer": "1", "note": "Yes!"})

    assert late.status_code == 409
    assert "Maybe." in late.text
    assert "Yes!" in late.text
    assert again.status_code == 303
    assert await stands(file) == ("acceptable", 1, "", "Yes!")


async def test_two_hosts_at_the_same_time_leave_one_rating(tomas, file, no_tie, signed_in):
    await no_tie(tomas, file)
    browsers = [await signed_in(tomas) for _ in range(6)]

    answers = await asyncio.gather(
        *(
            browser.post(at(file, "/rate"), data={"version": "1", "answer": str(n % 3 + 1)})
            for n, browser in enumerate(browsers)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 5


async def test_who_withdrew_can_not_be_rated(as_tomas, tomas, file, no_tie, set_choice):
    await no_tie(tomas, file)
    await set_choice(file, ChoiceState.RELEASED)

    response = await as_tomas.post(at(file, "/rate"), data={"version": "2", "answer": "1"})

    assert response.status_code == 409
    assert "no longer a candidate" in response.text
    assert (await as_tomas.get(at(file))).status_code == 404


async def test_after_the_deadline_nothing_changes(as_tomas, tomas, file, position, no_tie, clock):
    await no_tie(tomas, file)
    clock.shift(timedelta(days=4, hours=23))
    tomas_again = as_tomas
    clock.shift(timedelta(hours=1))
    async with write() as tx:
        from internships.accounts.models import Session

        session = await tx.take(Session, Session.id == tomas.actor.session_id)
        session.idle_until = session.ends_at = session.ends_at + timedelta(days=30)

    page = (await tomas_again.get(at(file))).text
    response = await tomas_again.post(at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert "The time for ratings has passed." in page
    assert response.status_code == 409
    assert "write to the programme" in response.text


async def test_save_and_next_goes_on_to_the_next_name(as_tomas, tomas, position, new_file, no_tie):
    first, second = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    await no_tie(tomas, first, second)

    saved = await as_tomas.post(at(first, "/rate"), data={"version": "1", "answer": "1", "then": "next"})
    onward = await as_tomas.get(saved.headers["Location"])
    await as_tomas.post(at(second, "/rate"), data={"version": "1", "answer": "1"})
    over = await as_tomas.get(at(second, "/next"))

    assert onward.headers["Location"].endswith(second.choice.ref)
    assert over.headers["Location"].endswith(f"/host/positions/{position.ref}")


@pytest.mark.parametrize("state", [ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.NOT_ELIGIBLE])
async def test_who_was_not_admitted_is_not_there(as_tomas, position, new_file, state):
    file = await new_file(state=state)

    assert "Okello" not in (await as_tomas.get(f"/host/positions/{position.ref}")).text
    assert (await as_tomas.get(at(file))).status_code == 404
    assert (await as_tomas.post(at(file, "/conflict"), data={"tie": "no"})).status_code == 404


async def test_another_reserve_is_as_unknown_as_none(position, file, tomas, no_tie, new_person, new_reserve, signed_in):
    await no_tie(tomas, file)
    elsewhere = await new_reserve("Ubuntu Valley")
    stranger = await signed_in(await new_person(Role.HOST, "Petra Stranger", reserve_id=elsewhere.id))

    pages = [await stranger.get(path) for path in (at(file), at(file, "/next"))]
    pages += [await stranger.get(f"/host/positions/{position.ref}{path}") for path in ("", "/ties", "/rate")]
    pages.append(await stranger.post(at(file, "/rate"), data={"version": "1", "answer": "1"}))
    pages.append(await stranger.post(at(file, "/sort"), data={"version": "1", "do": "shortlist"}))
    pages.append(await stranger.post(at(file, "/conflict"), data={"tie": "no"}))
    pages.append(await stranger.post(at(file, "/aside"), data={"words": "x"}))
    pages.append(await stranger.post(f"/host/positions/{position.ref}/rate", data={}))

    assert {page.status_code for page in pages} == {404}
    assert not any("Okello" in page.text for page in pages)


async def test_a_note_and_reviews_stay_where_they_belong(
    as_tomas, tomas, as_amina, as_ravi, ravi, file, no_tie, new_review, new_person, signed_in, new_reserve, position
):
    await no_tie(tomas, file)
    await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "2", "note": "Planted note."})
    mine = await new_review(file, ravi)
    saved = {"version": "1", "do": "finish", "points_motivation": "5", "points_fit": "5", "comment": "Planted comment."}
    await as_ravi.post(f"/reviews/{mine.ref}", data=saved)
    elsewhere = await signed_in(
        await new_person(Role.HOST, "Petra Stranger", reserve_id=(await new_reserve("Ubuntu Valley")).id)
    )

    host = [
        await as_tomas.get(path)
        for path in ("/host", f"/host/positions/{position.ref}", f"/host/positions/{position.ref}/rate", at(file))
    ]
    others = [
        await as_ravi.get("/reviews?view=all"),
        await as_ravi.get(f"/reviews/{mine.ref}"),
        await elsewhere.get("/host"),
    ]
    hers = [await as_amina.get(path) for path in ("/application", at(file), f"/reviews/{mine.ref}")]

    assert "Planted note." in host[-1].text
    assert not any("Planted comment." in page.text or "Ravi" in page.text for page in host)
    assert not any("Planted note." in page.text for page in others + hers)
    assert not any("Planted comment." in page.text or "Ravi" in page.text for page in hers)
