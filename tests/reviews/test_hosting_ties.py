"""A host's ties to candidates: said before anything else, once, and of many at a time."""

import asyncio

from sqlalchemy import select

from internships.core.db import read
from internships.core.models import History
from internships.reviews.models import Conflict
from tests.reviews.candidates import CONTENT, at, stands


async def test_ties_to_everybody_are_said_on_one_page(as_tomas, position, new_file):
    first, second = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    both = {"seen": [first.choice.ref, second.choice.ref], "tied": [second.choice.ref]}

    wordless = await as_tomas.post(f"/host/positions/{position.ref}/ties", data=both)
    await as_tomas.post(f"/host/positions/{position.ref}/ties", data={**both, "words": "My nephew."})

    assert wordless.status_code == 422
    assert "checked" in wordless.text
    assert CONTENT in (await as_tomas.get(at(first))).text
    closed = (await as_tomas.get(at(second))).text
    assert "a colleague of your reserve decides" in closed
    assert CONTENT not in closed
    async with read() as db:
        said = (await db.execute(select(Conflict.has_tie, Conflict.text).order_by(Conflict.application_id))).all()
    assert [tuple(row) for row in said] == [(False, ""), (True, "My nephew.")]


async def test_without_a_word_about_ties_nothing_is_decided(as_tomas, file):
    response = await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert response.status_code == 409
    assert "Say first whether you have a tie" in response.text


async def test_a_tie_found_later_takes_ones_rating_back(as_tomas, tomas, file, no_tie):
    await no_tie(tomas, file)
    await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "1"})

    empty = await as_tomas.post(at(file, "/aside"), data={"words": ""})
    await as_tomas.post(at(file, "/aside"), data={"words": "We share a field station."})
    rated = await as_tomas.post(at(file, "/rate"), data={"version": "3", "answer": "1"})

    assert empty.status_code == 422
    assert await stands(file) == ("waiting", None, None, None)
    assert rated.status_code == 409


async def test_a_tie_once_declared_stays(as_tomas, tomas, position, file):
    table = f"/host/positions/{position.ref}"
    await as_tomas.post(at(file, "/conflict"), data={"tie": "yes", "words": "My cousin."})

    alone = await as_tomas.post(at(file, "/conflict"), data={"tie": "no"})
    among = await as_tomas.post(f"{table}/ties", data={"seen": file.choice.ref})
    again = await as_tomas.post(
        f"{table}/ties", data={"seen": file.choice.ref, "tied": file.choice.ref, "words": "Yes."}
    )
    rated = await as_tomas.post(at(file, "/rate"), data={"version": "1", "answer": "1"})

    assert (alone.status_code, among.status_code, again.status_code, rated.status_code) == (409, 409, 303, 409)
    assert "A colleague of your reserve decides." in alone.text
    async with read() as db:
        assert (await db.execute(select(Conflict.has_tie, Conflict.text))).one() == (True, "My cousin.")
        kept = (
            await db.execute(select(History.reason, History.detail).where(History.what == "conflict.declare"))
        ).one()
    assert tuple(kept) == ("My cousin.", {"tie": True})
    assert (await stands(file))[0] == "waiting"


async def test_of_two_answers_at_once_the_tie_stays(as_tomas, tomas, file):
    said = [{"tie": "yes", "words": "My cousin."}, {"tie": "no"}, {"tie": "no"}]

    answers = await asyncio.gather(*(as_tomas.post(at(file, "/conflict"), data=data) for data in said))

    assert {each.status_code for each in answers} <= {303, 409}
    async with read() as db:
        assert await db.scalar(select(Conflict.has_tie)) is True


async def test_a_position_that_is_not_theirs_takes_no_ties(as_tomas, file):
    for ref in ("AAAAAAAAAA", "中"):
        for data in ({"seen": "x"}, {"seen": file.choice.ref}, {}):
            assert (await as_tomas.post(f"/host/positions/{ref}/ties", data=data)).status_code == 404
