"""The steps of a file that its person takes: start, send, withdraw. Each can be repeated without a second effect."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, ScalarSelect, bindparam, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from internships.accounts.models import Person
from internships.accounts.queries import ME, NOW
from internships.accounts.rules import CLOCK, Actor
from internships.applications import letters
from internships.applications.actions.opening import MINE, STILL_OPEN, UNDO, stands
from internships.applications.documents import asked_in
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import COUNTED, held_in
from internships.applications.rules import (
    APPLICATION,
    CHOICE,
    DECIDED,
    ChoiceState,
    Closed,
    Filing,
    Obstacle,
    State,
    may_take_back,
    obstacles,
    shown_state,
)
from internships.applications.words import CLOSED, DRAFT_LAPSES_BECAUSE
from internships.core import clock, history, jobs, outbox
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.models import History
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import ReasonKind
from internships.cycles.rules import State as CycleState


class NotReady(Refused):
    """Something is missing; nothing was sent."""

    def __init__(self, found: list[Obstacle]) -> None:
        super().__init__(found[0].words)
        self.found = found


_CALL = (
    select(Cycle.id, Cycle.closes_at, Person.folded_name, Application.ref)
    .select_from(Cycle)
    .join(Person, Person.id == ME)
    .outerjoin(Application, (Application.cycle_id == Cycle.id) & (Application.person_id == ME))
    .where(Cycle.state == CycleState.OPEN, Cycle.opens_at <= NOW, Cycle.closes_at > NOW)
    .order_by(Cycle.id.desc())
    .limit(1)
)


async def start(actor: Actor) -> None:
    """Open a file for the call that takes applications; somebody who has one keeps it.

    Raises:
        Refused: no call takes applications now.
    """
    try:
        async with write() as tx:
            now = clock.now()
            call = (await tx.execute(_CALL, {**actor.own, "now": now})).first()
            if call is None:
                raise Refused(_("No call takes applications now."))
            if call.ref is None:
                await _new_file(tx, actor, call.id, call.folded_name, call.closes_at, now)
    except IntegrityError:
        return  # Pressed twice at the same time: the other one has made it.


async def _new_file(
    tx: Transaction, actor: Actor, cycle_id: int, folded_name: str, closes_at: datetime, now: datetime
) -> None:
    ref = new_ref()
    file = {"ref": ref, "person_id": actor.person_id, "cycle_id": cycle_id, "folded_name": folded_name}
    await tx.execute(insert(Application).values(**file, created_at=now, saved_at=now))
    await history.record(tx, actor, "application.start", ref, file=ref, moved=(None, State.DRAFT))
    lapse = jobs.planned(
        "applications.lapse",
        at=closes_at,
        subject=ref,
        key=f"application.lapse:{ref}",
        why=DRAFT_LAPSES_BECAUSE,
    )
    await jobs.later_all(tx, [lapse])


class _Sent(Struct, frozen=True):
    id: int
    ref: str
    version: int
    again: bool
    decided_at: datetime | None
    undo_minutes: int

    @property
    def before(self) -> State:
        """The state from which it was sent."""
        return State.COMPLETION_REQUESTED if self.again else State.DRAFT


class _NotAsked(Exception):
    """For its person the file is still sent: that completion is asked for has not been announced."""


_SUBMIT = APPLICATION["submit"]
_SEND = (
    update(Application)
    .where(MINE, STILL_OPEN)
    .values(
        state=_SUBMIT.to,
        version=Application.version + 1,
        submitted_at=NOW,
        folded_name=select(Person.folded_name).where(Person.id == ME).scalar_subquery(),
    )
    .returning(
        Application.id, Application.ref, Application.version, Application.asked, Application.decided_at, UNDO
    )
    .execution_options(synchronize_session=False)
)  # fmt: skip
_FILED = select(
    Application.born_on, Application.nationality, Application.residence, Application.town, Application.no_experience,
    Application.done, Application.motivation_language, Cycle.documents, *COUNTED,
).join(Cycle, Cycle.id == Application.cycle_id).where(Application.id == bindparam("file"))  # fmt: skip


async def submit(actor: Actor) -> str:
    """Send the file; its reference. Sent twice, also at the same time, it goes once.

    Raises:
        NotReady: something is missing.
        Closed: the call's instant, or that of the completion, has passed by our clock.
        NotFound: the person has no file.
    """
    try:
        async with write() as tx:
            return await _submit(tx, actor)
    except _NotAsked as unchanged:
        return str(unchanged)


async def _submit(tx: Transaction, actor: Actor) -> str:
    now = clock.now()
    row = (await tx.execute(_SEND, {**actor.own, "now": now})).first()
    if row is None:
        return await _sent_before(tx, actor)
    sent = _Sent(*row)
    if shown_state(sent.before, sent.decided_at, sent.undo_minutes, now) == _SUBMIT.to:
        raise _NotAsked(sent.ref)
    if found := obstacles(await _filing(tx, sent.id)):
        raise NotReady(found)
    APPLICATION.move("submit", actor.role, sent.before)
    await history.record(tx, actor, "application.submit", sent.ref, file=sent.ref, moved=(sent.before, _SUBMIT.to))
    await outbox.post(tx, letters.received(actor, sent.ref, sent.version))
    return sent.ref


async def _sent_before(tx: Transaction, actor: Actor) -> str:
    ref, state = await stands(tx, actor)
    if state in {State.DRAFT, State.COMPLETION_REQUESTED, State.LAPSED}:
        raise Closed(CLOSED[state])
    return ref


async def _filing(tx: Transaction, file: int) -> Filing:
    row = (await tx.execute(_FILED, {"file": file})).one()
    born_on, nationality, residence, town, none, done, language, asked, *counted, held = row
    motivation, use_after, studies, languages, experiences, choices, unsaid, too_long, gone = counted
    return Filing(
        born_on, nationality, residence, town, studies, languages, experiences, none, frozenset(done),
        motivation, use_after, language, choices, unsaid, too_long, gone, tuple(asked_in(asked)), held_in(held),
    )  # fmt: skip


_WITHDRAW = APPLICATION["withdraw"]


def _is_listed() -> ColumnElement[bool]:
    """The reason is one of the call's, or left out: one may withdraw without saying why."""
    listed = exists().where(Reason.cycle_id == Application.cycle_id, Reason.kind == ReasonKind.WITHDRAWAL)
    listed = listed.correlate(Application)
    return or_(listed.where(Reason.code == bindparam("code")), ~listed, literal("") == bindparam("code"))


class _Gone(Struct, frozen=True):
    """The file after its withdrawal."""

    id: int
    ref: str
    version: int
    decided_at: datetime | None
    undo_minutes: int


_TAKE_BACK = (
    update(Application)
    .where(MINE, Application.state.in_(bindparam("states", expanding=True)), _is_listed())
    .values(state=_WITHDRAW.to, version=Application.version + 1)
    .returning(Application.id, Application.ref, Application.version, Application.decided_at, UNDO)
    .execution_options(synchronize_session=False)
)
_RELEASE = (
    update(Choice)
    .where(Choice.application_id == bindparam("file"), Choice.state.in_(CHOICE["release"].from_))
    .values(state=CHOICE["release"].to, version=Choice.version + 1)
    .returning(Choice.ref)
    .execution_options(synchronize_session=False)
)


def _last(subject: str) -> ScalarSelect[str | None]:
    """Where it was last moved to, as the trace itself has it: an UPDATE does not say what stood before."""
    last = select(History.to_state).where(History.subject == subject, History.to_state.is_not(None))
    return last.order_by(History.id.desc()).limit(1).scalar_subquery()


def _moved(subject: str, first: str, to: str) -> dict[str, Any]:
    return {"from_state": func.coalesce(_last(subject), first), "to_state": to}


async def withdraw(actor: Actor, *, code: str, words: str) -> bool:
    """Withdraw the file and release its choices; False when the reason is none of the call's.

    A decision that its person can't know yet does not stand in the way: it falls, and its letter with it.

    Raises:
        Refused: it can't be withdrawn any more, or not yet.
        NotFound: the person has no file.
    """
    async with write() as tx:
        asked = {**actor.own, "code": code}
        row = (await tx.execute(_TAKE_BACK, {**asked, "states": list(_WITHDRAW.from_)})).first()
        if row is None:
            _ref, state = await stands(tx, actor)
            if state == _WITHDRAW.to:
                return True
            APPLICATION.move("withdraw", actor.role, state)
            row = (await tx.execute(_TAKE_BACK, {**asked, "states": list(DECIDED)})).first()
        if row is None:
            return False
        gone = _Gone(*row)
        rows, before = await _undecided(tx, gone)
        released = (await tx.scalars(_RELEASE, {"file": gone.id})).all()
        moved, why = (before, _WITHDRAW.to), {"reason": code}
        rows += [
            history.row(actor, "application.withdraw", gone.ref, file=gone.ref, moved=moved, reason=words, detail=why)
        ]
        rows += [
            history.row(actor, "choice.release", ref, file=gone.ref)
            | _moved(ref, ChoiceState.WAITING, CHOICE["release"].to)
            for ref in released
        ]
        await tx.execute(insert(History).values(rows))
        await outbox.post(tx, letters.withdrawn(actor, gone.ref, gone.version))
    return True


async def _undecided(tx: Transaction, gone: _Gone) -> tuple[list[dict[str, Any]], Any]:
    """Let a decision fall that was not announced, as when staff take it back; its row in the trace, and what stood before."""
    if not may_take_back(gone.decided_at, gone.undo_minutes, clock.now()):
        return [], func.coalesce(_last(gone.ref), State.SUBMITTED)
    before = await tx.scalar(select(_last(gone.ref)))
    decision = next((move for move in APPLICATION if move.undo == "recheck" and move.to == before), None)
    if decision is None:
        return [], State.SUBMITTED
    recheck = APPLICATION.move("recheck", CLOCK.role, decision.to)
    fallen = update(Application).where(Application.id == gone.id).values(reasons=[], reason_text="")
    await tx.execute(fallen.execution_options(synchronize_session=False))
    if decision.letter:
        await outbox.take_back(tx, gone.ref, f"application.{decision.verb}")
    if decision.clock:
        await jobs.forget(tx, f"application.{decision.clock}:{gone.ref}")
    moved = decision.to, recheck.to
    return [history.row(CLOCK, "application.recheck", gone.ref, file=gone.ref, moved=moved)], recheck.to
