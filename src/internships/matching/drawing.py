"""A market drawn up from what a call has kept: its rows in, applicants, positions and rules out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from internships.cycles.rules import Level
from internships.matching.rules import BadMarket, Bar, Limit, Market, Reserve
from internships.matching.rules import Team as Two
from internships.matching.terms import Order, Pair
from internships.reserves.rules import Lack, Needs, lacking


class Wish(NamedTuple):
    """A choice by its numbers inside, for what a run stores about it."""

    application_id: int
    choice_id: int
    position_id: int
    rank: int


class Rows(NamedTuple):
    """What a call has kept, in the order of the columns of `queries.market`."""

    positions: Sequence[Any]
    choices: Sequence[Any]
    skills: Sequence[Any]
    rules: Sequence[Any]


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


def drawn(rows: Rows, lottery: str) -> Loaded:
    """The market of these rows.

    Raises:
        BadMarket: its rules contradict each other.
    """
    found = _Read()
    _take_positions(found, rows.positions)
    _take_choices(found, rows.choices)
    for kind, first, second, number, name, listed in rows.rules:
        found.rules[kind].append(_Rule(first, second, number, name, listed))
    return Loaded(_market(found, _by_person(rows.skills), lottery), found.wishes)


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
    _hosts_said_yes(found, locked)
    # Whoever sits already stays; whoever staff fix need not have what the position requires of everybody.
    locked |= {found.refs[rule.first]: found.positions[rule.second].ref for rule in found.rules["held"]}
    teams = _teams(found, locked)
    barred = {pair: lack for pair, lack in _lacks(found, skills).items() if locked.get(pair[0]) != pair[1]}
    barred |= _bars(found)
    lists: dict[str, Sequence[str]] = {**found.lists, **{member: () for team in teams for member in team.members}}
    seats = {position.ref: position.seats for position in found.positions.values()}
    return Market(
        applicants=lists,
        scores=found.scores,
        seats=seats,
        limits=_limits(found),
        reserved=_reserves(found),
        minimums={position.ref: position.minimum for position in found.positions.values() if position.minimum},
        barred=barred,
        locked=locked,
        teams=teams,
        lottery=lottery,
    )


def _hosts_said_yes(found: _Read, locked: Mapping[str, str]) -> None:
    """Nobody is put where the host has not said yes, however the two came to be fixed."""
    for person, position in locked.items():
        if (position, person) not in found.scores:
            raise BadMarket(f"locked.{person}", "locked_refused", position=position)


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
    """Two who are both still in, and neither of them fixed somewhere."""
    teams = []
    reserve = {position.ref: position.reserve for position in found.positions.values()}
    for rule in found.rules["team"]:
        pair = (found.refs.get(rule.first, ""), found.refs.get(rule.second, ""))
        if all(pair) and not locked.keys() & {*pair}:
            teams.append(Two(pair, joint_list(found.lists[pair[0]], found.lists[pair[1]], reserve)))
    return sorted(teams, key=lambda team: team.members)


def joint_list(one: Sequence[str], other: Sequence[str], reserve: Mapping[str, int]) -> list[Pair]:
    """What two people would take together: a position each, in one reserve; the dearest to both of them first."""
    ranked = [(i + j, i, (a, b)) for i, a in enumerate(one) for j, b in enumerate(other) if reserve[a] == reserve[b]]
    return [both for _, _, both in sorted(ranked)]
