"""What reviewers do: say whether there is a tie, score, finish, take it back, step aside."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import flag_modified

from internships.accounts.rules import Actor
from internships.applications.models import Application
from internships.core import clock, history
from internships.core.faults import NotFound, Refused, Stale
from internships.core.gathered import gathered
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.models import Criterion, Cycle
from internships.reviews.models import Conflict, Review, Score
from internships.reviews.queries.owed import visible_to
from internships.reviews.rules import REVIEW, State, is_read, may_reopen, weighted

NOT_READ = _("This application is not being reviewed any more. Nothing was changed.")
TOO_LATE = _("The time to take it back has passed. If something is wrong with your scores, write to the programme.")
INCOMPLETE = _("Score every criterion before you finish.")


@dataclass(frozen=True, slots=True)
class _Criterion:
    id: int
    code: str
    weight: int
    scale_max: int


@dataclass(frozen=True, slots=True)
class _Taken:
    """A review that is to change, with the file and the call it belongs to."""

    review: Review
    application: Application
    call: Cycle
    criteria: list[_Criterion]


_CRITERIA = gathered(
    select(Criterion.id, Criterion.code, Criterion.weight, Criterion.scale_max).where(
        Criterion.cycle_id == Application.cycle_id
    ),
    of=Application,
)
_TAKEN = (
    select(Review, Application, Cycle, _CRITERIA)
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .execution_options(populate_existing=True)
)


async def _take(tx: Transaction, actor: Actor, ref: str, version: int | None = None) -> _Taken:
    """Lock the review and its application: whoever finishes at the same time counts after us.

    Raises:
        NotFound: no such review, or not theirs.
        Stale: it was saved in between.
    """
    asked = _TAKEN.where(Review.ref == ref, visible_to(actor.role)).with_for_update(of=[Review, Application])
    row = (await tx.execute(asked, actor.own)).one_or_none()
    if row is None:
        raise NotFound
    review, application, call, criteria = row
    if version is not None and review.version != version:
        raise Stale
    return _Taken(review, application, call, [_Criterion(*cells) for cells in criteria])


async def _take_open(tx: Transaction, actor: Actor, ref: str, version: int | None = None) -> _Taken:
    """The same, of a file that is still being read.

    Raises:
        Refused: it was withdrawn, is being checked again, or the results are out.
    """
    taken = await _take(tx, actor, ref, version)
    if not is_read(taken.call.state, taken.application.state):
        raise Refused(NOT_READ)
    return taken


async def _move(tx: Transaction, actor: Actor, taken: _Taken, verb: str, **more: Any) -> None:
    """Move a review, with its row in the trace."""
    before = taken.review.state
    taken.review.state = State(REVIEW.move(verb, actor.role, before).to)
    moved = before.value, taken.review.state.value
    await tx.flush()
    await history.record(tx, actor, f"review.{verb}", taken.review.ref, file=taken.application.ref, moved=moved, **more)


_FINISHED = select(Review).where(Review.application_id == Application.id, Review.state == State.FINISHED)


def _of_finished(what: Any) -> Any:
    return _FINISHED.with_only_columns(what).correlate(Application).scalar_subquery()


async def _count(tx: Transaction, application: Application) -> None:
    """Count, mean and spread of the finished reviews, kept with the application while it is locked."""
    values = {
        "review_count": _of_finished(func.count(Review.id)),
        "review_mean": _of_finished(func.avg(Review.total)),
        "review_spread": _of_finished(func.max(Review.total) - func.min(Review.total)),
    }
    counted = update(Application).where(Application.id == application.id).values(values)
    await tx.execute(counted.execution_options(synchronize_session=False))


async def _say(tx: Transaction, actor: Actor, taken: _Taken, words: str, *, has_tie: bool) -> None:
    row = {
        "person_id": actor.person_id,
        "application_id": taken.application.id,
        "has_tie": has_tie,
        "text": words,
        "declared_at": clock.now(),
    }
    await tx.put(Conflict, [row], "person_id", "application_id")


async def declare(actor: Actor, ref: str) -> None:
    """Say that there is no tie; the file opens."""
    async with write() as tx:
        taken = await _take_open(tx, actor, ref)
        await _say(tx, actor, taken, "", has_tie=False)
        await _move(tx, actor, taken, "declare")


async def step_aside(actor: Actor, ref: str, words: str) -> None:
    """Say that there is a tie, before reading or at any time later; a finished score no longer counts."""
    async with write() as tx:
        taken = await _take_open(tx, actor, ref)
        counted = taken.review.state == State.FINISHED
        await _say(tx, actor, taken, words, has_tie=True)
        taken.review.total = taken.review.finished_at = None
        await _move(tx, actor, taken, "recuse")
        if counted:
            await _count(tx, taken.application)


async def _keep(tx: Transaction, taken: _Taken, points: dict[str, int], comment: str) -> None:
    """Store what was scored so far; the version counts on, also when only points changed."""
    rows = [
        {"review_id": taken.review.id, "criterion_id": criterion.id, "points": points[criterion.code]}
        for criterion in taken.criteria
        if criterion.code in points
    ]
    await tx.put(Score, rows, "review_id", "criterion_id")
    taken.review.comment = comment
    flag_modified(taken.review, "comment")


async def save(actor: Actor, ref: str, *, version: int, points: dict[str, int], comment: str) -> int:
    """Keep a draft; the version that stands now."""
    async with write() as tx:
        taken = await _take_open(tx, actor, ref, version)
        if taken.review.state != State.IN_PROGRESS:
            raise Refused
        await _keep(tx, taken, points, comment)
        await tx.flush()
        return taken.review.version


async def finish(actor: Actor, ref: str, *, version: int, points: dict[str, int], comment: str) -> None:
    """Close one's own view; it counts for the application from now on."""
    async with write() as tx:
        taken = await _take_open(tx, actor, ref, version)
        if {criterion.code for criterion in taken.criteria} - points.keys():
            raise Refused(INCOMPLETE)
        await _keep(tx, taken, points, comment)
        weights = {criterion.code: criterion.weight for criterion in taken.criteria}
        taken.review.total = weighted(points, weights, {c.code: c.scale_max for c in taken.criteria})
        taken.review.finished_at = clock.now()
        await _move(tx, actor, taken, "finish")
        await _count(tx, taken.application)


async def reopen(actor: Actor, ref: str) -> str:
    """Take the finish back: the reviewer for some minutes, staff at any time. The reference of the application."""
    async with write() as tx:
        taken = await _take_open(tx, actor, ref)
        if not may_reopen(actor.role, taken.review.finished_at, clock.now(), taken.call.undo_minutes):
            raise Refused(TOO_LATE)
        taken.review.total = taken.review.finished_at = None
        await _move(tx, actor, taken, "reopen")
        await _count(tx, taken.application)
        return taken.application.ref
