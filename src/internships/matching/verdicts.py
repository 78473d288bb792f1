"""Why each choice was answered as it was: one verdict a choice, checkable against the published lines."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import cast

from internships.matching.ledger import AHEAD, OPEN, limits_in_order, reserves_at
from internships.matching.loop import HIGHEST, LOWEST, NOWHERE, merit_of, whose
from internships.matching.standings import Standings
from internships.matching.terms import Bar, Cutoff, Facts, Kind, Reserve, Verdict

NOTHING: Facts = {}


class Explainer:
    """Answers for one outcome. People of one band at one position get the same answer, so it is made once."""

    def __init__(self, standings: Standings) -> None:
        self.standings, self.market, self.result = standings, standings.market, standings.result
        self.ledger = standings.ledger
        self.open = {position: standings.counter_of[position, OPEN] for position in self.market.seats}
        self.limits = limits_in_order(self.market)
        self.reserves = reserves_at(self.market)
        self.joint = {
            member: [choice[side] for choice in team.choices]
            for team in self.market.teams
            for side, member in enumerate(team.members)
        }
        self._preferred = {position: Verdict(position, "preferred", NOTHING) for position in self.market.seats}
        self._placed = {p: Verdict(p, "placed", {"seats": seats}) for p, seats in self.market.seats.items()}

    def why(self, person: str) -> tuple[Verdict, ...]:
        if person in self.market.locked:
            return self._why_locked(person)
        if person in self.joint:
            return self._why_in_team(person)
        choices, place = self.market.applicants[person], self.result.places[person]
        if not choices:
            return (Verdict("", "unplaced", NOTHING),)
        refused = choices if place is None else choices[: choices.index(place)]
        answers = self._refusals(person, refused)
        if place is not None:
            answers.append(self._placed[place])
            answers.extend(map(self._preferred.__getitem__, choices[len(answers) :]))
        return tuple(answers)

    def _refusals(self, person: str, choices: Sequence[str]) -> list[Verdict]:
        counters, points = self._asked(person, choices)
        answers = [*map(dict.get, map(self._too_low.__getitem__, counters), points)]
        if all(answers):
            return cast("list[Verdict]", answers)
        return [
            answer or self._answer(person, position, counter, point)
            for position, counter, point, answer in zip(choices, counters, points, answers, strict=True)
        ]

    def _asked(self, person: str, choices: Sequence[str]) -> tuple[Sequence[int], Sequence[int | None]]:
        """For each choice the position's open counter, and the person's points there if it came into question."""
        who = self.ledger.number_of[person]
        counters, points = self.ledger.lists[who], self.ledger.points[who]
        if len(counters) == len(self.market.applicants[person]) and not self.market.reserved:
            return counters[: len(choices)], points[: len(choices)]  # all of them did
        here = dict(zip(counters, points, strict=True))
        asked = [self.open[position] for position in choices]
        return asked, [here.get(counter) for counter in asked]

    def _answer(self, person: str, position: str, counter: int, point: int | None) -> Verdict:
        if point is None:
            return self._not_asked(person, position)
        return self._explained(position, counter, merit_of(point, self.ledger.number_of[person]))

    def _why_locked(self, person: str) -> tuple[Verdict, ...]:
        place = self.market.locked[person]
        choices = self.market.applicants[person]
        here = Verdict(place, "locked", {"seats": self.market.seats[place], "own": 1})
        others = tuple(self._preferred[position] for position in choices if position != place)
        return (here, *others)

    def _why_in_team(self, person: str) -> tuple[Verdict, ...]:
        team = next(team for team in self.market.teams if person in team.members)
        both = tuple(self.result.places[member] for member in team.members)
        sides = self.joint[person]
        passed = next((n for n, pair in enumerate(team.choices) if tuple(pair) == both), len(sides))
        answers = self._refusals(person, sides[:passed])
        for index, answer in enumerate(answers):
            if answer.kind == "optimum" or answer.position == self.result.places[person]:
                answers[index] = Verdict(answer.position, "team", {"seats": self.market.seats[answer.position]})
        answers.extend(self._placed[position] for position in sides[passed : passed + 1])
        answers.extend(self._preferred[position] for position in sides[passed + 1 :])
        return tuple(answers) or (Verdict("", "unplaced", NOTHING),)

    def _not_asked(self, person: str, position: str) -> Verdict:
        """The choices that never came into question."""
        if (bar := self.market.barred.get((person, position))) is not None:
            rule, needed, held = bar if isinstance(bar, Bar) else Bar(bar)
            return Verdict(position, "not_eligible", {"rule": rule, "needed": needed, "held": held})
        if (position, person) not in self.market.scores:
            return Verdict(position, "not_ranked", NOTHING)
        if not self.market.seats[position]:
            return Verdict(position, "closed", {"seats": 0})
        return Verdict(position, "closed", {"minimum": self.market.minimums[position]})

    @cached_property
    def _too_low(self) -> list[dict[int | None, Verdict]]:
        """For each counter the answer to every band below its line, by points: one answer serves a whole band.

        Where locks or reserved seats matter too, a low band does not say it all, and there is no answer here.
        """
        found: list[dict[int | None, Verdict]] = []
        for counter, (position, _) in enumerate(self.ledger.counters):
            ordinary = position not in self.reserves and position not in self.locks
            floor = self.standings.floors[counter] if ordinary else LOWEST
            seats, cutoff = self.market.seats[position], (self.standings.lines[counter] or Cutoff(0)).band
            bands = [(self._point(score, band), band) for score, band in self.standings.bands.get(position, {}).items()]
            low = [(point, {"band": band, "seats": seats, "cutoff": cutoff}) for point, band in bands if point < floor]
            found.append({point: Verdict(position, "cut_off", facts) for point, facts in low})
        return found

    def _point(self, score: int, band: int) -> int:
        return -band if self.ledger.in_bands else score

    def _band(self, position: str, point: int) -> int:
        return -point if self.ledger.in_bands else self.standings.bands[position][point]

    def _explained(self, position: str, counter: int, merit: int) -> Verdict:
        facts: dict[str, int | str] = {"band": self._band(position, merit >> 32), "seats": self.market.seats[position]}
        refusing = self.standings.refusing(counter, merit)
        if refusing == NOWHERE:
            return self._adopted(position, counter, merit, facts)
        if refusing >= len(self.ledger.counters):
            facts["limit"] = self.limits[refusing - len(self.ledger.counters)]
            facts["seats"] = next(limit.seats for limit in self.market.limits if limit.name == facts["limit"])
            return self._by_line(position, "limit", refusing, merit, facts)
        no_open_seat = self.standings.last[counter] == HIGHEST
        held = self.locks.get(position, ())
        if (passed := self._passed_by_lock(position, merit)) or (no_open_seat and position not in self.reserves):
            return Verdict(position, "locked", facts | {"locked": passed or len(held)})
        if reserve := self._passed_by_group(position, merit, whoever=no_open_seat):
            facts |= {"reserve": reserve.name, "kept": reserve.seats}
            return self._by_line(position, "reserved", refusing, merit, facts)
        return self._by_line(position, "cut_off", refusing, merit, facts)

    def _by_line(self, position: str, kind: Kind, circle: int, merit: int, facts: dict[str, int | str]) -> Verdict:
        """The line that was not reached; where the own band was split, the own number and the line of numbers too."""
        cutoff = self.standings.lines[circle] or Cutoff(0)
        facts["cutoff"] = cutoff.band
        if facts["band"] == cutoff.band:
            kind = "tie" if kind == "cut_off" else kind
            if cutoff.line is not None:
                facts |= {"number": self.standings.number(self._person(merit)), "line": cutoff.line}
        return Verdict(position, kind, facts)

    def _adopted(self, position: str, counter: int, merit: int, facts: dict[str, int | str]) -> Verdict:
        """Staff adopted a result in which ties were not left to the lottery, or not everybody's order was followed."""
        for circle in self.ledger.circles[counter]:
            if merit >> 32 == self.standings.last[circle] >> 32:
                return Verdict(position, "tie", facts | {"cutoff": facts["band"]})
        return Verdict(position, "optimum", facts)

    def _person(self, merit: int) -> str:
        return self.ledger.people[whose(merit)]

    @cached_property
    def locks(self) -> Mapping[str, Sequence[str]]:
        locks: dict[str, list[str]] = {}
        for person, position in self.market.locked.items():
            locks.setdefault(position, []).append(person)
        return locks

    def _passed_by_lock(self, position: str, merit: int) -> int:
        """How many seats here are locked, if any of them holds somebody whom the position ranks lower or not at all."""
        own = self.market.scores[position, self._person(merit)]
        held = self.locks.get(position, ())
        lower = any(self.market.scores.get((position, person), own - 1) < own for person in held)
        return len(held) if lower else 0

    def _passed_by_group(self, position: str, merit: int, *, whoever: bool) -> Reserve | None:
        """The reserve of which a member sits here although the position's own order has this person first."""
        for reserve in self.reserves.get(position, ()):
            counter = self.standings.counter_of[position, reserve.name]
            if whoever or self.last_of_group.get(counter, HIGHEST) < merit:
                return reserve
        return None

    @cached_property
    def last_of_group(self) -> Mapping[int, int]:
        """Of the members on the seats of their reserve, the last in the position's own order."""
        last: dict[int, int] = {}
        for who, counter in enumerate(self.standings.stands):
            if counter == NOWHERE or self.ledger.counters[counter][1] == OPEN:
                continue
            merit = merit_of(self.ledger.points[who][self.ledger.lists[who].index(counter)], who)
            if merit >> 32 > 0:
                last[counter] = min(last.get(counter, HIGHEST), merit - (AHEAD << 32))
        return last
