"""Whether the person who reads a position may add it to their choices: a later part knows, and introduces itself here."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.rules import Actor, Role
from internships.core.i18n import Lazy


class Instead(Struct, frozen=True):
    """What stands in place of the button: why, and where to go on."""

    why: Lazy
    to: str
    """Without the language."""
    link: Lazy


Ask = Callable[[AsyncConnection, Actor, str], Awaitable[Instead | None]]


class _Later:
    ask: ClassVar[Ask | None] = None


def introduce(ask: Ask) -> None:
    """Tell this part how to learn what somebody reads in place of the button."""
    _Later.ask = staticmethod(ask)


async def instead(db: AsyncConnection, actor: Actor | None, position: str) -> Instead | None:
    """What the person reads in place of the button; None when they can add the position, and for everybody else."""
    if _Later.ask and actor and actor.role == Role.APPLICANT:
        return await _Later.ask(db, actor, position)
    return None
