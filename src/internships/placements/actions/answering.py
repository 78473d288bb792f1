"""Answers to an offer: accept, decline, let expire, take back; a freed seat goes to the next in the same transaction."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update

from internships.accounts.models import Person
from internships.accounts.rules import CLOCK, Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import State
from internships.core import clock, history, jobs, outbox
from internships.core.db import read
from internships.core.faults import NotFound, Refused
from internships.core.history import Doer
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.rules import LISTS_MOVE
from internships.placements import letters
from internships.placements.actions.seats import STILL_WAITS, clock_of, file_and_hosts, give_to_next, reader_of
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import (
    HOLDS_A_SEAT,
    OFFER,
    PLACEMENT,
    OfferState,
    PlacementState,
    Reader,
    WaitingState,
    shown_state,
)
from internships.placements.words import WITHDRAWN_BECAUSE
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState

PAST = {"decline": "declined", "expire": "expired", "revoke": "revoked"}
TOO_LATE = _("The date to answer has passed. The place was offered to the next person on the waiting list.")
NO_OFFER = _("There is no offer to answer any more.")


async def accept(actor: Actor, ref: str) -> None:
    """The person's binding yes: the offer is accepted and the placement stands. Saying it twice changes nothing.

    Raises:
        NotFound: not theirs, or unknown.
        Refused: it was answered otherwise, taken back, or its date has passed.
    """
    now = clock.now()
    async with write() as tx:
        mine = Offer.ref == ref, Offer.person_id == actor.person_id
        taking_part = exists().where(Application.id == Offer.application_id, Application.state != State.WITHDRAWN)
        open_now = Offer.state == OfferState.ISSUED, Offer.answer_by > now, taking_part.correlate(Offer)
        said_yes = update(Offer).where(*mine, *open_now).values(
            state=OfferState.ACCEPTED, answered_at=now, version=Offer.version + 1
        )  # fmt: skip
        told = Offer.id, Offer.cycle_id, Offer.position_id
        yes = (await tx.execute(said_yes.returning(*told).execution_options(synchronize_session=False))).first()
        if yes is None:
            _why_not(await tx.find(Offer, *mine), now)
            return
        await jobs.forget(tx, clock_of(ref))
        placement = Placement(
            ref=new_ref(),
            offer_id=yes.id,
            cycle_id=yes.cycle_id,
            person_id=actor.person_id,
            position_id=yes.position_id,
            state=PlacementState.PLANNED,
            confirmed_at=now,
        )
        tx.add(placement)
        await tx.flush()
        reader = Reader(actor.person_id, actor.email, actor.locale, actor.name)
        file, hosts = await file_and_hosts(tx, yes.id)
        await outbox.post(
            tx,
            letters.answered("accepted", reader, ref, file),
            *[letters.told_host("accepted", host, ref, file) for host in hosts],
        )
        moved = (OfferState.ISSUED, OfferState.ACCEPTED)
        detail = {"placement": placement.ref}
        await history.record(tx, actor, "offer.accept", ref, file=file, moved=moved, detail=detail)


def _why_not(offer: Offer | None, now: datetime) -> None:
    """Why an offer could not be accepted; nothing when it was accepted already."""
    if offer is None:
        raise NotFound
    if offer.state == OfferState.ACCEPTED:
        return
    raise Refused(TOO_LATE if shown_state(offer.state, offer.answer_by, now) == OfferState.EXPIRED else NO_OFFER)


async def decline(actor: Actor, ref: str, *, reason: str, text: str, stay_on_lists: bool) -> None:
    """The person's no; the seat goes to the next. Saying it twice changes nothing.

    Raises:
        NotFound: not theirs, or unknown.
        Refused: it was accepted, taken back, or its date has passed.
    """
    async with write() as tx:
        offer = await tx.take(Offer, Offer.ref == ref, Offer.person_id == actor.person_id)
        if offer.state == OfferState.DECLINED:
            return
        if offer.state == OfferState.ISSUED and offer.answer_by <= clock.now():
            raise Refused(TOO_LATE)
        await _end(tx, actor, offer, "decline", reason=reason, text=text)
        if not stay_on_lists:
            lists = Waiting.application_id == offer.application_id, Waiting.state == WaitingState.WAITING
            await tx.execute(update(Waiting).where(*lists).values(state=WaitingState.LEFT))


async def expire(ref: str) -> str:
    """The clock's no; what it says is the job's outcome."""
    async with write() as tx:
        offer = await tx.find(Offer, Offer.ref == ref)
        if offer is None or offer.state != OfferState.ISSUED:
            return "answered before"
        if offer.answer_by > clock.now():
            return "not yet"
        await _end(tx, CLOCK, offer, "expire")
        return "expired"


def _at(kind: type[Offer | Placement], place: str | None) -> list[ColumnElement[bool]]:
    """That it is at the position whose page staff look at, where one is named."""
    return [kind.position_id == select(Position.id).where(Position.ref == place).scalar_subquery()] if place else []


async def revoke(actor: Actor, ref: str, *, version: int, reason: str, at: str | None = None) -> None:
    """Staff take an offer back that has not been answered; the seat goes to the next.

    Raises:
        NotFound: unknown, or not at this position.
        Stale: it was answered in between.
    """
    async with write() as tx:
        offer = await tx.take(Offer, Offer.ref == ref, *_at(Offer, at), version=version)
        await _end(tx, actor, offer, "revoke", text=reason)


async def cancel(actor: Actor, ref: str, *, version: int, reason: str, at: str | None = None) -> None:
    """Staff cancel a placement before it starts; the offer is taken back with it and the seat goes to the next.

    Raises:
        NotFound: unknown, or not at this position.
        Stale: somebody changed it in between.
        Refused: it has started.
    """
    async with write() as tx:
        placement = await tx.take(Placement, Placement.ref == ref, *_at(Placement, at), version=version)
        await _cancel(tx, actor, placement, reason)


async def _cancel(tx: Transaction, doer: Doer, placement: Placement, reason: str, *, own_wish: bool = False) -> None:
    before = placement.state
    placement.state = PlacementState(PLACEMENT.move("cancel", doer.role, before).to)  # type: ignore[arg-type]
    offer = await tx.take(Offer, Offer.id == placement.offer_id)
    accepted, to = offer.state, OfferState(OFFER.move("cancel", doer.role, offer.state).to)  # type: ignore[arg-type]
    application = await _free(tx, doer, offer, to, reason=reason, letter="" if own_wish else "cancelled")
    _file, hosts = await file_and_hosts(tx, offer.id)
    await outbox.post(tx, *[letters.told_host("cancelled", host, offer.ref, application) for host in hosts])
    told = [
        ("offer.cancel", offer.ref, (accepted, to)),
        ("placement.cancel", placement.ref, (before, placement.state)),
    ]
    rows = [history.row(doer, what, ref, file=application, moved=moved, reason=reason) for what, ref, moved in told]
    await history.record_all(tx, rows)


async def _end(
    tx: Transaction, doer: Doer, offer: Offer, verb: str, *, reason: str = "", text: str = "", own_wish: bool = False
) -> None:
    before = offer.state
    move = OFFER.move(verb, doer.role, before)  # type: ignore[arg-type]
    offer.reason = reason
    application = await _free(tx, doer, offer, OfferState(move.to), reason=text, letter="" if own_wish else PAST[verb])
    said = text or reason
    await history.record(
        tx, doer, f"offer.{verb}", offer.ref, file=application, moved=(before, offer.state), reason=said
    )


async def _free(tx: Transaction, doer: Doer, offer: Offer, to: OfferState, *, reason: str, letter: str) -> str:
    """End an offer that held a seat and give the seat to the next; the application's reference.

    letter: what the person is told; nothing when they wished it so and have a letter about that.
    """
    offer.state, offer.reason_text, offer.answered_at = to, reason, clock.now()
    await jobs.forget(tx, clock_of(offer.ref))
    position = await tx.take(Position, Position.id == offer.position_id)
    position.held -= 1
    asked = (
        select(Application, Person, Cycle)
        .join(Person, Person.id == Application.person_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
    )
    application, person, cycle = (await tx.execute(asked.where(Application.id == offer.application_id))).one()
    await tx.flush()
    if letter:
        await outbox.post(tx, letters.answered(letter, reader_of(person), offer.ref, application.ref))
    await give_to_next(tx, CLOCK, position, cycle, offer.wave + 1)
    return str(application.ref)


async def fill_free_seats(actor: Doer, position_ref: str) -> int:
    """Offer every free seat of a position to the next people on its list; how many offers went out."""
    async with write() as tx:
        position = await tx.take(Position, Position.ref == position_ref)
        cycle = await tx.take(Cycle, Cycle.id == position.cycle_id)
        given = 0
        while await give_to_next(tx, actor, position, cycle, wave=2) is not None:
            given += 1
        return given


_HAS_A_FREE_SEAT = (
    select(Position.ref)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(Cycle.state.in_(sorted(LISTS_MOVE)), Position.state == PositionState.PUBLISHED)
    .where(Position.held < Position.seats, Position.held >= Position.min_seats)
    .where(
        exists(
            select(Waiting.id)
            .join(Application, Application.id == Waiting.application_id)
            .join(Choice, Choice.id == Waiting.choice_id)
            .where(Waiting.position_id == Position.id, *STILL_WAITS)
            .correlate(Position)
        )
    )
    .order_by(Position.id)
)


async def use_the_room() -> int:
    """Offer free seats to people who wait for them; how many offers went out.

    A seat that is freed at one position may make room under a limit, and with it at another position. A position with
    fewer people than its minimum is not begun anew by the clock.
    """
    async with read() as db:
        refs = list(await db.scalars(_HAS_A_FREE_SEAT))
    return sum([await fill_free_seats(CLOCK, ref) for ref in refs])


_WITHDRAWN = (
    select(Offer.ref)
    .join(Application, Application.id == Offer.application_id)
    .outerjoin(Placement, Placement.offer_id == Offer.id)
    .where(Offer.state.in_(list(HOLDS_A_SEAT)), Application.state == State.WITHDRAWN)
    # A stay that has begun is ended by people.
    .where(or_(Placement.id.is_(None), Placement.state.in_(sorted(PLACEMENT["cancel"].from_))))
    .order_by(Offer.id)
)


async def free_what_was_withdrawn() -> int:
    """Seats of people who have withdrawn their application go to the next; how many there were.

    Withdrawing belongs to an earlier feature, which knows no offers: the worker sees it here, on reading.
    """
    async with read() as db:
        refs = list(await db.scalars(_WITHDRAWN))
    for ref in refs:
        await _after_withdrawal(ref)
    return len(refs)


async def _after_withdrawal(ref: str) -> None:
    async with write() as tx:
        offer = await tx.take(Offer, Offer.ref == ref)
        if offer.state == OfferState.ACCEPTED:
            placement = await tx.take(Placement, Placement.offer_id == offer.id)
            await _cancel(tx, CLOCK, placement, WITHDRAWN_BECAUSE, own_wish=True)
        elif offer.state == OfferState.ISSUED:
            await _end(tx, CLOCK, offer, "expire", text=WITHDRAWN_BECAUSE, own_wish=True)
