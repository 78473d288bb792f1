"""The teams of two of a call, with what the two would take together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import visible_to
from internships.applications.rules import ChoiceState, State
from internships.core.db import every
from internships.core.i18n import speaking
from internships.cycles.queries import WORKED_ON
from internships.matching.drawing import joint_list
from internships.matching.models import MatchLock, Team, TeamMember
from internships.matching.queries import people
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
    application_id: int


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
    folded_name: str


_TEAMS = (
    select(Team.ref, Team.reason, Person.full_name, Team.made_at, TeamMember.side, Application.ref, Application.id)
    .join(Person, Person.id == Team.made_by)
    .join(TeamMember, TeamMember.team_id == Team.id)
    .join(Application, Application.id == TeamMember.application_id)
    .where(Team.cycle_id == WORKED_ON)
    .order_by(Team.id, TeamMember.side)
)
_CHOSEN = (
    select(
        Application.ref, Person.full_name, Application.state, MatchLock.id, TeamMember.team_id, Position.ref, TITLE,
        Reserve.id, Reserve.name, Application.folded_name,
    )
    .join(Person, Person.id == Application.person_id)
    .outerjoin(TeamMember, TeamMember.application_id == Application.id)
    .outerjoin(MatchLock, MatchLock.application_id == Application.id)
    .outerjoin(Choice, (Choice.application_id == Application.id) & (Choice.state != ChoiceState.RELEASED))
    .outerjoin(Position, Position.id == Choice.position_id)
    .outerjoin(Reserve, Reserve.id == Position.reserve_id)
    .where(Application.cycle_id == WORKED_ON)
    .order_by(Application.folded_name, Application.id, Choice.rank)
)  # fmt: skip
_IN_TEAMS = Application.id.in_(bindparam("members", expanding=True))
_WANTED = Application.ref.in_(bindparam("wanted", expanding=True)) & visible_to(Role.STAFF)
_OF_REFS = _CHOSEN.where(or_(_IN_TEAMS, _WANTED))
_OF_MEANT = _CHOSEN.where(or_(_IN_TEAMS, Application.id.in_(union(people.ids("first_"), people.ids("second_")))))


class Teams(Struct, frozen=True):
    """What the page shows: the teams, who may be meant on either side, and the pair when it is one on each."""

    lines: list[TeamLine]
    first: list[Member]
    second: list[Member]
    asked: Pair | None


async def teams(db: AsyncConnection, first: str = "", second: str = "") -> Teams:
    """All teams of the current call; and what two people would take together, when both are known. Two statements.

    first, second: a reference, or parts of a name.
    """
    rows = await every(_Row, db, _TEAMS)
    chosen = await _chosen(db, [row.application_id for row in rows], first, second)
    members = _members(chosen)
    lists: defaultdict[str, dict[str, _Chosen]] = defaultdict(dict)
    for one in chosen:
        if one.position is not None:
            lists[one.application][one.position] = one
    sides: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        sides[row.ref].append(row)
    lines = [
        TeamLine(ref, one.reason, one.made_by, one.made_at, _pair(members, lists, one.application, other.application))
        for ref, (one, other) in sides.items()
    ]
    left, right = (_meant(chosen, members, typed) for typed in (first, second))
    one_each = len(left) == len(right) == 1 and left != right
    pair = _pair(members, lists, left[0].ref, right[0].ref) if one_each else None
    return Teams(lines, left, right, pair)


async def _chosen(db: AsyncConnection, members: list[int], first: str, second: str) -> list[_Chosen]:
    bound: dict[str, Any] = {"spoken": speaking(), "members": members}
    if all(not typed or people.is_ref(typed) for typed in (first, second)):
        return await every(_Chosen, db, _OF_REFS, {**bound, "wanted": [first, second]})
    bound |= {**people.asked(first, "first_"), **people.asked(second, "second_")}
    return await every(_Chosen, db, _OF_MEANT, bound)


def _meant(chosen: Iterable[_Chosen], members: Mapping[str, Member], typed: str) -> list[Member]:
    refs = [one.application for one in chosen if typed and people.fits(typed, one.application, one.folded_name)]
    return [members[ref] for ref in dict.fromkeys(refs)][: people.MOST + 1]


def _members(chosen: Iterable[_Chosen]) -> dict[str, Member]:
    return {
        one.application: Member(one.application, one.name, one.state, one.lock_id is not None, one.team_id is not None)
        for one in chosen
    }


def _pair(members: Mapping[str, Member], lists: Mapping[str, dict[str, _Chosen]], first: str, second: str) -> Pair:
    one, other = lists.get(first, {}), lists.get(second, {})
    reserve = {ref: choice.reserve_id for ref, choice in {**one, **other}.items()}
    joint = [Together(one[a].reserve, one[a].title, other[b].title) for a, b in joint_list([*one], [*other], reserve)]
    return Pair(members[first], members[second], joint)
