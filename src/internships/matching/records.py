"""A market and its outcome as documents: complete, in one fixed order, so that a run can be repeated and compared."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from internships.matching.terms import Bar, Inputs, Move, Result

RULES = 1  # raised when the same inputs may give other places than before


def wishes(market: Inputs, places: Mapping[str, str | None], person: str) -> Sequence[str]:
    """The positions as this person would have them; in a team, those that go with the partner's place come first."""
    for team in market.teams:
        if person in team.members:
            side = team.members.index(person)
            return list(dict.fromkeys(choice[side] for choice in team.choices))
    return market.applicants[person]


def moves(before: Result, after: Result) -> Iterator[Move]:
    for person in sorted(before.places.keys() | after.places.keys()):
        old, new = before.places.get(person), after.places.get(person)
        if old != new:
            yield Move(person, old, new, _gained(before if person in before.places else after, person, old, new))


def _gained(result: Result, person: str, old: str | None, new: str | None) -> bool | None:
    order: list[str | None] = [*wishes(result.market, result.places, person), None]
    if old not in order or new not in order:
        return None
    return order.index(new) < order.index(old)


def tiers_of(market: Inputs) -> dict[str, list[list[str]]]:
    """Each position's ranking, best first; a tier holds those with the same score."""
    scored: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (position, person), score in market.scores.items():
        scored[position][score].append(person)
    return {p: [sorted(scored[p][score]) for score in sorted(scored[p], reverse=True)] for p in market.seats}


def market_as_document(market: Inputs, lottery: str | None = None) -> dict[str, Any]:
    """All that a run needs, in the form that `read_market` reads."""
    tiers = tiers_of(market)
    return {
        "applicants": {person: list(choices) for person, choices in market.applicants.items()},
        "positions": {p: {"capacity": seats, "ranking": tiers[p]} for p, seats in market.seats.items()},
        "limits": [
            {"name": limit.name, "seats": limit.seats, "over": sorted(limit.over)}
            for limit in sorted(market.limits, key=lambda limit: limit.name)
        ],
        "minimums": dict(market.minimums),
        "reserved": [
            {"position": r.position, "seats": r.seats, "name": r.name, "members": sorted(r.members), "order": r.order}
            for r in market.reserved
        ],
        "barred": [[*pair, _reason(why)] for pair, why in sorted(market.barred.items(), key=lambda bar: bar[0])],
        "locked": dict(market.locked),
        "teams": [{"members": list(t.members), "choices": [list(pair) for pair in t.choices]} for t in market.teams],
        "lottery": market.lottery if lottery is None else lottery,
    }


def _reason(why: Bar | str) -> str | dict[str, str]:
    return why._asdict() if isinstance(why, Bar) else why


def canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def fingerprint(result: Result) -> str:
    return digest(
        {
            "rules": RULES,
            "inputs": market_as_document(result.market, result.lottery),
            "places": dict(result.places),
            "reserved": dict(result.on_reserved_seat),
            "closed": list(result.closed),
            "adopted": result.adopted,
        }
    )
