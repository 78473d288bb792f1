"""What a host can see: the positions of their own reserve, and the candidates of each."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Case, ColumnElement, Select, and_, bindparam, case, false, func, join, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.accounts.queries import ME, MY_RESERVE
from internships.accounts.rules import Actor, Role
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.db import every, one
from internships.core.gathered import gathered, rows_as
from internships.core.i18n import chosen, speaking
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import Level, ReasonKind
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reserves.rules import Needs, lacking
from internships.reserves.rules import State as PositionState
from internships.reviews.models import Conflict, Rating
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.rules import READ


def visible_to(role: Role) -> ColumnElement[bool]:
    """Hosts see the positions of their reserve; everybody else has pages of their own."""
    return Position.reserve_id == MY_RESERVE if role == Role.HOST else false()


_MINE = visible_to(Role.HOST)
_STANDS = and_(Application.state == ApplicationState.ELIGIBLE, Choice.state != ChoiceState.RELEASED)
"""A candidate: admitted, and still wishing for it."""
_MY_WORD = and_(Conflict.application_id == Application.id, Conflict.person_id == ME)


class Offered(Struct, frozen=True):
    """A position of mine, with how far its candidates are."""

    ref: str
    title: str
    language: str
    state: PositionState
    seats: int
    candidates: int
    undeclared: int
    waiting: int
    shortlisted: int
    rated: int
    passed_over: int

    @property
    def to_do(self) -> int:
        return self.waiting + self.shortlisted


def _counted(*states: ChoiceState) -> ColumnElement[int]:
    return func.count(case((Choice.state.in_(states), 1)))


OFFERED = (
    select(
        Position.ref, TITLE, TITLE_LANGUAGE, Position.state, Position.seats,
        func.count(Choice.id),
        func.count(case((Conflict.id.is_(None), Choice.id))),
        _counted(ChoiceState.WAITING),
        _counted(ChoiceState.SHORTLISTED),
        _counted(ChoiceState.ACCEPTABLE, ChoiceState.NOT_ACCEPTABLE),
        _counted(ChoiceState.NOT_SHORTLISTED),
    )
    .select_from(Position)
    .outerjoin(
        join(Choice, Application, and_(Application.id == Choice.application_id, _STANDS)),
        Choice.position_id == Position.id,
    )
    .outerjoin(Conflict, _MY_WORD)
    .where(_MINE, Position.cycle_id == call.CURRENT)
    .group_by(Position.id)
    .order_by(Position.folded_title, Position.id)
)  # fmt: skip


async def offered(db: AsyncConnection, actor: Actor) -> list[Offered]:
    """The positions of my reserve in this call."""
    return await every(Offered, db, OFFERED, {"spoken": speaking(), **actor.own})


class Listed(Struct, frozen=True):
    """A reason that can be given."""

    place: int
    code: str
    label: dict[str, str]

    @property
    def words(self) -> str:
        """In the reader's language."""
        return chosen(self.label)[0]


class Place(Struct, frozen=True):
    """A position of mine, with what its candidates need."""

    ref: str
    title: str
    language: str
    reserve: str
    seats: int
    min_isced_level: int | None
    zone: str
    rate_by: datetime
    call_state: CycleState
    needed: Cells
    listed: Cells

    def is_open(self, now: datetime) -> bool:
        """Whether candidates can be judged."""
        return self.call_state in READ and now < self.rate_by

    @property
    def reasons(self) -> list[Listed]:
        return sorted(rows_as(Listed, self.listed), key=lambda reason: reason.place)

    @property
    def languages(self) -> list[tuple[str, Level]]:
        return [(skill.code, skill.level) for skill in call.languages(self.needed)]

    def lacks(self, skills: list[call.Speaks]) -> list[tuple[str, str]]:
        """Language and level that are needed and not held."""
        needs = Needs(self.languages, None)
        return [
            (lack.code, lack.needed)
            for lack in lacking(needs, isced_level=None, languages={skill.code: skill.level for skill in skills})
        ]


_NEEDED = gathered(
    select(PositionLanguage.code, PositionLanguage.level).where(
        PositionLanguage.position_id == Position.id, PositionLanguage.required
    ),
    of=Position,
)
LISTED = gathered(
    select(Reason.place, Reason.code, Reason.label).where(
        Reason.cycle_id == Cycle.id, Reason.kind == ReasonKind.NOT_ACCEPTABLE
    ),
    of=Cycle,
)
_PLACE_COLUMNS = (
    Position.ref, TITLE, TITLE_LANGUAGE, Reserve.name, Position.seats, Position.min_isced_level, Cycle.zone,
    Cycle.rate_by, Cycle.state, _NEEDED, LISTED,
)  # fmt: skip
PLACE = (
    select(*_PLACE_COLUMNS)
    .select_from(Position)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(_MINE, Position.ref == bindparam("ref"))
)


async def place(db: AsyncConnection, actor: Actor, ref: str) -> Place:
    """A position of my reserve."""
    return await one(Place, db, PLACE, {"ref": ref, "spoken": speaking(), **actor.own})


class Candidate(Struct, frozen=True):
    """A line of the table of candidates; what follows `has_tie` is there only once a tie was denied."""

    ref: str
    name: str
    has_tie: bool | None
    """None: nothing was said of a tie yet."""
    state: ChoiceState | None
    version: int
    tier: int | None
    reason: str | None
    mean: float | None
    spread: float | None
    studied: Cells | None
    speaks: Cells | None

    @property
    def is_read(self) -> bool:
        return self.has_tie is False

    @property
    def answer(self) -> str:
        """As the form sends it."""
        return str(self.tier) if self.tier else "no" if self.state == ChoiceState.NOT_ACCEPTABLE else ""

    @property
    def studies(self) -> list[call.Studied]:
        return call.studies(self.studied or [])

    @property
    def languages(self) -> list[call.Speaks]:
        return call.languages(self.speaks or [])


def _untied(column: Any) -> Case[Any]:
    """Content comes after the word that there is no tie; before that, it is not there."""
    return case((Conflict.has_tie.is_(False), column), else_=None)


_REVIEWED = and_(Application.review_count > 0, Application.review_count >= Cycle.min_reviews)


def _once_in(column: Any) -> Case[Any]:
    """What reviewers found, when as many have read the file as the call wants."""
    return case((and_(Conflict.has_tie.is_(False), _REVIEWED), column), else_=None)


def _of_candidates(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Choice)
        .join(Position, Position.id == Choice.position_id)
        .join(Reserve, Reserve.id == Position.reserve_id)
        .join(Application, Application.id == Choice.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .outerjoin(Conflict, _MY_WORD)
        .outerjoin(Rating, Rating.choice_id == Choice.id)
        .where(_MINE, _STANDS)
    )


CANDIDATES = (
    _of_candidates(
        Choice.ref, Person.full_name, Conflict.has_tie, _untied(Choice.state), Choice.version, _untied(Rating.tier),
        _untied(Rating.reason), _once_in(Application.review_mean), _once_in(Application.review_spread),
        _untied(call.STUDIES), _untied(call.LANGUAGES),
    )
    .where(Position.ref == bindparam("ref"))
    .order_by(Person.folded_name, Choice.id)
)  # fmt: skip


async def candidates(db: AsyncConnection, actor: Actor, ref: str) -> list[Candidate]:
    """Everybody who wishes for a position of mine and was admitted, by name."""
    return await every(Candidate, db, CANDIDATES, {"ref": ref, **actor.own})


class Known(Struct, frozen=True):
    """A candidate before the content: the name, the position, and what was said of a tie."""

    ref: str
    name: str
    has_tie: bool | None
    words: str | None
    position: str
    title: str
    language: str


KNOWN = _of_candidates(
    Choice.ref, Person.full_name, Conflict.has_tie, Conflict.text, Position.ref, TITLE, TITLE_LANGUAGE
).where(Choice.ref == bindparam("ref"))


async def known(db: AsyncConnection, actor: Actor, ref: str) -> Known:
    """A candidate, by name only."""
    return await one(Known, db, KNOWN, {"ref": ref, "spoken": speaking(), **actor.own})


class Read(Struct, frozen=True):
    """A candidate as the host reads them: this wish alone, neither its rank nor any other."""

    place: Place
    ref: str
    name: str
    called: str
    residence: str | None
    state: ChoiceState
    version: int
    wish: str
    motivation: str
    motivation_language: str
    use_after: str
    tier: int | None
    reason: str | None
    note: str | None
    mean: float | None
    spread: float | None
    studied: Cells
    speaks: Cells
    did: Cells

    @property
    def studies(self) -> list[call.Studied]:
        return call.studies(self.studied)

    @property
    def languages(self) -> list[call.Speaks]:
        return call.languages(self.speaks)

    @property
    def experience(self) -> list[call.Did]:
        return call.experience(self.did)

    @property
    def answer(self) -> str:
        """As the form sends it."""
        return str(self.tier) if self.tier else "no" if self.state == ChoiceState.NOT_ACCEPTABLE else ""


READ_ONE = _of_candidates(
    *_PLACE_COLUMNS, Choice.ref, Person.full_name, Person.called, Application.residence, Choice.state, Choice.version,
    Choice.motivation, Application.motivation, Application.motivation_language, Application.use_after,
    Rating.tier, Rating.reason, Rating.note, _once_in(Application.review_mean), _once_in(Application.review_spread),
    call.STUDIES, call.LANGUAGES, call.EXPERIENCE,
).where(Choice.ref == bindparam("ref"), Conflict.has_tie.is_(False))  # fmt: skip


async def read_one(db: AsyncConnection, actor: Actor, ref: str) -> Read | None:
    """A candidate with whom there is no tie; None before that was said, and after a tie was."""
    row = (await db.execute(READ_ONE, {"ref": ref, "spoken": speaking(), **actor.own})).first()
    return None if row is None else Read(Place(*row[: len(_PLACE_COLUMNS)]), *row[len(_PLACE_COLUMNS) :])


_UNJUDGED = [ChoiceState.WAITING, ChoiceState.SHORTLISTED]
_LEFT = aliased(Choice)
_TO_JUDGE = (
    select(Choice.ref)
    .join(Application, Application.id == Choice.application_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Conflict, _MY_WORD)
    .where(
        _STANDS,
        Choice.position_id == _LEFT.position_id,
        Choice.id != _LEFT.id,
        Choice.state.in_(_UNJUDGED),
        or_(Conflict.id.is_(None), Conflict.has_tie.is_(False)),
    )
    .order_by(Person.folded_name, Choice.id)
    .limit(1)
    .correlate(_LEFT)
    .scalar_subquery()
)
NEXT = (
    select(Position.ref, _TO_JUDGE)
    .join(_LEFT, _LEFT.position_id == Position.id)
    .where(_MINE, _LEFT.ref == bindparam("ref"))
)


class Onward(Struct, frozen=True):
    """Where to go from a candidate: the position, and who is to be judged next."""

    position: str
    candidate: str | None


async def next_candidate(db: AsyncConnection, actor: Actor, ref: str) -> Onward:
    """The next one to judge for the same position."""
    return await one(Onward, db, NEXT, {"ref": ref, **actor.own})
