"""What came of a file. Later parts of the program know it, and this one may not know them: `app.py` introduces them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.applications.queries.mine import Mine
from internships.applications.words import Headline
from internships.core.i18n import Lazy


class Place(Struct, frozen=True):
    """A place that somebody is offered or has accepted."""

    title: str
    title_language: str
    reserve: str


class Outcome(Struct, frozen=True):
    """Where the person stands since the results are out."""

    headline: Headline
    button: Lazy
    """What the link to the answer says."""
    released_at: datetime | None
    answer_by: datetime | None
    """Until when an open offer can be answered."""
    holds: Place | None
    """What withdrawing gives up."""
    is_accepted: bool


Ask = Callable[[AsyncConnection, Mine], Awaitable[Outcome]]


class _Later:
    ask: ClassVar[Ask | None] = None


def introduce(ask: Ask) -> None:
    """Tell this part how to learn what came of a file."""
    _Later.ask = staticmethod(ask)


async def outcome(db: AsyncConnection, mine: Mine) -> Outcome | None:
    """What came of a file; None before the results are out, and for one that takes no part in them."""
    return await _Later.ask(db, mine) if _Later.ask and mine.has_answer else None
