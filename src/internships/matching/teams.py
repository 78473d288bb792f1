"""Teams of two: each stands for one joint choice at a time, until all stand, or it is plain that we cannot make them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from internships.matching.ledger import OPEN, Ledger, locked_seats, opened
from internships.matching.loop import NOWHERE
from internships.matching.terms import Inputs

REPAIRS = 50  # tries for each joint choice before we say that no arrangement was found


class Found(NamedTuple):
    places: Mapping[str, str | None]
    on_reserved_seat: Mapping[str, str]
    teams_settled: bool
    ledger: Ledger


def matched(market: Inputs, text: str, closed: Collection[str]) -> Found:
    if not market.teams:
        return _placed(market, opened(market, text, closed), settled=True)
    now = tuple(0 for _ in market.teams)
    seen: set[tuple[int, ...]] = set()
    tries = REPAIRS * sum(len(team.choices) + 1 for team in market.teams)
    while True:
        now, found, left = _all_standing(market, text, closed, now)
        tries -= left
        if now in seen or tries < 0:
            return found._replace(teams_settled=False)
        seen.add(now)
        if (better := _somebody_could_return(market, text, closed, now)) is None:
            return found
        now = better


def _all_standing(
    market: Inputs, text: str, closed: Collection[str], now: tuple[int, ...]
) -> tuple[tuple[int, ...], Found, int]:
    """Whoever fails at a joint choice goes on to the next of the list, one team after the other."""
    runs = 1
    found = _at(market, text, closed, now)
    while (failing := _failing(market, found, now)) is not None:
        now = (*now[:failing], now[failing] + 1, *now[failing + 1 :])
        found = _at(market, text, closed, now)
        runs += 1
    return now, found, runs


def _somebody_could_return(
    market: Inputs, text: str, closed: Collection[str], now: tuple[int, ...]
) -> tuple[int, ...] | None:
    """A team may have passed over a choice that has become free since."""
    for index, team_at in enumerate(now):
        for earlier in range(team_at):
            back = (*now[:index], earlier, *now[index + 1 :])
            found = _at(market, text, closed, back)
            if _stands(market, found, index, earlier):
                return back
    return None


def _failing(market: Inputs, found: Found, now: Sequence[int]) -> int | None:
    return next((team for team, choice in enumerate(now) if not _stands(market, found, team, choice)), None)


def _stands(market: Inputs, found: Found, team: int, choice: int) -> bool:
    """Both have what the team stands for; at the end of its list it stands for nothing, which it always has."""
    members, choices = market.teams[team].members, market.teams[team].choices
    wanted = choices[choice] if choice < len(choices) else (None, None)
    return (found.places[members[0]], found.places[members[1]]) == tuple(wanted)


def _at(market: Inputs, text: str, closed: Collection[str], now: Sequence[int]) -> Found:
    lists: dict[str, Sequence[str]] = {}
    for team, choice in zip(market.teams, now, strict=True):
        for side, member in enumerate(team.members):
            lists[member] = [team.choices[choice][side]] if choice < len(team.choices) else []
    return _placed(market, opened(market, text, closed, lists), settled=True)


def _placed(market: Inputs, ledger: Ledger, *, settled: bool) -> Found:
    stands = ledger.settled()
    counters = ledger.counters
    places: dict[str, str | None] = dict.fromkeys(market.applicants)
    places.update(market.locked)
    reserved = {person: name for person, name in locked_seats(market).items() if name != OPEN}
    for person, counter in zip(ledger.people, stands, strict=True):
        if counter != NOWHERE:
            places[person], name = counters[counter]
            if name != OPEN:
                reserved[person] = name
    return Found(places, reserved, settled, ledger)
