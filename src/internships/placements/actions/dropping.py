"""A host can't take anybody any more: the position closes, its offers end, and the repair that staff saw is done, at once."""

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from internships.accounts.models import Person
from internships.accounts.rules import Actor
from internships.applications.models import Application
from internships.applications.rules import State as ApplicationState
from internships.core import clock, history, jobs, outbox
from internships.core.faults import Refused, Stale
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.matching.models import MatchLimit
from internships.placements import letters
from internships.placements.actions.seats import clock_of, expiry, offer_row, reader_of, take_seats
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.queries.repair import Proposal, proposal
from internships.placements.rules import (
    HOLDS_A_SEAT,
    OFFER,
    PLACEMENT,
    WAITING_LIST,
    OfferState,
    PlacementState,
    WaitingState,
)
from internships.reserves.models import Position
from internships.reserves.rules import POSITION
from internships.reserves.rules import State as PositionState

UNDER_WAY = _("A stay here has begun or is over. End it first; then the position can be closed.")


class ProposalChanged(Stale):
    """Something else would follow than what was shown; `about` lists the applications for which it differs."""

    def __init__(self, about: list[str]) -> None:
        super().__init__(_("Something has changed since this proposal was made. Look at the new one."))
        self.about = about


class _Repair(NamedTuple):
    """What the steps below share."""

    actor: Actor
    position: Position
    cycle: Cycle
    reason: str
    proposal: Proposal


async def close(actor: Actor, ref: str, *, version: int, seen: str, reason: str) -> int:
    """Close a position whose host has dropped out, with the repair as it was seen; how many new offers went out.

    Raises:
        NotFound: no such position.
        ProposalChanged: something else would follow now.
        Stale: somebody changed the position in between.
        Refused: it is closed already, or a stay there is under way.
    """
    async with write() as tx:
        position = await _locked(tx, ref)
        POSITION.move("close", actor.role, position.state)
        found = await proposal(tx, ref)
        if found.seen != seen:
            raise ProposalChanged(found.differs(seen))
        if position.version != version:
            raise Stale
        if not all(holder.may_be_ended for holder in found.holders):
            raise Refused(UNDER_WAY)
        cycle = await tx.take(Cycle, Cycle.id == position.cycle_id)
        step = _Repair(actor, position, cycle, reason, found)
        await history.record_all(
            tx, [*await _ended(tx, step), *await _nobody_waits(tx, step), *await _offered(tx, step), _closed(step)]
        )
        return len(found.offers)


async def _locked(tx: Transaction, ref: str) -> Position:
    """The position. Its offers, every seat of the call and the limits stay as they are until we are done.

    The order is that of an answer: the offer first, then the position, then the limits.
    """
    here = select(Offer.id).join(Position, Position.id == Offer.position_id).where(Position.ref == ref)
    await tx.execute(here.order_by(Offer.id).with_for_update(of=Offer))
    call = select(Position.cycle_id).where(Position.ref == ref).scalar_subquery()
    await tx.execute(select(Position.id).where(Position.cycle_id == call).order_by(Position.id).with_for_update())
    await tx.execute(select(MatchLimit.id).where(MatchLimit.cycle_id == call).with_for_update())
    return await tx.take(Position, Position.ref == ref)


def _closed(step: _Repair) -> dict[str, Any]:
    position, was = step.position, step.position.state
    position.state = PositionState(POSITION.move("close", step.actor.role, was).to)
    detail = {"ended": len(step.proposal.holders), "offers": len(step.proposal.offers)}
    moved = (was, position.state)
    return history.row(step.actor, "position.close", position.ref, moved=moved, reason=step.reason, detail=detail)


async def _ended(tx: Transaction, step: _Repair) -> list[dict[str, Any]]:
    """Every offer and placement of the position is taken back, with a letter each."""
    live = Offer.position_id == step.position.id, Offer.state.in_(list(HOLDS_A_SEAT))
    asked = (
        select(Offer.id, Offer.ref, Offer.state, Placement.id, Placement.ref, Placement.state, Application.ref, Person)
        .join(Application, Application.id == Offer.application_id)
        .join(Person, Person.id == Offer.person_id)
        .outerjoin(Placement, Placement.offer_id == Offer.id)
        .where(*live)
        .order_by(Offer.id)
    )
    told, written, placements, clocks = [], [], [], []
    for _id, offer, state, placement_id, placement, placed, file, person in (await tx.execute(asked)).all():
        verb = "revoke" if state == OfferState.ISSUED else "cancel"
        to = OFFER.move(verb, step.actor.role, state).to
        told.append(_told(step, f"offer.{verb}", offer, file, (state, to)))
        if placement_id is not None:
            to = PLACEMENT.move("cancel", step.actor.role, placed).to
            told.append(_told(step, "placement.cancel", placement, file, (placed, to)))
            placements.append(placement_id)
        letter = "revoked" if verb == "revoke" else "cancelled"
        written.append(letters.answered(letter, reader_of(person), offer, file))
        clocks.append(clock_of(offer))
    gone = {"state": OfferState.REVOKED, "reason_text": step.reason, "answered_at": clock.now()}
    await tx.execute(update(Offer).where(*live).values(**gone, version=Offer.version + 1))
    ended = update(Placement).where(Placement.id.in_(placements))
    await tx.execute(ended.values(state=PlacementState.CANCELLED, version=Placement.version + 1))
    step.position.held = 0
    await tx.flush()
    await jobs.forget(tx, *clocks)
    await outbox.post(tx, *written)
    return told


def _told(step: _Repair, what: str, ref: str, file: str, moved: tuple[str, str]) -> dict[str, Any]:
    return history.row(step.actor, what, ref, file=file, moved=moved, reason=step.reason)


async def _nobody_waits(tx: Transaction, step: _Repair) -> list[dict[str, Any]]:
    """The waiting list of the position is left by everybody on it."""
    waits = Waiting.position_id == step.position.id, Waiting.state == WaitingState.WAITING
    asked = select(Application.ref).join(Waiting, Waiting.application_id == Application.id).where(*waits)
    files = list(await tx.scalars(asked.order_by(Waiting.place)))
    moved = (WaitingState.WAITING, WAITING_LIST.move("leave", step.actor.role, WaitingState.WAITING).to)
    await tx.execute(update(Waiting).where(*waits).values(state=moved[1]))
    return [_told(step, "waiting.leave", step.position.ref, file, moved) for file in files]


async def _offered(tx: Transaction, step: _Repair) -> list[dict[str, Any]]:
    """The new offers of the repair, with their seats, clocks and letters."""
    if not (offers := step.proposal.offers):
        return []
    people = await _people(tx, [who for who, _at in offers])
    rows, told, written = [], [], []
    for (file, at), wish in offers.items():
        person = people[file]
        row = offer_row(step.cycle, wish, person.id, wave=2)
        rows.append(row)
        written.append(letters.offered(reader_of(person), row["ref"], file, row["answer_by"], step.cycle.zone))
        detail = {"position": at, "instead_of": step.position.ref}
        moved = None, row["state"]
        told.append(history.row(step.actor, "offer.issue", row["ref"], file=file, moved=moved, detail=detail))
    if not await take_seats(tx, Counter(row["position_id"] for row in rows)):
        raise Stale
    await tx.execute(insert(Offer), rows)
    taken = Waiting.choice_id.in_([row["choice_id"] for row in rows])
    to = WAITING_LIST.move("offer", step.actor.role, WaitingState.WAITING).to
    await tx.execute(update(Waiting).where(taken, Waiting.state == WaitingState.WAITING).values(state=to))
    await jobs.later_all(tx, [expiry(row["ref"], row["answer_by"]) for row in rows])
    await outbox.post(tx, *written)
    return told


async def _people(tx: Transaction, files: list[str]) -> dict[str, Person]:
    """Who is offered a place, by application; none of them can withdraw meanwhile."""
    asked = (
        select(Application.ref, Person)
        .join(Person, Person.id == Application.person_id)
        .where(Application.ref.in_(files), Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    rows = (await tx.execute(asked)).all()
    found: dict[str, Person] = {row[0]: row[1] for row in rows}
    if len(found) != len(files):
        raise Stale
    return found
