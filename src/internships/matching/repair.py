"""What follows when a host drops out: the least disturbance, and, to compare, everybody matched anew.

The least disturbance takes nobody's seat: whoever has one elsewhere is fixed there, and those who lose theirs ask for the
free seats at their other choices, beside whoever waits for these. Scores, lots, limits and reserved seats decide as ever.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from internships.matching.drawing import Loaded, Rows, Wish, drawn

Numbers = tuple[int, int]
"""An application and a position, by their numbers inside."""


@dataclass(frozen=True)
class Standing:
    """Who stands where at this moment, by numbers inside."""

    leaving: int
    held: Mapping[int, int]
    """Each application with a seat, and its position."""
    waiting: Collection[Numbers]
    said_no: Collection[Numbers]
    """Offers that were declined, taken back or not answered are not made again."""

    def wants(self, application: int, position: int) -> bool:
        """Whether this pair may come together now: who has no seat is asked only where they wait."""
        pair = application, position
        if position == self.leaving or pair in self.said_no:
            return False
        return application in self.held or pair in self.waiting


class Counts(NamedTuple):
    """How much a way to go on disturbs."""

    keep: int
    """Who has a seat elsewhere and keeps it."""
    moved: int
    """Who has a seat elsewhere and would lose it, or get another one."""
    elsewhere: int
    """Who loses the seat at the leaving position and gets another one."""
    without: int
    """Who loses it and gets none."""
    new: int
    """Who has no seat now and gets one."""


class Repair(NamedTuple):
    """New offers as (application, position) → choice, and how they compare with a new match of everybody."""

    offers: Mapping[tuple[str, str], Wish]
    least: Counts
    anew: Counts


def repaired(rows: Rows, standing: Standing, lottery: str) -> Repair:
    """Both ways to go on, from the rows of a call that were read with every seat given back.

    Raises:
        BadMarket: the rules of the call contradict each other.
    """
    asked = _asked(rows, standing)
    stays = {person: at for person, at in standing.held.items() if at != standing.leaving}
    least, anew = drawn(_fixed(asked, stays), lottery), drawn(_fixed(asked, {}), lottery)
    places = _places(least)
    offers = {
        (who, at): least.wishes[who, at]
        for who, at in places.items()
        if at is not None and (who, at) in least.wishes and least.wishes[who, at].application_id not in stays
    }
    held = _by_reference(rows, standing)
    return Repair(offers, _counts(held, places), _counts(held, _places(anew)))


def _places(loaded: Loaded) -> Mapping[str, str | None]:
    return loaded.market.match().places


def _asked(rows: Rows, standing: Standing) -> Rows:
    """The rows without choices that nobody would take up, and without seats of people who are not in the match."""
    choices = [row for row in rows.choices if row[4] is not None and standing.wants(row[0], row[5])]
    inside = {row[0] for row in choices}
    outside = Counter(at for who, at in standing.held.items() if who not in inside and at != standing.leaving)
    positions = [(*row[:3], outside[row[0]], *row[4:]) for row in rows.positions]
    return rows._replace(choices=choices, positions=positions)


def _fixed(rows: Rows, stays: Mapping[int, int]) -> Rows:
    """The rows with these people fixed where they are. What staff fixed before the run has had its effect."""
    number_of = {row[1]: row[0] for row in rows.positions}
    held = Counter(stays.values())

    def widened(rule: Any) -> Any:
        # A limit that was lowered below what is held by now gives nobody a seat, but it takes none away either.
        inside = sum(held[number_of[ref]] for ref in rule[5] if ref in number_of)
        return (*rule[:3], max(rule[3], inside), *rule[4:])

    rules = [widened(rule) if rule[0] == "limit" else rule for rule in rows.rules if rule[0] != "lock"]
    # Who sits somewhere that was ruled out since is not asked to stand up.
    rules = [rule for rule in rules if rule[0] != "bar" or stays.get(rule[1]) != rule[2]]
    inside = {row[0] for row in rows.choices}
    locks = [("held", who, at, None, "", None) for who, at in stays.items() if who in inside]
    return rows._replace(rules=[*rules, *locks])


def _by_reference(rows: Rows, standing: Standing) -> Mapping[str, tuple[str, bool]]:
    """Who has a seat, with the position and whether it is the one that drops out. Who is not in the match has no name here."""
    people = {row[0]: row[1] for row in rows.choices}
    positions = {row[0]: row[1] for row in rows.positions}
    return {people.get(who, f"#{who}"): (positions[at], at == standing.leaving) for who, at in standing.held.items()}


def _counts(held: Mapping[str, tuple[str, bool]], places: Mapping[str, str | None]) -> Counts:
    lose = [who for who, (_at, leaving) in held.items() if leaving]
    others = [who for who, (_at, leaving) in held.items() if not leaving]
    moved = sum(who in places and places[who] != held[who][0] for who in others)
    elsewhere = sum(places.get(who) is not None for who in lose)
    return Counts(
        keep=len(others) - moved,
        moved=moved,
        elsewhere=elsewhere,
        without=len(lose) - elsewhere,
        new=sum(at is not None and who not in held for who, at in places.items()),
    )
