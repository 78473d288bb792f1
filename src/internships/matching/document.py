"""A market as JSON: read with every fault named by its place, and the outcome written back.

market = read_market(text)         # str or bytes of at most 10 MB; a BadMarket says what is wrong, and where
outcome = market.match()           # with the lottery text of the document
outcome_as_json(outcome)           # matching, cut-offs, verdicts with a sentence each, proof, profile, fingerprint
market_as_json(market, lottery)    # complete inputs, from which another machine reaches the same fingerprint
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from internships.matching import checks, records
from internships.matching.rules import Market, Outcome
from internships.matching.sentences import because
from internships.matching.terms import BadMarket, Bar, Limit, Pair, Reserve, Team

SIZE_LIMIT = 10 * 1024 * 1024
LIMITS = 1_000
KEYS = ("applicants", "positions", "limits", "minimums", "reserved", "barred", "locked", "teams", "lottery")
NAMES = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


def read_market(text: str | bytes) -> Market:
    document = parsed(text)
    for key in ("applicants", "positions"):
        if key not in document:
            raise BadMarket(key, "missing", expected="an object")
    _only(document, "", KEYS)
    positions = _object(document["positions"], "positions")
    seats = {position: _capacity(entry, f"positions.{position}") for position, entry in positions.items()}
    return Market(
        applicants=_lists(document["applicants"]),
        scores=_scores(positions, document["applicants"]),
        seats=seats,
        limits=_limits(document.get("limits", []), seats),
        reserved=[_reserve(entry, place) for place, entry in _entries(document, "reserved")],
        minimums=_object(document.get("minimums", {}), "minimums"),
        barred=dict(_bar(entry, place) for place, entry in _entries(document, "barred")),
        locked={who: _name(at, f"locked.{who}") for who, at in _object(document.get("locked", {}), "locked").items()},
        teams=[_team(entry, place) for place, entry in _entries(document, "teams")],
        lottery=_text(document.get("lottery", ""), "lottery"),
    )


def parsed(text: str | bytes) -> dict[str, Any]:
    """The JSON object in a text that may be too long, broken, or nested without end."""
    if (size := len(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))) > SIZE_LIMIT:
        raise BadMarket("", "size", found=size)
    try:
        return _object(json.loads(text, object_pairs_hook=_without_repeats), "the document")
    except RecursionError:
        raise BadMarket("", "json", reason="it is nested too deeply") from None
    except BadMarket:
        raise
    except ValueError as error:
        raise BadMarket("", "json", reason=str(error)) from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise BadMarket("", "twice", name=next(name for name, many in times.items() if many > 1))
    return found


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _typed(value: object, kind: type, place: str) -> Any:
    if type(value) is not kind:
        raise BadMarket(place, "type", expected=NAMES[kind], found=f'"{_shown(value)}"')
    return value


def _object(value: object, place: str) -> dict[str, Any]:
    found: dict[str, Any] = _typed(value, dict, place)
    return found


def _list(value: object, place: str) -> list[Any]:
    found: list[Any] = _typed(value, list, place)
    return found


def _text(value: object, place: str) -> str:
    text: str = _typed(value, str, place)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadMarket(place, "characters")
    return text


def _name(value: object, place: str) -> str:
    if not (text := _text(value, place)):
        raise BadMarket(place, "empty_id")
    return text


def _names(value: object, place: str) -> list[str]:
    return [_name(entry, f"{place}.{index}") for index, entry in enumerate(_list(value, place))]


def _number(value: object, place: str, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= checks.MOST:
        raise BadMarket(place, "whole_number", least=least, most=checks.MOST, found=_shown(value))
    return value


def _only(entry: Mapping[str, Any], place: str, known: Sequence[str]) -> None:
    for key in entry:
        if key not in known:
            raise BadMarket(f"{place}.{key}".strip("."), "unknown_key", known=", ".join(known))


def _entries(document: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    for index, entry in enumerate(_list(document.get(key, []), key)):
        yield f"{key}.{index}", entry


def _fields(entry: object, place: str, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    found = _object(entry, place)
    _only(found, place, (*needed, *optional))
    for key in needed:
        if key not in found:
            raise BadMarket(f"{place}.{key}", "missing", expected=f'"{key}"')
    return found


def _lists(value: object) -> dict[str, list[str]]:
    return {
        _name(applicant, "applicants"): _names(choices, f"applicants.{applicant}")
        for applicant, choices in _object(value, "applicants").items()
    }


def _capacity(entry: object, place: str) -> int:
    return _number(_fields(entry, place, ("capacity", "ranking"))["capacity"], f"{place}.capacity")


def _scores(positions: Mapping[str, Any], applicants: Mapping[str, Any]) -> dict[Pair, int]:
    """Tiers as scores: the first tier has the highest."""
    scores: dict[Pair, int] = {}
    for position, entry in positions.items():
        _name(position, "positions")
        for tier, place, people in _tiers(entry["ranking"], f"positions.{position}.ranking"):
            for person in people:
                if person not in applicants:
                    raise BadMarket(place, "unknown_applicant", name=person)
                if (position, person) in scores:
                    raise BadMarket(place, "twice", name=person)
                scores[position, person] = -tier
    return scores


def _tiers(value: object, place: str) -> Iterator[tuple[int, str, list[str]]]:
    for tier, people in enumerate(_list(value, place)):
        here = f"{place}.{tier}"
        if not (names := _names(people, here)):
            raise BadMarket(here, "empty_tier")
        yield tier, here, names


def _limits(value: object, seats: Mapping[str, int]) -> list[Limit]:
    """A limit is over positions, and over what other limits are over when it names them."""
    if (many := len(_list(value, "limits"))) > LIMITS:
        raise BadMarket("limits", "too_many_limits", most=LIMITS, found=many)
    named: dict[str, tuple[int, list[str]]] = {}
    for index, entry in enumerate(_list(value, "limits")):
        place = f"limits.{index}"
        found = _fields(entry, place, ("name", "seats", "over"))
        if (name := _name(found["name"], f"{place}.name")) in named or name in seats:
            raise BadMarket(f"{place}.name", "twice", name=name)
        named[name] = _number(found["seats"], f"{place}.seats"), _names(found["over"], f"{place}.over")
    under = _positions_under({name: over for name, (_, over) in named.items()}, seats)
    return [Limit(name, size, under[name]) for name, (size, _) in named.items()]


def _positions_under(named: Mapping[str, Sequence[str]], seats: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """For each limit all positions that it is over, the inner limits first."""
    for limit, over in named.items():
        checks.once(f"limits.{limit}.over", over)
        for inner in over:
            if inner not in named and inner not in seats:
                raise BadMarket(f"limits.{limit}.over", "unknown_limit", name=inner)
    found: dict[str, frozenset[str]] = {}
    try:
        for limit in TopologicalSorter(named).static_order():
            if limit in named:
                inside = [found[inner] if inner in named else {inner} for inner in named[limit]]
                found[limit] = frozenset().union(*inside)
    except CycleError as circling:
        circle = circling.args[1][:0:-1]
        first = circle.index(next(limit for limit in named if limit in circle))
        circle = [*circle[first:], *circle[:first]]
        raise BadMarket(f"limits.{circle[0]}.over", "cycle", circle=" → ".join([*circle, circle[0]])) from None
    return found


def _reserve(entry: object, place: str) -> Reserve:
    found = _fields(entry, place, ("position", "seats", "name", "members"), ("order",))
    return Reserve(
        _name(found["position"], f"{place}.position"),
        _number(found["seats"], f"{place}.seats", least=1),
        _name(found["name"], f"{place}.name"),
        frozenset(_names(found["members"], f"{place}.members")),
        _text(found.get("order", "reserved-first"), f"{place}.order"),  # type: ignore[arg-type]  # examined by Market
    )


def _bar(entry: object, place: str) -> tuple[Pair, Bar | str]:
    found = _list(entry, place)
    if len(found) != 3:
        raise BadMarket(place, "type", expected="applicant, position and reason", found=f"{len(found)} entries")
    person, position, why = found
    pair = _name(person, f"{place}.0"), _name(position, f"{place}.1")
    if not isinstance(why, dict):
        return pair, _text(why, f"{place}.2")
    _fields(why, f"{place}.2", ("rule",), ("needed", "held"))
    return pair, Bar(**{key: _text(value, f"{place}.2.{key}") for key, value in why.items()})


def _team(entry: object, place: str) -> Team:
    found = _fields(entry, place, ("members", "choices"))
    choices = _list(found["choices"], f"{place}.choices")
    return Team(
        _two(found["members"], f"{place}.members"),
        [_two(pair, f"{place}.choices.{index}") for index, pair in enumerate(choices)],
    )


def _two(value: object, place: str) -> Pair:
    names = _names(value, place)
    if len(names) != 2:
        raise BadMarket(place, "type", expected="two names", found=str(len(names)))
    return names[0], names[1]


def outcome_as_json(outcome: Outcome) -> str:
    return json.dumps(outcome_as_document(outcome), ensure_ascii=False, indent=1)


def market_as_json(market: Market, lottery: str | None = None) -> str:
    return json.dumps(records.market_as_document(market, lottery), ensure_ascii=False, indent=1)


def outcome_as_document(outcome: Outcome) -> dict[str, Any]:
    proof = outcome.proof()
    return {
        "matching": dict(outcome.places),
        "cutoffs": {position: _line(cutoff) for position, cutoff in outcome.cutoffs.items()},
        "verdicts": {
            person: [{"position": v.position, "verdict": v.kind, "because": because(v), **v.facts} for v in verdicts]
            for person, verdicts in outcome.verdicts().items()
        },
        "proof": {
            "blocking": [block._asdict() for block in proof.blocking],
            "excused": [block._asdict() for block in proof.excused],
            "violations": list(proof.violations),
        },
        "profile": outcome.profile,
        "closed": list(outcome.closed),
        "remarks": list(remarks(outcome, stable=proof.stable)),
        "fingerprint": outcome.fingerprint,
    }


def _line(cutoff: Any) -> dict[str, int]:
    return {key: value for key, value in cutoff._asdict().items() if value is not None}


def remarks(outcome: Outcome, *, stable: bool) -> Iterator[str]:
    """What a reader should know: what the result is, and what in the market is lawful but odd."""
    if stable:
        yield "The result is stable: no person and position would both rather have each other."
    if outcome.truthful:
        yield "It was truthful: nobody could have done better with another list than the one they meant."
    if not outcome.teams_settled:
        yield "No arrangement was found in which every team and every position is content; the proof lists who is not."
    for person, position in outcome.market.locked.items():
        if position not in outcome.market.applicants[person]:
            yield f"locked.{person}: {position} is not on the person's own list."
        if (position, person) not in outcome.market.scores:
            yield f"locked.{person}: {position} has not ranked the person."
    ranked = {position for position, _ in outcome.market.scores}
    for position, seats in outcome.market.seats.items():
        if not seats:
            yield f"positions.{position}.capacity is 0: nobody can be placed there."
        elif position not in ranked:
            yield f"positions.{position}.ranking is empty: nobody can be placed there."
