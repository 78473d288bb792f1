"""What staff see of positions: seats, offers, placements and waiting lists."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    CompoundSelect,
    Integer,
    ScalarSelect,
    String,
    bindparam,
    exists,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.queries import MY_RESERVE
from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.core.db import Instant, every, one
from internships.core.i18n import speaking
from internships.cycles.models import Cycle
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import HOLDS_A_SEAT, OfferState, PlacementState, WaitingState
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reserves.rules import SHOWN_TO_ALL
from internships.reserves.rules import State as PositionState


class Place(Struct, frozen=True):
    """A position as the places page shows it."""

    ref: str
    title: str
    title_language: str
    reserve: str
    country: str
    region: str
    seats: int
    held: int
    accepted: int
    waiting: int
    next_due: datetime | None
    runs: bool
    """Whether the host takes people."""
    minimum: int
    offered: bool
    """Whether anybody was offered a place here."""
    zone: str
    """That of the call, in which its deadlines are."""

    @property
    def free(self) -> int:
        return self.seats - self.held if self.runs else 0

    @property
    def too_few(self) -> bool:
        """Offers have gone out, fewer people are left than the position needs, and nobody waits who could come."""
        return self.runs and self.offered and not self.waiting and self.held < self.minimum

    @property
    def heat(self) -> int:
        """0 for empty to 5 for full, as a step of the table's colours."""
        return round(5 * self.held / self.seats)


def _offers_in(*states: OfferState) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Offer)
        .where(Offer.position_id == Position.id, Offer.state.in_(states))
        .correlate(Position)
        .scalar_subquery()
    )


_PLACES = (
    select(
        Position.ref, TITLE, TITLE_LANGUAGE, Reserve.name, Reserve.country, Reserve.region,
        Position.seats, Position.held,
        _offers_in(OfferState.ACCEPTED),
        select(func.count())
        .select_from(Waiting)
        .where(Waiting.position_id == Position.id, Waiting.state == WaitingState.WAITING)
        .correlate(Position)
        .scalar_subquery(),
        select(func.min(Offer.answer_by))
        .where(Offer.position_id == Position.id, Offer.state == OfferState.ISSUED)
        .correlate(Position)
        .scalar_subquery(),
        Position.state == PositionState.PUBLISHED, Position.min_seats,
        exists(select(Offer.id).where(Offer.position_id == Position.id).correlate(Position)), Cycle.zone,
    )
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(Position.state.in_(SHOWN_TO_ALL))
    .order_by(Reserve.folded_name, Position.folded_title, Position.id)
)  # fmt: skip
_PLACES_OF_CALL = _PLACES.where(Position.cycle_id == bindparam("cycle_id"))
_PLACE = _PLACES.where(Position.ref == bindparam("ref"))


async def places(db: AsyncConnection, cycle_id: int) -> list[Place]:
    """All positions of a call with their seats."""
    return await every(Place, db, _PLACES_OF_CALL, {"cycle_id": cycle_id, "spoken": speaking()})


async def place(db: AsyncConnection, ref: str) -> Place:
    """One position with its seats."""
    return await one(Place, db, _PLACE, {"ref": ref, "spoken": speaking()})


class Line(Struct, frozen=True):
    """Somebody with an offer of a position, or on its waiting list."""

    kind: str
    """offer or waiting."""
    place: int | None
    name: str
    application_ref: str
    offer_ref: str | None
    offer_state: OfferState | None
    waiting_state: WaitingState | None
    version: int | None
    answer_by: datetime | None
    answered_at: datetime | None
    placement_ref: str | None
    placement_state: PlacementState | None
    elsewhere: bool
    """Whether somebody on the list holds another place."""


_live = Offer.__table__.alias("live")
_OFFERS = (
    select(
        literal("offer"), null().cast(Integer), Person.full_name, Application.ref, Offer.ref, Offer.state,
        null().cast(String), Offer.version, Offer.answer_by, Offer.answered_at, Placement.ref, Placement.state,
        false(),
    )
    .join(Application, Application.id == Offer.application_id)
    .join(Person, Person.id == Offer.person_id)
    .join(Position, Position.id == Offer.position_id)
    .outerjoin(Placement, Placement.offer_id == Offer.id)
    .where(Position.ref == bindparam("ref"))
)  # fmt: skip
_LISTED = (
    select(
        literal("waiting"), Waiting.place, Person.full_name, Application.ref, null().cast(String), null().cast(String),
        Waiting.state, null().cast(Integer), null().cast(Instant), null().cast(Instant), null().cast(String),
        null().cast(String),
        exists(
            select(_live.c.id).where(
                _live.c.person_id == Person.id,
                _live.c.cycle_id == Waiting.cycle_id,
                _live.c.state.in_(list(HOLDS_A_SEAT)),
            )
        ),
    )
    .join(Application, Application.id == Waiting.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Position, Position.id == Waiting.position_id)
    .where(Position.ref == bindparam("ref"))
)  # fmt: skip


async def lines(db: AsyncConnection, ref: str) -> list[Line]:
    """Everybody with an offer of a position, newest first, then its waiting list in order."""
    found = []
    both: CompoundSelect[Any] = union_all(_OFFERS, _LISTED)
    for row in (await db.execute(both, {"ref": ref})).all():
        given = list(row)
        for index, kind in ((5, OfferState), (6, WaitingState), (11, PlacementState)):
            given[index] = kind(given[index]) if given[index] else None
        found.append(Line(*given))
    return sorted(found, key=lambda line: (line.kind != "offer", line.place or 0))


class Coming(Struct, frozen=True):
    """Somebody who was offered a place at the host's reserve, as the host sees it."""

    name: str
    title: str
    title_language: str
    state: OfferState
    answer_by: datetime
    answered_at: datetime | None
    choice_ref: str
    placement_ref: str | None
    zone: str


_COMING = (
    select(
        Person.full_name, TITLE, TITLE_LANGUAGE, Offer.state, Offer.answer_by, Offer.answered_at, Choice.ref,
        Placement.ref, Cycle.zone,
    )
    .join(Position, Position.id == Offer.position_id)
    .join(Cycle, Cycle.id == Offer.cycle_id)
    .join(Person, Person.id == Offer.person_id)
    .join(Choice, Choice.id == Offer.choice_id)
    .outerjoin(Placement, Placement.offer_id == Offer.id)
    .where(Position.reserve_id == MY_RESERVE, Offer.state.in_(list(HOLDS_A_SEAT)))
    .order_by(Position.folded_title, Person.folded_name, Offer.id)
)  # fmt: skip


async def coming(db: AsyncConnection, actor: Actor) -> list[Coming]:
    """Who holds a seat at the host's own reserve, by position."""
    return await every(Coming, db, _COMING, {"my_reserve": actor.reserve_id, "spoken": speaking()})
