"""Two other goals, for staff to look at: the best sum of everybody's choices, and the most people placed.

Both need OR-Tools, the optional extra `internships[optimum]`. They take time: give a limit, watch the progress, cancel
by returning False from it; what was best by then comes back with the gap that was left.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Any, NamedTuple

from internships.matching.ledger import OPEN, Ledger
from internships.matching.rules import Outcome

SUM_OF_CHOICES, MOST_PLACED = "the best sum of choices", "the most people placed"
LOOK_EVERY = 0.25  # seconds


class Missing(ImportError):
    """The optional extra is not installed; the message says how to get it."""


class NotPossible(ValueError):
    """The goal does not go with what is in this market, or was not reached; `problem` is what people read of it."""

    def __init__(self, problem: str, said: str) -> None:
        super().__init__(said)
        self.problem = problem


class Step(NamedTuple):
    """How the search stands: the value of the best arrangement yet, the best still thinkable, seconds since the start.

    Before the first arrangement is found there is neither value nor bound.
    """

    value: float | None
    bound: float | None
    seconds: float


class Gap(NamedTuple):
    """How far from the best thinkable this may be: so many people more, or else so many steps up their lists."""

    people: int = 0
    steps: int = 0


class Optimum(NamedTuple):
    outcome: Outcome | None  # None when nothing was found in the time given
    value: float
    bound: float
    proved: bool
    person: int = 1
    """What one more person is worth in these values; one step up a list is worth 1."""

    @property
    def gap(self) -> Gap:
        """None of both when it is proved to be the best."""
        if self.proved or self.outcome is None:
            return Gap()
        without = sum(place is None for place in self.outcome.places.values())
        # All steps together are worth less than one person, so that these are the people in a value.
        placed = ceil(self.value / self.person)
        best = min(round(self.bound), (placed + without) * self.person)
        people = max(0, ceil(best / self.person) - placed)
        return Gap(people) if people else Gap(steps=max(0, best - round(self.value)))


Watch = Callable[[Step], bool]


def _keep_on(step: Step) -> bool:
    return True


def best_sum(outcome: Outcome, *, seconds: float = 60.0, watch: Watch = _keep_on) -> Optimum:
    """As many as can be, and of those arrangements the one in which the choices' ranks add up to the least.

    It does not follow the positions' order, so it is not stable, and the proof of what comes back says for whom.
    """
    model = _Model(outcome)
    longest = max((len(choices) for choices in outcome.market.applicants.values()), default=0) + 1
    everybody = len(model.ledger.people) * longest + 1
    model.maximise({pair: everybody - rank for pair, rank in model.ranks.items()})
    return model.solved(SUM_OF_CHOICES, seconds, watch)._replace(person=everybody)


def most_placed(outcome: Outcome, *, seconds: float = 60.0, watch: Watch = _keep_on) -> Optimum:
    """Of all arrangements in which nobody of a better band is passed over, one that places the most people."""
    model = _Model(outcome)
    model.pass_nobody_over()
    model.maximise(dict.fromkeys(model.ranks, 1))
    return model.solved(MOST_PLACED, seconds, watch)


def _solver() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise Missing("OR-Tools is not installed; get it with: pip install 'internships[optimum]'") from None
    return cp_model


class _Model:
    """Who may sit where as yes-or-no questions, under every limit of the market."""

    def __init__(self, outcome: Outcome) -> None:
        if outcome.market.teams:
            raise NotPossible("goal_with_teams", "a market with teams")
        self.cp = _solver()
        self.outcome, self.model = outcome, self.cp.CpModel()
        self.ledger: Ledger = outcome.standings.ledger
        self.ranks: dict[tuple[int, int], int] = {}
        self.seated: dict[tuple[int, int], Any] = {}
        self.points: dict[tuple[int, int], int] = {}
        for who, asked in enumerate(self.ledger.lists):
            # As people wrote them: a choice without a rating is not in the ledger, and one with reserved seats is in it twice.
            ranks = {position: rank for rank, position in enumerate(outcome.market.applicants[self.ledger.people[who]])}
            for counter, point in zip(asked, self.ledger.points[who], strict=True):
                self.ranks[who, counter] = ranks[self.ledger.counters[counter][0]]
                self.points[who, counter] = point
                self.seated[who, counter] = self.model.new_bool_var(f"{who} {counter}")
            self.model.add_at_most_one(self.seated[who, counter] for counter in asked)
        for circle, pairs in self._pairs_in_circles().items():
            self.model.add(sum(self.seated[pair] for pair in pairs) <= self.ledger.room[circle])
        self._keep_minimums()

    def _pairs_in_circles(self) -> Mapping[int, list[tuple[int, int]]]:
        pairs: dict[int, list[tuple[int, int]]] = {}
        for who, counter in self.seated:
            for circle in self.ledger.circles[counter]:
                pairs.setdefault(circle, []).append((who, counter))
        return pairs

    def _keep_minimums(self) -> None:
        """What closed in the match stays closed; what is open must reach its minimum here too."""
        market, closed = self.outcome.market, self.outcome.closed
        locked = list(market.locked.values())
        for position, minimum in market.minimums.items():
            if position not in closed and (missing := minimum - locked.count(position)) > 0:
                seats = [x for (_, c), x in self.seated.items() if self.ledger.counters[c][0] == position]
                self.model.add(sum(seats) >= min(missing, len(seats)))

    def pass_nobody_over(self) -> None:
        """Each is placed as dearly, or a circle around the counter is full of people of the same band or a better."""
        full = self._full_of()
        for who, asked in enumerate(self.ledger.lists):
            dearer: list[Any] = []
            for counter in asked:
                dearer.append(self.seated[who, counter])
                point = self.points[who, counter]
                self.model.add_bool_or([*dearer, *(full(circle, point) for circle in self.ledger.circles[counter])])

    def _full_of(self) -> Callable[[int, int], Any]:
        pairs = self._pairs_in_circles()
        known: dict[tuple[int, int], Any] = {}

        def full(circle: int, point: int) -> Any:
            if (circle, point) not in known:
                known[circle, point] = flag = self.model.new_bool_var(f"full {circle} {point}")
                inside = [self.seated[pair] for pair in pairs[circle] if self.points[pair] >= point]
                self.model.add(sum(inside) >= self.ledger.room[circle]).only_enforce_if(flag)
            return known[circle, point]

        return full

    def maximise(self, worth: Mapping[tuple[int, int], int]) -> None:
        self.model.maximize(sum(worth[pair] * seat for pair, seat in self.seated.items()))
        self._start_from_the_match()

    def _start_from_the_match(self) -> None:
        for who, here in enumerate(self.outcome.standings.stands):
            for counter in self.ledger.lists[who]:
                self.model.add_hint(self.seated[who, counter], counter == here)

    def solved(self, name: str, seconds: float, watch: Watch) -> Optimum:
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        with _watched(self.cp, solver, watch) as follower:
            status = solver.solve(self.model, follower)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Optimum(None, 0.0, solver.best_objective_bound, proved=False)
        chosen = [pair for pair, seat in self.seated.items() if solver.boolean_value(seat)]
        return Optimum(
            self._adopted(name, chosen),
            solver.objective_value,
            solver.best_objective_bound,
            proved=status == self.cp.OPTIMAL,
        )

    def _adopted(self, name: str, chosen: Iterable[tuple[int, int]]) -> Outcome:
        market = self.outcome.market
        places: dict[str, str | None] = dict.fromkeys(market.applicants)
        places.update(market.locked)
        reserved = {p: name for p, name in self.outcome.on_reserved_seat.items() if p in market.locked}
        for who, counter in chosen:
            person = self.ledger.people[who]
            places[person], reserve = self.ledger.counters[counter]
            if reserve != OPEN:
                reserved[person] = reserve
        return replace(self.outcome, places=places, on_reserved_seat=reserved, adopted=name, ledger=self.ledger)


@contextmanager
def _watched(cp: Any, solver: Any, watch: Watch) -> Iterator[Any]:
    """Whoever watches is asked all along: between two better arrangements a solver may be silent for minutes.

    Raises:
        Exception: what `watch` raised; it has ended the search.
    """
    follower, over, started = _follower(cp), Event(), monotonic()
    raised: list[Exception] = []

    def wanted() -> bool:
        try:
            return watch(Step(follower.value, follower.bound, monotonic() - started))
        except Exception as error:  # noqa: BLE001 -- it is raised again where the search was asked for
            raised.append(error)
            return False

    def look() -> None:
        while wanted():
            if over.wait(LOOK_EVERY):
                return
        # A search that has not begun yet can't hear it, so it is told until it is over.
        while not over.wait(LOOK_EVERY):
            solver.stop_search()

    watching = Thread(target=look, name="watching a search")
    watching.start()
    try:
        yield follower
    finally:
        over.set()
        watching.join()
    if raised:
        raise raised[0]


def _follower(cp: Any) -> Any:
    class Follower(cp.CpSolverSolutionCallback):  # type: ignore[misc]  # the base is known only once it is loaded
        value: float | None = None
        bound: float | None = None

        def on_solution_callback(self) -> None:
            self.value, self.bound = self.objective_value, self.best_objective_bound

    return Follower()
