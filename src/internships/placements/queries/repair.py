"""What would follow if the host of a position could take nobody any more."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.core import clock
from internships.core.faults import NotFound, Refused
from internships.cycles.models import Cycle
from internships.matching import repair
from internships.matching.drawing import Wish
from internships.matching.queries import market
from internships.matching.queries.market import Reads
from internships.matching.terms import BadMarket
from internships.matching.words import problem
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import HOLDS_A_SEAT, PLACEMENT, OfferState, PlacementState, WaitingState
from internships.reserves.models import Position
from internships.reserves.rules import POSITION
from internships.reserves.rules import State as PositionState


class _Leaving(Struct, frozen=True):
    id: int
    version: int
    state: PositionState
    cycle_id: int
    lottery_text: str | None
    closes_at: datetime


class _Offered(Struct, frozen=True):
    id: int
    ref: str
    state: OfferState
    application_id: int
    position_id: int
    application_ref: str
    name: str
    placement_state: PlacementState | None


class Holder(Struct, frozen=True):
    """Somebody who has an offer or a placement at the position."""

    offer_id: int
    application_ref: str
    name: str
    state: OfferState
    placement_state: PlacementState | None
    to: str | None
    """The position that they would be offered instead."""

    @property
    def may_be_ended(self) -> bool:
        """A stay that is under way, or over, is ended by other means."""
        return self.placement_state is None or PLACEMENT.allows("cancel", Role.STAFF, self.placement_state)


class Proposal(Struct, frozen=True):
    """Who loses a place, the least-disturbance repair, and how it compares with a match of everybody anew."""

    position_id: int
    version: int
    may_close: bool
    cycle_id: int
    holders: list[Holder]
    offers: dict[tuple[str, str], Wish]
    """New offers: an application and a position, and which choice that is."""
    waiting: int
    """How many wait for the position itself."""
    least: repair.Counts
    anew: repair.Counts

    @property
    def to_others(self) -> list[tuple[str, str]]:
        """New offers to people who have no place now."""
        holders = {holder.application_ref for holder in self.holders}
        return sorted(pair for pair in self.offers if pair[0] not in holders)

    @property
    def seen(self) -> str:
        """The proposal as one line of text: what a form shows back, so that a change in between is noticed."""
        held = {f"{one.application_ref}:{one.placement_state or one.state}" for one in self.holders}
        return " ".join(sorted(held) + sorted(f"{who}>{at}" for who, at in self.offers))

    def differs(self, seen: str) -> list[str]:
        """The references of applications for which something else would follow than what was seen."""
        return sorted({one[:10] for one in {*seen.split(" ")} ^ {*self.seen.split(" ")} if one})


_LEAVING = (
    select(Position.id, Position.version, Position.state, Position.cycle_id, Cycle.lottery_text, Cycle.closes_at)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(Position.ref == bindparam("ref"))
)
_OFFERED = (
    select(
        Offer.id, Offer.ref, Offer.state, Offer.application_id, Offer.position_id, Application.ref, Person.full_name,
        Placement.state,
    )
    .join(Application, Application.id == Offer.application_id)
    .join(Person, Person.id == Offer.person_id)
    .outerjoin(Placement, Placement.offer_id == Offer.id)
    .where(Offer.cycle_id == bindparam("cycle"))
    .order_by(Person.folded_name, Offer.id)
)  # fmt: skip
_WAITING = select(Waiting.application_id, Waiting.position_id).where(
    Waiting.cycle_id == bindparam("cycle"), Waiting.state == WaitingState.WAITING
)


async def proposal(db: Reads, ref: str) -> Proposal:
    """What would follow at this moment, in seven statements.

    Raises:
        NotFound: no such position.
        Refused: the rules of the match contradict each other, so that nothing can be worked out.
    """
    found = (await db.execute(_LEAVING, {"ref": ref})).first()
    if found is None:
        raise NotFound
    leaving = _Leaving(*found)
    bound = {"cycle": leaving.cycle_id}
    offered = [_Offered(*row) for row in (await db.execute(_OFFERED, bound)).all()]
    waiting = {(row[0], row[1]) for row in (await db.execute(_WAITING, bound)).all()}
    live = [offer for offer in offered if offer.state in HOLDS_A_SEAT]
    standing = repair.Standing(
        leaving=leaving.id,
        held={offer.application_id: offer.position_id for offer in live},
        waiting=waiting,
        said_no={(o.application_id, o.position_id) for o in offered if o.state not in HOLDS_A_SEAT},
    )
    rows = await market.rows(db, leaving.cycle_id, leaving=leaving.id)
    lottery = market.lottery_of(leaving.lottery_text, leaving.closes_at, clock.now())
    try:
        found_way = repair.repaired(rows, standing, lottery)
    except BadMarket as bad:
        raise Refused(problem(bad, {row[1]: row[1] for row in rows.positions})) from bad
    to = dict(found_way.offers.keys())
    return Proposal(
        position_id=leaving.id,
        version=leaving.version,
        may_close=POSITION.allows("close", Role.STAFF, leaving.state),
        cycle_id=leaving.cycle_id,
        holders=[
            Holder(o.id, o.application_ref, o.name, o.state, o.placement_state, to.get(o.application_ref))
            for o in live
            if o.position_id == leaving.id
        ],
        offers=dict(found_way.offers),
        waiting=sum(at == leaving.id for _who, at in waiting),
        least=found_way.least,
        anew=found_way.anew,
    )
