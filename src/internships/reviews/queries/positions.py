"""What a host can see of the positions of their own reserve, and how far their candidates are."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, join, select
from sqlalchemy.ext.asyncio import AsyncConnection

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
from internships.reviews.models import Conflict
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.rules import READ


def visible_to(role: Role) -> ColumnElement[bool]:
    """Hosts see the positions of their reserve; everybody else has pages of their own."""
    return Position.reserve_id == MY_RESERVE if role == Role.HOST else false()


MINE = visible_to(Role.HOST)
STANDS = and_(Application.state == ApplicationState.ELIGIBLE, Choice.state != ChoiceState.RELEASED)
"""A candidate: admitted, and still wishing for it."""
MY_WORD = and_(Conflict.application_id == Application.id, Conflict.person_id == ME)


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
        join(Choice, Application, and_(Application.id == Choice.application_id, STANDS)),
        Choice.position_id == Position.id,
    )
    .outerjoin(Conflict, MY_WORD)
    .where(MINE, Position.cycle_id == call.CURRENT)
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
PLACE_COLUMNS = (
    Position.ref, TITLE, TITLE_LANGUAGE, Reserve.name, Position.seats, Position.min_isced_level, Cycle.zone,
    Cycle.rate_by, Cycle.state, _NEEDED, LISTED,
)  # fmt: skip
PLACE = (
    select(*PLACE_COLUMNS)
    .select_from(Position)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(MINE, Position.ref == bindparam("ref"))
)


async def place(db: AsyncConnection, actor: Actor, ref: str) -> Place:
    """A position of my reserve."""
    return await one(Place, db, PLACE, {"ref": ref, "spoken": speaking(), **actor.own})
