"""A second pair of eyes: finds from the inputs and the places alone what is wrong, sharing no code with the match.

Everything is looked up afresh: who ranks whom, the draw of the lottery, who sits where. A pair blocks when the person
would rather be there, and no full circle around that seat is full of better people.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from math import inf

from internships.matching.terms import Block, Pair, Proof, Result, Team

Seat = tuple[str, str]  # a position, and the reserve whose seat it is or ""
# Reserved seats come first, then open ones, then reserved ones that no member took; in each the band decides, and in
# the band the draw. The smaller goes first.
Standing = tuple[int, int, bytes]


def proved(result: Result) -> Proof:
    auditor = Auditor(result)
    wishes = [*auditor.wishes(), *auditor.wishes_of_teams()]
    return Proof(
        blocking=tuple(wish for wish in wishes if not wish.by),
        excused=tuple(wish for wish in wishes if wish.by),
        violations=tuple(auditor.violations()),
    )


class Auditor:
    def __init__(self, result: Result) -> None:
        self.result, self.market = result, result.market
        market = result.market
        self.members = {(r.position, r.name): frozenset(r.members) for r in market.reserved}
        self.size = {(r.position, r.name): r.seats for r in market.reserved}
        kept = Counter(dict.fromkeys(market.seats, 0))
        for reserve in market.reserved:
            kept[reserve.position] += reserve.seats
        self.size |= {(position, ""): seats - kept[position] for position, seats in market.seats.items()}
        self.seats_at = {position: [(position, "")] for position in market.seats}
        for seat in self.members:
            self.seats_at[seat[0]].append(seat)
        self.limits_at: dict[str, list[str]] = {position: [] for position in market.seats}
        for limit in market.limits:
            for position in limit.over:
                self.limits_at[position].append(limit.name)
        self._draws: dict[str, bytes] = {}

    def seat_of(self, person: str) -> Seat | None:
        position = self.result.places[person]
        return None if position is None else (position, self.result.on_reserved_seat.get(person, ""))

    def standing(self, person: str, seat: Seat) -> Standing:
        turn = 1
        if seat[1]:
            turn = 0 if person in self.members[seat] else 2
        score = self.market.scores[seat[0], person]
        return (turn, self._bands[seat[0]][score] if self.market.limits else -score, self._draw(person))

    @cached_property
    def _bands(self) -> dict[str, dict[int, int]]:
        """What limits compare: how many scores of the position are better. Within a position the score does as well."""
        by_position: dict[str, set[int]] = {position: set() for position in self.market.seats}
        for (position, _), score in self.market.scores.items():
            by_position[position].add(score)
        return {
            position: {score: better for better, score in enumerate(sorted(found, reverse=True))}
            for position, found in by_position.items()
        }

    def _draw(self, person: str) -> bytes:
        """Where ties were not left to the lottery, nobody may be preferred within a band, and so nobody blocks."""
        if self.result.adopted:
            return b""
        if person not in self._draws:
            self._draws[person] = hashlib.sha256(f"{self.result.lottery}\n{person}".encode()).digest()
        return self._draws[person]

    @cached_property
    def holders(self) -> dict[Seat, list[str]]:
        holders: dict[Seat, list[str]] = {seat: [] for seat in self.size}
        for person in self.result.places:
            if (seat := self.seat_of(person)) is not None:
                holders.setdefault(seat, []).append(person)
        return holders

    def _last_where_full(self, seats: list[Seat], size: int) -> Standing | None:
        """The last in a circle's order, if it is full; with no seat beyond the locked ones, everybody is too late."""
        inside = [(person, seat) for seat in seats for person in self.holders.get(seat, ())]
        if len(inside) < size:
            return None
        free = [pair for pair in inside if pair[0] not in self.market.locked and self._is_ranked(*pair)]
        return max((self.standing(*pair) for pair in free), default=(-1, 0, b""))

    def _is_ranked(self, person: str, seat: Seat) -> bool:
        return (seat[0], person) in self.market.scores

    @cached_property
    def last_on_seat(self) -> dict[Seat, Standing | None]:
        return {seat: self._last_where_full([seat], size) for seat, size in self.size.items()}

    @cached_property
    def last_in_limit(self) -> dict[str, Standing | None]:
        return {
            limit.name: self._last_where_full([s for p in limit.over for s in self.seats_at[p]], limit.seats)
            for limit in self.market.limits
        }

    @cached_property
    def _floors(self) -> dict[str, int | float]:
        """The score below which somebody can be passed over at once: full, and nothing but the own order to look at."""
        floors: dict[str, int | float] = dict.fromkeys(self.market.seats, -inf)
        locked, scores = set(self.market.locked.values()), self.market.scores
        for position, seats in self.seats_at.items():
            people = [person for person in self.holders[seats[0]] if (position, person) in scores]
            if len(seats) == 1 and position not in locked and self.last_on_seat[seats[0]] is not None and people:
                floors[position] = min(scores[position, person] for person in people)
        return floors

    def wishes(self) -> Iterator[Block]:
        """Each pair in which the person would rather be there and the position's own order does not say no."""
        floors, barred = self._floors, self.market.barred
        passed_over = set(self.market.locked) | {m for team in self.market.teams for m in team.members}
        hopeful: dict[str, list[str]] = {}
        for (position, person), score in self.market.scores.items():
            if score >= floors[position]:
                hopeful.setdefault(person, []).append(position)
        for person, choices in self.market.applicants.items():
            if person in passed_over or person not in hopeful:
                continue
            place, hopes = self.result.places[person], hopeful[person]
            for position in choices:
                if position == place:
                    break
                if position in hopes and (person, position) not in barred:
                    yield from self._looked_at(person, position)

    def _looked_at(self, person: str, position: str) -> Iterator[Block]:
        if not self.market.seats[position]:
            return
        if position in self.result.closed:
            yield Block(person, position, "minimum:" + position)
        elif any(self._is_free(person, seat) for seat in self.seats_at[position]):
            yield Block(person, position)
        elif excuse := self._excuse(person, position):
            yield Block(person, position, excuse)

    def _is_free(self, person: str, seat: Seat) -> bool:
        own = self.standing(person, seat)
        return self._goes_before(own, self.last_on_seat[seat]) and self._limit_in_the_way(own, seat) is None

    def _goes_before(self, own: Standing, last: Standing | None) -> bool:
        return last is None or own < last

    def _limit_in_the_way(self, own: Standing, seat: Seat) -> str | None:
        names = self.limits_at[seat[0]]
        return next((name for name in names if not self._goes_before(own, self.last_in_limit[name])), None)

    def _excuse(self, person: str, position: str) -> str:
        open_seat = (position, "")
        own = self.standing(person, open_seat)
        if self._goes_before(own, self.last_on_seat[open_seat]):
            return f"limit:{self._limit_in_the_way(own, open_seat)}"
        for seat in self.seats_at[position]:
            for other in self.holders[seat]:
                if other in self.market.locked:
                    if not self._is_ranked(other, seat) or own < self.standing(other, open_seat):
                        return "lock:" + position
                elif seat[1] and self.standing(other, seat)[0] == 0 and own < self.standing(other, open_seat):
                    return "reserve:" + seat[1]
        return ""

    def wishes_of_teams(self) -> Iterator[Block]:
        """A joint choice that both positions would rather have than somebody whom they took."""
        for team in self.market.teams:
            now = tuple(self.result.places[member] for member in team.members)
            for choice in team.choices:
                if tuple(choice) == now:
                    break
                if self._both_would(team.members, choice):
                    yield from (Block(member, position) for member, position in zip(team.members, choice, strict=True))

    def _both_would(self, members: Pair, choice: Pair) -> bool:
        """Let the two stand up, and seat them as newcomers are seated, one after the other."""
        seated = {person: seat for person in self.result.places if (seat := self.seat_of(person)) is not None}
        for member in members:
            seated.pop(member, None)
        came_in = all(self._takes(seated, *pair) for pair in zip(members, choice, strict=True))
        return came_in and all(member in seated for member in members)

    def _takes(self, seated: dict[str, Seat], person: str, position: str) -> bool:
        if (position, person) not in self.market.scores or (person, position) in self.market.barred:
            return False
        if position in self.result.closed or not self.market.seats[position]:
            return False
        return any(self._seats(seated, person, seat) for seat in self.seats_at[position])

    def _seats(self, seated: dict[str, Seat], person: str, seat: Seat) -> bool:
        own = self.standing(person, seat)
        for circle, size in self._circles(seat):
            inside = [other for other, held in seated.items() if held in circle]
            if len(inside) < size:
                continue
            free = [other for other in inside if other not in self.market.locked]
            last = max(free, key=lambda other: self.standing(other, seated[other]), default=None)
            if last is None or not own < self.standing(last, seated[last]):
                return False
            del seated[last]
            break
        seated[person] = seat
        return True

    def _circles(self, seat: Seat) -> Iterator[tuple[set[Seat], int]]:
        yield {seat}, self.size[seat]
        for limit in sorted(self.market.limits, key=lambda limit: len(limit.over)):
            if seat[0] in limit.over:
                yield {inside for position in limit.over for inside in self.seats_at[position]}, limit.seats

    def violations(self) -> Iterator[str]:
        """What the rules forbid, a sentence each."""
        for person, place in self.result.places.items():
            if place is not None and (wrong := self._wrong_with(person, place)):
                yield wrong
        for seat, size in self.size.items():
            if (found := len(self.holders[seat])) > size:
                yield f"{seat[0]} {seat[1]}".strip() + f": {found} people on {size} seats"
        for limit in self.market.limits:
            found = sum(len(self.holders[seat]) for position in limit.over for seat in self.seats_at[position])
            if found > limit.seats:
                yield f"{limit.name}: {found} people under a limit of {limit.seats}"
        for position, minimum in self.market.minimums.items():
            found = sum(len(self.holders[seat]) for seat in self.seats_at[position])
            if found < minimum and position not in self.result.closed:
                yield f"{position}: {found} people, the minimum is {minimum}"
        for person, position in self.market.locked.items():
            if self.result.places.get(person) != position:
                yield f"{person}: locked in at {position}, but not placed there"

    def _wrong_with(self, person: str, place: str) -> str:
        if person in self.market.locked:
            return ""
        if person in self._teams:
            if not self._is_joint(person):
                return f"{person}: the team is not placed at one of its joint choices"
        elif place not in self.market.applicants[person]:
            return f"{person}: placed at {place}, which is not on the list"
        if not self._is_ranked(person, (place, "")):
            return f"{person}: placed at {place}, which did not rank them"
        if (person, place) in self.market.barred:
            return f"{person}: placed at {place}, from which they are barred"
        return f"{person}: placed at {place}, which is closed" if place in self.result.closed else ""

    @cached_property
    def _teams(self) -> dict[str, Team]:
        return {member: team for team in self.market.teams for member in team.members}

    def _is_joint(self, person: str) -> bool:
        team = self._teams[person]
        return tuple(self.result.places[member] for member in team.members) in {tuple(c) for c in team.choices}
