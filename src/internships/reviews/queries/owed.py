"""What a reviewer has to read: their own files, and which comes next."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, false, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.queries import ME
from internships.accounts.rules import Actor, Role
from internships.applications.models import Application
from internships.applications.rules import State as ApplicationState
from internships.core.db import every
from internships.cycles.models import Cycle
from internships.reviews.models import Review
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.rules import State


def visible_to(role: Role) -> ColumnElement[bool]:
    """Staff see every review, reviewers their own, everybody else none."""
    match role:
        case Role.STAFF:
            return true()
        case Role.REVIEWER:
            return Review.person_id == ME
        case _:
            return false()


NAME = case((Cycle.blind, None), else_=Person.full_name)
"""In a blind call the name is not there."""
MINE = (visible_to(Role.REVIEWER), Application.state == ApplicationState.ELIGIBLE)


class Owed(Struct, frozen=True):
    """A line of a reviewer's list."""

    ref: str
    file: str
    name: str | None
    state: State
    total: float | None
    count: int
    finished_at: datetime | None
    speaks: Cells

    @property
    def languages(self) -> list[call.Speaks]:
        return call.languages(self.speaks)


OWED = (
    select(
        Review.ref, Application.ref, NAME, Review.state, Review.total, Application.review_count, Review.finished_at,
        call.LANGUAGES,
    )
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(*MINE, Application.cycle_id == call.CURRENT)
    .order_by(Application.review_count, Review.id)
)  # fmt: skip


async def mine(db: AsyncConnection, actor: Actor) -> list[Owed]:
    """All files of a reviewer, those with the fewest reviews first."""
    return await every(Owed, db, OWED, actor.own)


NEXT = (
    select(Review.ref)
    .join(Application, Application.id == Review.application_id)
    .where(
        *MINE,
        Application.cycle_id == call.CURRENT,
        Review.state.in_([State.ASSIGNED, State.IN_PROGRESS]),
        Review.ref != bindparam("ref"),
    )
    .order_by(Application.review_count, Review.id)
    .limit(1)
)


async def next_after(db: AsyncConnection, actor: Actor, ref: str) -> str | None:
    """The next file to score; not the one that was just left, even when it is still open."""
    found: str | None = await db.scalar(NEXT, {"ref": ref, **actor.own})
    return found
