"""What can be seen of reserves and positions, and how a position is called in the reader's language."""

from msgspec import Struct
from sqlalchemy import BindParameter, ScalarSelect, String, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.core.db import every
from internships.reserves.models import Position, PositionText, Reserve
from internships.reserves.rules import Origin, State

SPOKEN: BindParameter[str] = bindparam("spoken", type_=String())
"""The reader's language; bind it with `core.i18n.speaking()`."""

_wanted_first = case(
    (PositionText.language == SPOKEN, 0),
    (PositionText.language == "en", 1),
    (PositionText.language == "fr", 2),
    (PositionText.origin == Origin.ORIGINAL, 3),
    else_=4,
)


def _best(column: object) -> ScalarSelect[str]:
    """A column of the text that suits the reader: their language, English, French, then the original."""
    asked = select(column).where(PositionText.position_id == Position.id)  # type: ignore[call-overload]
    best: ScalarSelect[str] = asked.order_by(_wanted_first).limit(1).correlate(Position).scalar_subquery()
    return best


TITLE = _best(PositionText.title).label("title")
TITLE_LANGUAGE = _best(PositionText.language).label("title_language")


class Region(Struct, frozen=True):
    """A UNESCO region, and what its reserves offer in a call."""

    name: str
    reserves: int
    countries: int
    positions: int
    seats: int


_HERE = Position.cycle_id == bindparam("cycle_id"), Position.state == State.PUBLISHED
_OFFERED = (
    select(Position.reserve_id, func.count().label("positions"), func.sum(Position.seats).label("seats"))
    .where(*_HERE)
    .group_by(Position.reserve_id)
    .subquery()
)
_REGIONS = (
    select(
        Reserve.region,
        func.count(),
        func.count(Reserve.country.distinct()),
        func.coalesce(func.sum(_OFFERED.c.positions), 0),
        func.coalesce(func.sum(_OFFERED.c.seats), 0),
    )
    .outerjoin(_OFFERED, _OFFERED.c.reserve_id == Reserve.id)
    .group_by(Reserve.region)
    .order_by(Reserve.region)
)


async def regions(db: AsyncConnection, cycle_id: int | None) -> list[Region]:
    """All regions that have reserves."""
    return await every(Region, db, _REGIONS, {"cycle_id": cycle_id})
