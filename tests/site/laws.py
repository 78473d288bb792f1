"""What must be true of the database whatever anybody did: each law is a question that nothing may answer."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.applications.models import Application, Choice
from internships.applications.rules import APPLICATION, CHOICE, ChoiceState, State
from internships.core import clock
from internships.core.models import History, Job, JobState, Letter, LetterState
from internships.core.workflow import Workflow
from internships.cycles.models import Cycle
from internships.cycles.rules import CYCLE
from internships.cycles.rules import State as CycleState
from internships.matching.life import RUN
from internships.matching.life import State as RunState
from internships.matching.models import MatchRun
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import HOLDS_A_SEAT, OFFER, PLACEMENT, OfferState, PlacementState, WaitingState
from internships.reserves.models import Position
from internships.reviews.models import Conflict, Rating, Review
from internships.reviews.rules import REVIEW
from internships.reviews.rules import State as ReviewState

HOLDS = Offer.state.in_(HOLDS_A_SEAT)
STANDS = Placement.state.not_in([PlacementState.ENDED_EARLY, PlacementState.CANCELLED])
APPROVED = and_(MatchRun.state == RunState.APPROVED, MatchRun.approved_by.is_not(None))
LIVE_JOB = Job.state.in_([JobState.WAITING, JobState.RUNNING])
BEFORE, DECISION = aliased(History), aliased(History)


def _count(of: Any, *where: ColumnElement[bool], correlate: Any) -> Any:
    return select(func.count()).select_from(of).where(*where).correlate(correlate).scalar_subquery()


def _there_is(of: Any, *where: ColumnElement[bool], correlate: Any) -> ColumnElement[bool]:
    return select(of.id).where(*where).correlate(correlate).exists()


def _finished(what: Any) -> Any:
    of_this = Review.application_id == Application.id, Review.state == ReviewState.FINISHED
    return select(what).where(*of_this).correlate(Application).scalar_subquery()


def _differs(kept: Any, now: Any) -> ColumnElement[bool]:
    return or_(kept.is_(None) != now.is_(None), func.abs(kept - now) > 1e-6)


_HELD = _count(Offer, Offer.position_id == Position.id, HOLDS, correlate=Position)
_RECEIPTS = _count(
    Letter, Letter.about == Application.ref, Letter.kind == "applications/received", correlate=Application
)
_SENDINGS = _count(
    History, History.subject == Application.ref, History.what == "application.submit", correlate=Application
)
_TIED = and_(Conflict.person_id == Review.person_id, Conflict.application_id == Review.application_id)
# What a recheck takes back is the move before it.
_LAST = (
    select(func.max(BEFORE.id))
    .where(BEFORE.subject == History.subject, BEFORE.id < History.id, BEFORE.to_state.is_not(None))
    .correlate(History)
    .scalar_subquery()
)

LAWS: dict[str, Select[Any]] = {
    "a person has at most one live offer in a call": (
        select(Offer.person_id).where(HOLDS).group_by(Offer.person_id, Offer.cycle_id).having(func.count() > 1)
    ),
    "a person has at most one live placement in a call": (
        select(Placement.person_id)
        .where(STANDS)
        .group_by(Placement.person_id, Placement.cycle_id)
        .having(func.count() > 1)
    ),
    "seats held are the live offers, and no more than there are": (
        select(Position.ref, Position.held, _HELD).where(or_(Position.held != _HELD, Position.held > Position.seats))
    ),
    "whoever holds a seat is eligible, or has just withdrawn": (
        select(Offer.ref, Application.state)
        .join(Application, Application.id == Offer.application_id)
        .where(HOLDS, Application.state.not_in([State.ELIGIBLE, State.WITHDRAWN]))
    ),
    "an accepted offer has its placement": (
        select(Offer.ref).where(
            Offer.state == OfferState.ACCEPTED,
            ~_there_is(Placement, Placement.offer_id == Offer.id, STANDS, correlate=Offer),
        )
    ),
    "a placement stands on an accepted offer": (
        select(Placement.ref)
        .join(Offer, Offer.id == Placement.offer_id)
        .where(STANDS, Offer.state != OfferState.ACCEPTED)
    ),
    "an open offer has its clock": (
        select(Offer.ref).where(
            Offer.state == OfferState.ISSUED,
            ~_there_is(Job, Job.key == "offer.expire:" + Offer.ref, LIVE_JOB, correlate=Offer),
        )
    ),
    "who was offered a place from a waiting list has an offer for it": (
        select(Waiting.id).where(
            Waiting.state == WaitingState.OFFERED,
            ~_there_is(Offer, Offer.choice_id == Waiting.choice_id, correlate=Waiting),
        )
    ),
    "offers come after an approval with a name": (
        select(Offer.ref).where(~_there_is(MatchRun, MatchRun.cycle_id == Offer.cycle_id, APPROVED, correlate=Offer))
    ),
    "results come after an approval with a name": (
        select(Cycle.ref).where(
            Cycle.state == CycleState.RESULTS_OUT,
            ~_there_is(MatchRun, MatchRun.cycle_id == Cycle.id, APPROVED, correlate=Cycle),
        )
    ),
    "an answer is written after an approval with a name": (
        select(Letter.ref).where(
            Letter.kind.in_(["placements/results", "placements/offered"]),
            ~select(MatchRun.id).where(APPROVED).exists(),
        )
    ),
    "what was sent says when": (
        select(Application.ref).where(
            Application.state.not_in([State.DRAFT, State.LAPSED]), Application.submitted_at.is_(None)
        )
    ),
    "each sending has one receipt": select(Application.ref, _RECEIPTS, _SENDINGS).where(_RECEIPTS != _SENDINGS),
    "nothing is sent after its deadline": (
        select(History.subject, History.at)
        .join(Application, Application.ref == History.subject)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .where(
            History.what == "application.submit",
            or_(
                and_(History.from_state == State.DRAFT, History.at >= Cycle.closes_at),
                and_(History.from_state == State.COMPLETION_REQUESTED, History.at >= Application.completion_until),
            ),
        )
    ),
    "what is withdrawn, and only that, is released": (
        select(Choice.ref, Choice.state, Application.state)
        .join(Application, Application.id == Choice.application_id)
        .where((Application.state == State.WITHDRAWN) != (Choice.state == ChoiceState.RELEASED))
    ),
    "the letter of a decision that was taken back never leaves": (
        select(Letter.ref, Letter.cause)
        .join(History, History.subject == Letter.about)
        .join(DECISION, DECISION.id == _LAST)
        .where(
            History.what == "application.recheck",
            Letter.cause == DECISION.what,
            Letter.written_at == DECISION.at,
            Letter.state != LetterState.CANCELLED,
        )
    ),
    "count, mean and spread are those of the finished reviews": (
        select(Application.ref, Application.review_count, Application.review_mean, Application.review_spread).where(
            or_(
                Application.review_count != _finished(func.count(Review.id)),
                _differs(Application.review_mean, _finished(func.avg(Review.total))),
                _differs(Application.review_spread, _finished(func.max(Review.total) - func.min(Review.total))),
            )
        )
    ),
    "nobody with a tie has a say": (
        select(Review.ref).join(Conflict, _TIED).where(Review.state == ReviewState.FINISHED, Conflict.has_tie)
    ),
    "a judged choice has its rating, and no other has": (
        select(Choice.ref, Choice.state, Rating.tier, Rating.reason)
        .outerjoin(Rating, Rating.choice_id == Choice.id)
        .where(
            or_(
                and_(Choice.state == ChoiceState.ACCEPTABLE, Rating.tier.is_(None)),
                and_(
                    Choice.state.in_([ChoiceState.NOT_ACCEPTABLE, ChoiceState.NOT_SHORTLISTED]),
                    func.coalesce(Rating.reason, "") == "",
                ),
                and_(Choice.state.in_([ChoiceState.WAITING, ChoiceState.SHORTLISTED]), Rating.id.is_not(None)),
            )
        )
    ),
    "a key has one job": select(Job.key)
    .where(LIVE_JOB)
    .group_by(Job.key)
    .having(and_(func.count() > 1, Job.key != "")),
    "no job failed": (
        select(Job.kind, Job.subject, Job.outcome).where(
            or_(Job.state == JobState.DEAD, and_(Job.state == JobState.WAITING, Job.outcome != ""))
        )
    ),
    "no letter failed": select(Letter.kind, Letter.about, Letter.last_error).where(Letter.last_error != ""),
}
"""Each finds what breaks it."""

LIVES: dict[str, tuple[Workflow, type[Any]]] = {
    "application": (APPLICATION, Application), "choice": (CHOICE, Choice), "review": (REVIEW, Review),
    "run": (RUN, MatchRun), "offer": (OFFER, Offer), "placement": (PLACEMENT, Placement), "call": (CYCLE, Cycle),
}  # fmt: skip


# All in one question, as it is asked after every move.
_ANY_BROKEN = union_all(*(select(literal(law)).where(asked.exists()) for law, asked in LAWS.items()))
_STATES = union_all(
    *(select(literal(name), table.ref, type_coerce(table.state, String)) for name, (_life, table) in LIVES.items())
)
_MOVES = (
    select(History.what, History.subject, History.from_state, History.to_state, History.role)
    .where(History.to_state.is_not(None))
    .order_by(History.id)
)


async def broken(db: AsyncConnection) -> list[str]:
    """Every law that something breaks, and what it is."""
    named = list(await db.scalars(_ANY_BROKEN))
    found = [f"{law}: {tuple(row)}" for law in named for row in (await db.execute(LAWS[law])).all()]
    return found + await _gaps(db)


async def _gaps(db: AsyncConnection) -> list[str]:
    """Moves that no table has, and states that the trace does not lead to."""
    wrong, reached = [], {}
    for what, subject, before, after, role in (await db.execute(_MOVES)).all():
        name, _, verb = what.partition(".")
        if name not in LIVES:
            continue
        life, _table = LIVES[name]
        # Whoever was never moved stands where every life begins; a call was there before the trace.
        stood = reached.get(subject, before if name == "call" else None if before is None else life.states[0])
        in_table = any(m.verb == verb and before in m.from_ and after == m.to and role in m.by for m in life)
        beside = (before is None and verb in {"start", "issue"}) or (verb, before) == ("rate", after)
        if before != stood or not (in_table or beside):
            wrong.append(f"{role} did {what} to {subject}: {before} -> {after}, which stood at {stood}")
        reached[subject] = after
    for name, subject, state in (await db.execute(_STATES)).all():
        if name != "call" and state != reached.get(subject, LIVES[name][0].states[0]):
            wrong.append(f"{name} {subject} is {state}, and its trace ends at {reached.get(subject)}")
    return wrong


async def overdue(db: AsyncConnection) -> list[str]:
    """What the worker should have ended, had it just been round."""
    now = clock.now()
    questions = {
        "an offer past its date": select(Offer.ref).where(Offer.state == OfferState.ISSUED, Offer.answer_by <= now),
        "a draft past the deadline": (
            select(Application.ref)
            .join(Cycle, Cycle.id == Application.cycle_id)
            .where(Application.state == State.DRAFT, Cycle.closes_at <= now)
        ),
        "a completion past its deadline": select(Application.ref).where(
            Application.state == State.COMPLETION_REQUESTED, Application.completion_until <= now
        ),
        "a seat of somebody who has withdrawn": (
            select(Offer.ref)
            .join(Application, Application.id == Offer.application_id)
            .where(HOLDS, Application.state == State.WITHDRAWN)
        ),
        "a letter whose time has come": select(Letter.ref).where(
            Letter.state == LetterState.WAITING, Letter.not_before <= now
        ),
    }
    return [f"{what}: {tuple(row)}" for what, asked in questions.items() for row in (await db.execute(asked)).all()]
