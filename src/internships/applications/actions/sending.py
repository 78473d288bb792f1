"""The steps of a file that its person takes: start, send, withdraw. Each can be repeated without a second effect."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from internships.accounts.models import Person
from internships.accounts.queries import ME, NOW
from internships.accounts.rules import Actor
from internships.applications import letters
from internships.applications.actions.opening import CLOSED, MINE, STILL_OPEN, stands
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import COUNTED
from internships.applications.rules import APPLICATION, CHOICE, ChoiceState, Closed, Filing, Obstacle, State, obstacles
from internships.applications.words import DRAFT_LAPSES_BECAUSE
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
    .returning(Application.id, Application.ref, Application.version, Application.asked)
    .execution_options(synchronize_session=False)
)
_FILED = select(
    Application.born_on, Application.nationality, Application.residence, Application.town, Application.no_experience,
    Application.done, Application.motivation_language, *COUNTED,
).where(Application.id == bindparam("file"))  # fmt: skip


async def submit(actor: Actor) -> str:
    """Send the file; its reference. Sent twice, also at the same time, it goes once.

    Raises:
        NotReady: something is missing.
        Closed: the call's instant, or that of the completion, has passed by our clock.
        NotFound: the person has no file.
    """
    async with write() as tx:
        row = (await tx.execute(_SEND, {**actor.own, "now": clock.now()})).first()
        if row is None:
            return await _sent_before(tx, actor)
        sent = _Sent(*row)
        if found := obstacles(await _filing(tx, sent.id)):
            raise NotReady(found)
        before = State.COMPLETION_REQUESTED if sent.again else State.DRAFT
        APPLICATION.move("submit", actor.role, before)
        await history.record(tx, actor, "application.submit", sent.ref, file=sent.ref, moved=(before, _SUBMIT.to))
        await outbox.post(tx, letters.received(actor, sent.ref, sent.version))
    return sent.ref


async def _sent_before(tx: Transaction, actor: Actor) -> str:
    ref, state = await stands(tx, actor)
    if state in {State.DRAFT, State.COMPLETION_REQUESTED, State.LAPSED}:
        raise Closed(CLOSED)
    return ref


async def _filing(tx: Transaction, file: int) -> Filing:
    row = (await tx.execute(_FILED, {"file": file})).one()
    born_on, nationality, residence, town, none, done, language, *counted = row
    motivation, use_after, studies, languages, experiences, *choices = counted
    return Filing(
        born_on, nationality, residence, town, studies, languages, experiences, none, frozenset(done),
        motivation, use_after, language, *choices,
    )  # fmt: skip


_WITHDRAW = APPLICATION["withdraw"]


def _is_listed() -> ColumnElement[bool]:
    """The reason is one of the call's; a call that lists none takes words alone."""
    listed = exists().where(Reason.cycle_id == Application.cycle_id, Reason.kind == ReasonKind.WITHDRAWAL)
    listed = listed.correlate(Application)
    return or_(listed.where(Reason.code == bindparam("code")), ~listed)


_TAKE_BACK = (
    update(Application)
    .where(MINE, Application.state.in_(_WITHDRAW.from_), _is_listed())
    .values(state=_WITHDRAW.to, version=Application.version + 1)
    .returning(Application.id, Application.ref, Application.version, Application.asked)
    .execution_options(synchronize_session=False)
)
_RELEASE = (
    update(Choice)
    .where(Choice.application_id == bindparam("file"), Choice.state.in_(CHOICE["release"].from_))
    .values(state=CHOICE["release"].to, version=Choice.version + 1)
    .returning(Choice.ref)
    .execution_options(synchronize_session=False)
)


def _moved(subject: str, first: str, to: str) -> dict[str, Any]:
    """From where it was last moved to, as the trace itself has it: an UPDATE does not say what stood before."""
    last = select(History.to_state).where(History.subject == subject, History.to_state.is_not(None))
    before = last.order_by(History.id.desc()).limit(1).scalar_subquery()
    return {"from_state": func.coalesce(before, first), "to_state": to}


async def withdraw(actor: Actor, *, code: str, words: str) -> bool:
    """Withdraw the file and release its choices; False when the reason is none of the call's.

    Raises:
        Refused: it can't be withdrawn any more, or not yet.
        NotFound: the person has no file.
    """
    async with write() as tx:
        row = (await tx.execute(_TAKE_BACK, {**actor.own, "code": code})).first()
        if row is None:
            _ref, state = await stands(tx, actor)
            if state == _WITHDRAW.to:
                return True
            APPLICATION.move("withdraw", actor.role, state)
            return False
        gone = _Sent(*row)
        released = (await tx.scalars(_RELEASE, {"file": gone.id})).all()
        rows = [
            history.row(actor, "application.withdraw", gone.ref, file=gone.ref, reason=words, detail={"reason": code})
            | _moved(gone.ref, State.SUBMITTED, _WITHDRAW.to)
        ]
        rows += [
            history.row(actor, "choice.release", ref, file=gone.ref)
            | _moved(ref, ChoiceState.WAITING, CHOICE["release"].to)
            for ref in released
        ]
        await tx.execute(insert(History).values(rows))
        await outbox.post(tx, letters.withdrawn(actor, gone.ref, gone.version))
    return True
