"""What staff decide about a file: admit, ask for completion, turn away, and take that back while its letter waits."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    Update,
    bindparam,
    case,
    false,
    func,
    select,
    true,
    update,
)

from internships.accounts.models import Person
from internships.accounts.queries import NOW
from internships.accounts.rules import Actor
from internships.applications import letters
from internships.applications.models import Application
from internships.applications.queries.screening import NEXT, Reader
from internships.applications.rules import APPLICATION, State, completion_until, may_take_back
from internships.applications.words import ASKED_LAPSES_BECAUSE
from internships.core import clock, history, jobs, outbox
from internships.core.db import Instant, Json
from internships.core.faults import Forbidden, NotFound, Refused, Stale
from internships.core.i18n import lazy as _
from internships.core.models import History
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import RESULTS_ARE_OUT, ReasonKind

NEVER_SENT = frozenset({State.DRAFT, State.LAPSED})


class Overtaken(Stale):
    """Somebody else moved the file first; nothing of this was kept."""

    def __init__(self, ref: str, what: str, at: datetime, by: str | None) -> None:
        super().__init__()
        self.ref, self.what, self.at, self.by = ref, what, at, by


class _Moved(Struct, frozen=True):
    """The file after its move, with what letters and clocks need."""

    ref: str
    version: int
    decided_at: datetime
    following: str | None
    undo_minutes: int
    completion_days: int
    zone: str
    person_id: int
    name: str
    email: str
    locale: str

    @property
    def reader(self) -> Reader:
        return Reader(self.person_id, self.name, self.email, self.locale)

    @property
    def undone_until(self) -> datetime:
        """When the letter leaves."""
        return self.decided_at + timedelta(minutes=self.undo_minutes)


_FILE, _TEXT = bindparam("file", type_=String()), bindparam("words", type_=String())
_SEEN: BindParameter[int] = bindparam("seen", type_=Integer())
_CODES, _UNTIL = bindparam("codes", type_=Json), bindparam("until", type_=Instant())
# What an UPDATE returns can't be joined on both databases; this stands before it and can.
_BEFORE = (
    select(
        Application.id, NEXT.label("following"), Cycle.undo_minutes, Cycle.completion_days, Cycle.zone,
        Application.person_id, case((Person.called != "", Person.called), else_=Person.full_name).label("name"),
        Person.email, Person.locale,
    )
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(Person, Person.id == Application.person_id)
    .where(Application.ref == _FILE)
    .cte("before")
)  # fmt: skip
_KNOWS = (
    Application.ref, Application.version, Application.decided_at,
    *(select(column).scalar_subquery() for column in _BEFORE.c if column.key != "id"),
)  # fmt: skip


def _moving(verb: str, *where: ColumnElement[bool], **values: Any) -> Update:
    """The one statement that moves a file, if it is as its page showed it."""
    move = APPLICATION[verb]
    moved = update(Application).where(
        Application.id == select(_BEFORE.c.id).scalar_subquery(),
        Application.version == _SEEN,
        Application.state.in_(move.from_),
        *where,
    )
    moved = moved.values(state=move.to, version=Application.version + 1, **values)
    return moved.returning(*_KNOWS).execution_options(synchronize_session=False)


def _all_listed(kind: ReasonKind) -> ColumnElement[bool]:
    """Every reason that was given is one of the call's."""
    given = Reason.code.in_(bindparam("each", expanding=True))
    listed = select(func.count()).where(Reason.cycle_id == Application.cycle_id, Reason.kind == kind, given)
    return listed.correlate(Application).scalar_subquery() == bindparam("how_many")


_ADMIT = _moving("admit", decided_at=NOW, reasons=[], reason_text="")
_ASK = _moving(
    "ask", ~Application.asked, _all_listed(ReasonKind.COMPLETION), decided_at=NOW, asked=true(), reasons=_CODES,
    reason_text=_TEXT, completion_until=_UNTIL,
)  # fmt: skip
_TURN_AWAY = _moving(
    "turn_away", _all_listed(ReasonKind.NOT_ELIGIBLE), decided_at=NOW, reasons=_CODES, reason_text=_TEXT
)
_RECHECK = {
    verb: _moving("recheck", Application.state == APPLICATION[verb].to, reasons=[], reason_text="", **more)
    for verb, more in {
        "admit": {},
        "ask": {"asked": false(), "completion_until": None},
        "turn_away": {},
    }.items()
}  # fmt: skip

_last = select(func.max(History.id)).where(History.subject == Application.ref, History.to_state.is_not(None))
_STANDS: Select[Any] = (
    select(
        Application.state, Application.version, Application.asked, History.what, History.at, History.person_id,
        Person.full_name, NEXT,
    )
    .select_from(Application)
    .join(History, History.id == _last.correlate(Application).scalar_subquery())
    .outerjoin(Person, Person.id == History.person_id)
    .where(Application.ref == _FILE)
)  # fmt: skip


async def admit(actor: Actor, ref: str, *, version: int) -> str | None:
    """The file fulfils the rules of the call; the reference of the next one to check.

    Raises:
        Overtaken: somebody else decided first.
        NotFound: there is no such file.
    """
    async with write() as tx:
        moved = await _move(tx, actor, "admit", _ADMIT, ref, version)
        if isinstance(moved, _Moved):
            await _record(tx, actor, "admit", ref)
        return moved.following


async def ask(
    actor: Actor, ref: str, *, version: int, reasons: list[str], text: str, until: datetime | None
) -> str | None:
    """Ask once for what is missing, until the moment that stands in the letter; the next file to check.

    Raises:
        Overtaken: somebody else decided first.
        Refused: it was asked before, a reason is not listed, or the letter names another day by now.
        NotFound: there is no such file.
    """
    given = {"codes": reasons, "each": reasons, "how_many": len(reasons), "words": text, "until": until}
    async with write() as tx:
        moved = await _move(tx, actor, "ask", _ASK, ref, version, **given)
        if isinstance(moved, _Moved):
            if until is None or until != completion_until(moved.decided_at, moved.completion_days, moved.zone):
                raise Refused(_("Another day has begun since you looked at the letter. Go back and look at it again."))
            await _record(tx, actor, "ask", ref, reason=text, detail={"reasons": reasons})
            letter = letters.asked(moved.reader, ref, moved.version, until, moved.zone, leaves=moved.undone_until)
            await outbox.post(tx, letter)
            await jobs.later(
                tx, "applications.lapse", at=until, subject=ref, key=_lapse_of(ref),
                why=ASKED_LAPSES_BECAUSE,
            )  # fmt: skip
        return moved.following


async def turn_away(actor: Actor, ref: str, *, version: int, reasons: list[str], text: str) -> str | None:
    """The file can't take part, with the reasons for it; the next file to check.

    Raises:
        Overtaken: somebody else decided first.
        Refused: a reason is not listed.
        NotFound: there is no such file.
    """
    given = {"codes": reasons, "each": reasons, "how_many": len(reasons), "words": text}
    async with write() as tx:
        moved = await _move(tx, actor, "turn_away", _TURN_AWAY, ref, version, **given)
        if isinstance(moved, _Moved):
            await _record(tx, actor, "turn_away", ref, reason=text, detail={"reasons": reasons})
            letter = letters.turned_away(moved.reader, ref, moved.version, leaves=moved.undone_until)
            await outbox.post(tx, letter)
        return moved.following


_RESULTS = select(Cycle.state).join(Application, Application.cycle_id == Cycle.id).where(Application.ref == _FILE)


async def recheck(actor: Actor, ref: str, *, version: int, undoes: str) -> None:
    """Take a decision back while its letter waits; the file is in the queue again, where it was.

    Raises:
        Overtaken: the file was moved since.
        Refused: the letter has left, or the results are out.
        NotFound: there is no such file.
    """
    async with write() as tx:
        moved = await _move(tx, actor, "recheck", _RECHECK[undoes], ref, version)
        if not isinstance(moved, _Moved):
            return
        if not may_take_back(moved.decided_at, moved.undo_minutes, clock.now()):
            raise Refused(_("The time to take this decision back is over, and its letter has left."))
        # Asked while the file is locked: whoever is approving the results holds it, too.
        if undoes == "admit" and await tx.scalar(_RESULTS, {"file": ref}) in RESULTS_ARE_OUT:
            raise Refused(_("This is not possible any more: it has changed since you opened the page."))
        decision = APPLICATION[undoes]
        await _record(tx, actor, "recheck", ref, before=decision.to)
        if decision.letter:
            await outbox.take_back(tx, ref, f"application.{undoes}")
        if decision.clock:
            await jobs.forget(tx, _lapse_of(ref))


def _lapse_of(ref: str) -> str:
    return f"application.lapse:{ref}"


async def _record(
    tx: Transaction, actor: Actor, verb: str, ref: str, *, before: Any = State.SUBMITTED, **more: Any
) -> None:
    moved = (before, APPLICATION[verb].to)
    await history.record(tx, actor, f"application.{verb}", ref, file=ref, moved=moved, **more)


class _SentTwice(Struct, frozen=True):
    """The same person pressed twice; the first time counted."""

    following: str | None


async def _move(
    tx: Transaction, actor: Actor, verb: str, moving: Update, ref: str, version: int, **given: Any
) -> _Moved | _SentTwice:
    if actor.role not in APPLICATION[verb].by:
        raise Forbidden
    row = (await tx.execute(moving, {"file": ref, "seen": version, "now": clock.now(), **given})).first()
    return _Moved(*row) if row else await _why_not(tx, actor, verb, ref, version)


async def _why_not(tx: Transaction, actor: Actor, verb: str, ref: str, version: int) -> _SentTwice:
    row = (await tx.execute(_STANDS, {"file": ref})).first()
    if row is None or row.state in NEVER_SENT:
        raise NotFound
    state, now_at, asked, what, at, by_id, by, following = row
    if now_at == version + 1 and what == f"application.{verb}" and by_id == actor.person_id:
        return _SentTwice(following)
    if now_at != version or state not in APPLICATION[verb].from_:
        raise Overtaken(ref, what, at, by)
    if verb == "ask" and asked:
        raise Refused(_("Completion was asked for before, and that can be done only once."))
    raise Refused(_("A reason is not on the list of this call any more. Go back and choose again."))
