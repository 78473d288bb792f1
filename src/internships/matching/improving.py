"""The three other goals that staff may choose knowingly, each as a change of an outcome that was matched."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from importlib.util import find_spec
from typing import Any, NamedTuple

from internships.matching.improvements import improved
from internships.matching.optimum import Gap, NotPossible, Step, best_sum, most_placed
from internships.matching.rules import Outcome


class Goal(StrEnum):
    CYCLES = "cycles"
    BEST_SUM = "best-sum"
    MOST_PLACED = "most-placed"


PASSES_OVER = frozenset({Goal.BEST_SUM})
"""These may pass over a pair that would both change: whoever approves must have said that they know it."""


def breaks_rules(summary: Mapping[str, Any], goal: str) -> bool:
    """Whether the proof found what nothing excuses, so that nobody may approve the run."""
    return bool(summary.get("violations") or (summary.get("blocking") and goal not in PASSES_OVER))


def passed_over(summary: Mapping[str, Any], goal: str) -> int:
    """How many pairs would both change, and the goal of the run does not ask them."""
    return int(summary.get("blocking", 0)) if goal in PASSES_OVER else 0


class Reached(NamedTuple):
    """How far it came: the gap is how far this may be from the best; None where there was nothing to search."""

    outcome: Outcome
    gap: Gap | None = None


def extra_is_there() -> bool:
    """Whether OR-Tools can be used."""
    return find_spec("ortools") is not None


def improve(outcome: Outcome, goal: Goal, *, seconds: float, watch: Callable[[int], None]) -> Reached:
    """The outcome for another goal. `watch(percent)` is called now and then; what it raises ends the work.

    Raises:
        Missing: the optional extra is not installed.
        NotPossible: the goal does not go with this market, or nothing was found in time.
    """
    # Whoever knows of the search may gain by another list, whether or not it moved anybody this time.
    outcome = replace(outcome, sought=goal, ledger=outcome.standings.ledger)
    if goal == Goal.CYCLES:
        return Reached(improved(outcome)[0])

    def step(at: Step) -> bool:
        watch(min(99, int(100 * at.seconds / seconds)))
        return True

    solve = best_sum if goal == Goal.BEST_SUM else most_placed
    found = solve(outcome, seconds=seconds, watch=step)
    if found.outcome is None:
        raise NotPossible("not_in_time", "nothing was found in the time given")
    return Reached(found.outcome, found.gap)
