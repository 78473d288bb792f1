"""What a run keeps: the outcome as one document, counts for lists, and one answer for each choice."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from internships.matching.certificate import board_of
from internships.matching.lines import standings
from internships.matching.records import digest
from internships.matching.rules import Outcome
from internships.matching.sentences import form
from internships.matching.terms import Facts, Pair, Verdict

PLACED = ("placed", "locked_here")
"""The answers that give a place."""

WAITS = (
    "cut_off",
    "tie",
    "tie_by_hand",
    "limit",
    "limit_tie",
    "limit_none",
    "reserved",
    "reserved_tie",
    "reserved_none",
    "locked",
    "team",
    "optimum",
)
"""The answers after which the person would still come if a seat became free."""

NEVER = ("closed", "closed_minimum", "not_eligible", "not_eligible_measured", "not_ranked")
"""The answers that give no place in the line."""


def result_of(outcome: Outcome) -> dict[str, Any]:
    """All that pages and certificates need of an outcome besides the answers."""
    proof = outcome.proof()
    return {
        "matching": dict(outcome.places),
        "reserved": dict(outcome.on_reserved_seat),
        "cutoffs": {
            at: {k: v for k, v in line._asdict().items() if v is not None} for at, line in outcome.cutoffs.items()
        },
        "closed": list(outcome.closed),
        "seats": dict(outcome.market.seats),
        "locked": dict(outcome.market.locked),
        "limits": list(_limits(outcome)),
        "proof": {
            "blocking": [list(block) for block in proof.blocking],
            "excused": [list(block) for block in proof.excused],
            "violations": list(proof.violations),
        },
        "adopted": outcome.adopted,
        "board_sha256": digest(board_of(outcome)),
        "stable": proof.stable,
        "truthful": outcome.truthful,
        "teams_settled": outcome.teams_settled,
        "profile": outcome.profile,
    }


def _limits(outcome: Outcome) -> Iterator[dict[str, Any]]:
    held = Counter(outcome.places.values())
    for limit in outcome.market.limits:
        over = sorted(limit.over)
        yield {
            "name": limit.name,
            "seats": limit.seats,
            "used": sum(held[position] for position in over),
            "room": sum(outcome.market.seats[position] for position in over),
            "over": over,
        }


def summary_of(outcome: Outcome, result: Mapping[str, Any]) -> dict[str, Any]:
    """Counts for lists."""
    proof = result["proof"]
    return {
        "applicants": len(outcome.places),
        "placed": sum(place is not None for place in outcome.places.values()),
        "seats": sum(outcome.market.seats.values()),
        "profile": outcome.profile,
        "closed": len(outcome.closed),
        "blocking": len(proof["blocking"]),
        "excused": len(proof["excused"]),
        "violations": len(proof["violations"]),
        "stable": result["stable"],
        "truthful": result["truthful"],
        "adopted": outcome.adopted,
    }


def answers_of(outcome: Outcome, asked: Collection[Pair]) -> Iterator[tuple[Pair, str, Facts, int | None]]:
    """For each choice: the pair, the kind of answer, its numbers, and the place in the position's order."""
    places = standings(outcome.market, outcome.lottery)
    in_teams = {member for team in outcome.market.teams for member in team.members}
    for person, told in outcome.verdicts().items():
        for verdict in _of_member(person, told, asked) if person in in_teams else told:
            if (pair := (person, verdict.position)) in asked:
                kind = form(verdict)
                yield pair, kind, verdict.facts, None if kind in NEVER else places.get(pair)


def _of_member(person: str, verdicts: Iterable[Verdict], asked: Collection[Pair]) -> tuple[Verdict, ...]:
    """One answer for each choice of a team's member: a joint list may name a position several times, or not at all."""
    told: dict[str, Verdict] = {position: Verdict(position, "team", {}) for who, position in asked if who == person}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.kind == "placed"):
        told[verdict.position] = verdict
    return tuple(told.values())


def cause(kinds: Collection[str]) -> str:
    """Why somebody is without a place, from the answers to all of their choices: a key of words.CAUSES."""
    found = set(kinds)
    if not found:
        return "nothing"
    if found & {"limit", "limit_tie", "limit_none"}:
        return "limit"
    if found & set(WAITS):
        return "full"
    if "not_ranked" in found:
        return "not_ranked"
    return "closed" if found & {"closed", "closed_minimum"} else "ruled_out"
