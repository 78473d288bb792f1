"""A finished match seen from its circles: what it took to get in, and who was the last and the first out."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import ge

from internships.matching import lottery
from internships.matching.ledger import OPEN, Ledger, bands_of, opened
from internships.matching.loop import HIGHEST, LOWEST, NOWHERE, merit_of, whose
from internships.matching.terms import Cutoff, Result


class Standings:
    def __init__(self, result: Result, ledger: Ledger | None = None) -> None:
        self.result, self.market = result, result.market
        if ledger is None or self.market.teams:
            ledger = opened(self.market, result.lottery, result.closed, self._all_sides())
        self.ledger = ledger
        self.counter_of = {counter: index for index, counter in enumerate(ledger.counters)}
        self._look()

    def _all_sides(self) -> dict[str, list[str]]:
        """For members of teams, everywhere they might have gone."""
        return {
            member: list(dict.fromkeys(choice[side] for choice in team.choices))
            for team in self.market.teams
            for side, member in enumerate(team.members)
        }

    def _look(self) -> None:
        """`last` is the merit to beat in each circle: LOWEST where there is room, HIGHEST where there are no seats."""
        ledger, places, reserved = self.ledger, self.result.places, self.result.on_reserved_seat
        self.stands: list[int] = []
        last = [HIGHEST] * len(ledger.room)
        inside = [0] * len(ledger.room)
        for who, person in enumerate(ledger.people):
            if (position := places[person]) is None:
                self.stands.append(NOWHERE)
                continue
            counter = self.counter_of[position, reserved.get(person, OPEN)]
            self.stands.append(counter)
            merit = merit_of(ledger.points[who][ledger.lists[who].index(counter)], who)
            for circle in ledger.circles[counter]:
                inside[circle] += 1
                if merit < last[circle]:
                    last[circle] = merit
        self.last = [last[c] if inside[c] == room else LOWEST for c, room in enumerate(ledger.room)]
        self.floors = [merit >> 32 for merit in self.last]

    @cached_property
    def bands(self) -> Mapping[str, Mapping[int, int]]:
        return bands_of(self.market.scores)

    def band(self, person: str, position: str) -> int | None:
        if (score := self.market.scores.get((position, person))) is None:
            return None
        return self.bands[position][score]

    def number(self, person: str) -> int:
        return lottery.number(self.result.lottery, person)

    def refusing(self, counter: int, merit: int) -> int:
        """The smallest circle in which all seats are taken by better ones."""
        last = self.last
        for circle in self.ledger.circles[counter]:
            if merit < last[circle]:
                return circle
        return NOWHERE

    @cached_property
    def first_out(self) -> Sequence[int]:
        """The best merit refused on the points of the last one in: with `last` it says where a band was split."""
        first_out = [LOWEST] * len(self.ledger.room)
        floor_at = self.floors.__getitem__
        for who, (counters, points) in enumerate(zip(self.ledger.lists, self.ledger.points, strict=True)):
            stands = self.stands[who]
            passed = counters if stands == NOWHERE else counters[: counters.index(stands)]
            near = map(ge, points, map(floor_at, passed))  # who is farther from the line splits no band
            for counter, point in compress(zip(passed, points, strict=False), near):
                merit = merit_of(point, who)
                circle = self.refusing(counter, merit)
                if circle != NOWHERE and merit > first_out[circle]:
                    first_out[circle] = merit
        return first_out

    @cached_property
    def lines(self) -> Sequence[Cutoff | None]:
        return [self._line(circle) for circle in range(len(self.last))]

    def _line(self, circle: int) -> Cutoff | None:
        """The line of a circle, or None where there was room for more. Band 0: no seat went in the open order."""
        last = self.last[circle]
        if last in (LOWEST, HIGHEST):
            return None if last == LOWEST else Cutoff(0)
        by_group = bool(self.market.reserved) and last >> 32 > 0
        if self._is_reserved(circle) != by_group:
            return Cutoff(0) if by_group else None
        person = self.ledger.people[whose(last)]
        band = self.band(person, self.result.places[person] or "") or 0
        out = self.first_out[circle]
        if out >> 32 != last >> 32 or self.result.adopted:
            return Cutoff(band)
        return Cutoff(band, lottery.line_between(self.number(person), self.number(self.ledger.people[whose(out)])))

    def _is_reserved(self, circle: int) -> bool:
        return circle < len(self.ledger.counters) and self.ledger.counters[circle][1] != OPEN
