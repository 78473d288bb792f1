"""The words of a match as values: what goes in, what comes out, and how bad input is named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, repeat
from operator import eq
from typing import Literal, NamedTuple

Pair = tuple[str, str]
Facts = Mapping[str, int | str]
Order = Literal["reserved-first", "open-first"]
Kind = Literal[
    "placed",  # here
    "preferred",  # placed at an earlier choice
    "cut_off",  # the last place went to a better band
    "tie",  # the same band as the last place; the lottery decided
    "limit",  # the position would have had you; a limit around it was full
    "reserved",  # a reserved seat went to somebody of its group
    "locked",  # a place was given before the run
    "team",  # the place was there for you, but not both places for the two of you
    "closed",  # no place here, or closed because too few came
    "not_eligible",
    "not_ranked",
    "optimum",  # staff adopted a result that does not follow everybody's order
    "unplaced",  # no choice at all
]

PROBLEMS: Mapping[str, str] = {
    "unknown_position": '"{name}" is not one of the positions',
    "unknown_applicant": '"{name}" is not one of the applicants',
    "unknown_limit": '"{name}" is neither a position nor a limit',
    "twice": '"{name}" is named twice',
    "whole_number": 'a whole number of {least} to {most} was expected, "{found}" was found',
    "score": 'a whole number was expected, "{found}" was found',
    "type": "{expected} was expected, {found} was found",
    "missing": "{expected} was expected, nothing was found",
    "unknown_key": "is not known here; known are {known}",
    "json": "this is not JSON: {reason}",
    "size": "at most 10 MB can be read, {found} bytes were given",
    "order": '"reserved-first" or "open-first" was expected, "{found}" was found',
    "crossing": 'the limits "{first}" and "{second}" cross: both hold "{shared}", and each holds something else; limits must nest',
    "too_many_limits": "at most {most} limits can be read, {found} were given",
    "cycle": "the limits go in a circle: {circle}",
    "too_many_reserved": "{reserved} seats are reserved, the position has {seats}",
    "too_many_locked": "{locked} people are locked in here, there are {seats} seats",
    "locked_barred": 'is locked in at "{position}" and barred from it; take one of the two away',
    "locked_refused": 'is fixed at "{position}", whose host has not said that they would take this person',
    "minimum": "the minimum is {minimum}, the position has {seats} seats",
    "team_alone": "is in a team, whose joint list counts; leave the person's own list empty",
    "team_locked": "is in a team and locked as well; take one of the two away",
    "team_of_two": "two different people were expected",
    "empty_tier": "a tier with nobody in it; leave it out",
    "characters": "half a character was found (a lone surrogate)",
    "empty_id": "an empty name was found",
}


class BadMarket(ValueError):
    """A market that cannot be run: `place` says where, `problem` and `facts` say why; its text is one English line."""

    def __init__(self, place: str, problem: str, **facts: int | str) -> None:
        self.place, self.problem, self.facts = place, problem, facts
        super().__init__(
            f"{place}: {PROBLEMS[problem].format(**facts)}" if place else PROBLEMS[problem].format(**facts)
        )


class Bar(NamedTuple):
    """Why two may not be put together: the rule, what it needs, what the person has."""

    rule: str
    needed: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many people over all these positions together."""

    name: str
    seats: int
    over: Collection[str]


@dataclass(frozen=True, slots=True)
class Reserve:
    """Some seats of a position go first to a group; what the group leaves free is open to all."""

    position: str
    seats: int
    name: str
    members: Collection[str]
    order: Order = "reserved-first"


@dataclass(frozen=True, slots=True)
class Team:
    """Two people who come together or not at all, with one joint list: a position for each of them."""

    members: Pair
    choices: Sequence[Pair]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All that a run knows. Nobody changes a market's mappings once it is made."""

    applicants: Mapping[str, Sequence[str]]
    scores: Mapping[Pair, int]
    seats: Mapping[str, int]
    limits: Sequence[Limit] = ()
    reserved: Sequence[Reserve] = ()
    minimums: Mapping[str, int] = field(default_factory=dict)
    barred: Mapping[Pair, Bar | str] = field(default_factory=dict)
    locked: Mapping[str, str] = field(default_factory=dict)
    teams: Sequence[Team] = ()
    lottery: str = ""

    @cached_property
    def in_step(self) -> bool:
        """Every wish has its score, in the same order; then nobody is named twice, and no score need be looked up."""
        lists = self.applicants
        wishes = chain.from_iterable(lists.values())
        whose = chain.from_iterable(map(repeat, lists, map(len, lists.values())))
        as_many = sum(map(len, lists.values())) == len(self.scores)
        return as_many and all(map(eq, self.scores, zip(wishes, whose, strict=True)))


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run decided; everything else about it is worked out from this."""

    market: Inputs
    lottery: str
    places: Mapping[str, str | None]
    on_reserved_seat: Mapping[str, str]
    closed: Sequence[str] = ()
    teams_settled: bool = True
    sought: str = ""
    """Another goal that was looked for after the match."""
    adopted: str = ""
    """What was found for it, when that is not the match itself."""


class Cutoff(NamedTuple):
    """Who came in where places were short: every better band, and of this band the lottery numbers up to the line."""

    band: int
    line: int | None = None


class Verdict(NamedTuple):
    """The answer for one choice. `facts` has numbers for the sentence, never anything about another person."""

    position: str
    kind: Kind
    facts: Facts


class Block(NamedTuple):
    """The applicant would rather be there. `by` names what excuses it ("limit:Andes"), or is empty."""

    applicant: str
    position: str
    by: str = ""


class Proof(NamedTuple):
    """What an independent look at inputs and places found."""

    blocking: tuple[Block, ...]
    excused: tuple[Block, ...]
    violations: tuple[str, ...]

    @property
    def stable(self) -> bool:
        """Nobody and no position would both rather have each other, and no limit was needed to excuse a pair."""
        return self.stands and not any(block.by.startswith(("limit:", "minimum:")) for block in self.excused)

    @property
    def stands(self) -> bool:
        """Everything keeps to the rules, and each pair that would change is excused by one of them."""
        return not self.blocking and not self.violations


class Move(NamedTuple):
    """One person's place in two outcomes; `gained` is None where the person's own list does not say."""

    applicant: str
    before: str | None
    after: str | None
    gained: bool | None
