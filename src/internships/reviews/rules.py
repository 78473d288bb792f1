"""Who reads what, in which order: conflict first, then one's own view, then the others'; and what a host may answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from internships.accounts.rules import Role
from internships.applications.rules import CHOICE, ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core.workflow import Move, Workflow
from internships.cycles.rules import State as CycleState


class State(StrEnum):
    """Of one review: asked for when it is assigned, done when it is finished."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    RECUSED = "recused"


S, C, R = State, ChoiceState, Role

# fmt: off
REVIEW = Workflow(
    "review",
    #    verb         from                                     to              by
    Move("declare",   {S.ASSIGNED},                            S.IN_PROGRESS,  {R.REVIEWER}),
    Move("recuse",    {S.ASSIGNED, S.IN_PROGRESS, S.FINISHED}, S.RECUSED,      {R.REVIEWER}),
    Move("finish",    {S.IN_PROGRESS},                         S.FINISHED,     {R.REVIEWER}, undo="reopen"),
    Move("reopen",    {S.FINISHED},                            S.IN_PROGRESS,  {R.REVIEWER, R.STAFF}),
)
# fmt: on

READ = frozenset({CycleState.OPEN, CycleState.CLOSED, CycleState.IN_SELECTION})
"""While a call stands here, files are read, scored and rated."""
LOOKED_AT = READ | {CycleState.RESULTS_OUT, CycleState.PLACEMENTS_RUNNING}
"""While a call stands here, reviewers and hosts still find their pages."""

TIERS = (1, 2, 3)
"""A host's tiers, best first; several people may stand in one."""

COMMENT_MOST = 3000
NOTE_MOST = 2000
TIE_MOST = 1000


def weighted(points: dict[str, int], weights: dict[str, int], scale_max: dict[str, int]) -> float:
    """The weighted mean of all criteria, from 0 to 100."""
    return sum(weights[code] * points[code] / scale_max[code] for code in weights) * 100 / sum(weights.values())


def is_read(call: CycleState, application: ApplicationState) -> bool:
    """Whether a file can be scored and rated now."""
    return call in READ and application == ApplicationState.ELIGIBLE


def may_reopen(role: Role, finished_at: datetime | None, now: datetime, undo_minutes: int) -> bool:
    """A reviewer may take the finish back for some minutes, staff at any time."""
    if role == R.STAFF:
        return True
    return finished_at is not None and now < finished_at + timedelta(minutes=undo_minutes)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host says of a candidate: where the choice shall stand, and the words that belong to it."""

    to: ChoiceState
    tier: int | None = None
    reason: str = ""
    note: str | None = None
    """None: the note stays as it is."""


def way(here: ChoiceState, to: ChoiceState) -> list[str]:
    """The verbs that lead a host from one state of a choice to another, the shortest way; none when it is there already.

    Raises:
        ValueError: no host comes from here to there.
    """
    ways: dict[ChoiceState, list[str]] = {here: []}
    ahead = [here]
    while ahead:
        state = ahead.pop(0)
        if state == to:
            return ways[state]
        for move in CHOICE.open_to(R.HOST, state):
            reached = ChoiceState(move.to)
            if reached not in ways:
                ways[reached] = [*ways[state], move.verb]
                ahead.append(reached)
    message = f"a host can't bring a choice from {here} to {to}"
    raise ValueError(message)
