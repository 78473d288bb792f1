"""What waits for staff, and what will happen by itself: in one statement, whatever there is of it."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, CompoundSelect, Select, String, exists, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.db import every
from internships.core.models import Job, JobState, Letter, LetterState
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.matching.life import ContestState
from internships.matching.life import State as RunState
from internships.matching.models import Contest, MatchRun
from internships.placements.models import Offer
from internships.placements.rules import OfferState
from internships.reporting.words import QUEUES
from internships.reviews.models import Review
from internships.reviews.rules import State as ReviewState

MOST_JOBS = 12


class Waiting(Struct, frozen=True):
    """A queue with how much is in it, or a kind of job with how many; `at` is the oldest, or the next."""

    kind: str
    why: str
    count: int
    at: datetime | None


def _queue(name: str, at: Any, *where: ColumnElement[bool]) -> Select[Any]:
    return select(literal(name, String()), literal("", String()), func.count(), func.min(at)).where(*where)


_HERE = Application.cycle_id == WORKED_ON
_ELIGIBLE = _HERE, Application.state == ApplicationState.ELIGIBLE
_READERS = (
    select(func.count())
    .where(Review.application_id == Application.id, Review.state != ReviewState.RECUSED)
    .correlate(Application)
    .scalar_subquery()
)
_NEEDED = select(Cycle.min_reviews).where(Cycle.id == Application.cycle_id).correlate(Application).scalar_subquery()
_NOT_FINISHED = Review.state.in_([ReviewState.ASSIGNED, ReviewState.IN_PROGRESS])
_NOT_ANSWERED = Choice.state.in_([ChoiceState.WAITING, ChoiceState.SHORTLISTED])
_decided = aliased(MatchRun)
_OF_CALL = MatchRun.cycle_id == WORKED_ON
_NOT_DECIDED = ~exists(select(_decided.id).where(_decided.cycle_id == WORKED_ON, _decided.state == RunState.APPROVED))

_QUEUES = [
    _queue("screening", Application.submitted_at, _HERE, Application.state == ApplicationState.SUBMITTED),
    _queue("readers", Application.decided_at, *_ELIGIBLE, _READERS < _NEEDED),
    _queue("reviews", Review.assigned_at, *_ELIGIBLE, _NOT_FINISHED, Review.application_id == Application.id),
    _queue("ratings", Application.decided_at, *_ELIGIBLE, _NOT_ANSWERED, Choice.application_id == Application.id),
    _queue("runs", MatchRun.finished_at, _OF_CALL, MatchRun.state == RunState.PROPOSED, _NOT_DECIDED),
    _queue("second", MatchRun.first_approved_at, _OF_CALL, MatchRun.state == RunState.FIRST_APPROVED, _NOT_DECIDED),
    _queue("offers", Offer.issued_at, Offer.cycle_id == WORKED_ON, Offer.state == OfferState.ISSUED),
    _queue("contests", Contest.asked_at, Contest.cycle_id == WORKED_ON, Contest.state == ContestState.ASKED),
    _queue("letters", Letter.written_at, Letter.state == LetterState.DEAD),
]
_next = func.min(Job.run_at)
_jobs = (
    select(Job.kind, Job.why, func.count().label("many"), _next.label("next"))
    .where(Job.state == JobState.WAITING)
    .group_by(Job.kind, Job.why)
    .order_by(_next)
    .limit(MOST_JOBS)
    .subquery()
)
_WAITING: CompoundSelect[Any] = union_all(*_QUEUES, select(_jobs.c.kind, _jobs.c.why, _jobs.c.many, _jobs.c.next))


class Desk(Struct, frozen=True):
    """The staff's start page."""

    queues: list[Waiting]
    jobs: list[Waiting]

    def waits(self, kind: str) -> int:
        """How much is in a queue."""
        return next((queue.count for queue in self.queues if queue.kind == kind), 0)


async def desk(db: AsyncConnection) -> Desk:
    """What waits, in the order of the year; and what comes by itself, the next first."""
    found = await every(Waiting, db, _WAITING)
    order = list(QUEUES)
    queues = sorted((row for row in found if row.kind in QUEUES), key=lambda row: order.index(row.kind))
    jobs = sorted((row for row in found if row.kind not in QUEUES), key=lambda row: (str(row.at), row.kind))
    return Desk(queues, jobs)
