"""Who reads what, in which order: conflict first, then one's own view, then the others'."""

from enum import StrEnum

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow


class State(StrEnum):
    """Of one review: asked for when it is assigned, done when it is finished."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    RECUSED = "recused"


S, R = State, Role

# fmt: off
REVIEW = Workflow(
    "review",
    #    verb         from                         to              by
    Move("declare",   {S.ASSIGNED},                S.IN_PROGRESS,  {R.REVIEWER}),
    Move("recuse",    {S.ASSIGNED, S.IN_PROGRESS}, S.RECUSED,      {R.REVIEWER}),
    Move("finish",    {S.IN_PROGRESS},             S.FINISHED,     {R.REVIEWER}, undo="reopen"),
    Move("reopen",    {S.FINISHED},                S.IN_PROGRESS,  {R.REVIEWER, R.STAFF}),
)
# fmt: on

TIERS = (1, 2, 3)
"""A host's tiers, best first; several people may stand in one."""


def weighted(points: dict[str, int], weights: dict[str, int], scale_max: dict[str, int]) -> float:
    """The weighted mean of all criteria, from 0 to 100."""
    return sum(weights[code] * points[code] / scale_max[code] for code in weights) * 100 / sum(weights.values())
