"""Whether the person who reads a position may add it to their choices: a later part knows, and introduces itself here."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.rules import Actor, Role
from internships.core.i18n import Lazy

Ask = Callable[[AsyncConnection, Actor], Awaitable[Lazy | None]]


class _Later:
    ask: ClassVar[Ask | None] = None


def introduce(ask: Ask) -> None:
    """Tell this part how to learn why somebody can't add a position."""
    _Later.ask = staticmethod(ask)


async def why_not(db: AsyncConnection, actor: Actor | None) -> Lazy | None:
    """Why the person can't add a position to their choices; None when they can, and for everybody else."""
    return await _Later.ask(db, actor) if _Later.ask and actor and actor.role == Role.APPLICANT else None
