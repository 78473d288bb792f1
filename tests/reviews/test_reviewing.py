"""A reviewer's way through a file: the tie, the scores, the others, and stepping aside."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.applications.rules import State as ApplicationState
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write
from internships.reviews.models import Conflict, Review, Score
from internships.reviews.rules import State

SCORES = {"points_motivation": "5", "points_fit": "0", "comment": "Knows her birds."}
CONTENT = "Since I was a child"


async def _numbers(file):
    async with read() as db:
        columns = Application.review_count, Application.review_mean, Application.review_spread
        return tuple((await db.execute(select(*columns).where(Application.id == file.id))).one())


async def test_nothing_to_review_says_so(as_ravi):
    response = await as_ravi.get("/reviews")

    assert response.status_code == 200
    assert "There is nothing to review yet." in response.text


async def test_the_list_says_how_much_is_done_and_by_when(as_ravi, ravi, new_file, new_review):
    done, begun, fresh = [await new_file(name) for name in ("Amina Okello", "Bao Nguyen", "Chloé Martin")]
    await new_review(done, ravi, State.FINISHED, total=60.0)
    await new_review(begun, ravi)
    await new_review(fresh, ravi, State.ASSIGNED)

    page = (await as_ravi.get("/reviews")).text

    assert "1 of 3 done" in page
    assert "anywhere on Earth" in page
    assert page.index("Bao Nguyen") < page.index("Chloé Martin")
    assert "Amina Okello" not in page
    assert "Amina Okello" in (await as_ravi.get("/reviews?view=all")).text


async def test_the_file_with_the_fewest_reviews_comes_first(as_ravi, ravi, new_file, new_review):
    for name, count in [("Much Read", 3), ("Never Read", 0)]:
        await new_review(await new_file(name, review_count=count), ravi, State.ASSIGNED)

    page = (await as_ravi.get("/reviews")).text

    assert page.index("Never Read") < page.index("Much Read")


async def test_a_blind_call_shows_references_only(as_ravi, ravi, call, file, new_review):
    async with write() as tx:
        (await tx.take(type(call), type(call).id == call.id)).blind = True
    review = await new_review(file, ravi, State.ASSIGNED)

    pages = [(await as_ravi.get("/reviews")).text, (await as_ravi.get(f"/reviews/{review.ref}/conflict")).text]
    await as_ravi.post(f"/reviews/{review.ref}/conflict", data={"tie": "no"})
    pages.append((await as_ravi.get(f"/reviews/{review.ref}")).text)

    assert all(file.ref in page and "Okello" not in page for page in pages)


async def test_the_tie_comes_before_any_content(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, State.ASSIGNED)

    response = await as_ravi.get(f"/reviews/{review.ref}")
    asked = await as_ravi.get(response.headers["Location"])

    assert response.status_code == 303
    assert "Do you have a tie to this person?" in asked.text
    assert CONTENT not in asked.text


async def test_without_a_tie_the_file_opens(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, State.ASSIGNED)

    response = await as_ravi.post(f"/reviews/{review.ref}/conflict", data={"tie": "no"})
    opened = await as_ravi.get(response.headers["Location"])

    assert CONTENT in opened.text
    assert "MSc Ornithology" in opened.text
    assert "Counting condors" in opened.text
    assert "Could be sent anywhere" in opened.text


async def test_a_tie_closes_the_file_for_good(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi, State.ASSIGNED)

    await as_ravi.post(f"/reviews/{review.ref}/conflict", data={"tie": "yes", "words": "My student."})
    closed = await as_ravi.get(f"/reviews/{review.ref}")
    saved = await as_ravi.post(f"/reviews/{review.ref}", data={**SCORES, "version": "2", "do": "finish"})

    assert closed.status_code == 303
    assert "You stepped aside" in (await as_ravi.get(closed.headers["Location"])).text
    assert saved.status_code == 409


async def test_a_tie_wants_words_and_loses_nothing(as_ravi, ravi, file, new_review, htmx):
    review = await new_review(file, ravi, State.ASSIGNED)

    response = await as_ravi.post(f"/reviews/{review.ref}/conflict", data={"tie": "yes"}, headers=htmx)

    assert response.status_code == 422
    assert response.text.count("Describe the tie in a few words.") == 2
    assert "<html" not in response.text


async def test_finishing_wants_every_criterion_and_keeps_the_comment(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)

    response = await as_ravi.post(
        f"/reviews/{review.ref}",
        data={"version": "1", "do": "finish", "points_fit": "7", "comment": "Knows her birds."},
    )

    assert response.status_code == 422
    for criterion in ("Motivation", "Fit of studies"):
        assert response.text.count(f"Give points for “{criterion}”.") == 2
    assert "Knows her birds." in response.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"points_fit": "-1"},
        {"points_fit": "x"},
        {"do": "approve"},
        {"total": "100"},
        {"comment": "\0"},
        {"version": ""},
    ],
)
async def test_wrong_input_is_a_page_in_words(as_ravi, ravi, file, new_review, wrong):
    review = await new_review(file, ravi)

    response = await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES, **wrong})

    assert response.status_code == 422


async def test_a_draft_may_have_gaps_and_comes_back(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)

    await as_ravi.post(
        f"/reviews/{review.ref}", data={"version": "1", "do": "draft", "points_fit": "3", "comment": "So far."}
    )
    page = (await as_ravi.get(f"/reviews/{review.ref}")).text

    assert "So far." in page
    assert 'name="points_fit" value="3" checked' in page
    assert await _numbers(file) == (0, None, None)


async def test_the_page_saves_by_itself_and_learns_the_version(as_ravi, ravi, file, new_review, htmx):
    review = await new_review(file, ravi)

    first = await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "comment": "One"}, headers=htmx)
    second = await as_ravi.post(
        f"/reviews/{review.ref}", data={"version": first.headers["X-Version"], "points_fit": "2"}, headers=htmx
    )

    assert first.status_code == second.status_code == 204
    assert second.headers["X-Version"] == "3"


async def test_who_saves_second_sees_both_and_loses_nothing(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)
    await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "draft", "comment": "From the office."})

    late = {**SCORES, "version": "1", "do": "finish", "comment": "From home."}
    response = await as_ravi.post(f"/reviews/{review.ref}", data=late)
    again = await as_ravi.post(f"/reviews/{review.ref}", data={**late, "version": "2"})

    assert response.status_code == 409
    assert "From the office." in response.text
    assert "From home." in response.text
    assert 'name="version" value="2"' in response.text
    assert again.status_code == 303


async def test_a_finished_review_counts_with_its_weights(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)

    response = await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES})

    assert response.status_code == 303
    assert await _numbers(file) == (1, 60.0, 0.0)
    async with read() as db:
        traced = (await db.execute(select(History.what, History.from_state, History.to_state, History.file))).all()
    assert [tuple(row) for row in traced] == [("review.finish", "in_progress", "finished", file.ref)]


async def test_finish_and_next_opens_the_next_file(as_ravi, ravi, file, new_file, new_review):
    review, other = await new_review(file, ravi), await new_review(await new_file("Bao Nguyen"), ravi)

    response = await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "next", **SCORES})
    onward = await as_ravi.get(response.headers["Location"])
    last = await as_ravi.get(f"/reviews/next?after={other.ref}")

    assert onward.headers["Location"].endswith(f"/reviews/{other.ref}")
    assert last.headers["Location"].endswith("/reviews")


async def test_others_are_shown_after_ones_own_is_final_and_without_names(
    as_ravi, ravi, file, new_review, new_person, clock
):
    other = await new_person(Role.REVIEWER, "Zephyrine Quill")
    theirs = await new_review(file, other, State.FINISHED, total=20.0, comment="Planted comment.")
    async with write() as tx:
        tx.add(Score(review_id=theirs.id, criterion_id=1, points=1))
        (await tx.take(Application, Application.id == file.id)).review_count = 1
    mine = await new_review(file, ravi)

    before = (await as_ravi.get(f"/reviews/{mine.ref}")).text
    await as_ravi.post(f"/reviews/{mine.ref}", data={"version": "1", "do": "finish", **SCORES})
    meanwhile = (await as_ravi.get(f"/reviews/{mine.ref}")).text
    clock.shift(timedelta(minutes=10))
    after = (await as_ravi.get(f"/reviews/{mine.ref}")).text
    again = await as_ravi.post(f"/reviews/{mine.ref}/reopen")

    assert "Planted comment." not in before + meanwhile
    assert "40.0" not in meanwhile
    assert "once you can no longer take your review back" in meanwhile
    assert again.status_code == 409
    assert "Planted comment." in after
    assert "Mean 40.0, spread 40.0, from 2 reviews." in after
    assert "Zephyrine" not in before + after


async def test_a_finish_can_be_taken_back_for_some_minutes(as_ravi, ravi, file, new_review, clock):
    review = await new_review(file, ravi)
    await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES})

    clock.shift(timedelta(minutes=9))
    in_time = await as_ravi.post(f"/reviews/{review.ref}/reopen")
    taken_back = await _numbers(file)
    await as_ravi.post(f"/reviews/{review.ref}", data={"version": "3", "do": "finish", **SCORES})
    clock.shift(timedelta(minutes=11))
    too_late = await as_ravi.post(f"/reviews/{review.ref}/reopen")

    assert in_time.status_code == 303
    assert taken_back == (0, None, None)
    assert too_late.status_code == 409
    assert "The time to take it back has passed." in too_late.text


async def test_stepping_aside_later_takes_the_score_out(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)
    await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES})

    empty = await as_ravi.post(f"/reviews/{review.ref}/recuse")
    await as_ravi.post(f"/reviews/{review.ref}/recuse", data={"words": "I know the family."})

    assert empty.status_code == 422
    assert await _numbers(file) == (0, None, None)
    async with read() as db:
        said = (await db.execute(select(Conflict.has_tie, Conflict.text))).one()
    assert tuple(said) == (True, "I know the family.")


async def test_two_who_finish_at_the_same_time_both_count(file, new_review, new_person, signed_in):
    readers = [await new_person(Role.REVIEWER, f"Reader {n}") for n in range(8)]
    reviews = [await new_review(file, reader) for reader in readers]
    browsers = [await signed_in(reader) for reader in readers]

    answers = await asyncio.gather(
        *(
            browser.post(
                f"/reviews/{review.ref}",
                data={"version": "1", "do": "finish", "points_motivation": str(n % 6), "points_fit": "0"},
            )
            for n, (browser, review) in enumerate(zip(browsers, reviews, strict=True))
        )
    )

    assert {answer.status_code for answer in answers} == {303}
    points = [n % 6 * 12.0 for n in range(8)]
    count, mean, spread = await _numbers(file)
    assert (count, spread) == (8, 60.0)
    assert mean == pytest.approx(sum(points) / 8)


async def test_a_withdrawn_file_refuses_in_words_and_shows_nothing(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)
    async with write() as tx:
        (await tx.take(Application, Application.id == file.id)).state = ApplicationState.WITHDRAWN

    saved = await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES})

    assert (await as_ravi.get(f"/reviews/{review.ref}")).status_code == 404
    assert saved.status_code == 409
    assert "not being reviewed any more" in saved.text


@pytest.mark.parametrize("path", ["", "/conflict", "/recuse"])
async def test_another_reviewers_file_is_as_unknown_as_none(file, ravi, new_review, new_person, signed_in, path):
    review = await new_review(file, ravi)
    stranger = await signed_in(await new_person(Role.REVIEWER, "Petra Stranger"))

    theirs = await stranger.get(f"/reviews/{review.ref}{path}")
    none = await stranger.get(f"/reviews/0000000000{path}")
    posted = await stranger.post(f"/reviews/{review.ref}{path}", data={"version": "1", "tie": "no", "words": "x"})

    assert theirs.status_code == none.status_code == posted.status_code == 404
    assert file.ref not in theirs.text


async def test_the_pages_are_for_reviewers(as_amina, as_tomas, as_ingrid, file, ravi, new_review):
    review = await new_review(file, ravi)

    answers = [
        await somebody.get(path)
        for somebody in (as_amina, as_tomas, as_ingrid)
        for path in ("/reviews", f"/reviews/{review.ref}")
    ]

    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("rows", [1, 3])
async def test_pages_ask_little_however_much_there_is(as_ravi, ravi, new_file, new_review, statements, rows):
    reviews = [await new_review(await new_file(f"Person {n}"), ravi) for n in range(rows)]

    counts = []
    for path in ("/reviews", f"/reviews/{reviews[0].ref}", f"/reviews/{reviews[0].ref}/recuse"):
        with statements() as asked:
            await as_ravi.get(path)
        counts.append(len(asked))

    assert counts == [3, 2, 2]


async def test_finishing_asks_the_same_however_many_have_read(as_ravi, ravi, file, new_review, new_person, statements):
    for n in range(3):
        await new_review(file, await new_person(Role.REVIEWER, f"Reader {n}"), State.FINISHED, total=50.0)
    review = await new_review(file, ravi)

    with statements() as asked:
        await as_ravi.post(f"/reviews/{review.ref}", data={"version": "1", "do": "finish", **SCORES})

    # Who asks, the criteria; then one statement each: the lock, scores, review, trace, application.
    assert len(asked) == 7


async def test_saving_twice_keeps_one_score_each(as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)
    for version, points in [("1", "1"), ("2", "4")]:
        await as_ravi.post(f"/reviews/{review.ref}", data={"version": version, "do": "draft", "points_fit": points})

    async with read() as db:
        assert list(await db.scalars(select(Score.points))) == [4]
        assert await db.scalar(select(Review.version)) == 3
