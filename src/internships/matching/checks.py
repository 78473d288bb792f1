"""Whether a market makes sense at all: each fault is refused by name, before anything runs."""

from collections import Counter
from collections.abc import Iterable

from internships.matching.terms import BadMarket, Inputs, Limit, Reserve


def examine(market: Inputs) -> None:
    _seats(market)
    _lists(market)
    _scores(market)
    _limits(market.limits, market)
    _reserves(market)
    _minimums(market)
    _pairs(market)
    _teams(market)


MOST = 1_000_000  # seats; more than any market has, and no list grows beyond it


def whole_number(place: str, found: object, least: int = 0) -> None:
    if type(found) is not int or not least <= found <= MOST:
        raise BadMarket(place, "whole_number", least=least, most=MOST, found=str(found)[:60])


def _known_position(place: str, name: str, market: Inputs) -> None:
    if name not in market.seats:
        raise BadMarket(place, "unknown_position", name=name)


def _known_applicant(place: str, name: str, market: Inputs) -> None:
    if name not in market.applicants:
        raise BadMarket(place, "unknown_applicant", name=name)


def once(place: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise BadMarket(place, "twice", name=name)


def _seats(market: Inputs) -> None:
    for position, seats in market.seats.items():
        whole_number(f"positions.{position}.capacity", seats)


def _lists(market: Inputs) -> None:
    """The usual case is looked at in one go; only where something is wrong it is searched for."""
    lists = market.applicants.values()
    nobody_twice = market.in_step or [*map(len, map(set, lists))] == [*map(len, lists)]
    if nobody_twice and market.seats.keys() >= set().union(*lists):
        return
    for applicant, choices in market.applicants.items():
        once(f"applicants.{applicant}", choices)
        for index, position in enumerate(choices):
            _known_position(f"applicants.{applicant}.{index}", position, market)


def _scores(market: Inputs) -> None:
    if set(map(type, market.scores.values())) <= {int}:
        return
    for (position, applicant), score in market.scores.items():
        if type(score) is not int:
            raise BadMarket(f"scores.{position}.{applicant}", "score", found=str(score))


def everybody_scored_is_known(market: Inputs) -> None:
    for position, applicant in market.scores:
        if position not in market.seats:
            _known_position(f"scores.{position}.{applicant}", position, market)
        if applicant not in market.applicants:
            _known_applicant(f"scores.{position}.{applicant}", applicant, market)


def _limits(limits: Iterable[Limit], market: Inputs) -> None:
    once("limits", [limit.name for limit in limits])
    for limit in limits:
        whole_number(f"limits.{limit.name}.seats", limit.seats)
        once(f"limits.{limit.name}.over", limit.over)
        for position in limit.over:
            _known_position(f"limits.{limit.name}.over", position, market)
    _nest(limits)


def _nest(limits: Iterable[Limit]) -> None:
    """Seen from the largest on, all positions of a limit lie directly in one and the same limit, or all of them in none."""
    named = {limit.name: limit for limit in limits}
    around: dict[str, str] = {}
    for limit in sorted(named.values(), key=lambda limit: -len(limit.over)):
        inside = set(limit.over)
        outer = {around.get(position) for position in inside}
        for name in outer if len(outer) > 1 else ():
            if name is not None and not inside <= (other := set(named[name].over)):
                first, second = (each for each in named if each in {name, limit.name})
                raise BadMarket("limits", "crossing", first=first, second=second, shared=min(inside & other))
        around |= dict.fromkeys(inside, limit.name)


def _reserves(market: Inputs) -> None:
    taken: Counter[str] = Counter()
    once("reserved", [f"{reserve.position}: {reserve.name}" for reserve in market.reserved])
    for reserve in market.reserved:
        place = f"reserved.{reserve.position}.{reserve.name}"
        _reserve(place, reserve, market)
        taken[reserve.position] += reserve.seats
        if taken[reserve.position] > (seats := market.seats[reserve.position]):
            raise BadMarket(place, "too_many_reserved", reserved=taken[reserve.position], seats=seats)


def _reserve(place: str, reserve: Reserve, market: Inputs) -> None:
    if not reserve.name:
        raise BadMarket(place, "empty_id")
    _known_position(place, reserve.position, market)
    whole_number(f"{place}.seats", reserve.seats, least=1)
    if reserve.order not in ("reserved-first", "open-first"):
        raise BadMarket(f"{place}.order", "order", found=str(reserve.order))
    for member in reserve.members:
        _known_applicant(f"{place}.members", member, market)


def _minimums(market: Inputs) -> None:
    for position, minimum in market.minimums.items():
        place = f"minimums.{position}"
        _known_position(place, position, market)
        whole_number(place, minimum)
        if minimum > (seats := market.seats[position]):
            raise BadMarket(place, "minimum", minimum=minimum, seats=seats)


def _pairs(market: Inputs) -> None:
    for applicant, position in market.barred:
        _known_applicant("barred", applicant, market)
        _known_position("barred", position, market)
    for applicant, position in market.locked.items():
        _known_applicant("locked", applicant, market)
        _known_position(f"locked.{applicant}", position, market)
        if (applicant, position) in market.barred:
            raise BadMarket(f"locked.{applicant}", "locked_barred", position=position)
    held = Counter(market.locked.values())
    for position, locked in held.items():
        if locked > market.seats[position]:
            raise BadMarket(f"locked.{position}", "too_many_locked", locked=locked, seats=market.seats[position])
    for limit in market.limits:
        if (locked := sum(held[position] for position in limit.over)) > limit.seats:
            raise BadMarket(f"limits.{limit.name}", "too_many_locked", locked=locked, seats=limit.seats)


def _teams(market: Inputs) -> None:
    once("teams", [member for team in market.teams for member in dict.fromkeys(team.members)])
    for index, team in enumerate(market.teams):
        if len(set(team.members)) != 2:
            raise BadMarket(f"teams.{index}", "team_of_two")
        for member in team.members:
            _known_applicant(f"teams.{index}.members", member, market)
            if market.applicants[member]:
                raise BadMarket(f"applicants.{member}", "team_alone")
            if member in market.locked:
                raise BadMarket(f"locked.{member}", "team_locked")
        for choice, pair in enumerate(team.choices):
            for position in pair:
                _known_position(f"teams.{index}.choices.{choice}", position, market)
