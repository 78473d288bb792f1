"""The file of the person who applies, as they see it: one statement for the list of tasks, one for everything in it."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.queries import ME
from internships.accounts.rules import Actor, Role
from internships.applications.documents import Asked, DocumentKind, DocumentState, Held, asked_in
from internships.applications.models import Application, Choice, Document, Experience, LanguageSkill, Study
from internships.applications.rules import CHOICE_MOTIVATION_MOST, Filing, Section, State, may_edit, shown_state
from internships.core import clock
from internships.core.faults import NotFound
from internships.core.gathered import gathered
from internships.cycles.models import Cycle
from internships.cycles.rules import RESULTS_ARE_OUT, SHOWN_TO_ALL, CallRules, Level
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position
from internships.reserves.rules import SHOWN_TO_ALL as OFFERED


def visible_to(role: Role) -> ColumnElement[bool]:
    """Applicants see their own file; staff every file that was sent; others reach one only through a choice or a review."""
    match role:
        case Role.APPLICANT:
            return Application.person_id == ME
        case Role.STAFF:
            return Application.submitted_at.is_not(None)
        case Role.CLOCK:
            return true()
        case _:
            return false()


class Call(Struct, frozen=True):
    """The call that the file is for."""

    id: int
    name: dict[str, str]
    slug: str
    state: CycleState
    zone: str
    opens_at: datetime
    closes_at: datetime
    rate_by: datetime
    results_on: date
    contact: str
    undo_minutes: int
    choices_max: int
    age_min: int | None
    age_max: int | None
    age_on: date | None
    min_isced_level: int | None
    languages: list[list[str]]
    nationalities: list[str] | None
    documents: list[list[Any]]

    @property
    def asked(self) -> list[Asked]:
        """The documents that it asks for."""
        return asked_in(self.documents)

    @property
    def rules(self) -> CallRules:
        """Who may apply."""
        return CallRules(
            self.age_min, self.age_max, self.age_on, self.min_isced_level,
            [(code, Level(level)) for code, level in self.languages], self.nationalities, self.choices_max,
        )  # fmt: skip

    @property
    def written_in(self) -> list[str]:
        """The languages in which answers can be written."""
        return [code for code, _ in self.languages] or ["en"]

    def takes(self, now: datetime) -> bool:
        """Whether an application can be started."""
        return self.state == CycleState.OPEN and self.opens_at <= now < self.closes_at


class Mine(Struct, frozen=True):
    """Somebody's own file with what each page of it needs."""

    id: int
    ref: str
    kept_state: State
    full_name: str
    called: str
    latin_name: str
    born_on: date | None
    nationality: str | None
    residence: str | None
    town: str
    phone: str
    isced_level: int | None
    motivation: str
    motivation_language: str
    use_after: str
    no_experience: bool
    done: list[str]
    saved_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    completion_until: datetime | None
    reasons: list[str]
    reason_text: str
    asked: bool
    """Completion was asked for once."""
    begun: dict[str, dict[str, str]]
    """Pages that were left half done, with what was typed there."""
    motivation_length: int
    use_length: int
    studies: int
    languages: int
    experiences: int
    choices: int
    choices_unsaid: int
    choices_too_long: int
    choices_gone: int
    held: list[list[str]]
    call: Call

    @property
    def state(self) -> State:
        """As the person may know it."""
        return shown_state(self.kept_state, self.decided_at, self.call.undo_minutes, clock.now())

    @property
    def may_edit(self) -> bool:
        return may_edit(self.state, clock.now(), self.call.closes_at, self.completion_until)

    @property
    def was_not_sent(self) -> bool:
        return self.state == State.LAPSED or (self.state == State.DRAFT and not self.may_edit)

    @property
    def completed(self) -> bool:
        """Whether it was sent again after completion was asked for, which happens once."""
        return self.asked and self.kept_state != State.COMPLETION_REQUESTED

    @property
    def has_answer(self) -> bool:
        """Whether the results of its call are out, and it took part in them."""
        return self.submitted_at is not None and self.state == State.ELIGIBLE and self.call.state in RESULTS_ARE_OUT

    @property
    def edits_until(self) -> datetime:
        """Until when it can be changed and sent."""
        if self.state == State.COMPLETION_REQUESTED and self.completion_until:
            return self.completion_until
        return self.call.closes_at

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was saved since completion was asked for."""
        is_asked = self.state == State.COMPLETION_REQUESTED
        return is_asked and self.decided_at is not None and self.saved_at <= self.decided_at

    @property
    def to_look_at(self) -> frozenset[str]:
        """Sections that the person is asked to complete: a reason that is called like one is about it."""
        is_asked = self.state == State.COMPLETION_REQUESTED
        return frozenset(Section) & frozenset(self.reasons) if is_asked else frozenset()

    @property
    def filing(self) -> Filing:
        """What is in it, counted."""
        return Filing(
            self.born_on, self.nationality, self.residence, self.town, self.studies, self.languages, self.experiences,
            self.no_experience, frozenset(self.done), self.motivation_length, self.use_length,
            self.motivation_language, self.choices, self.choices_unsaid, self.choices_too_long, self.choices_gone,
            tuple(self.call.asked), held_in(self.held),
            begun=frozenset(page.partition("/")[0] for page in self.begun),
        )  # fmt: skip


def held_in(cells: list[list[str]]) -> tuple[Held, ...]:
    """Kind and state of each document, as they are gathered."""
    return tuple(Held(DocumentKind(kind), DocumentState(state)) for kind, state in cells)


def _count(kind: type[Any], *where: ColumnElement[bool]) -> Any:
    counted = select(func.count()).select_from(kind).where(kind.application_id == Application.id, *where)
    return counted.correlate(Application).scalar_subquery()


COUNTED = (
    func.length(Application.motivation),
    func.length(Application.use_after),
    _count(Study),
    _count(LanguageSkill),
    _count(Experience),
    _count(Choice),
    _count(Choice, Choice.motivation == ""),
    _count(Choice, func.length(Choice.motivation) > CHOICE_MOTIVATION_MOST),
    _count(
        Choice,
        Choice.position_id.in_(select(Position.id).where(Position.state.not_in(OFFERED))),
    ),
    gathered(select(Document.kind, Document.state).where(Document.application_id == Application.id), of=Application),
)
"""What `Filing` counts, in the order of its fields from the lengths on."""
CALL = (
    Cycle.id, Cycle.name, Cycle.slug, Cycle.state, Cycle.zone, Cycle.opens_at, Cycle.closes_at, Cycle.rate_by,
    Cycle.results_on, Cycle.contact, Cycle.undo_minutes, Cycle.choices_max, Cycle.age_min, Cycle.age_max, Cycle.age_on,
    Cycle.min_isced_level, Cycle.languages, Cycle.nationalities, Cycle.documents,
)  # fmt: skip
FILE = (
    Application.id, Application.ref, Application.state, Person.full_name, Person.called, Person.latin_name,
    Application.born_on, Application.nationality, Application.residence, Application.town, Application.phone,
    Application.isced_level, Application.motivation, Application.motivation_language, Application.use_after,
    Application.no_experience, Application.done, Application.saved_at, Application.submitted_at,
    Application.decided_at, Application.completion_until, Application.reasons, Application.reason_text,
    Application.asked, Application.begun,
)  # fmt: skip


def of_mine(*more: Any) -> Select[Any]:
    """The newest call that takes applications, or in which the person has one; with their file, if there is one."""
    counts = case((Application.id.is_not(None), 0), (Cycle.state == CycleState.OPEN, 0), else_=1)
    return (
        select(*CALL, *FILE, *COUNTED, *more)
        .select_from(Cycle)
        .outerjoin(Application, and_(Application.cycle_id == Cycle.id, visible_to(Role.APPLICANT)))
        .outerjoin(Person, Person.id == Application.person_id)
        .where(or_(Cycle.state.in_(SHOWN_TO_ALL), Application.id.is_not(None)))
        .order_by(counts, Cycle.id.desc())
        .limit(1)
    )


_MINE = of_mine()


def file_in(columns: tuple[Any, ...]) -> tuple[Call, Mine | None, tuple[Any, ...]]:
    """The call, the file if there is one, and what else was asked for."""
    ends = len(CALL) + len(FILE) + len(COUNTED)
    call, kept = Call(*columns[: len(CALL)]), columns[len(CALL) : ends]
    return call, Mine(*(*kept, call)) if kept[0] is not None else None, columns[ends:]


async def here(db: AsyncConnection, actor: Actor) -> tuple[Call | None, Mine | None]:
    """The call to apply to, and the person's own file for it."""
    row = (await db.execute(_MINE, actor.own)).first()
    if row is None:
        return None, None
    call, mine, _ = file_in(tuple(row))
    return call, mine


async def mine(db: AsyncConnection, actor: Actor) -> Mine:
    """The person's own file.

    Raises:
        NotFound: they have none.
    """
    _, found = await here(db, actor)
    if found is None:
        raise NotFound
    return found
