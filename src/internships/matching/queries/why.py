"""What the public and an applicant may see of how places were given, and what staff see of requests to look again."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, and_, bindparam, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.queries import ME
from internships.accounts.rules import Actor
from internships.applications.models import Application
from internships.core.db import every, one, one_or_none
from internships.core.i18n import chosen, speaking
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.cycles.rules import SHOWN_TO_ALL
from internships.cycles.rules import State as Call
from internships.matching.life import ContestState, State
from internships.matching.models import Contest, MatchRun, Verdict
from internships.matching.queries.answers import Answer
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE

REF: BindParameter[str] = bindparam("ref")

_APPROVED = and_(MatchRun.cycle_id == Cycle.id, MatchRun.state == State.APPROVED)
_OPENED = case((Cycle.lottery_opened_at.is_not(None), Cycle.lottery_text))


class Published(Struct, frozen=True):
    """What everybody may know about the lottery and the result of the newest call."""

    names: dict[str, Any]
    zone: str
    closes_at: datetime
    seal: str | None
    sealed_at: datetime | None
    opened_at: datetime | None
    text: str | None
    fingerprint: str | None
    approved_at: datetime | None
    improvement: str | None
    summary: dict[str, Any] | None

    @property
    def goal(self) -> str:
        """Another goal than the match by which the result differs from it; nothing where swaps were sought in vain."""
        return (self.improvement or "") if (self.summary or {}).get("adopted", True) else ""

    @property
    def name(self) -> str:
        """In the language being spoken."""
        return chosen(self.names)[0]


_PUBLISHED = (
    select(
        Cycle.name, Cycle.zone, Cycle.closes_at, Cycle.lottery_seal, Cycle.lottery_sealed_at, Cycle.lottery_opened_at,
        _OPENED, MatchRun.fingerprint, MatchRun.approved_at, MatchRun.improvement, MatchRun.summary,
    )
    .outerjoin(MatchRun, _APPROVED)
    .where(Cycle.state.in_([state for state in Call if state in SHOWN_TO_ALL]))
    .order_by(Cycle.id.desc())
    .limit(1)
)  # fmt: skip


async def published(db: AsyncConnection) -> Published | None:
    """The lottery of the newest call that everybody may see; None before there is one."""
    return await one_or_none(Published, db, _PUBLISHED)


class Mine(Struct, frozen=True):
    """The result of the person who is asking, once it is out."""

    application: str
    run_id: int
    run: str
    fingerprint: str
    approved_at: datetime
    zone: str
    seal: str | None
    text: str | None
    contest: str | None
    contest_state: ContestState | None
    asked_at: datetime | None
    question: str | None
    answer: str | None
    changed: bool | None
    answered_at: datetime | None


_MINE = (
    select(
        Application.ref, MatchRun.id, MatchRun.ref, MatchRun.fingerprint, MatchRun.approved_at, Cycle.zone,
        Cycle.lottery_seal, _OPENED, Contest.ref, Contest.state, Contest.asked_at, Contest.text, Contest.answer,
        Contest.changed, Contest.answered_at,
    )
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(MatchRun, _APPROVED)
    .outerjoin(Contest, Contest.application_id == Application.id)
    .where(Application.person_id == ME)
    .order_by(Application.id.desc(), Contest.id.desc())
    .limit(1)
)  # fmt: skip


async def mine(db: AsyncConnection, actor: Actor) -> Mine:
    """The approved result for one's own newest application.

    Raises:
        NotFound: nothing is out yet.
    """
    return await one(Mine, db, _MINE, actor.own)


_MY_ANSWERS = (
    select(
        Application.ref, Person.full_name, Position.ref, TITLE, Reserve.name,
        Verdict.rank, Verdict.kind, Verdict.detail, Verdict.place,
    )
    .join(Application, Application.id == Verdict.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Position, Position.id == Verdict.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Verdict.run_id == bindparam("run"), Application.person_id == ME)
    .order_by(Verdict.rank)
)  # fmt: skip


async def my_answers(db: AsyncConnection, actor: Actor, run_id: int) -> list[Answer]:
    """One's own answers, by rank."""
    return await every(Answer, db, _MY_ANSWERS, {"run": run_id, "spoken": speaking(), **actor.own})


class Frozen(Struct, frozen=True):
    """The inputs and the result of an approved run, for a certificate."""

    application: str
    inputs: str
    result: str


_FROZEN = (
    select(Application.ref, MatchRun.inputs, MatchRun.result)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(MatchRun, _APPROVED)
    .where(Application.person_id == ME)
    .order_by(Application.id.desc())
    .limit(1)
)


async def frozen(db: AsyncConnection, actor: Actor) -> Frozen:
    """What one's own certificate is made from.

    Raises:
        NotFound: nothing is out yet.
    """
    return await one(Frozen, db, _FROZEN, actor.own)


class ContestLine(Struct, frozen=True):
    """A request to look again."""

    ref: str
    version: int
    state: ContestState
    name: str
    application: str
    run: str | None
    question: str
    asked_at: datetime
    answer: str
    changed: bool
    answered_at: datetime | None


_CONTESTS = (
    select(
        Contest.ref, Contest.version, Contest.state, Person.full_name, Application.ref, MatchRun.ref, Contest.text,
        Contest.asked_at, Contest.answer, Contest.changed, Contest.answered_at,
    )
    .join(Application, Application.id == Contest.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Contest.cycle_id)
    .outerjoin(MatchRun, _APPROVED)
)  # fmt: skip
_LISTED = (
    _CONTESTS.where(Contest.cycle_id == WORKED_ON)
    .order_by(Contest.state == ContestState.ANSWERED, Contest.asked_at, Contest.id)
    .limit(100)
)
_ONE = _CONTESTS.where(Contest.ref == REF)


async def contests(db: AsyncConnection) -> list[ContestLine]:
    """Requests of the current call, the longest-waiting first."""
    return await every(ContestLine, db, _LISTED)


async def contest(db: AsyncConnection, ref: str) -> ContestLine:
    """One request."""
    return await one(ContestLine, db, _ONE, {"ref": ref})
