"""The rules of the match as staff edit them, each with where it applies."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, case, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import visible_to
from internships.applications.rules import ChoiceState
from internships.core.db import every, one, one_or_none
from internships.core.i18n import speaking
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve
from internships.matching.queries import people
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE
from internships.reserves.rules import SHOWN_TO_ALL

REF: BindParameter[str] = bindparam("ref")


class Offered(Struct, frozen=True):
    """A position that takes part in the match."""

    ref: str
    title: str
    reserve: str
    country: str
    region: str
    seats: int
    held: int
    min_seats: int
    version: int


_OFFERED = (
    select(
        Position.ref, TITLE, Reserve.name, Reserve.country, Reserve.region,
        Position.seats, Position.held, Position.min_seats, Position.version,
    )
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Position.cycle_id == WORKED_ON, Position.state.in_(SHOWN_TO_ALL))
    .order_by(Reserve.folded_name, Position.folded_title, Position.id)
)  # fmt: skip


async def offered(db: AsyncConnection) -> list[Offered]:
    """The positions of the current call that people can be placed at."""
    return await every(Offered, db, _OFFERED, {"spoken": speaking()})


class LimitLine(Struct, frozen=True):
    """At most so many people over several positions."""

    ref: str
    name: str
    seats: int
    over: list[Any]
    version: int


_LIMITS = select(MatchLimit.ref, MatchLimit.name, MatchLimit.seats, MatchLimit.over, MatchLimit.version)
_LISTED = _LIMITS.where(MatchLimit.cycle_id == WORKED_ON).order_by(MatchLimit.name)
_LIMIT = _LIMITS.where(MatchLimit.ref == REF)


async def limits(db: AsyncConnection) -> list[LimitLine]:
    """The limits of the current call."""
    return await every(LimitLine, db, _LISTED)


async def limit(db: AsyncConnection, ref: str) -> LimitLine:
    """One limit."""
    return await one(LimitLine, db, _LIMIT, {"ref": ref})


class ReserveLine(Struct, frozen=True):
    """Seats that go first to a group."""

    ref: str
    position: str
    title: str
    reserve: str
    name: str
    seats: int
    of: int
    countries: list[Any]
    open_first: bool


_RESERVES = (
    select(
        MatchReserve.ref, Position.ref, TITLE, Reserve.name, MatchReserve.name, MatchReserve.seats, Position.seats,
        MatchReserve.countries, MatchReserve.open_first,
    )
    .join(Position, Position.id == MatchReserve.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(MatchReserve.cycle_id == WORKED_ON)
    .order_by(Reserve.folded_name, Position.folded_title, MatchReserve.name)
)  # fmt: skip


async def reserves(db: AsyncConnection) -> list[ReserveLine]:
    """The reserved seats of the current call."""
    return await every(ReserveLine, db, _RESERVES, {"spoken": speaking()})


class PairLine(Struct, frozen=True):
    """A pair that staff fixed or ruled out, and why."""

    kind: str
    """lock or bar."""
    application: str
    name: str
    position: str
    title: str
    reason: str
    made_by: str


_BY = Person.__table__.alias("by_whom")


def _pairs(kind: str, of: type[MatchLock] | type[MatchBar]) -> Any:
    return (
        select(
            literal(kind),
            Application.ref,
            Person.full_name,
            Position.ref,
            TITLE,
            of.reason,
            _BY.c.full_name,
            Application.folded_name,
        )
        .join(Application, Application.id == of.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Position, Position.id == of.position_id)
        .join(_BY, _BY.c.id == of.made_by)
        .where(of.cycle_id == WORKED_ON)
    )


_PAIRS = union_all(_pairs("lock", MatchLock), _pairs("bar", MatchBar))


async def pairs(db: AsyncConnection) -> list[PairLine]:
    """What staff fixed and ruled out, by name."""
    rows = (await db.execute(_PAIRS, {"spoken": speaking()})).all()
    return [PairLine(*row[:-1]) for row in sorted(rows, key=lambda row: (row[-1], row[0]))]


class Chosen(Struct, frozen=True):
    """A choice of a person, as staff pick one to fix or rule out."""

    application: str
    name: str
    position: str | None
    title: str | None
    rank: int | None


_CHOICES = (
    select(Application.ref, Person.full_name, Position.ref, TITLE, Choice.rank)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Choice, (Choice.application_id == Application.id) & (Choice.state != ChoiceState.RELEASED))
    .outerjoin(Position, Position.id == Choice.position_id)
    .where(Application.cycle_id == WORKED_ON, visible_to(Role.STAFF))
    .order_by(Application.folded_name, Application.id, Choice.rank)
)
_OF_ONE = _CHOICES.where(Application.ref == REF)
_OF_MEANT = _CHOICES.where(Application.id.in_(people.ids()))


async def choices_of(db: AsyncConnection, typed: str) -> list[Chosen]:
    """The choices of whoever may be meant, by name and rank; nothing when it is nobody."""
    if people.is_ref(typed):
        return await every(Chosen, db, _OF_ONE, {"ref": typed, "spoken": speaking()})
    return await every(Chosen, db, _OF_MEANT, {"spoken": speaking(), **people.asked(typed)})


class Sealed(Struct, frozen=True):
    """The lottery of the current call; the text only once it is open."""

    seal: str | None
    sealed_at: datetime | None
    opened_at: datetime | None
    closes_at: datetime
    zone: str
    text: str | None


_LOTTERY = select(
    Cycle.lottery_seal,
    Cycle.lottery_sealed_at,
    Cycle.lottery_opened_at,
    Cycle.closes_at,
    Cycle.zone,
    case((Cycle.lottery_opened_at.is_not(None), Cycle.lottery_text)),
).where(Cycle.id == WORKED_ON)


async def lottery(db: AsyncConnection) -> Sealed | None:
    """What may be seen of the lottery; nothing without a call."""
    return await one_or_none(Sealed, db, _LOTTERY)
