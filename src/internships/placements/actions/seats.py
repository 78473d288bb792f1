"""A seat is given to the next person on the waiting list; one place for approval, decline, expiry and withdrawal."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, select, update

from internships.accounts.models import Membership, Person
from internships.accounts.queries import IS_LIVE
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.core import clock, history, jobs, outbox
from internships.core.history import Doer
from internships.core.ids import new_ref
from internships.core.writing import Transaction
from internships.cycles.models import Cycle
from internships.cycles.rules import LISTS_MOVE
from internships.matching.drawing import Wish
from internships.matching.models import MatchReserve
from internships.matching.queries.limits import have_room
from internships.placements import letters
from internships.placements.models import Offer, Waiting
from internships.placements.queries.mine import STANDS_ON_A_LIST
from internships.placements.rules import HOLDS_A_SEAT, WAITING_LIST, OfferState, Reader, WaitingState, answer_by
from internships.placements.words import EXPIRES_BECAUSE
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState


def clock_of(offer_ref: str) -> str:
    """The key of the job that lets an offer expire."""
    return f"offer.expire:{offer_ref}"


def expiry(offer_ref: str, at: datetime) -> dict[str, Any]:
    """The clock of an offer."""
    key = clock_of(offer_ref)
    return jobs.planned("placements.expire", at=at, subject=offer_ref, why=EXPIRES_BECAUSE, key=key)


def reader_of(person: Person) -> Reader:
    """The person as a letter addresses them."""
    return Reader(person.id, person.email, person.locale, person.called or person.full_name)


def offer_row(cycle: Cycle, wish: Wish, person_id: int, *, wave: int, run_id: int | None = None) -> dict[str, Any]:
    """The row of an offer that goes out now, for actions that write many at once."""
    now = clock.now()
    return {
        "ref": new_ref(),
        "version": 1,
        "cycle_id": cycle.id,
        "person_id": person_id,
        "application_id": wish.application_id,
        "choice_id": wish.choice_id,
        "position_id": wish.position_id,
        "run_id": run_id,
        "wave": wave,
        "state": OfferState.ISSUED,
        "issued_at": now,
        "answer_by": answer_by(now, cycle.answer_days, cycle.zone),
    }


async def take_seats(tx: Transaction, taken: Mapping[int, int]) -> bool:
    """Take so many seats of each position; False when one has fewer, which the database itself keeps."""
    for position_id, count in sorted(taken.items()):
        free = Position.id == position_id, Position.held + count <= Position.seats
        took = update(Position).where(*free).values(held=Position.held + count, version=Position.version + 1)
        if (await tx.execute(took.returning(Position.id))).first() is None:
            return False
    return True


async def file_and_hosts(tx: Transaction, offer_id: int) -> tuple[str, list[Reader]]:
    """The application behind an offer, and the people of its reserve who are told about it; one statement."""
    is_host = and_(Membership.reserve_id == Position.reserve_id, Membership.role == Role.HOST, IS_LIVE)
    asked = (
        select(Application.ref, Person)
        .join(Offer, Offer.application_id == Application.id)
        .join(Position, Position.id == Offer.position_id)
        .outerjoin(Membership, is_host)
        .outerjoin(Person, and_(Person.id == Membership.person_id, Person.disabled_at.is_(None)))
        .where(Offer.id == offer_id)
        .order_by(Person.id)
    )
    found = (await tx.execute(asked, {"now": clock.now()})).all()
    people: list[Person | None] = [person for _ref, person in found]
    return found[0].ref, [reader_of(person) for person in people if person is not None]


_HOLDS = (
    select(Offer.id)
    .where(
        Offer.person_id == Application.person_id,
        Offer.cycle_id == Application.cycle_id,
        Offer.state.in_(list(HOLDS_A_SEAT)),
    )
    .correlate(Application)
)
STILL_WAITS = (
    *STANDS_ON_A_LIST,
    ~exists(_HOLDS),
)
"""Somebody on a list who would take the place: they, and their choice, are still in it, and they hold no other place."""


async def _owed_to(tx: Transaction, position_id: int) -> list[str]:
    """The countries whose people come first, because a group has fewer people here than seats that are reserved for it."""
    is_here = and_(Offer.position_id == MatchReserve.position_id, Offer.state.in_(list(HOLDS_A_SEAT)))
    asked = (
        select(MatchReserve.name, MatchReserve.seats, MatchReserve.countries, Application.residence)
        .outerjoin(Offer, is_here)
        .outerjoin(Application, Application.id == Offer.application_id)
        .where(MatchReserve.position_id == position_id)
    )
    found = (await tx.execute(asked)).all()
    here = Counter((name, residence in countries) for name, _seats, countries, residence in found)
    return sorted(
        {country for name, seats, countries, _who in found if here[name, True] < seats for country in countries}
    )


async def _next(tx: Transaction, position_id: int) -> tuple[Waiting, Application, Person] | None:
    """The first on the list who still wants a place and holds none; their application is locked.

    As long as a group has fewer people at the position than seats reserved for it, the first of the group goes before.
    """
    owed_to = await _owed_to(tx, position_id)
    waits = (
        select(Waiting, Application, Person)
        .join(Application, Application.id == Waiting.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Choice, Choice.id == Waiting.choice_id)
        .where(Waiting.position_id == position_id, *STILL_WAITS)
        .order_by(case((Application.residence.in_(owed_to), 0), else_=1), Waiting.place)
        .limit(1)
        .with_for_update(of=(Waiting, Application))
    )
    # Another seat may have been given to the same person while we waited for the lock; then we look again.
    for _try in range(50):
        found = (await tx.execute(waits)).first()
        if found is None:
            return None
        waiting, application, person = found
        if not await tx.scalar(select(exists(_HOLDS.where(Application.id == application.id).correlate(None)))):
            return waiting, application, person
    return None


async def give_to_next(tx: Transaction, doer: Doer, position: Position, cycle: Cycle, wave: int) -> Offer | None:
    """Offer one free seat of a position (its row is locked) to the next person.

    None when the list is empty or does not move any more, or when a limit is full.
    """
    if (
        cycle.state not in LISTS_MOVE
        or position.state != PositionState.PUBLISHED
        or position.held >= position.seats
        or not await have_room(tx, cycle.id, position.ref)
    ):
        return None
    found = await _next(tx, position.id)
    if found is None:
        return None
    waiting, application, person = found
    now = clock.now()
    offer = Offer(
        ref=new_ref(),
        cycle_id=cycle.id,
        person_id=person.id,
        application_id=application.id,
        choice_id=waiting.choice_id,
        position_id=position.id,
        wave=wave,
        state=OfferState.ISSUED,
        issued_at=now,
        answer_by=answer_by(now, cycle.answer_days, cycle.zone),
    )
    tx.add(offer)
    moved = WAITING_LIST.move("offer", doer.role, waiting.state)  # type: ignore[arg-type]
    waiting.state = WaitingState(moved.to)
    position.held += 1
    await tx.flush()
    await jobs.later_all(tx, [expiry(offer.ref, offer.answer_by)])
    letter = letters.offered(reader_of(person), offer.ref, application.ref, offer.answer_by, cycle.zone)
    await outbox.post(tx, letter)
    detail = {"position": position.ref, "wave": wave}
    issued = None, offer.state
    await history.record(tx, doer, "offer.issue", offer.ref, file=application.ref, moved=issued, detail=detail)
    return offer
