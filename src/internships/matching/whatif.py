"""What would be different: one change to a market, and what a result hangs on, as one document."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from internships.matching import sensitivity
from internships.matching.rules import Bar, Market
from internships.matching.sensitivity import Chances, Effect

DRAWS = 200


class Kind(StrEnum):
    FIX = "fix"
    FORBID = "forbid"
    SEATS = "seats"
    LIMIT = "limit"
    WITHDRAW = "withdraw"


class Change(NamedTuple):
    """One change to try. `number` is the new number of seats, or of people under the limit; None takes the limit away."""

    kind: Kind
    person: str = ""
    position: str = ""
    limit: str = ""
    number: int | None = None


def with_change(market: Market, change: Change) -> Market:
    """The market of a what-if.

    Raises:
        BadMarket: the change contradicts the rules.
    """
    match change.kind:
        case Kind.FIX:
            return market.but(locked={change.person: change.position})
        case Kind.FORBID:
            return market.but(barred={(change.person, change.position): Bar("what if")})
        case Kind.SEATS:
            return market.but(seats={change.position: change.number or 0})
        case Kind.LIMIT:
            return market.but(limits={change.limit: change.number})
        case Kind.WITHDRAW:
            return market.without(change.person)


def hangs_on(market: Market, watch: Callable[[int], None]) -> dict[str, Any]:
    """All that the page shows. `watch(percent)` is called all along; what it raises ends the work."""

    def part(start: int, size: int) -> Callable[[int, int], None]:
        return lambda done, of: watch(start + size * done // of)

    outcome = market.match()
    return {
        "seats": _effects(sensitivity.one_more_seat(outcome, part(0, 30))),
        "looser": _effects(sensitivity.limits_loosened(outcome, 1, part(30, 5))),
        "without": _effects(sensitivity.limits_loosened(outcome, None, part(35, 5))),
        "lots": _chances(sensitivity.lotteries(market, outcome.lottery, DRAWS, part(40, 30))),
        "noise": _chances(sensitivity.noise(market, outcome.lottery, DRAWS, part(70, 29))),
    }


def _effects(effects: Iterable[Effect]) -> list[dict[str, Any]]:
    """Those that change something, most people placed first."""
    found = [
        {"change": each.change, "placed": each.placed, "gained": each.gained, "lost": each.lost}
        for each in effects
        if each.moved
    ]
    return sorted(found, key=lambda each: (-int(each["placed"]), -int(each["gained"]), str(each["change"])))


def _chances(chances: Chances) -> dict[str, Any]:
    """Who has a place in every draw, who in none, and whom it hangs on."""
    placed = {who: sum(many for place, many in places.items() if place) for who, places in chances.items()}
    hang = sorted((who for who, many in placed.items() if 0 < many < DRAWS), key=lambda who: (-placed[who], who))
    return {
        "draws": DRAWS,
        "always": sum(many == DRAWS for many in placed.values()),
        "never": sum(not many for many in placed.values()),
        "same": len(sensitivity.certain(chances)),
        "hang": [[who, placed[who]] for who in hang],
    }
