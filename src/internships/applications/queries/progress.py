"""What happened to a file so far, as its person may see it."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from internships.applications.models import Application
from internships.applications.queries.mine import Mine
from internships.applications.rules import APPLICATION
from internships.applications.words import STEPS
from internships.core import clock
from internships.core.gathered import gathered, rows_as
from internships.core.models import History

DECISIONS = frozenset(f"application.{move.verb}" for move in APPLICATION if move.undo == "recheck")


class Step(Struct, frozen=True):
    """A move of the file, or of an offer that came of it, without who did it."""

    id: int
    what: str
    at: datetime


TOLD = gathered(
    select(History.id, History.what, History.at).where(
        History.file == Application.ref, History.what.in_(sorted(STEPS))
    ),
    of=Application,
)
"""The trace of a file as far as there are words for its person, as one column beside it; `announced` reads it."""


def announced(mine: Mine, told: list[list[Any]]) -> list[Step]:
    """Every step that has been announced: what was taken back in time, or still can be, never happened.

    Withdrawing is the person's own last step: what the clock tidies up after it is no news to them.
    """
    undo, now = timedelta(minutes=mine.call.undo_minutes), clock.now()
    found: list[Step] = []
    for step in sorted(rows_as(Step, told), key=lambda each: each.id):
        decided = found[-1] if found and found[-1].what in DECISIONS else None
        if step.what == "application.recheck" and decided and step.at - decided.at <= undo:
            found.pop()
        elif not found or found[-1].what != "application.withdraw":
            found.append(step)
    if found and found[-1].what in DECISIONS and now < found[-1].at + undo:
        found.pop()
    return found
