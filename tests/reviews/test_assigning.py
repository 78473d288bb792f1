"""Staff hand out files: who reads how much, an even plan, one letter each, and taking back."""

import asyncio
import re

import pytest
from sqlalchemy import func, select

from internships.accounts.rules import Role
from internships.applications.rules import State as ApplicationState
from internships.core import render
from internships.core.db import read
from internships.core.models import History, Letter
from internships.core.writing import write
from internships.reviews.models import Conflict, Review
from internships.reviews.rules import State


@pytest.fixture
async def readers(new_person):
    return [await new_person(Role.REVIEWER, name) for name in ("Ravi Thapa", "Sofia Rossi", "Tomo Ito")]


async def _previewed(somebody, **asked):
    """The hidden fields of the preview, as the page gives them."""
    page = await somebody.get("/assignments/preview", params={"each": "2", **asked})
    fields = re.findall(r'<input type="hidden" name="(reader|file|each|fingerprint)" value="([^"]*)"', page.text)
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return page, sent


async def _loads():
    async with read() as db:
        asked = select(Review.person_id, func.count()).group_by(Review.person_id).order_by(Review.person_id)
        return [count for _, count in await db.execute(asked)]


async def test_without_a_call_the_page_says_so(as_ingrid):
    page = await as_ingrid.get("/assignments")

    assert page.status_code == 200
    assert "No call is being reviewed now." in page.text


async def test_the_desk_shows_loads_ties_and_what_lacks(as_ingrid, readers, new_file, new_review):
    full, lacking = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    await new_file("Not Admitted", state=ApplicationState.SUBMITTED)
    await new_review(full, readers[0], State.FINISHED, total=50.0)
    await new_review(full, readers[1], State.ASSIGNED)
    await new_review(lacking, readers[2], State.RECUSED)

    page = (await as_ingrid.get("/assignments")).text
    everything = (await as_ingrid.get("/assignments?view=all")).text

    assert all(name in page for name in ("Ravi Thapa", "Sofia Rossi", "Tomo Ito", "Bao Nguyen", "0 of 2"))
    assert "Amina Okello" not in page
    assert "Not Admitted" not in page + everything
    assert "2 of 2" in everything


async def test_an_even_plan_is_shown_before_it_is_carried_out(as_ingrid, readers, new_file):
    for n in range(3):
        await new_file(f"Person {n}")

    page, sent = await _previewed(as_ingrid)
    before = await _loads()
    response = await as_ingrid.post("/assignments", data=sent)

    assert "6 reviews will be assigned." in page.text
    assert before == []
    assert response.status_code == 303
    assert await _loads() == [2, 2, 2]


async def test_a_tie_keeps_a_file_away(as_ingrid, readers, file):
    async with write() as tx:
        for reader in readers[:2]:
            person = reader.actor.person_id
            tx.add(
                Conflict(person_id=person, application_id=file.id, has_tie=True, declared_at=file.application.saved_at)
            )

    page, sent = await _previewed(as_ingrid)
    await as_ingrid.post("/assignments", data=sent)

    assert "1 reviewer is missing" in page.text
    async with read() as db:
        assert list(await db.scalars(select(Review.person_id))) == [readers[2].actor.person_id]


async def test_ticked_files_go_to_ticked_reviewers(as_ingrid, readers, new_file):
    wanted = await new_file("Amina Okello")
    await new_file("Bao Nguyen")

    _page, sent = await _previewed(as_ingrid, file=wanted.ref, reader=readers[1].ref, each="1")
    await as_ingrid.post("/assignments", data=sent)

    async with read() as db:
        found = (await db.execute(select(Review.application_id, Review.person_id))).all()
    assert [tuple(row) for row in found] == [(wanted.id, readers[1].actor.person_id)]


async def test_one_letter_each_however_many_files(as_ingrid, readers, new_file):
    for n in range(3):
        await new_file(f"Person {n}")

    _page, sent = await _previewed(as_ingrid)
    await as_ingrid.post("/assignments", data=sent)

    async with read() as db:
        letters = (
            await db.execute(select(Letter.person_id, Letter.kind, Letter.context).order_by(Letter.person_id))
        ).all()
    assert [letter.person_id for letter in letters] == [reader.actor.person_id for reader in readers]
    subject, text, _html = render.letter(letters[0].kind, "en", letters[0].context)
    assert subject == "You have new applications to review"
    assert "There are 2 new applications" in text
    assert "/en/reviews" in text
    assert "Person" not in text


async def test_a_plan_that_has_aged_is_refused(as_ingrid, readers, file, new_file):
    _page, sent = await _previewed(as_ingrid)
    await new_file("Bao Nguyen")

    response = await as_ingrid.post("/assignments", data=sent)

    assert response.status_code == 409
    assert await _loads() == []


async def test_the_same_plan_sent_twice_at_once_is_carried_out_once(as_ingrid, readers, new_file):
    for n in range(3):
        await new_file(f"Person {n}")
    _page, sent = await _previewed(as_ingrid)

    answers = await asyncio.gather(*(as_ingrid.post("/assignments", data=sent) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 4
    assert await _loads() == [2, 2, 2]


@pytest.mark.parametrize("wrong", [{"each": "0"}, {"each": "many"}, {"each": ""}, {"each": "10"}])
async def test_a_wrong_number_comes_back_in_words(as_ingrid, readers, file, wrong):
    response = await as_ingrid.get("/assignments/preview", params=wrong)

    assert response.status_code == 422
    assert "There is a problem" in response.text


async def test_nothing_to_assign_is_a_page(as_ingrid, call):
    page, sent = await _previewed(as_ingrid)

    assert page.status_code == 200
    assert "There is nothing to assign." in page.text
    assert sent == {}


async def test_a_file_shows_its_reviews_and_gives_back_what_was_not_begun(as_ingrid, readers, file, new_review):
    fresh = await new_review(file, readers[0], State.ASSIGNED)
    begun = await new_review(file, readers[1])
    await new_review(file, readers[2], State.RECUSED)

    page = (await as_ingrid.get(f"/assignments/{file.ref}")).text
    taken = await as_ingrid.post(f"/assignments/{file.ref}/unassign", data={"review": fresh.ref})
    refused = await as_ingrid.post(f"/assignments/{file.ref}/unassign", data={"review": begun.ref})
    elsewhere = await as_ingrid.post("/assignments/0000000000/unassign", data={"review": begun.ref})

    assert all(word in page for word in ("Ravi Thapa", "Sofia Rossi", "He is my cousin"))
    assert taken.status_code == 303
    assert refused.status_code == 409
    assert "was begun" in refused.text
    assert elsewhere.status_code == 404
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Review)) == 2
        assert list(await db.scalars(select(History.what))) == ["review.unassign"]


async def test_staff_open_a_finished_review_again(as_ingrid, as_ravi, ravi, file, new_review):
    review = await new_review(file, ravi)
    finished = {"version": "1", "do": "finish", "points_motivation": "5", "points_fit": "5"}
    await as_ravi.post(f"/reviews/{review.ref}", data=finished)

    await as_ingrid.post(f"/assignments/{file.ref}/reopen", data={"review": review.ref})

    async with read() as db:
        assert await db.scalar(select(Review.state)) == State.IN_PROGRESS


async def test_pages_of_files_follow_one_another(as_ingrid, new_file, monkeypatch):
    from internships.reviews.queries import assigning

    monkeypatch.setattr(assigning, "PAGE", 2)
    for n in range(3):
        await new_file(f"Person {n}")

    first = (await as_ingrid.get("/assignments")).text
    onward = re.search(r'href="([^"]*after=[^"]*)"', first)

    assert onward
    second = (await as_ingrid.get(onward.group(1).replace("&amp;", "&"))).text
    assert "Person 2" in second
    assert "Person 1" not in second


async def test_the_desk_is_for_staff(as_ravi, as_tomas, as_amina, file):
    answers = [
        await somebody.get(path)
        for somebody in (as_ravi, as_tomas, as_amina)
        for path in ("/assignments", f"/assignments/{file.ref}", "/assignments/preview")
    ]

    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("rows", [1, 3])
async def test_the_desk_asks_the_same_however_many(as_ingrid, new_file, new_person, statements, rows):
    files = [await new_file(f"Person {n}") for n in range(rows)]
    for n in range(rows):
        await new_person(Role.REVIEWER, f"Reader {n}")
    _page, sent = await _previewed(as_ingrid, each="1")

    counts = []
    for path in ("/assignments", "/assignments/preview?each=1", f"/assignments/{files[0].ref}"):
        with statements() as asked:
            await as_ingrid.get(path)
        counts.append(len(asked))
    with statements() as written:
        await as_ingrid.post("/assignments", data=sent)

    assert counts == [3, 3, 3]
    # Who asks, the call, files, readers; then one each: reviews, trace, letters.
    assert len(written) == 7
