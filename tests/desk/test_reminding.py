"""Reviewers with files that are not finished get one letter a day, in their language, with what is left."""

import re

import pytest
from sqlalchemy import select

from internships import worker
from internships.accounts.rules import Role
from internships.core.models import Letter
from internships.core.writing import write
from internships.reviews.models import Review
from internships.reviews.rules import State
from tests.conftest import NOW
from tests.desk.conftest import kept

PATH = "/matching/readiness/reviewers/remind"


@pytest.fixture
def new_review(market, ingrid):
    """A file given to a reviewer."""

    async def make(name, reader, state):
        async with write() as tx:
            tx.add(
                Review(
                    application_id=market.applications[name].id, person_id=reader.actor.person_id, state=state,
                    assigned_at=NOW, assigned_by=ingrid.actor.person_id,
                )
            )  # fmt: skip

    return make


async def test_each_reviewer_gets_one_letter_with_what_is_left(as_ingrid, ravi, new_person, new_review):
    jean = await new_person(Role.REVIEWER, "Jean Morel", locale="fr")
    done = await new_person(Role.REVIEWER, "Done Already")
    await new_review("Lena", ravi, State.ASSIGNED)
    await new_review("Tariq", ravi, State.IN_PROGRESS)
    await new_review("Lena", jean, State.IN_PROGRESS)
    await new_review("Lena", done, State.FINISHED)
    before = (await as_ingrid.get("/matching/readiness")).text

    first = await as_ingrid.post(PATH)
    second = await as_ingrid.post(PATH)
    after = (await as_ingrid.get("/matching/readiness")).text
    await worker.once()
    sent = await kept(select(Letter.person_id, Letter.subject, Letter.body).order_by(Letter.person_id))

    assert f'action="/en{PATH}"' in before
    assert first.status_code == 303
    assert second.status_code == 409
    assert "The reviewers were reminded today." in second.text
    assert f'action="/en{PATH}"' not in after
    assert "Reminded today" in after
    assert [row.person_id for row in sent] == [ravi.actor.person_id, jean.actor.person_id]
    assert sent[0].subject == "Applications wait for your review"
    assert "2 applications that were given to you have no finished review yet." in sent[0].body
    assert "Of 1 we do not know yet whether you have a tie" in sent[0].body
    assert "anywhere on Earth" in sent[0].body
    assert "tie" not in sent[1].body


async def test_one_person_is_one_person(as_ingrid, ravi, market, new_review, tomas):
    await new_review("Lena", ravi, State.ASSIGNED)

    await as_ingrid.post(PATH)
    reviewers = (await as_ingrid.get("/matching/readiness")).text
    await as_ingrid.post(f"/matching/readiness/{market.positions['Glacier'].ref}/remind")
    hosts = (await as_ingrid.get("/matching/readiness")).text

    assert "A reminder is on its way to 1 reviewer." in reviewers
    assert "A reminder is on its way to 1 person of this reserve." in hosts


async def test_with_every_review_finished_there_is_nobody_to_remind(as_ingrid, ravi, market, new_review):
    await new_review("Lena", ravi, State.FINISHED)

    page = (await as_ingrid.get("/matching/readiness")).text
    answer = await as_ingrid.post(PATH)

    assert not re.search("Remind the reviewers", page)
    assert answer.status_code == 409
    assert "Every file that was given to a reviewer is finished." in answer.text
