"""What staff check: the queue, one file with its evidence, who may be the same person, and the listed reasons."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, ScalarSelect, Select, String, bindparam, func, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.applications.queries.mine import CALL, COUNTED, FILE, Mine, file_in, visible_to
from internships.applications.queries.whole import ENTRIES, Whole, entries_in
from internships.applications.queries.written import LETTERS, Written, letters_in
from internships.applications.rules import State, may_take_back
from internships.core import clock
from internships.core.db import Instant, every
from internships.core.faults import NotFound
from internships.core.gathered import gathered, rows_as
from internships.core.i18n import chosen
from internships.core.text import folded, literal
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import ReasonKind
from internships.cycles.rules import State as CycleState

A_PAGE = 25
MOST_COUNTED = 1000
MOST_ALIKE = 10
FIRST = ("0001-01-01T00:00:00+00:00", 0)
"""The place before every application of the queue."""

CURRENT: ScalarSelect[int] = (
    select(Cycle.id).order_by(Cycle.state == CycleState.ARCHIVED, Cycle.id.desc()).limit(1).scalar_subquery()
)
"""The call that staff work on: the newest that is not archived."""


class Queued(Struct, frozen=True):
    """An application that waits to be checked."""

    id: int
    ref: str
    full_name: str
    nationality: str | None
    submitted_at: datetime
    asked: bool


class Queue(Struct, frozen=True):
    """A page of the queue, and how long the whole of it is."""

    waiting: list[Queued]
    more: bool
    count: int
    """Up to one more than `MOST_COUNTED`."""
    asked: int
    """Those that their people are completing."""
    oldest: datetime | None


def _how_many(state: State) -> ScalarSelect[int]:
    """Counted up to a limit, so that a long queue costs no more than a page."""
    some = select(Application.id).where(Application.cycle_id == CURRENT, Application.state == state)
    return select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


_OLDEST = (
    select(func.min(Application.submitted_at))
    .where(Application.cycle_id == CURRENT, Application.state == State.SUBMITTED)
    .scalar_subquery()
)
_TOTALS = select(
    _how_many(State.SUBMITTED).label("waiting"),
    _how_many(State.COMPLETION_REQUESTED).label("asked"),
    _OLDEST.label("oldest"),
).subquery()
_PLACE = tuple_(Application.submitted_at, Application.id)
_AFTER = tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id"))
_WAITING = (
    select(
        Application.id, Application.ref, Person.full_name, Application.nationality, Application.submitted_at,
        Application.asked,
    )
    .join(Person, Person.id == Application.person_id)
    .where(Application.cycle_id == CURRENT, Application.state == State.SUBMITTED, _PLACE > _AFTER)
    .order_by(Application.submitted_at, Application.id)
    .limit(A_PAGE + 1)
).subquery()  # fmt: skip
_QUEUE = (
    select(_TOTALS.c.waiting, _TOTALS.c.asked, _TOTALS.c.oldest, *_WAITING.c)
    .select_from(_TOTALS.outerjoin(_WAITING, _WAITING.c.id > 0))
    .order_by(_WAITING.c.submitted_at, _WAITING.c.id)
)


async def queue(db: AsyncConnection, after: tuple[str, int] = FIRST) -> Queue:
    """The applications to be checked, the longest-waiting first, from a place on."""
    bound = {"after_at": datetime.fromisoformat(after[0]), "after_id": after[1]}
    rows = (await db.execute(_QUEUE, bound)).fetchall()
    count, asked, oldest = rows[0][:3]
    found = [Queued(*row[3:]) for row in rows if row[3] is not None]
    return Queue(found[:A_PAGE], len(found) > A_PAGE, count, asked, oldest)


_next = aliased(Application)
NEXT = (
    select(_next.ref)
    .where(
        _next.cycle_id == Application.cycle_id,
        _next.state == State.SUBMITTED,
        tuple_(_next.submitted_at, _next.id) > tuple_(Application.submitted_at, Application.id),
    )
    .order_by(_next.submitted_at, _next.id)
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)
"""The reference of the one that comes after an application in the queue."""


class Reader(Struct, frozen=True):
    """Whose file it is, as letters address them."""

    person_id: int
    name: str
    email: str
    locale: str


class Coded(Struct, frozen=True):
    """A listed reason of any kind."""

    kind: ReasonKind
    code: str
    label: dict[str, str]


class Filed(Struct, frozen=True):
    """A file as staff see it."""

    whole: Whole
    letters: list[Written]
    version: int
    asked: bool
    review_count: int
    review_mean: float | None
    review_spread: float | None
    person_ref: str
    completion_days: int
    following: str | None
    listed: list[Coded]
    reader: Reader

    def reasons_of(self, kind: ReasonKind | None) -> dict[str, str]:
        """The listed reasons of a kind by their codes, in the reader's language."""
        return {each.code: chosen(each.label)[0] for each in self.listed if each.kind == kind}

    @property
    def may_take_back(self) -> bool:
        """Whether the last decision can still be undone."""
        mine = self.whole.mine
        return may_take_back(mine.decided_at, mine.call.undo_minutes, clock.now())


_LISTED = gathered(
    select(Reason.kind, Reason.code, Reason.label).where(Reason.cycle_id == Application.cycle_id), of=Application
)
_MORE = (
    Application.version, Application.asked, Application.review_count, Application.review_mean,
    Application.review_spread, Person.ref, Cycle.completion_days, NEXT, _LISTED, Person.id, Person.called, Person.email,
    Person.locale,
)  # fmt: skip
_ONE: Select[Any] = (
    select(*CALL, *FILE, *COUNTED, *ENTRIES, LETTERS, *_MORE)
    .select_from(Application)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(Person, Person.id == Application.person_id)
    .where(Application.ref == bindparam("ref"), visible_to(Role.STAFF))
)


async def filed(db: AsyncConnection, ref: str) -> Filed:
    """One file with everything in it.

    Raises:
        NotFound: there is none, or none that staff may see.
    """
    row = (await db.execute(_ONE, {"ref": ref})).first()
    if row is None:
        raise NotFound
    _call, mine, more = file_in(tuple(row))
    if mine is None:
        raise NotFound
    letters, *kept, listed, person_id, called, email, locale = more[len(ENTRIES) :]
    reader = Reader(person_id, called or mine.full_name, email, locale)
    found = entries_in(mine, more[: len(ENTRIES)]), letters_in(letters), *kept, rows_as(Coded, listed), reader
    return Filed(*found)


class Beside(Struct, frozen=True):
    """Another file, in a line."""

    ref: str
    full_name: str
    email: str
    state: State
    born_on: date | None
    nationality: str | None
    decided_at: datetime | None
    undo_minutes: int
    version: int

    @property
    def may_take_back(self) -> bool:
        """Whether its decision can still be undone."""
        return may_take_back(self.decided_at, self.undo_minutes, clock.now())


_LINE = (
    select(
        Application.ref, Person.full_name, Person.email, Application.state, Application.born_on,
        Application.nationality, Application.decided_at, Cycle.undo_minutes, Application.version,
    )
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
)  # fmt: skip
_OTHER: BindParameter[str] = bindparam("other", type_=String())
_IN_CALL = Application.cycle_id == bindparam("cycle")
_BORN = Application.born_on == bindparam("born_on"), Application.nationality == bindparam("from_country")
# Names are folded with the mail address behind them; what comes before that is the same for the same name.
_ALIKE = union_all(
    select(Application.id).where(_IN_CALL, Application.folded_name.like(bindparam("name_is"), escape="\\")),
    select(Application.id).where(_IN_CALL, *_BORN),
    select(Application.id).where(Application.ref == _OTHER),
).subquery()
_BESIDE = (
    _LINE.where(Application.id.in_(select(_ALIKE.c.id)), Application.id != bindparam("own"))
    .order_by(Application.ref != _OTHER, Application.id)
    .limit(100)
)
_DECIDED = _LINE.where(Application.ref == _OTHER)


async def beside(db: AsyncConnection, filed: Filed, other: str) -> tuple[list[Beside], Beside | None]:
    """Files of other accounts that may be of the same person; and the one that was decided a moment ago."""
    mine = filed.whole.mine
    bound = {
        "cycle": mine.call.id, "own": mine.id, "name_is": f"{literal(folded(mine.full_name))} %", "other": other,
        "born_on": mine.born_on, "from_country": mine.nationality,
    }  # fmt: skip
    found = await every(Beside, db, _BESIDE, bound)
    alike = [each for each in found if each.state != State.DRAFT and _is_alike(mine, each)]
    decided = next((each for each in found if each.ref == other), None)
    return alike[:MOST_ALIKE], decided


def _is_alike(mine: Mine, other: Beside) -> bool:
    """The same name, however it is accented; or the same birth date and nationality."""
    same_birth = mine.born_on is not None and (mine.born_on, mine.nationality) == (other.born_on, other.nationality)
    return same_birth or folded(mine.full_name) == folded(other.full_name)


async def decided(db: AsyncConnection, ref: str) -> Beside | None:
    """The file that was decided a moment ago."""
    row = (await db.execute(_DECIDED, {"other": ref})).first() if ref else None
    return Beside(*row) if row else None


class Listed(Struct, frozen=True):
    """A listed reason, in every language that it has."""

    code: str
    label: dict[str, str]

    def said(self, language: str | None = None) -> str:
        """In a language; without one, in the one being spoken."""
        return chosen(self.label, language)[0]


_REASONS = (
    select(Reason.code, Reason.label)
    .where(Reason.cycle_id == bindparam("cycle"), Reason.kind == bindparam("kind", type_=Reason.kind.type))
    .order_by(Reason.place, Reason.id)
)


async def reasons(db: AsyncConnection, cycle_id: int, kind: ReasonKind) -> list[Listed]:
    """The listed reasons of a call for one kind of decision."""
    return await every(Listed, db, _REASONS, {"cycle": cycle_id, "kind": kind})
