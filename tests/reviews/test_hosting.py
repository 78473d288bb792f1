"""A host's way through the candidates: ties first, then the short list, tiers, and everybody at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write
from internships.reviews.models import Conflict, Rating

CONTENT = "Since I was a child"


async def _stands(file):
    async with read() as db:
        asked = (
            select(Choice.state, Rating.tier, Rating.reason, Rating.note)
            .outerjoin(Rating, Rating.choice_id == Choice.id)
            .where(Choice.id == file.choice.id)
        )
        state, *rest = (await db.execute(asked)).one()
        return state.value, *rest


async def _trace():
    async with read() as db:
        return list(await db.scalars(select(History.what).order_by(History.id)))


def _at(file, path=""):
    return f"/host/candidates/{file.choice.ref}{path}"


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
    person = (await as_tomas.get(_at(file))).text

    assert "Amina Okello" in table
    assert "Do you have a tie to this person?" in person
    assert "Ornithology" not in table + person
    assert CONTENT not in table + person


async def test_the_table_shows_what_is_held_and_needed(as_tomas, tomas, position, file, no_tie):
    await no_tie(tomas, file)

    table = (await as_tomas.get(f"/host/positions/{position.ref}")).text

    assert "MSc Ornithology" in table
    assert "Swahili first language" in table
    assert "Spanish B1 is needed" in table


@pytest.mark.parametrize(("count", "shown"), [(1, "not in yet"), (2, "72 (spread 12)")])
async def test_the_mean_is_shown_when_enough_have_read(as_tomas, tomas, new_file, no_tie, count, shown):
    file = await new_file(review_count=count, review_mean=71.5, review_spread=12.0)
    await no_tie(tomas, file)

    page = (await as_tomas.get(_at(file))).text

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


async def test_ties_to_everybody_are_said_on_one_page(as_tomas, position, new_file):
    first, second = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    both = {"seen": [first.choice.ref, second.choice.ref], "tied": [second.choice.ref]}

    wordless = await as_tomas.post(f"/host/positions/{position.ref}/ties", data=both)
    await as_tomas.post(f"/host/positions/{position.ref}/ties", data={**both, "words": "My nephew."})

    assert wordless.status_code == 422
    assert "checked" in wordless.text
    assert CONTENT in (await as_tomas.get(_at(first))).text
    closed = (await as_tomas.get(_at(second))).text
    assert "a colleague of your reserve decides" in closed
    assert CONTENT not in closed
    async with read() as db:
        said = (await db.execute(select(Conflict.has_tie, Conflict.text).order_by(Conflict.application_id))).all()
    assert [tuple(row) for row in said] == [(False, ""), (True, "My nephew.")]


async def test_short_list_then_rate_then_change(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)

    await as_tomas.post(_at(file, "/sort"), data={"version": "1", "do": "shortlist"})
    await as_tomas.post(_at(file, "/rate"), data={"version": "2", "answer": "1", "note": "Met her in May."})
    rated = await _stands(file)
    await as_tomas.post(_at(file, "/rate"), data={"version": "3", "answer": "3", "note": "Met her in May."})
    changed = await _stands(file)
    await as_tomas.post(_at(file, "/rate"), data={"version": "4", "answer": "no", "reason": "field", "note": ""})

    assert rated == ("acceptable", 1, "", "Met her in May.")
    assert changed == ("acceptable", 3, "", "Met her in May.")
    assert await _stands(file) == ("not_acceptable", None, "field", "")
    assert await _trace() == [
        "choice.shortlist", "choice.would_host", "choice.rate", "choice.rate_again", "choice.would_not",
    ]  # fmt: skip


async def test_passing_over_wants_a_reason_and_can_be_taken_back(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)

    empty = await as_tomas.post(_at(file, "/sort"), data={"version": "1", "do": "pass_over"})
    await as_tomas.post(_at(file, "/sort"), data={"version": "1", "do": "pass_over", "why": "studies"})
    passed = await _stands(file)
    page = (await as_tomas.get(_at(file))).text
    await as_tomas.post(_at(file, "/sort"), data={"version": "2", "do": "think_again"})

    assert empty.status_code == 422
    assert "Choose a reason." in empty.text
    assert passed == ("not_shortlisted", None, "studies", "")
    assert "Other studies are needed" in page
    assert await _stands(file) == ("waiting", None, None, None)


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
    response = await as_tomas.post(_at(file, "/rate"), data=typed)

    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert "Met her in May." in response.text or "note" in wrong
    assert await _stands(file) == ("waiting", None, None, None)


async def test_who_rates_second_sees_both_and_loses_nothing(
    as_tomas, tomas, file, no_tie, new_person, signed_in, reserve
):
    colleague = await new_person(Role.HOST, "Lucía Mamani", reserve_id=reserve.id)
    await no_tie(tomas, file)
    await no_tie(colleague, file)
    await (await signed_in(colleague)).post(_at(file, "/rate"), data={"version": "1", "answer": "3", "note": "Maybe."})

    late = await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "1", "note": "Yes!"})
    again = await as_tomas.post(_at(file, "/rate"), data={"version": "2", "answer": "1", "note": "Yes!"})

    assert late.status_code == 409
    assert "Maybe." in late.text
    assert "Yes!" in late.text
    assert again.status_code == 303
    assert await _stands(file) == ("acceptable", 1, "", "Yes!")


async def test_two_hosts_at_the_same_time_leave_one_rating(tomas, file, no_tie, signed_in):
    await no_tie(tomas, file)
    browsers = [await signed_in(tomas) for _ in range(6)]

    answers = await asyncio.gather(
        *(
            browser.post(_at(file, "/rate"), data={"version": "1", "answer": str(n % 3 + 1)})
            for n, browser in enumerate(browsers)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 5


async def test_everybody_is_rated_in_one_sending(as_tomas, tomas, position, new_file, no_tie, set_choice):
    files = [await new_file(name) for name in ("Amina Okello", "Bao Nguyen", "Chloé Martin", "Dina Haddad")]
    await no_tie(tomas, *files)
    await set_choice(files[1], ChoiceState.NOT_SHORTLISTED)
    answers = {f"version_{file.choice.ref}": str((file is files[1] and 2) or 1) for file in files}
    answers |= {f"answer_{file.choice.ref}": answer for file, answer in zip(files, ["1", "1", "no"], strict=False)}

    missing = await as_tomas.post(
        f"/host/positions/{position.ref}/rate", data={**answers, f"answer_{files[0].choice.ref}": "9"}
    )
    answers[f"reason_{files[2].choice.ref}"] = "field"
    sent = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=answers)

    assert missing.status_code == 422
    assert missing.text.count("Choose a reason.") == 2
    assert missing.text.count("Choose a tier, or say that you would not host.") == 2
    assert sent.status_code == 303
    assert [(await _stands(file))[:3] for file in files] == [
        ("acceptable", 1, ""), ("acceptable", 1, ""), ("not_acceptable", None, "field"), ("waiting", None, None),
    ]  # fmt: skip


async def test_the_table_keeps_a_note_that_it_does_not_show(as_tomas, tomas, position, file, no_tie):
    await no_tie(tomas, file)
    await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "2", "note": "Met her in May."})

    ref = file.choice.ref
    await as_tomas.post(f"/host/positions/{position.ref}/rate", data={f"version_{ref}": "2", f"answer_{ref}": "1"})

    assert await _stands(file) == ("acceptable", 1, "", "Met her in May.")


async def test_a_stale_table_is_given_back_with_its_answers(as_tomas, tomas, position, new_file, no_tie):
    files = [await new_file("Amina Okello"), await new_file("Bao Nguyen")]
    await no_tie(tomas, *files)
    await as_tomas.post(_at(files[0], "/rate"), data={"version": "1", "answer": "2"})
    late = {f"version_{file.choice.ref}": "1" for file in files} | {f"answer_{file.choice.ref}": "1" for file in files}

    response = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=late)

    assert response.status_code == 409
    assert "Nothing of yours is lost" in response.text
    assert await _stands(files[1]) == ("waiting", None, None, None)


async def test_the_table_says_when_somebody_has_gone(as_tomas, tomas, position, new_file, no_tie, set_choice):
    files = [await new_file("Amina Okello"), await new_file("Bao Nguyen")]
    await no_tie(tomas, *files)
    await set_choice(files[0], ChoiceState.RELEASED)
    answers = {f"version_{file.choice.ref}": "1" for file in files} | {
        f"answer_{file.choice.ref}": "1" for file in files
    }

    response = await as_tomas.post(f"/host/positions/{position.ref}/rate", data=answers)

    assert response.status_code == 422
    assert "is no longer a candidate" in response.text


async def test_who_withdrew_can_not_be_rated(as_tomas, tomas, file, no_tie, set_choice):
    await no_tie(tomas, file)
    await set_choice(file, ChoiceState.RELEASED)

    response = await as_tomas.post(_at(file, "/rate"), data={"version": "2", "answer": "1"})

    assert response.status_code == 409
    assert "no longer a candidate" in response.text
    assert (await as_tomas.get(_at(file))).status_code == 404


async def test_after_the_deadline_nothing_changes(as_tomas, tomas, file, position, no_tie, clock):
    await no_tie(tomas, file)
    clock.shift(timedelta(days=4, hours=23))
    tomas_again = as_tomas
    clock.shift(timedelta(hours=1))
    async with write() as tx:
        from internships.accounts.models import Session

        session = await tx.take(Session, Session.id == tomas.actor.session_id)
        session.idle_until = session.ends_at = session.ends_at + timedelta(days=30)

    page = (await tomas_again.get(_at(file))).text
    response = await tomas_again.post(_at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert "The time for ratings has passed." in page
    assert response.status_code == 409
    assert "write to the programme" in response.text


async def test_without_a_word_about_ties_nothing_is_decided(as_tomas, file):
    response = await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert response.status_code == 409
    assert "Say first whether you have a tie" in response.text


async def test_a_tie_found_later_takes_ones_rating_back(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)
    await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "1"})

    empty = await as_tomas.post(_at(file, "/aside"), data={"words": ""})
    await as_tomas.post(_at(file, "/aside"), data={"words": "We share a field station."})
    rated = await as_tomas.post(_at(file, "/rate"), data={"version": "3", "answer": "1"})

    assert empty.status_code == 422
    assert await _stands(file) == ("waiting", None, None, None)
    assert rated.status_code == 409


async def test_save_and_next_goes_on_to_the_next_name(as_tomas, tomas, position, new_file, no_tie):
    first, second = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    await no_tie(tomas, first, second)

    saved = await as_tomas.post(_at(first, "/rate"), data={"version": "1", "answer": "1", "then": "next"})
    onward = await as_tomas.get(saved.headers["Location"])
    await as_tomas.post(_at(second, "/rate"), data={"version": "1", "answer": "1"})
    over = await as_tomas.get(_at(second, "/next"))

    assert onward.headers["Location"].endswith(second.choice.ref)
    assert over.headers["Location"].endswith(f"/host/positions/{position.ref}")


@pytest.mark.parametrize("state", [ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.NOT_ELIGIBLE])
async def test_who_was_not_admitted_is_not_there(as_tomas, position, new_file, state):
    file = await new_file(state=state)

    assert "Okello" not in (await as_tomas.get(f"/host/positions/{position.ref}")).text
    assert (await as_tomas.get(_at(file))).status_code == 404
    assert (await as_tomas.post(_at(file, "/conflict"), data={"tie": "no"})).status_code == 404


async def test_another_reserve_is_as_unknown_as_none(position, file, tomas, no_tie, new_person, new_reserve, signed_in):
    await no_tie(tomas, file)
    elsewhere = await new_reserve("Ubuntu Valley")
    stranger = await signed_in(await new_person(Role.HOST, "Petra Stranger", reserve_id=elsewhere.id))

    pages = [await stranger.get(path) for path in (_at(file), _at(file, "/next"))]
    pages += [await stranger.get(f"/host/positions/{position.ref}{path}") for path in ("", "/ties", "/rate")]
    pages.append(await stranger.post(_at(file, "/rate"), data={"version": "1", "answer": "1"}))
    pages.append(await stranger.post(_at(file, "/sort"), data={"version": "1", "do": "shortlist"}))
    pages.append(await stranger.post(_at(file, "/conflict"), data={"tie": "no"}))
    pages.append(await stranger.post(_at(file, "/aside"), data={"words": "x"}))
    pages.append(await stranger.post(f"/host/positions/{position.ref}/rate", data={}))

    assert {page.status_code for page in pages} == {404}
    assert not any("Okello" in page.text for page in pages)


async def test_a_note_and_reviews_stay_where_they_belong(
    as_tomas, tomas, as_amina, as_ravi, ravi, file, no_tie, new_review, new_person, signed_in, new_reserve, position
):
    await no_tie(tomas, file)
    await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "2", "note": "Planted note."})
    mine = await new_review(file, ravi)
    saved = {"version": "1", "do": "finish", "points_motivation": "5", "points_fit": "5", "comment": "Planted comment."}
    await as_ravi.post(f"/reviews/{mine.ref}", data=saved)
    elsewhere = await signed_in(
        await new_person(Role.HOST, "Petra Stranger", reserve_id=(await new_reserve("Ubuntu Valley")).id)
    )

    host = [
        await as_tomas.get(path)
        for path in ("/host", f"/host/positions/{position.ref}", f"/host/positions/{position.ref}/rate", _at(file))
    ]
    others = [
        await as_ravi.get("/reviews?view=all"),
        await as_ravi.get(f"/reviews/{mine.ref}"),
        await elsewhere.get("/host"),
    ]
    hers = [await as_amina.get(path) for path in ("/application", _at(file), f"/reviews/{mine.ref}")]

    assert "Planted note." in host[-1].text
    assert not any("Planted comment." in page.text or "Ravi" in page.text for page in host)
    assert not any("Planted note." in page.text for page in others + hers)
    assert not any("Planted comment." in page.text or "Ravi" in page.text for page in hers)


@pytest.mark.parametrize("rows", [1, 3])
async def test_pages_and_ratings_ask_the_same_however_many(
    as_tomas, tomas, position, new_file, no_tie, statements, rows
):
    files = [await new_file(f"Person {n}") for n in range(rows)]
    await no_tie(tomas, *files)
    table = f"/host/positions/{position.ref}"
    answers = {f"version_{file.choice.ref}": "1" for file in files} | {
        f"answer_{file.choice.ref}": "1" for file in files
    }

    counts = []
    for path in ("/host", table, f"{table}/ties", f"{table}/rate", _at(files[0])):
        with statements() as asked:
            await as_tomas.get(path)
        counts.append(len(asked))
    with statements() as asked:
        await as_tomas.post(f"{table}/rate", data=answers)
    with statements() as alone:
        await as_tomas.post(_at(files[0], "/rate"), data={"version": "2", "answer": "2"})

    assert counts == [3, 3, 3, 3, 2]
    # Who asks, the position, its candidates; then one each: the lock, choices, ratings, trace.
    assert len(asked) == 7
    assert len(alone) == 5
    async with read() as db:
        assert len(list(await db.scalars(select(Rating.id)))) == rows
        assert len(list(await db.scalars(select(Application.id)))) == rows


async def test_a_tie_once_declared_stays(as_tomas, tomas, position, file):
    table = f"/host/positions/{position.ref}"
    await as_tomas.post(_at(file, "/conflict"), data={"tie": "yes", "words": "My cousin."})

    alone = await as_tomas.post(_at(file, "/conflict"), data={"tie": "no"})
    among = await as_tomas.post(f"{table}/ties", data={"seen": file.choice.ref})
    again = await as_tomas.post(
        f"{table}/ties", data={"seen": file.choice.ref, "tied": file.choice.ref, "words": "Yes."}
    )
    rated = await as_tomas.post(_at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert (alone.status_code, among.status_code, again.status_code, rated.status_code) == (409, 409, 303, 409)
    assert "A colleague of your reserve decides." in alone.text
    async with read() as db:
        assert (await db.execute(select(Conflict.has_tie, Conflict.text))).one() == (True, "My cousin.")
        kept = (
            await db.execute(select(History.reason, History.detail).where(History.what == "conflict.declare"))
        ).one()
    assert tuple(kept) == ("My cousin.", {"tie": True})
    assert (await _stands(file))[0] == "waiting"


async def test_of_two_answers_at_once_the_tie_stays(as_tomas, tomas, file):
    said = [{"tie": "yes", "words": "My cousin."}, {"tie": "no"}, {"tie": "no"}]

    answers = await asyncio.gather(*(as_tomas.post(_at(file, "/conflict"), data=data) for data in said))

    assert {each.status_code for each in answers} <= {303, 409}
    async with read() as db:
        assert await db.scalar(select(Conflict.has_tie)) is True


async def test_a_position_that_is_not_theirs_takes_no_ties(as_tomas, file):
    for ref in ("AAAAAAAAAA", "中"):
        for data in ({"seen": "x"}, {"seen": file.choice.ref}, {}):
            assert (await as_tomas.post(f"/host/positions/{ref}/ties", data=data)).status_code == 404
