"""The worked example of the public page: four invented people, two positions, and the match itself at work."""

from functools import cache
from typing import NamedTuple

from internships.matching import lottery
from internships.matching.rules import Market, Outcome
from internships.matching.sentences import form

TEXT = "two ravens over the pass, first snow"
LISTS = {
    "Aiko": ["Glacier", "Forest"],
    "Bruno": ["Glacier", "Forest"],
    "Chipo": ["Forest", "Glacier"],
    "Dilnoza": ["Glacier"],
}
SEATS = {"Glacier": 1, "Forest": 2}
RANKINGS = {"Glacier": [["Aiko", "Bruno"], ["Chipo"], ["Dilnoza"]], "Forest": [["Bruno"], ["Aiko", "Chipo"]]}


class Told(NamedTuple):
    """One choice of one person, answered."""

    position: str
    kind: str
    facts: dict[str, int | str]


class Example(NamedTuple):
    lists: dict[str, list[str]]
    seats: dict[str, int]
    rankings: dict[str, list[list[str]]]
    text: str
    seal: str
    numbers: dict[str, int]
    places: dict[str, str | None]
    answers: dict[str, list[Told]]
    stable: bool


@cache
def worked() -> Example:
    """What the page shows; the answers come from the same program as everybody's."""
    scores = {(p, who): -tier for p, tiers in RANKINGS.items() for tier, people in enumerate(tiers) for who in people}
    outcome: Outcome = Market(applicants=LISTS, scores=scores, seats=SEATS).match(TEXT)
    return Example(
        lists=LISTS,
        seats=SEATS,
        rankings=RANKINGS,
        text=TEXT,
        seal=lottery.seal(TEXT),
        numbers={who: lottery.number(TEXT, who) for who in LISTS},
        places=dict(outcome.places),
        answers={who: [Told(v.position, form(v), dict(v.facts)) for v in outcome.why(who)] for who in LISTS},
        stable=outcome.proof().stable,
    )
