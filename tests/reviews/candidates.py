"""What the tests of a host's pages look at."""

from sqlalchemy import select

from internships.applications.models import Choice
from internships.core.db import read
from internships.core.models import History
from internships.reviews.models import Rating

CONTENT = "Since I was a child"
"""Stands in every file of these tests."""


async def stands(file):
    """The state of a choice, with the tier, the reason and the note of its rating."""
    async with read() as db:
        asked = (
            select(Choice.state, Rating.tier, Rating.reason, Rating.note)
            .outerjoin(Rating, Rating.choice_id == Choice.id)
            .where(Choice.id == file.choice.id)
        )
        state, *rest = (await db.execute(asked)).one()
        return state.value, *rest


async def trace():
    """Every step, from the first to the last."""
    async with read() as db:
        return list(await db.scalars(select(History.what).order_by(History.id)))


def at(file, path=""):
    """The address of a candidate, or of a page below it."""
    return f"/host/candidates/{file.choice.ref}{path}"
