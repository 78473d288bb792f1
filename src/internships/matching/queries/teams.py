"""The teams of two of a call, with what the two would take together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState, State
from internships.core.db import every
from internships.core.i18n import speaking
from internships.cycles.queries import WORKED_ON
from internships.matching.drawing import joint_list
from internships.matching.models import MatchLock, Team, TeamMember
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE


class Member(Struct, frozen=True):
    """Somebody who is in a team, or may come into one."""

    ref: str
    name: str
    state: State
    fixed: bool
    """Whether staff fixed them at a position; then they are in the run without the other."""
    in_team: bool


class Together(Struct, frozen=True):
    """A position for each of the two, in one reserve."""

    reserve: str
    first: str
    second: str


class Pair(Struct, frozen=True):
    """Two people and their joint list, the dearest together first."""

    first: Member
    second: Member
    joint: list[Together]

    @property
    def counts(self) -> bool:
        """Whether the next run takes the two together."""
        return all(member.state == State.ELIGIBLE and not member.fixed for member in (self.first, self.second))


class TeamLine(Struct, frozen=True):
    """A team as staff see it."""

    ref: str
    reason: str
    made_by: str
    made_at: datetime
    pair: Pair


class _Row(Struct, frozen=True):
    ref: str
    reason: str
    made_by: str
    made_at: datetime
    side: int
    application: str


class _Chosen(Struct, frozen=True):
    application: str
    name: str
    state: State
    lock_id: int | None
    team_id: int | None
    position: str | None
    title: str
    reserve_id: int
    reserve: str


_TEAMS = (
    select(Team.ref, Team.reason, Person.full_name, Team.made_at, TeamMember.side, Application.ref)
    .join(Person, Person.id == Team.made_by)
    .join(TeamMember, TeamMember.team_id == Team.id)
    .join(Application, Application.id == TeamMember.application_id)
    .where(Team.cycle_id == WORKED_ON)
    .order_by(Team.id, TeamMember.side)
)
_SHOWN = union(
    select(TeamMember.application_id),
    select(Application.id).where(Application.ref.in_(bindparam("wanted", expanding=True))),
)
_CHOSEN = (
    select(
        Application.ref, Person.full_name, Application.state, MatchLock.id, TeamMember.team_id, Position.ref, TITLE,
        Reserve.id, Reserve.name,
    )
    .join(Person, Person.id == Application.person_id)
    .outerjoin(TeamMember, TeamMember.application_id == Application.id)
    .outerjoin(MatchLock, MatchLock.application_id == Application.id)
    .outerjoin(Choice, (Choice.application_id == Application.id) & (Choice.state != ChoiceState.RELEASED))
    .outerjoin(Position, Position.id == Choice.position_id)
    .outerjoin(Reserve, Reserve.id == Position.reserve_id)
    .where(Application.cycle_id == WORKED_ON, Application.id.in_(_SHOWN))
    .order_by(Application.id, Choice.rank)
)  # fmt: skip


class Teams(Struct, frozen=True):
    """What the page shows: the teams, and the people who were asked for by reference."""

    lines: list[TeamLine]
    people: dict[str, Member]
    asked: Pair | None


async def teams(db: AsyncConnection, first: str = "", second: str = "") -> Teams:
    """All teams of the current call; and what two people would take together, when both are known. Two statements."""
    rows = await every(_Row, db, _TEAMS)
    chosen = await every(_Chosen, db, _CHOSEN, {"spoken": speaking(), "wanted": [first, second]})
    people = _people(chosen)
    lists: defaultdict[str, dict[str, _Chosen]] = defaultdict(dict)
    for one in chosen:
        if one.position is not None:
            lists[one.application][one.position] = one
    sides: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        sides[row.ref].append(row)
    lines = [
        TeamLine(ref, one.reason, one.made_by, one.made_at, _pair(people, lists, one.application, other.application))
        for ref, (one, other) in sides.items()
    ]
    known = first in people and second in people and first != second
    return Teams(lines, people, _pair(people, lists, first, second) if known else None)


def _people(chosen: Iterable[_Chosen]) -> dict[str, Member]:
    return {
        one.application: Member(one.application, one.name, one.state, one.lock_id is not None, one.team_id is not None)
        for one in chosen
    }


def _pair(people: Mapping[str, Member], lists: Mapping[str, dict[str, _Chosen]], first: str, second: str) -> Pair:
    one, other = lists.get(first, {}), lists.get(second, {})
    reserve = {ref: choice.reserve_id for ref, choice in {**one, **other}.items()}
    joint = [Together(one[a].reserve, one[a].title, other[b].title) for a, b in joint_list([*one], [*other], reserve)]
    return Pair(people[first], people[second], joint)
