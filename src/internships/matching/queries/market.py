"""The market of a call as the database has it at one moment, with references as names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    literal,
    null,
    select,
    table,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import String

from internships.applications.models import Application, Choice, LanguageSkill
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as Application_
from internships.core.db import Json
from internships.cycles.rules import Level
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve, Team
from internships.matching.rules import Bar, Limit, Market, Reserve
from internships.matching.rules import Team as Two
from internships.matching.terms import Order, Pair
from internships.reserves.models import Position, PositionLanguage
from internships.reserves.rules import SHOWN_TO_ALL, Lack, Needs, lacking
from internships.reviews.models import Rating

Reads = AsyncConnection | AsyncSession
TRIAL = "a trial before the call closed"
"""The lottery of runs made before the call closed: the sealed text is not used up for them, so they can't be approved."""

CYCLE: BindParameter[int] = bindparam("cycle")

# Offers belong to a later part of the house; who holds a seat already is all that is asked of them here.
_OFFER = table("offer", column("application_id"), column("state"))
_HOLDS_A_SEAT = (
    select(_OFFER.c.application_id)
    .where(_OFFER.c.application_id == Application.id, _OFFER.c.state.in_(["issued", "accepted"]))
    .correlate(Application)
    .exists()
)
TAKES_PART: ColumnElement[bool] = and_(
    Application.cycle_id == CYCLE, Application.state == Application_.ELIGIBLE, ~_HOLDS_A_SEAT
)
"""Eligible, and not yet holding a seat."""

RANKED_IN = case((Choice.state == ChoiceState.ACCEPTABLE, Rating.tier))
"""The tier in which the host has a choice; nothing when the host would not take the person, or has not said."""

_CHOICES = (
    select(
        Application.id,
        Application.ref,
        Application.isced_level,
        Application.residence,
        Choice.id,
        Choice.position_id,
        Choice.rank,
        RANKED_IN,
    )
    .outerjoin(Choice, and_(Choice.application_id == Application.id, Choice.state != ChoiceState.RELEASED))
    .outerjoin(Rating, Rating.choice_id == Choice.id)
    .where(TAKES_PART)
    .order_by(Application.id, Choice.rank)
)
_POSITIONS = (
    select(
        Position.id,
        Position.ref,
        Position.seats,
        Position.held,
        Position.min_seats,
        Position.state.in_(SHOWN_TO_ALL),
        Position.min_isced_level,
        Position.reserve_id,
        PositionLanguage.code,
        type_coerce(PositionLanguage.level, String),
    )
    .outerjoin(PositionLanguage, and_(PositionLanguage.position_id == Position.id, PositionLanguage.required.is_(True)))
    .where(Position.cycle_id == CYCLE)
    .order_by(Position.id, PositionLanguage.code)
)
_REQUIRED = select(PositionLanguage.code).where(PositionLanguage.required.is_(True)).scalar_subquery()
_SKILLS = (
    select(LanguageSkill.application_id, LanguageSkill.code, type_coerce(LanguageSkill.level, String))
    .join(Application, Application.id == LanguageSkill.application_id)
    .where(TAKES_PART, LanguageSkill.code.in_(_REQUIRED))
)


def _rule(kind: str, of: Any, *, first: Any = None, second: Any = None, name: Any = "", **more: Any) -> Select[Any]:
    number, listed = more.get("number"), more.get("listed")
    nothing = cast(null(), Integer)
    columns = [nothing if each is None else each for each in (first, second, number)]
    return select(
        literal(kind), *columns, literal(name) if name == "" else name, cast(null(), Json) if listed is None else listed
    ).where(of.cycle_id == CYCLE)


_RULES = union_all(
    _rule("limit", MatchLimit, name=MatchLimit.name, number=MatchLimit.seats, listed=MatchLimit.over),
    _rule(
        "reserve",
        MatchReserve,
        first=MatchReserve.position_id,
        second=cast(MatchReserve.open_first, Integer),
        name=MatchReserve.name,
        number=MatchReserve.seats,
        listed=MatchReserve.countries,
    ),
    _rule("bar", MatchBar, first=MatchBar.application_id, second=MatchBar.position_id, name=MatchBar.reason),
    _rule("lock", MatchLock, first=MatchLock.application_id, second=MatchLock.position_id),
    _rule("team", Team, first=Team.first_id, second=Team.second_id),
)


class Wish(NamedTuple):
    """A choice by its numbers inside, for what a run stores about it."""

    application_id: int
    choice_id: int
    position_id: int
    rank: int


class _Rule(NamedTuple):
    first: int
    second: int
    number: int
    name: str
    listed: list[str]


class _Offered(NamedTuple):
    """A position as far as the match knows it."""

    ref: str
    seats: int
    held: int
    minimum: int
    needs: Needs
    reserve: int


@dataclass
class _Read:
    """What was read, on its way to a market."""

    refs: dict[int, str] = field(default_factory=dict)
    levels: dict[int, int | None] = field(default_factory=dict)
    residence: dict[str, str | None] = field(default_factory=dict)
    positions: dict[int, _Offered] = field(default_factory=dict)
    wishes: dict[Pair, Wish] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    scores: dict[Pair, int] = field(default_factory=dict)
    rules: defaultdict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Loaded:
    """A market, and which choice each of its pairs is."""

    market: Market
    wishes: Mapping[Pair, Wish]


def lottery_of(text: str | None, closes_at: datetime, now: datetime) -> str:
    """Before the call closes a run draws other lots than the sealed ones, so that nobody knows those early."""
    return text or "" if now >= closes_at else TRIAL


async def load(db: Reads, cycle_id: int, lottery: str) -> Loaded:
    """The market of a call, in four statements.

    Raises:
        BadMarket: its rules contradict each other.
    """
    bound = {"cycle": cycle_id}
    found = _Read()
    _take_positions(found, (await db.execute(_POSITIONS, bound)).all())
    _take_choices(found, (await db.execute(_CHOICES, bound)).all())
    skills = _by_person((await db.execute(_SKILLS, bound)).all())
    for kind, first, second, number, name, listed in (await db.execute(_RULES, bound)).all():
        found.rules[kind].append(_Rule(first, second, number, name, listed))
    return Loaded(_market(found, skills, lottery), found.wishes)


def _take_positions(found: _Read, rows: Iterable[Any]) -> None:
    for number, ref, seats, held, minimum, runs, level, reserve, code, needed in rows:
        if number not in found.positions:
            free = seats - held if runs else 0
            least = min(free, max(0, minimum - held))
            found.positions[number] = _Offered(ref, free, held, least, Needs([], level), reserve)
        if code is not None:
            found.positions[number].needs.languages.append((code, Level(needed)))


def _take_choices(found: _Read, rows: Iterable[Any]) -> None:
    for person, ref, level, residence, choice, position, rank, tier in rows:
        if ref not in found.lists:
            found.refs[person], found.levels[person], found.residence[ref] = ref, level, residence
            found.lists[ref] = []
        if choice is None:
            continue
        at = found.positions[position].ref
        found.lists[ref].append(at)
        found.wishes[ref, at] = Wish(person, choice, position, rank)
        if tier is not None:
            found.scores[at, ref] = -tier


def _by_person(rows: Iterable[Any]) -> dict[int, dict[str, Level]]:
    skills: defaultdict[int, dict[str, Level]] = defaultdict(dict)
    levels = {level.value: level for level in Level}
    for person, code, level in rows:
        skills[person][code] = levels[level]
    return skills


def _market(found: _Read, skills: Mapping[int, Mapping[str, Level]], lottery: str) -> Market:
    locked = {
        found.refs[rule.first]: found.positions[rule.second].ref
        for rule in found.rules["lock"]
        if rule.first in found.refs
    }
    teams = _teams(found, locked)
    barred = {**_lacks(found, skills), **_bars(found)}
    lists: dict[str, Sequence[str]] = {**found.lists, **{member: () for team in teams for member in team.members}}
    seats = {position.ref: position.seats for position in found.positions.values()}
    return Market(
        applicants=lists,
        scores=found.scores,
        seats=seats,
        limits=_limits(found),
        reserved=_reserves(found),
        minimums={position.ref: position.minimum for position in found.positions.values() if position.minimum},
        barred={pair: why for pair, why in barred.items() if locked.get(pair[0]) != pair[1]},
        locked=locked,
        teams=teams,
        lottery=lottery,
    )


def _limits(found: _Read) -> list[Limit]:
    held = {position.ref: position.held for position in found.positions.values()}
    limits = []
    for rule in found.rules["limit"]:
        over = [ref for ref in rule.listed if ref in held]
        if over:
            limits.append(Limit(rule.name, max(0, rule.number - sum(held[ref] for ref in over)), over))
    return limits


def _reserves(found: _Read) -> list[Reserve]:
    """Whoever lives in one of the countries belongs to the group. Seats that are held by now shrink the open ones first."""
    reserves = []
    left = {number: position.seats for number, position in found.positions.items()}
    for rule in sorted(found.rules["reserve"], key=lambda rule: (rule.first, rule.name)):
        seats = min(rule.number, left[rule.first])
        left[rule.first] -= seats
        at = found.positions[rule.first].ref
        members = [who for who, choices in found.lists.items() if at in choices and found.residence[who] in rule.listed]
        if seats:
            order: Order = "open-first" if rule.second else "reserved-first"
            reserves.append(Reserve(at, seats, rule.name, members, order))
    return reserves


def _bars(found: _Read) -> dict[Pair, Bar]:
    return {
        (found.refs[rule.first], found.positions[rule.second].ref): Bar(rule.name)
        for rule in found.rules["bar"]
        if rule.first in found.refs
    }


def _lacks(found: _Read, skills: Mapping[int, Mapping[str, Level]]) -> dict[Pair, Bar]:
    needed = {number: p.needs for number, p in found.positions.items() if p.needs.languages or p.needs.min_isced_level}
    barred = {}
    for pair, wish in found.wishes.items():
        if (needs := needed.get(wish.position_id)) is None:
            continue
        person = wish.application_id
        if lacks := lacking(needs, isced_level=found.levels[person], languages=dict(skills.get(person, {}))):
            barred[pair] = _bar(lacks[0])
    return barred


def _bar(lack: Lack) -> Bar:
    return Bar(f"{lack.what}:{lack.code}", lack.needed, lack.held or "")


def _teams(found: _Read, locked: Mapping[str, str]) -> list[Two]:
    """Two who are both still in, with every pair of positions in one reserve that both chose, the dearest together first."""
    teams = []
    reserve = {position.ref: position.reserve for position in found.positions.values()}
    for rule in found.rules["team"]:
        pair = (found.refs.get(rule.first, ""), found.refs.get(rule.second, ""))
        if all(pair) and not locked.keys() & {*pair}:
            one, other = (found.lists[member] for member in pair)
            ranked = [
                (i + j, i, (a, b)) for i, a in enumerate(one) for j, b in enumerate(other) if reserve[a] == reserve[b]
            ]
            teams.append(Two(pair, [both for _, _, both in sorted(ranked)]))
    return sorted(teams, key=lambda team: team.members)
