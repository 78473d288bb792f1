"""What staff see before a run: the call, how ready it is, and the rules of its match."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Integer, ScalarSelect, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState, State
from internships.core import clock
from internships.core.db import every, one
from internships.core.i18n import chosen, speaking
from internships.core.models import Letter
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.cycles.rules import RESULTS_ARE_OUT
from internships.cycles.rules import State as Call
from internships.matching.life import ContestState
from internships.matching.models import Contest, MatchBar, MatchLimit, MatchLock, MatchReserve, Team
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE
from internships.reserves.rules import SHOWN_TO_ALL
from internships.reviews.models import Rating, Review
from internships.reviews.rules import State as Reading

TO_REVIEW, TO_RATE_LETTER = "matching/to_review", "matching/to_rate"
"""The letters that remind."""
TO_RATE = (ChoiceState.WAITING, ChoiceState.SHORTLISTED)


def is_today(at: datetime | None) -> bool:
    """Whether a reminder was written today, by the day that its letter counts."""
    return at is not None and at.date() == clock.now().date()


class Desk(Struct, frozen=True):
    """The call that is worked on, and how far it is."""

    id: int
    ref: str
    version: int
    names: dict[str, Any]
    state: Call
    closes_at: datetime
    rate_by: datetime
    zone: str
    lottery_seal: str | None
    lottery_sealed_at: datetime | None
    lottery_opened_at: datetime | None
    applicants: int
    positions: int
    seats: int
    unrated: int
    unread: int
    undeclared: int
    unfinished: int
    reviewers_reminded_at: datetime | None
    limits: int
    reserves: int
    minimums: int
    locks: int
    bars: int
    teams: int
    contests: int

    @property
    def name(self) -> str:
        """In the language being spoken."""
        return chosen(self.names)[0]

    @property
    def results_are_out(self) -> bool:
        return self.state in RESULTS_ARE_OUT

    @property
    def reviewers_reminded_today(self) -> bool:
        """One letter a day is enough."""
        return is_today(self.reviewers_reminded_at)

    @property
    def sealed_in_time(self) -> bool:
        return self.lottery_sealed_at is not None and self.lottery_sealed_at < self.closes_at


def _count(of: type[Any], *where: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(of).where(*where).correlate(Cycle).scalar_subquery()


def _last_letter(kind: str, about: Any) -> ScalarSelect[Any]:
    """When somebody was last reminded of this."""
    written = select(func.max(Letter.written_at)).where(Letter.about == about.ref, Letter.kind == kind)
    return written.correlate(about).scalar_subquery()


_eligible = Application.cycle_id == Cycle.id, Application.state == State.ELIGIBLE
_runs = Position.cycle_id == Cycle.id, Position.state.in_(SHOWN_TO_ALL)
_DESK = select(
    Cycle.id, Cycle.ref, Cycle.version, Cycle.name, Cycle.state, Cycle.closes_at, Cycle.rate_by, Cycle.zone,
    Cycle.lottery_seal, Cycle.lottery_sealed_at, Cycle.lottery_opened_at,
    _count(Application, *_eligible),
    _count(Position, *_runs),
    select(func.coalesce(func.sum(Position.seats - Position.held), 0)).where(*_runs).correlate(Cycle).scalar_subquery(),
    select(func.count())
    .select_from(Choice)
    .join(Application, Application.id == Choice.application_id)
    .where(*_eligible, Choice.state.in_(TO_RATE))
    .correlate(Cycle)
    .scalar_subquery(),
    _count(Application, *_eligible, Application.review_count < Cycle.min_reviews),
    select(func.count())
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .where(*_eligible, Review.state == Reading.ASSIGNED)
    .correlate(Cycle)
    .scalar_subquery(),
    select(func.count())
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .where(*_eligible, Review.state.in_([Reading.ASSIGNED, Reading.IN_PROGRESS]))
    .correlate(Cycle)
    .scalar_subquery(),
    _last_letter(TO_REVIEW, Cycle),
    _count(MatchLimit, MatchLimit.cycle_id == Cycle.id),
    _count(MatchReserve, MatchReserve.cycle_id == Cycle.id),
    _count(Position, *_runs, Position.min_seats > 0),
    _count(MatchLock, MatchLock.cycle_id == Cycle.id),
    _count(MatchBar, MatchBar.cycle_id == Cycle.id),
    _count(Team, Team.cycle_id == Cycle.id),
    _count(Contest, Contest.cycle_id == Cycle.id, Contest.state == ContestState.ASKED),
).where(Cycle.id == WORKED_ON)  # fmt: skip


async def desk(db: AsyncConnection) -> Desk:
    """The call that staff work on, with its counts.

    Raises:
        NotFound: there is no call.
    """
    return await one(Desk, db, _DESK)


class Readiness(Struct, frozen=True):
    """How far a position's host is with rating."""

    ref: str
    title: str
    reserve: str
    reserve_slug: str
    candidates: int
    unrated: int
    refused: int
    in_first: int
    in_second: int
    in_third: int
    reminded_at: datetime | None

    @property
    def reminded_today(self) -> bool:
        """One letter a day is enough."""
        return is_today(self.reminded_at)

    @property
    def rated(self) -> int:
        return self.in_first + self.in_second + self.in_third

    @property
    def unbalanced(self) -> bool:
        """Three or more in one tier and nobody in another: the lottery alone would decide."""
        return self.rated > 2 and self.rated in {self.in_first, self.in_second, self.in_third}


def _sum(*where: Any) -> Any:
    return func.coalesce(func.sum(case((and_(*where), 1), else_=0)), 0).cast(Integer)


_takes = Choice.state == ChoiceState.ACCEPTABLE
_per_position = (
    select(
        Choice.position_id,
        func.count().label("candidates"),
        _sum(Choice.state.in_(TO_RATE)).label("unrated"),
        _sum(Choice.state.in_([ChoiceState.NOT_SHORTLISTED, ChoiceState.NOT_ACCEPTABLE])).label("refused"),
        _sum(_takes, Rating.tier == 1).label("first"),
        _sum(_takes, Rating.tier == 2).label("second"),
        _sum(_takes, or_(Rating.tier > 2)).label("third"),
    )
    .join(Application, Application.id == Choice.application_id)
    .outerjoin(Rating, Rating.choice_id == Choice.id)
    .where(Application.cycle_id == WORKED_ON, Application.state == State.ELIGIBLE, Choice.state != ChoiceState.RELEASED)
    .group_by(Choice.position_id)
    .subquery()
)
_counts = _per_position.c
_READINESS = (
    select(
        Position.ref, TITLE, Reserve.name, Reserve.slug, _counts.candidates, _counts.unrated, _counts.refused,
        _counts.first, _counts.second, _counts.third, _last_letter(TO_RATE_LETTER, Position),
    )
    .join(_per_position, _counts.position_id == Position.id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .order_by(_counts.unrated.desc(), Reserve.folded_name, Position.folded_title, Position.id)
)  # fmt: skip


async def readiness(db: AsyncConnection) -> list[Readiness]:
    """Each position that somebody chose, those with most left to rate first."""
    return await every(Readiness, db, _READINESS, {"spoken": speaking()})
