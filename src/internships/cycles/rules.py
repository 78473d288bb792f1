"""One call of the programme: its life, its dates, and who may apply."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow


class State(StrEnum):
    DRAFT = "draft"
    OPEN_TO_HOSTS = "open_to_hosts"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    IN_SELECTION = "in_selection"
    RESULTS_OUT = "results_out"
    PLACEMENTS_RUNNING = "placements_running"
    ARCHIVED = "archived"


S, R = State, Role

# fmt: off
CYCLE = Workflow(
    "call",
    #    verb               from                  to                    by
    Move("invite_hosts",    {S.DRAFT},            S.OPEN_TO_HOSTS,      {R.STAFF}),
    Move("announce",        {S.OPEN_TO_HOSTS},    S.ANNOUNCED,          {R.STAFF}),
    Move("open",            {S.ANNOUNCED},        S.OPEN,               {R.STAFF, R.CLOCK}, clock="close"),
    Move("close",           {S.OPEN},             S.CLOSED,             {R.CLOCK}),
    Move("select",          {S.CLOSED},           S.IN_SELECTION,       {R.STAFF}),
    Move("release_results", {S.CLOSED, S.IN_SELECTION}, S.RESULTS_OUT,  {R.STAFF}),
    Move("start_placements", {S.RESULTS_OUT},     S.PLACEMENTS_RUNNING, {R.STAFF}),
    Move("archive",         {S.PLACEMENTS_RUNNING}, S.ARCHIVED,         {R.STAFF}),
)
# fmt: on

LISTS_MOVE = frozenset({S.RESULTS_OUT, S.PLACEMENTS_RUNNING})
"""A seat that is freed goes to the next on its waiting list; in a call that was archived nobody is offered anything more."""
RESULTS_ARE_OUT = LISTS_MOVE | {S.ARCHIVED}
"""A run was approved: people know their answers, and no other run takes its place."""

BY_APPROVAL = frozenset({"release_results"})
"""No button does these: approving a run does, as a named person."""

_WORDS = frozenset({"name", "summary", "contact"})
_LATER = _WORDS | {"rate_by", "results_on", "starts_on"}
STILL_CHANGES = {
    S.ANNOUNCED: _LATER | {"opens_at", "closes_at"},
    S.OPEN: _LATER | {"closes_at"},
    S.CLOSED: _LATER,
    S.IN_SELECTION: _LATER,
    S.RESULTS_OUT: _WORDS | {"starts_on"},
    S.PLACEMENTS_RUNNING: _WORDS,
    S.ARCHIVED: frozenset[str](),
}
"""What of a call may still change once everybody has read it; before that, all of it may."""

SHOWN_TO_ALL = frozenset(State) - {S.DRAFT, S.OPEN_TO_HOSTS}


def anchored_at(scale_max: int) -> dict[int, str]:
    """Which points of a scale are said in words: its two ends and its middle."""
    return {0: "low", (scale_max + 1) // 2: "mid", scale_max: "high"}


class Stage(StrEnum):
    """Where a call stands for everybody; its two instants count, not when somebody pressed a button."""

    AHEAD = "ahead"
    OPEN = "open"
    CLOSED = "closed"
    RESULTS = "results"
    OVER = "over"


def stage(state: State, opens_at: datetime, closes_at: datetime, now: datetime) -> Stage:
    """Where a call that is shown to all stands at this instant."""
    if state in {S.ANNOUNCED, S.OPEN} and now < closes_at:
        return Stage.AHEAD if now < opens_at else Stage.OPEN
    if state in LISTS_MOVE:
        return Stage.RESULTS
    return Stage.OVER if state == S.ARCHIVED else Stage.CLOSED


class Level(StrEnum):
    """CEFR, with one step for a first language."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"

    @property
    def rank(self) -> int:
        """1 for A1 to 7 for a first language."""
        return list(Level).index(self) + 1


class ReasonKind(StrEnum):
    """What a listed reason is for."""

    NOT_ELIGIBLE = "not_eligible"
    COMPLETION = "completion"
    NOT_ACCEPTABLE = "not_acceptable"
    WITHDRAWAL = "withdrawal"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class CallRules:
    """Who may apply, as the call says it."""

    age_min: int | None
    age_max: int | None
    age_on: date | None
    min_isced_level: int | None
    languages: list[tuple[str, Level]]
    """Any one of these is enough: the languages in which the programme works."""
    nationalities: list[str] | None
    """None: every country."""
    choices_max: int


class Rule(StrEnum):
    """The rules of a call that can be checked, in the order in which they are shown."""

    AGE = "age"
    NATIONALITY = "nationality"
    STUDIES = "studies"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one person: what is needed, what is held, and whether it fits.

    fits is None when the person has not said it (yet).
    """

    rule: Rule
    fits: bool | None
    needed: object
    held: object


def age_on(born: date, day: date) -> int:
    """Completed years on a day; somebody born on 29 February has a birthday on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def findings(
    rules: CallRules,
    *,
    born_on: date | None,
    nationality: str | None,
    isced_level: int | None,
    languages: dict[str, Level],
) -> list[Finding]:
    """Every rule of the call with the evidence: for "can I apply?", before sending, and for staff."""
    found = []
    if rules.age_on and (rules.age_min is not None or rules.age_max is not None):
        age = age_on(born_on, rules.age_on) if born_on else None
        fits = None if age is None else (rules.age_min or 0) <= age <= (rules.age_max or 200)
        found.append(Finding(Rule.AGE, fits, (rules.age_min, rules.age_max, rules.age_on), age))
    if rules.nationalities is not None:
        fits = None if nationality is None else nationality in rules.nationalities
        found.append(Finding(Rule.NATIONALITY, fits, rules.nationalities, nationality))
    if rules.min_isced_level is not None:
        fits = None if isced_level is None else isced_level >= rules.min_isced_level
        found.append(Finding(Rule.STUDIES, fits, rules.min_isced_level, isced_level))
    if rules.languages:
        enough = any(code in languages and languages[code].rank >= level.rank for code, level in rules.languages)
        found.append(Finding(Rule.LANGUAGE, enough if languages else None, rules.languages, languages))
    return found
