"""Whether the limits over several positions leave room for one more at a position."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from internships.matching.models import MatchLimit
from internships.reserves.models import Position

_LIMITS = select(MatchLimit.seats, MatchLimit.over).where(MatchLimit.cycle_id == bindparam("cycle")).with_for_update()
_HELD = select(func.coalesce(func.sum(Position.held), 0)).where(
    Position.cycle_id == bindparam("cycle"), Position.ref.in_(bindparam("refs", expanding=True))
)


async def have_room(tx: AsyncSession, cycle_id: int, position: str) -> bool:
    """False when a limit around the position is full. The limits are locked, so that two can't take the last place of one."""
    for seats, over in (await tx.execute(_LIMITS, {"cycle": cycle_id})).all():
        if position in over:
            await tx.flush()  # a seat given back in this transaction counts
            held = await tx.scalar(_HELD, {"cycle": cycle_id, "refs": list(over)})
            if (held or 0) >= seats:
                return False
    return True
