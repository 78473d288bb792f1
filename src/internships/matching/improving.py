"""The three other goals that staff may choose knowingly, each as a change of an outcome that was matched."""

from collections.abc import Callable
from enum import StrEnum
from importlib.util import find_spec
from typing import NamedTuple

from internships.matching.improvements import improved
from internships.matching.optimum import NotPossible, Step, best_sum, most_placed
from internships.matching.rules import Outcome


class Goal(StrEnum):
    CYCLES = "cycles"
    BEST_SUM = "best-sum"
    MOST_PLACED = "most-placed"


class Reached(NamedTuple):
    """How far it came: the gap is how far this may be from the best, as a share; 0 when it is the best."""

    outcome: Outcome
    gap: float


def extra_is_there() -> bool:
    """Whether OR-Tools can be used."""
    return find_spec("ortools") is not None


def improve(outcome: Outcome, goal: Goal, *, seconds: float, watch: Callable[[int], None]) -> Reached:
    """The outcome for another goal. `watch(percent)` is called now and then; what it raises ends the work.

    Raises:
        Missing: the optional extra is not installed.
        NotPossible: the goal does not go with this market, or nothing was found in time.
    """
    if goal == Goal.CYCLES:
        return Reached(improved(outcome)[0], 0.0)
    stopped: list[BaseException] = []

    def step(at: Step) -> bool:
        try:
            watch(min(99, int(100 * at.seconds / seconds)))
        except Exception as stop:  # noqa: BLE001 -- the solver is foreign code; it is stopped in its own way, then we go on
            stopped.append(stop)
            return False
        return True

    solve = best_sum if goal == Goal.BEST_SUM else most_placed
    found = solve(outcome, seconds=seconds, watch=step)
    if stopped:
        raise stopped[0]
    if found.outcome is None:
        raise NotPossible("nothing was found in the time given")
    return Reached(found.outcome, found.gap)
