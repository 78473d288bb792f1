"""The rules of the match, to be read aloud.

    market  = Market(applicants={"a17": ["p3", "p9"]}, scores={("p3", "a17"): 82}, seats={"p3": 2, "p9": 4})
    outcome = market.match(lottery="2027-A")

People ask for their dearest choice first, and go on to the next when it is full of people whom it ranks higher. The
more is the better in `scores`; who has none there is not ranked. Equal scores share a band, and in a band the sealed
lottery decides. What may be added to a market:

    limits    at most so many over several positions together: Limit("Andes", 5, {"p3", "p9"}); they must nest.
              Within a limit the better band goes first, whatever the position.
    reserved  seats that go first to a group: Reserve("p3", 1, "local youth", {"a17"}, "reserved-first" or "open-first")
    minimums  {"p9": 2}: fewer than this, and the position closes and everybody is matched anew, one closing at a time
    barred    {("a17", "p4"): Bar("language", needed="B1", held="A2")}, or a text: these two may not be put together
    locked    {"a2": "p1"}: placed by staff before the run
    teams     Team(("a5", "a6"), [("p1", "p2"), ("p3", "p3")]): both or neither; their own lists are empty

What an outcome tells:

    places, profile, cutoffs, closed, fingerprint      who is where; how many got which choice; where the line was
    why("a17")      one Verdict(position, kind, facts) for each choice, in the order of the list
    verdicts()      the same for everybody
    proof()         Proof(blocking, excused, violations), found from the inputs alone
    envy            whom a place locked before the run was kept from
    moved(other)    who is elsewhere in another outcome;   market.but(seats={"p3": 3}) makes the market of a what-if
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Self

from internships.matching import checks, collector, proof, records, teams
from internships.matching.ledger import Ledger
from internships.matching.lottery import in_order
from internships.matching.standings import Standings
from internships.matching.terms import (
    BadMarket,
    Bar,
    Block,
    Cutoff,
    Inputs,
    Limit,
    Move,
    Proof,
    Reserve,
    Result,
    Team,
    Verdict,
)
from internships.matching.verdicts import Explainer

__all__ = ["BadMarket", "Bar", "Limit", "Market", "Outcome", "Reserve", "Team"]


@dataclass(frozen=True, kw_only=True)
class Market(Inputs):
    """Everything that a match is made from. It is examined when it is made: what makes no sense is a BadMarket."""

    def __post_init__(self) -> None:
        checks.examine(self)

    def match(self, lottery: str | None = None) -> "Outcome":
        """Match, and while a position has fewer people than its minimum, close one and match again."""
        with collector.paused():
            return self._matched(self.lottery if lottery is None else lottery)

    def _matched(self, text: str) -> "Outcome":
        closed: list[str] = []
        found = teams.matched(self, text, closed)
        while (next_to_close := _next_to_close(self, text, found.places, closed)) is not None:
            closed.append(next_to_close)
            found = teams.matched(self, text, closed)
        outcome = Outcome(market=self, lottery=text, closed=tuple(closed), **found._asdict())
        if self.teams and outcome.proof().blocking:
            return replace(outcome, teams_settled=False)  # each team stands, but not all are content
        return outcome

    def but(self, **changes: Any) -> Self:
        """This market with something changed: mappings are merged, and None takes an entry away.

        Limits go by name: but(limits={"Andes": 6, "Alps": None}). Reserves and teams are given anew as a whole.
        """
        now = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, change in changes.items():
            if name == "limits" and isinstance(change, Mapping):
                now[name] = _limits_but(self.limits, change)
            elif isinstance(change, Mapping):
                now[name] = {key: value for key, value in {**now[name], **change}.items() if value is not None}
            else:
                now[name] = change
        return type(self)(**now)

    def without(self, person: str) -> Self:
        """This market had the person not applied; of a team of two the other one stays, without a list."""
        return replace(
            self,
            applicants={other: choices for other, choices in self.applicants.items() if other != person},
            scores={pair: score for pair, score in self.scores.items() if pair[1] != person},
            reserved=[replace(r, members=[m for m in r.members if m != person]) for r in self.reserved],
            barred={pair: why for pair, why in self.barred.items() if pair[0] != person},
            locked={other: position for other, position in self.locked.items() if other != person},
            teams=[team for team in self.teams if person not in team.members],
        )


@dataclass(frozen=True, kw_only=True)
class Outcome(Result):
    """A match and all that can be asked about it. Nothing is worked out before it is asked for."""

    ledger: Ledger | None = field(default=None, repr=False, compare=False)

    def why(self, applicant: str) -> tuple[Verdict, ...]:
        return self._explainer.why(applicant)

    def verdicts(self) -> dict[str, tuple[Verdict, ...]]:
        with collector.paused():
            return {applicant: self._explainer.why(applicant) for applicant in self.market.applicants}

    def proof(self) -> Proof:
        with collector.paused():
            return proof.proved(self)

    @property
    def truthful(self) -> bool:
        """Nobody could have done better in this run with another list than the one they meant."""
        return not (self.closed or self.market.teams or self.sought or self.adopted)

    @cached_property
    def cutoffs(self) -> dict[str, Cutoff]:
        """For each position whose open seats are all taken, who just came in."""
        lines = zip(self.standings.ledger.counters, self.standings.lines, strict=False)
        return {position: line for (position, reserve), line in lines if not reserve and line is not None}

    @cached_property
    def profile(self) -> dict[str, int]:
        """How many were placed at their first choice, at their second, … ; how many were locked in, how many are unplaced."""
        ranks = Counter(self.rank(applicant) for applicant in self.places)
        return {rank: ranks[rank] for rank in sorted(ranks, key=lambda rank: (not rank.isdecimal(), len(rank), rank))}

    def rank(self, applicant: str) -> str:
        place = self.places[applicant]
        if place is None:
            return "unplaced"
        if applicant in self.market.locked:
            return "locked"
        return str(records.wishes(self.market, self.places, applicant).index(place) + 1)

    @property
    def envy(self) -> tuple[Block, ...]:
        return tuple(block for block in self.proof().excused if block.by.startswith("lock:"))

    @cached_property
    def fingerprint(self) -> str:
        """The same inputs and the same places give the same 64 characters, on any machine."""
        return records.fingerprint(self)

    def moved(self, other: "Outcome") -> tuple[Move, ...]:
        """Who has another place in the other outcome, and whether their own list says that they gained."""
        return tuple(records.moves(self, other))

    @cached_property
    def standings(self) -> Standings:
        return Standings(self, self.ledger)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.standings)


def _next_to_close(market: Market, text: str, places: Mapping[str, str | None], closed: Sequence[str]) -> str | None:
    """The position with the fewest people among those below their minimum; the lottery decides between equals.

    Who is locked in is not sent away, so their position stays; the proof then says that its minimum is not met.
    """
    if not market.minimums:
        return None
    kept = {*closed, *market.locked.values()}
    held = Counter(places.values())
    short = [position for position, least in market.minimums.items() if position not in kept and held[position] < least]
    return min(in_order(text, short), key=lambda position: held[position], default=None)


def _limits_but(limits: Sequence[Limit], change: Mapping[str, int | None]) -> list[Limit]:
    names = {limit.name for limit in limits}
    for name in change:
        if name not in names:
            raise BadMarket("limits", "unknown_limit", name=name)
    new = [(limit, change.get(limit.name, limit.seats)) for limit in limits]
    return [replace(limit, seats=seats) for limit, seats in new if seats is not None]
