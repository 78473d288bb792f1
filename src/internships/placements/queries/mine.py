"""What people can see of their own offers and waiting lists."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.queries import ME
from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.db import every, one_or_none
from internships.core.i18n import speaking
from internships.cycles.models import Cycle
from internships.cycles.rules import LISTS_MOVE
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import OfferState, PlacementState, WaitingState
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Travel


class MyOffer(Struct, frozen=True):
    """The newest offer of the person who is asking, with all that accepting means."""

    ref: str
    state: OfferState
    issued_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    application_ref: str
    rank: int
    position_ref: str
    title: str
    title_language: str
    reserve: str
    reserve_slug: str
    country: str
    season_start: str
    season_end: str
    weeks_min: int
    weeks_max: int
    hours_per_week: int
    mode: Mode
    field_level: FieldLevel
    accommodation: Accommodation
    stipend: int | None
    currency: str
    travel: Travel
    zone: str
    contact: str
    placement_ref: str | None
    placement_state: PlacementState | None
    reason_text: str
    """Staff's words, when it was taken back."""
    application_state: ApplicationState

    @property
    def is_withdrawn(self) -> bool:
        """The person has withdrawn; the seat is freed by the worker, and is no longer theirs from then on."""
        return self.application_state == ApplicationState.WITHDRAWN


_MINE = (
    select(
        Offer.ref, Offer.state, Offer.issued_at, Offer.answer_by, Offer.answered_at, Application.ref, Choice.rank,
        Position.ref, TITLE, TITLE_LANGUAGE, Reserve.name, Reserve.slug, Reserve.country,
        Position.season_start, Position.season_end, Position.weeks_min, Position.weeks_max, Position.hours_per_week,
        Position.mode, Position.field_level, Position.accommodation, Position.stipend, Position.currency,
        Position.travel, Cycle.zone, Cycle.contact, Placement.ref, Placement.state, Offer.reason_text,
        Application.state,
    )
    .join(Application, Application.id == Offer.application_id)
    .join(Choice, Choice.id == Offer.choice_id)
    .join(Position, Position.id == Offer.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Offer.cycle_id)
    .outerjoin(Placement, Placement.offer_id == Offer.id)
    .where(Offer.person_id == ME)
    .order_by(Offer.id.desc())
    .limit(1)
)  # fmt: skip


async def my_offer(db: AsyncConnection, actor: Actor) -> MyOffer | None:
    """The newest offer, whatever became of it; None when there was none."""
    return await one_or_none(MyOffer, db, _MINE, {**actor.own, "spoken": speaking()})


STANDS_ON_A_LIST = (
    Waiting.state == WaitingState.WAITING,
    Application.state == ApplicationState.ELIGIBLE,
    Choice.state == ChoiceState.ACCEPTABLE,
)
"""Somebody on a list who, and whose choice, are still in the selection."""


class MyWait(Struct, frozen=True):
    """A waiting list that the person is on, and how many are before them."""

    title: str
    title_language: str
    reserve: str
    rank: int
    before: int
    state: WaitingState
    results_out: bool


_other = Waiting.__table__.alias("other")
_MY_WAITS = (
    select(
        TITLE, TITLE_LANGUAGE, Reserve.name, Choice.rank,
        select(func.count())
        .select_from(_other)
        .where(
            _other.c.position_id == Waiting.position_id,
            _other.c.state == WaitingState.WAITING,
            _other.c.place < Waiting.place,
        )
        .correlate(Waiting)
        .scalar_subquery(),
        Waiting.state,
        Cycle.state.in_(sorted(LISTS_MOVE)),
    )
    .join(Choice, Choice.id == Waiting.choice_id)
    .join(Application, Application.id == Waiting.application_id)
    .join(Position, Position.id == Waiting.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Waiting.cycle_id)
    .where(Application.person_id == ME, *STANDS_ON_A_LIST)
    .order_by(Choice.rank)
)  # fmt: skip


async def my_waits(db: AsyncConnection, actor: Actor) -> list[MyWait]:
    """The waiting lists that the person is on, best-liked first."""
    return await every(MyWait, db, _MY_WAITS, {**actor.own, "spoken": speaking()})
