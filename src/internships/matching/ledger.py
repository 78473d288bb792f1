"""A market as whole numbers, ready for the loop: counters, the circles around them, and everybody's merit at each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import cast

from internships.matching import checks, loop, lottery
from internships.matching.terms import Inputs, Pair, Reserve

AHEAD = 2**24  # more than a position has bands: in a limit reserved seats go first, those open to all again go last
OPEN = ""

Doors = Sequence[tuple[int, Reserve | None]]  # where one asks for a position that has reserved seats


@dataclass(frozen=True)
class Ledger:
    """`lists[who]` are counters in order, `points[who]` stands beside it; people are in the lottery's order."""

    people: Sequence[str]
    lists: Sequence[Sequence[int]]
    points: Sequence[Sequence[int]]
    counters: Sequence[tuple[str, str]]  # the position, and the name of the reserve whose seats these are, or OPEN
    circles: Sequence[Sequence[int]]  # around each counter, the smallest first
    room: Sequence[int]  # the seats of each circle: first of the counters, then of the limits
    in_bands: bool  # the points are bands below zero; else they are the scores themselves

    @cached_property
    def number_of(self) -> dict[str, int]:
        return {person: who for who, person in enumerate(self.people)}

    def settled(self) -> list[int]:
        if len(self.room) == len(self.counters):
            return loop.settle(self.lists, self.points, self.room)
        return loop.settle_within(self.lists, self.points, self.circles, self.room)


def bands_of(scores: Mapping[Pair, int]) -> dict[str, dict[int, int]]:
    """For each position its scores as bands: 1 for the best, equal scores share one."""
    scored: defaultdict[str, set[int]] = defaultdict(set)
    for (position, _), score in scores.items():
        scored[position].add(score)
    return {
        position: {score: band for band, score in enumerate(sorted(found, reverse=True), 1)}
        for position, found in scored.items()
    }


def opened(
    market: Inputs, text: str, closed: Collection[str] = (), instead: Mapping[str, Sequence[str]] | None = None
) -> Ledger:
    """The ledger of a run; `instead` replaces the lists of some, which is how teams try one joint choice after another."""
    people = lottery.in_order(text, market.applicants.keys() - market.locked.keys())
    counters, room = _counters(market)
    plain, reserved = _doors(market, counters, closed)
    points = _points(market)
    wishes = {**market.applicants, **instead} if instead else market.applicants
    everything = [*chain.from_iterable(wishes.values())]
    asked = [*map(plain.get, everything)]
    found: list[int | None] = [*points.values()]
    missing = 0
    if instead or market.barred or not market.in_step:
        whose = chain.from_iterable(map(repeat, wishes, map(len, wishes.values())))
        found = [*map(points.get, zip(everything, whose, strict=True))]
        missing = found.count(None)
    if len(found) - missing < len(market.scores):
        checks.everybody_scored_is_known(market)  # needed only when somebody is scored who did not ask
    complete = not missing and len(plain) == len(market.seats)
    ends = [*accumulate(map(len, wishes.values()))]
    own = dict(zip(wishes, map(slice, [0, *ends], ends), strict=False))
    cuts = [*map(own.__getitem__, people)]
    lists, scored = [*map(asked.__getitem__, cuts)], [*map(found.__getitem__, cuts)]
    if not complete:
        for who, (here, worth) in enumerate(zip(lists, scored, strict=True)):
            if None in here or None in worth:
                pairs = [*_asked(people[who], wishes[people[who]], points, plain, reserved)]
                lists[who], scored[who] = [counter for counter, _ in pairs], [point for _, point in pairs]
    circles = _circles(market, counters, room)
    rows = cast("list[list[int]]", lists), cast("list[list[int]]", scored)
    return Ledger(people, *rows, counters, circles, room, _compares_positions(market))


def _compares_positions(market: Inputs) -> bool:
    return bool(market.limits or market.reserved)


def _asked(
    person: str,
    choices: Sequence[str],
    points: Mapping[Pair, int],
    plain: Mapping[str, int],
    reserved: Mapping[str, Doors],
) -> Iterator[tuple[int, int]]:
    """Counters and points of somebody of whose choices not all are one open counter that ranks them."""
    for position in choices:
        if (point := points.get((position, person))) is None:
            continue
        if position in plain:
            yield plain[position], point
        for counter, lead in _in_turn(reserved.get(position, ()), person):
            yield counter, point + lead


def _points(market: Inputs) -> Mapping[Pair, int]:
    """What counts at a position, more is better. Where positions are compared with each other, it is the band."""
    points = market.scores
    if _compares_positions(market):
        bands = bands_of(points)
        points = {(position, person): -bands[position][score] for (position, person), score in points.items()}
    if market.barred:
        points = dict(points)
        for person, position in market.barred:
            points.pop((position, person), None)
    return points


def reserves_at(market: Inputs) -> dict[str, list[Reserve]]:
    reserves: defaultdict[str, list[Reserve]] = defaultdict(list)
    for reserve in market.reserved:
        reserves[reserve.position].append(reserve)
    return reserves


def locked_seats(market: Inputs) -> dict[str, str]:
    """Which reserved seat each locked person sits on, if any: one of the own group, else an open one, else any."""
    reserves = reserves_at(market)
    free = {(r.position, r.name): r.seats for r in market.reserved}
    free |= {(p, OPEN): seats - sum(r.seats for r in reserves.get(p, ())) for p, seats in market.seats.items()}
    taken = {}
    for person, position in sorted(market.locked.items()):
        own = [r.name for r in reserves.get(position, ()) if person in r.members]
        for name in [*own, OPEN, *(r.name for r in reserves.get(position, ()))]:
            if free[position, name]:
                free[position, name] -= 1
                taken[person] = name
                break
    return taken


def _counters(market: Inputs) -> tuple[list[tuple[str, str]], list[int]]:
    reserves = reserves_at(market)
    on = locked_seats(market)
    held = Counter((position, on[person]) for person, position in market.locked.items())
    counters: list[tuple[str, str]] = []
    room: list[int] = []
    for position, seats in market.seats.items():
        kept = [(reserve.name, reserve.seats) for reserve in reserves.get(position, ())]
        for name, size in [(OPEN, seats - sum(size for _, size in kept)), *kept]:
            counters.append((position, name))
            room.append(size - held[position, name])
    return counters, room


def _circles(market: Inputs, counters: Sequence[tuple[str, str]], room: list[int]) -> list[list[int]]:
    """The circles around each counter; the limits' rooms are added to the counters' own."""
    circles = [[counter] for counter in range(len(counters))]
    held = Counter(market.locked.values())
    for limit in sorted(market.limits, key=lambda limit: (len(limit.over), limit.seats)):
        for counter, (position, _) in enumerate(counters):
            if position in limit.over:
                circles[counter].append(len(room))
        room.append(limit.seats - sum(held[position] for position in limit.over))
    return circles


def limits_in_order(market: Inputs) -> list[str]:
    """The names of the limits as the circles after the counters have them."""
    return [limit.name for limit in sorted(market.limits, key=lambda limit: (len(limit.over), limit.seats))]


def _doors(
    market: Inputs, counters: Sequence[tuple[str, str]], closed: Collection[str]
) -> tuple[dict[str, int], dict[str, Doors]]:
    """Where one asks for a position: at its only counter, or at several in turn when it has reserved seats."""
    number = {counter: index for index, counter in enumerate(counters)}
    reserves = reserves_at(market)
    shut = {*closed, *(position for position, seats in market.seats.items() if not seats)}
    plain = {p: number[p, OPEN] for p in market.seats if p not in shut and p not in reserves}
    several: dict[str, Doors] = {}
    for position in reserves.keys() - shut:
        first = [(number[position, r.name], r) for r in reserves[position] if r.order == "reserved-first"]
        after = [(number[position, r.name], r) for r in reserves[position] if r.order == "open-first"]
        several[position] = [*first, (number[position, OPEN], None), *after]
    return plain, several


def _in_turn(doors: Doors, person: str) -> Iterator[tuple[int, int]]:
    """The counters of one position as this person asks at them, and how far ahead that puts the person there."""
    for counter, reserve in doors:
        if reserve is None:
            yield counter, 0
        elif person in reserve.members:
            yield counter, AHEAD
    for counter, reserve in doors:
        if reserve is not None and person not in reserve.members:
            yield counter, -AHEAD
