"""What happened to a file, with what each step was about; and how it came out: answers, offers, placement."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ScalarSelect, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased, join, outerjoin

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.core.gathered import aware, gathered, rows_as
from internships.core.i18n import speaking
from internships.core.models import History
from internships.cycles.models import Cycle
from internships.matching.life import State as RunState
from internships.matching.models import MatchRun, Verdict
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import OfferState, PlacementState, WaitingState
from internships.reserves.models import Position
from internships.reserves.queries import TITLE
from internships.reviews.models import Review


class Step(Struct, frozen=True):
    """One thing that was done: by whom, as which role, when, about what, from where to where, and why."""

    id: int
    at: datetime
    by: str | None
    role_code: str
    what: str
    subject: str
    from_state: str | None
    to_state: str | None
    reason: str
    detail: dict[str, Any] | None
    position: str | None
    """The reference of the position that it was about, when it was about one."""
    title: str | None
    reviewer: str | None
    other: str | None
    """With whom somebody was made a team."""

    @property
    def role(self) -> Role:
        """As which they did it."""
        return Role(self.role_code)


class Answered(Struct, frozen=True):
    """What the approved run says of one choice, and the place on the waiting list that came of it."""

    rank: int
    kind: str
    position: str
    title: str
    run: str
    place: int | None
    waiting: WaitingState | None


class Offered(Struct, frozen=True):
    """An offer, and the placement that it became."""

    id: int
    ref: str
    state: OfferState
    answer_by: datetime
    zone: str
    position: str
    title: str
    placement: str | None
    placement_state: PlacementState | None


class Outcome(Struct, frozen=True):
    """All of it, in the order in which it is read."""

    steps: list[Step]
    answers: list[Answered]
    offers: list[Offered]


def _of(table: type[Any]) -> ScalarSelect[Any]:
    """The position of the thing that a step was about."""
    return select(table.position_id).where(table.ref == History.subject).correlate(History).scalar_subquery()


_ITSELF = aliased(Position)
_POSITION_ID = func.coalesce(
    _of(Choice),
    _of(Offer),
    select(Offer.position_id)
    .join(Placement, Placement.offer_id == Offer.id)
    .where(Placement.ref == History.subject)
    .correlate(History)
    .scalar_subquery(),
    select(_ITSELF.id).where(_ITSELF.ref == History.subject).correlate(History).scalar_subquery(),
)
_reader, _named = aliased(Person), aliased(Person)
_mate, _same, _their = aliased(Person), aliased(History), aliased(Application)
_OTHER = (
    select(func.max(_mate.full_name))
    .select_from(_same)
    .join(_their, _their.ref == _same.file)
    .join(_mate, _mate.id == _their.person_id)
    .where(_same.subject == History.subject, _same.file != History.file)
    .correlate(History)
    .scalar_subquery()
)
_STEPS = gathered(
    select(
        History.id, History.at, Person.full_name, History.role, History.what, History.subject, History.from_state,
        History.to_state, History.reason, History.detail, Position.ref, TITLE,
        # A review that was taken back is gone; the step that gave it still names the reviewer.
        func.coalesce(_reader.full_name, _named.full_name),
        case((History.what.like("team.%"), _OTHER)),
    )
    .select_from(
        outerjoin(History, Person, Person.id == History.person_id)
        .outerjoin(Position, Position.id == _POSITION_ID)
        .outerjoin(Review, Review.ref == History.subject)
        .outerjoin(_reader, _reader.id == Review.person_id)
        .outerjoin(_named, _named.ref == History.detail["reviewer"].as_string())
    )
    .where(History.file == Application.ref),
    of=Application,
)  # fmt: skip
_ANSWERS = gathered(
    select(Verdict.rank, Verdict.kind, Position.ref, TITLE, MatchRun.ref, Waiting.place, Waiting.state)
    .select_from(
        join(Verdict, MatchRun, MatchRun.id == Verdict.run_id)
        .join(Position, Position.id == Verdict.position_id)
        .outerjoin(Waiting, Waiting.choice_id == Verdict.choice_id)
    )
    .where(
        Verdict.application_id == Application.id,
        MatchRun.cycle_id == Application.cycle_id,
        MatchRun.state == RunState.APPROVED,
    ),
    of=Application,
)
_OFFERS = gathered(
    select(
        Offer.id, Offer.ref, Offer.state, Offer.answer_by, Cycle.zone, Position.ref, TITLE, Placement.ref,
        Placement.state,
    )
    .select_from(
        join(Offer, Position, Position.id == Offer.position_id)
        .join(Cycle, Cycle.id == Offer.cycle_id)
        .outerjoin(Placement, Placement.offer_id == Offer.id)
    )
    .where(Offer.application_id == Application.id),
    of=Application,
)  # fmt: skip
_OUTCOME = select(_STEPS, _ANSWERS, _OFFERS).where(Application.ref == bindparam("ref"))


def _in_order(cells: list[list[Any]]) -> list[Step]:
    """The steps from the first to the last; what names the reviewer of a review once, names them throughout."""
    steps = sorted(rows_as(Step, cells), key=lambda each: each.id)
    readers = {each.subject: each.reviewer for each in steps if each.reviewer}
    return [replace(each, at=aware(each.at), reviewer=readers.get(each.subject)) for each in steps]


async def outcome(db: AsyncConnection, ref: str) -> Outcome:
    """Everything that was done to a file, and how it came out."""
    steps, answers, offers = (await db.execute(_OUTCOME, {"ref": ref, "spoken": speaking()})).one()
    found = sorted(rows_as(Offered, offers), key=lambda each: each.id)
    return Outcome(
        steps=_in_order(steps),
        answers=sorted(rows_as(Answered, answers), key=lambda each: each.rank),
        offers=[replace(each, answer_by=aware(each.answer_by)) for each in found],
    )
