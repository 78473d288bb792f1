"""The life of an application and of each of its choices."""

from datetime import datetime, timedelta
from enum import StrEnum

from internships.accounts.rules import Role
from internships.core.faults import Refused
from internships.core.workflow import Move, Workflow


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPLETION_REQUESTED = "completion_requested"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ChoiceState(StrEnum):
    WAITING = "waiting"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    ACCEPTABLE = "acceptable"
    NOT_ACCEPTABLE = "not_acceptable"
    RELEASED = "released"


S, C, R = State, ChoiceState, Role  # short names, so that the tables below stay tables

# fmt: off
APPLICATION = Workflow(
    "application",
    #    verb           from                               to                      by             and then
    Move("submit",      {S.DRAFT, S.COMPLETION_REQUESTED}, S.SUBMITTED,            {R.APPLICANT}, letter="received"),
    Move("ask",         {S.SUBMITTED},                     S.COMPLETION_REQUESTED, {R.STAFF},     letter="asked", clock="lapse", undo="recheck"),
    Move("admit",       {S.SUBMITTED},                     S.ELIGIBLE,             {R.STAFF},     undo="recheck"),
    Move("turn_away",   {S.SUBMITTED},                     S.NOT_ELIGIBLE,         {R.STAFF},     undo="recheck", letter="turned_away"),
    Move("recheck",     {S.ELIGIBLE, S.NOT_ELIGIBLE, S.COMPLETION_REQUESTED}, S.SUBMITTED, {R.STAFF}),
    Move("withdraw",    {S.SUBMITTED, S.COMPLETION_REQUESTED, S.ELIGIBLE}, S.WITHDRAWN, {R.APPLICANT}, letter="withdrawn"),
    Move("lapse",       {S.DRAFT, S.COMPLETION_REQUESTED}, S.LAPSED,               {R.CLOCK}),
)
CHOICE = Workflow(
    "choice",
    Move("shortlist",   {C.WAITING},                       C.SHORTLISTED,          {R.HOST},      undo="think_again"),
    Move("pass_over",   {C.WAITING},                       C.NOT_SHORTLISTED,      {R.HOST},      undo="think_again"),
    Move("think_again", {C.SHORTLISTED, C.NOT_SHORTLISTED}, C.WAITING,             {R.HOST}),
    Move("would_host",  {C.SHORTLISTED},                   C.ACCEPTABLE,           {R.HOST},      undo="rate_again"),
    Move("would_not",   {C.SHORTLISTED},                   C.NOT_ACCEPTABLE,       {R.HOST},      undo="rate_again"),
    Move("rate_again",  {C.ACCEPTABLE, C.NOT_ACCEPTABLE},  C.SHORTLISTED,          {R.HOST}),
    Move("release",     {C.WAITING, C.SHORTLISTED, C.NOT_SHORTLISTED, C.ACCEPTABLE, C.NOT_ACCEPTABLE}, C.RELEASED, {R.APPLICANT, R.STAFF, R.CLOCK}),
)
# fmt: on

LIVE = frozenset({S.DRAFT, S.SUBMITTED, S.COMPLETION_REQUESTED, S.ELIGIBLE})
EDITABLE = frozenset({S.DRAFT, S.COMPLETION_REQUESTED})


class Section(StrEnum):
    """The tasks of the task list, in their order; each is one page, or one with entries."""

    ABOUT = "about"
    STUDIES = "studies"
    LANGUAGES = "languages"
    EXPERIENCE = "experience"
    MOTIVATION = "motivation"
    CHOICES = "choices"


class Fit(StrEnum):
    """Where a task stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class ExperienceKind(StrEnum):
    WORK = "work"
    VOLUNTEERING = "volunteering"
    RESEARCH = "research"
    COMMUNITY = "community"
    OTHER = "other"


def may_edit(state: State, now: datetime, closes_at: datetime, completion_until: datetime | None) -> bool:
    """A draft until the call's instant; one that was asked to be completed until its own."""
    if state == S.DRAFT:
        return now < closes_at
    return state == S.COMPLETION_REQUESTED and completion_until is not None and now < completion_until


class Closed(Refused):
    """The call, or the time to complete, is over: what was typed is shown, and can't be saved."""


def shown_state(state: State, decided_at: datetime | None, undo_minutes: int, now: datetime) -> State:
    """The state as its person sees it: a decision that can still be taken back has not been announced."""
    undecided = decided_at is None or now < decided_at + timedelta(minutes=undo_minutes)
    return State.SUBMITTED if state in {State.ELIGIBLE, State.NOT_ELIGIBLE} and undecided else state


MOTIVATION_MOST = 3000
CHOICE_MOTIVATION_MOST = 1500
DRAFT_MOST = 20_000
"""A text that is saved while it is written may be too long to be sent; nothing of it is lost."""
