"""The life of a run of the match: it proposes; people decide."""

from enum import StrEnum

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PROPOSED = "proposed"
    FIRST_APPROVED = "first_approved"
    APPROVED = "approved"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ContestState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"


S, R = State, Role

# fmt: off
RUN = Workflow(
    "run",
    #    verb              from                        to                 by
    Move("start",          {S.QUEUED},                 S.RUNNING,         {R.CLOCK}),
    Move("propose",        {S.RUNNING},                S.PROPOSED,        {R.CLOCK}),
    Move("fail",           {S.QUEUED, S.RUNNING},      S.FAILED,          {R.CLOCK}),
    Move("cancel",         {S.QUEUED, S.RUNNING},      S.CANCELLED,       {R.STAFF}),
    Move("approve_first",  {S.PROPOSED},               S.FIRST_APPROVED,  {R.STAFF}),
    Move("take_back",      {S.FIRST_APPROVED},         S.PROPOSED,        {R.STAFF}),
    Move("approve",        {S.PROPOSED, S.FIRST_APPROVED}, S.APPROVED,    {R.STAFF}),
)
CONTEST = Workflow(
    "contest",
    Move("answer",         {ContestState.ASKED},       ContestState.ANSWERED, {R.STAFF}),
)
# fmt: on
