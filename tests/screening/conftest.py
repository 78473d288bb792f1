"""A call, people who sent their applications, and how they stand."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.core.db import read
from internships.core.models import History, Letter
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.reserves.models import Position, Reserve
from tests.applications.factories import new_call, new_position, submitted
from tests.cast import Known, NewPerson

NewSent = Callable[..., Awaitable[Application]]


@pytest.fixture
async def call(database) -> Cycle:
    return await new_call()


@pytest.fixture
async def position(call: Cycle, reserve: Reserve) -> Position:
    return await new_position(call, reserve, "Counting condors")


async def leave_trace(person: Known, sent: Application) -> None:
    """The row that sending leaves; a draft has none."""
    if sent.submitted_at is None:
        return
    async with write() as tx:
        row = {
            "at": sent.submitted_at, "person_id": person.actor.person_id, "role": "applicant",
            "what": "application.submit", "subject": sent.ref, "file": sent.ref, "from_state": "draft",
            "to_state": "submitted",
        }  # fmt: skip
        await tx.execute(insert(History), [row])


@pytest.fixture
async def sent(amina: Known, call: Cycle, position: Position) -> Application:
    """Amina's application, sent."""
    found = await submitted(amina, call, [position])
    await leave_trace(amina, found)
    return found


@pytest.fixture
def new_sent(new_person: NewPerson, call: Cycle, position: Position) -> NewSent:
    """Somebody else's application, sent: `await new_sent("Bela Kiss", locale="ar", nationality="HU")`."""

    async def make(name: str, *, locale: str = "en", email: str | None = None, **more: Any) -> Application:
        known = {"email": email} if email else {}
        person = await new_person(Role.APPLICANT, name, locale=locale, **known)
        found = await submitted(person, call, [position], **more)
        await leave_trace(person, found)
        return found

    return make


async def as_kept(ref: str) -> Any:
    """An application's row as it stands."""
    async with read() as db:
        return (await db.execute(select(Application.__table__).where(Application.ref == ref))).one()


async def letters_about(ref: str) -> list[Any]:
    """Kind and state of each letter about an application."""
    async with read() as db:
        asked = select(Letter.kind, Letter.state, Letter.not_before, Letter.locale).where(Letter.about == ref)
        return list((await db.execute(asked.order_by(Letter.id))).all())


async def traced(ref: str) -> list[Any]:
    """What was done to an application."""
    async with read() as db:
        asked = select(
            History.what, History.person_id, History.role, History.from_state, History.to_state, History.reason,
            History.detail,
        ).where(History.file == ref)  # fmt: skip
        return list((await db.execute(asked.order_by(History.id))).all())
