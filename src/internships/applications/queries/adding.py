"""What the page of a position says to somebody who applies, in place of the button that adds it to their choices."""

from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import file_in, of_mine
from internships.applications.rules import State
from internships.applications.words import CLOSED
from internships.core.i18n import lazy as _
from internships.core.i18n import say_number
from internships.reserves.adding import Instead
from internships.reserves.models import Position

_REF: BindParameter[str] = bindparam("position")
_PLACE = (
    select(Choice.rank)
    .join(Position, Position.id == Choice.position_id)
    .where(Choice.application_id == Application.id, Position.ref == _REF)
    .correlate(Application)
    .scalar_subquery()
)
_ASKED: Select[Any] = of_mine(_PLACE)
_FILE = "/application", _("My application")
_LIST = "/application/choices", _("My choices")


async def instead_of_choosing(db: AsyncConnection, actor: Actor, position: str) -> Instead | None:
    """That it is in their list already, or that their file is closed; None when they can add it, or have yet to start."""
    row = (await db.execute(_ASKED, {**actor.own, "position": position})).first()
    _call, mine, (place,) = file_in(tuple(row)) if row else (None, None, (None,))
    if mine is None:
        return None
    if place is not None and mine.state != State.WITHDRAWN:
        why = _("This position is number %(place)s in your choices.") % {"place": say_number(place)}
        return Instead(why, *(_LIST if mine.may_edit else _FILE))
    return None if mine.may_edit else Instead(CLOSED[mine.state], *_FILE)
