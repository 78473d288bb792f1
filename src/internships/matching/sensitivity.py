"""What hangs on what: a seat more, a limit looser, another lottery, a point of score, one person less.

Each answer is a whole new match, compared with the one at hand. `progress(done, of)` is called after each of them; what
it raises ends the work, which is how a run is cancelled.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from internships.matching.rules import Market, Outcome
from internships.matching.terms import Move

Progress = Callable[[int, int], None]


class Effect(NamedTuple):
    """What a change does: how many more are placed, and who moves, gains and loses."""

    change: str
    placed: int
    moved: tuple[Move, ...]

    @property
    def gained(self) -> int:
        return sum(move.gained is True for move in self.moved)

    @property
    def lost(self) -> int:
        return sum(move.gained is False for move in self.moved)


def _quiet(done: int, of: int) -> None:
    """Nobody is watching."""


def _placed(outcome: Outcome) -> int:
    return sum(place is not None for place in outcome.places.values())


def _effects(outcome: Outcome, changes: Sequence[tuple[str, Market]], progress: Progress) -> list[Effect]:
    effects = []
    for done, (name, market) in enumerate(changes, 1):
        after = market.match(outcome.lottery)
        effects.append(Effect(name, _placed(after) - _placed(outcome), outcome.moved(after)))
        progress(done, len(changes))
    return effects


def one_more_seat(outcome: Outcome, progress: Progress = _quiet) -> list[Effect]:
    """For each position, what one more seat there would do."""
    seats = outcome.market.seats
    return _effects(outcome, [(p, _market(outcome).but(seats={p: seats[p] + 1})) for p in seats], progress)


def limits_loosened(outcome: Outcome, by: int | None = 1, progress: Progress = _quiet) -> list[Effect]:
    """For each limit, what it costs: loosened by so many seats, or taken away when `by` is None."""
    limits = {limit.name: None if by is None else limit.seats + by for limit in outcome.market.limits}
    return _effects(outcome, [(name, _market(outcome).but(limits={name: to})) for name, to in limits.items()], progress)


def _market(outcome: Outcome) -> Market:
    market = outcome.market
    if not isinstance(market, Market):
        raise TypeError
    return market


Chances = dict[str, dict[str | None, int]]  # for each person, in how many of the matches they were at each place


def _counted(runs: Iterable[Outcome], of: int, progress: Progress) -> Chances:
    counts: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    for done, outcome in enumerate(runs, 1):
        for person, place in outcome.places.items():
            counts[person][place] += 1
        progress(done, of)
    return {person: dict(places) for person, places in counts.items()}


def lotteries(market: Market, text: str, draws: int = 200, progress: Progress = _quiet) -> Chances:
    """The match under other draws of the lottery: who is certain, and for whom it is luck."""
    return _counted((market.match(f"{text} · {draw}") for draw in range(draws)), draws, progress)


def noise(market: Market, text: str, draws: int = 200, progress: Progress = _quiet) -> Chances:
    """The match if each score had been a point more or less by chance, under one and the same lottery."""

    def shaken(draw: int) -> Market:
        chance = Random(f"{text} · {draw}")  # noqa: S311  # a repeatable shake, no secret
        return market.but(scores={pair: score + chance.randint(-1, 1) for pair, score in market.scores.items()})

    return _counted((shaken(draw).match(text) for draw in range(draws)), draws, progress)


def certain(chances: Chances) -> set[str]:
    """Who was at the same place, or at none, in every one of the matches."""
    return {person for person, places in chances.items() if len(places) == 1}


class Withdrawal(NamedTuple):
    """Two ways to go on after somebody has left: pass the seat on, or match everybody anew."""

    chain: tuple[Move, ...]  # in the order in which the seat is passed on
    anew: tuple[Move, ...]
    places: Mapping[str, str | None]  # after the chain


def withdrawal(outcome: Outcome, person: str) -> Withdrawal:
    """What follows when a person gives the place back after publication."""
    market = _market(outcome).without(person)
    again = market.match(outcome.lottery)
    places = {other: place for other, place in outcome.places.items() if other != person}
    chain = tuple(vacancy_chain(outcome, person))
    return Withdrawal(
        chain=chain,
        anew=tuple(move for move in outcome.moved(again) if move.applicant != person),
        places=places | {move.applicant: move.after for move in chain},
    )


def vacancy_chain(outcome: Outcome, person: str) -> list[Move]:
    """The free seat goes to the first in order who would rather be there, whose seat goes on likewise.

    Nobody loses a place that they have. Limits stay kept: who may come must fit under each of them.
    """
    places = {other: place for other, place in outcome.places.items() if other != person}
    free = outcome.places[person]
    moves: list[Move] = []
    while free is not None and (comer := _first_who_would_come(outcome, places, free)) is not None:
        moves.append(Move(comer, places[comer], free, gained=True))
        places[comer], free = free, places[comer]
    return moves


def _first_who_would_come(outcome: Outcome, places: Mapping[str, str | None], position: str) -> str | None:
    market, ledger = outcome.market, outcome.standings.ledger
    held = Counter(places.values())
    best: tuple[int, int] | None = None
    for who, person in enumerate(ledger.people):
        if person not in places or not _would_rather(outcome, places, person, position):
            continue
        if not all(_fits(limit.over, limit.seats, held, position, places[person]) for limit in market.limits):
            continue
        point = max(
            p for c, p in zip(ledger.lists[who], ledger.points[who], strict=True) if ledger.counters[c][0] == position
        )
        if best is None or point > best[0]:
            best = point, who
    return None if best is None else ledger.people[best[1]]


def _would_rather(outcome: Outcome, places: Mapping[str, str | None], person: str, position: str) -> bool:
    market, choices = outcome.market, outcome.market.applicants[person]
    if position not in choices or (position, person) not in market.scores or (person, position) in market.barred:
        return False
    now = places[person]
    return position not in outcome.closed and (now not in choices or choices.index(position) < choices.index(now))


def _fits(over: Iterable[str], seats: int, held: Mapping[str | None, int], to: str, now: str | None) -> bool:
    inside = set(over)
    return to not in inside or sum(held[position] for position in inside) - (now in inside) < seats
