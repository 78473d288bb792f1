"""What happened to a file so far, as its person may see it."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.applications.queries.mine import Mine
from internships.applications.rules import APPLICATION
from internships.core import clock
from internships.core.db import every
from internships.core.models import History
from internships.cycles.models import Reason
from internships.cycles.rules import ReasonKind

DECISIONS = frozenset(f"application.{move.verb}" for move in APPLICATION if move.undo == "recheck")


class Step(Struct, frozen=True):
    """A move of the file, without who did it."""

    what: str
    at: datetime


_STEPS = (
    select(History.what, History.at)
    .where(History.file == bindparam("file"), History.subject == bindparam("file"), History.to_state.is_not(None))
    .order_by(History.id)
)


async def steps(db: AsyncConnection, mine: Mine) -> list[Step]:
    """Every step that has been announced: what was taken back in time, or still can be, never happened."""
    undo, now = timedelta(minutes=mine.call.undo_minutes), clock.now()
    found: list[Step] = []
    for step in await every(Step, db, _STEPS, {"file": mine.ref}):
        decided = found[-1] if found and found[-1].what in DECISIONS else None
        if step.what == "application.recheck" and decided and step.at - decided.at <= undo:
            found.pop()
        else:
            found.append(step)
    if found and found[-1].what in DECISIONS and now < found[-1].at + undo:
        found.pop()
    return found


class Listed(Struct, frozen=True):
    """A listed reason."""

    code: str
    label: dict[str, str]


_REASONS = (
    select(Reason.code, Reason.label)
    .where(Reason.cycle_id == bindparam("cycle"), Reason.kind == ReasonKind.WITHDRAWAL)
    .order_by(Reason.place)
)


async def reasons_to_withdraw(db: AsyncConnection, mine: Mine) -> list[Listed]:
    """What one may say when one withdraws."""
    return await every(Listed, db, _REASONS, {"cycle": mine.call.id})
