"""What came of an application in one statement: its newest offer, or the waiting lists that its person is on."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.applications.models import Application, Choice
from internships.applications.queries.mine import Mine
from internships.applications.queries.outcome import Outcome, Place
from internships.core import clock
from internships.core.db import one
from internships.core.i18n import speaking
from internships.matching.models import MatchRun
from internships.placements.models import Offer, Waiting
from internships.placements.queries.mine import STANDS_ON_A_LIST
from internships.placements.rules import HOLDS_A_SEAT, OfferState, shown_state
from internships.placements.words import button_to, headline_of
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE


class _Came(Struct, frozen=True):
    state: OfferState | None
    answer_by: datetime | None
    title: str | None
    title_language: str | None
    reserve: str | None
    waits: int
    released_at: datetime | None


_NEWEST = select(func.max(Offer.id)).where(Offer.application_id == Application.id).correlate(Application)
_WAITS = (
    select(func.count())
    .select_from(Waiting)
    .join(Choice, Choice.id == Waiting.choice_id)
    .where(Waiting.application_id == Application.id, *STANDS_ON_A_LIST)
    .correlate(Application)
)
_RELEASED = select(func.max(MatchRun.approved_at)).where(MatchRun.cycle_id == Application.cycle_id)
_CAME = (
    select(
        Offer.state, Offer.answer_by, TITLE, TITLE_LANGUAGE, Reserve.name,
        _WAITS.scalar_subquery(), _RELEASED.correlate(Application).scalar_subquery(),
    )
    .select_from(Application)
    .outerjoin(Offer, Offer.id == _NEWEST.scalar_subquery())
    .outerjoin(Position, Position.id == Offer.position_id)
    .outerjoin(Reserve, Reserve.id == Position.reserve_id)
    .where(Application.id == bindparam("file"))
)  # fmt: skip


async def outcome(db: AsyncConnection, mine: Mine) -> Outcome:
    """What came of a file whose call has results."""
    came = await one(_Came, db, _CAME, {"file": mine.id, "spoken": speaking()})
    state = shown_state(came.state, came.answer_by, clock.now())
    holds = state in HOLDS_A_SEAT
    return Outcome(
        headline=headline_of(state, 0 if holds else came.waits),
        button=button_to(state),
        released_at=came.released_at,
        answer_by=came.answer_by if state == OfferState.ISSUED else None,
        holds=Place(came.title or "", came.title_language or "", came.reserve or "") if holds else None,
        is_accepted=state == OfferState.ACCEPTED,
    )
