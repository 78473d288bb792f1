"""What the staff's start page calls its queues and what will happen by itself, and what a step was about."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from internships.core.i18n import Lazy, gettext, ngettext
from internships.core.i18n import lazy as _
from internships.cycles.queries import Call
from internships.cycles.rules import State
from internships.reviews.words import TIERS

BEFORE_CLOSING = frozenset({State.DRAFT, State.OPEN_TO_HOSTS, State.ANNOUNCED, State.OPEN})
BEFORE_RESULTS = BEFORE_CLOSING | {State.CLOSED, State.IN_SELECTION}

QUEUES: Final = {
    "screening": (_("Applications to screen"), "screening.queue"),
    "readers": (_("Applications with too few reviewers"), "reviews.assignments"),
    "reviews": (_("Reviews not finished"), "reviews.assignments"),
    "ratings": (_("Choices that hosts have not answered"), "matching.desk"),
    "runs": (_("Runs that wait for approval"), "matching.desk"),
    "second": (_("Runs that wait for a second approval"), "matching.desk"),
    "offers": (_("Offers without an answer"), "placements.places"),
    "contests": (_("People who asked to look again"), "matching.contests"),
    "letters": (_("Letters that could not be sent"), "accounts.letters"),
}
"""Each queue, and the route where its work is done; in the order of the year."""
JOBS: Final = {
    "cycles.open": _("The call opens"),
    "cycles.close": _("The call closes"),
    "applications.lapse": _("Applications that were not sent lapse"),
    "placements.expire": _("Offers without an answer expire"),
    "matching.run": _("A run of the match is made"),
    "matching.sensitivity": _("A run is tried out with small changes"),
}


def next_step(state: State, waits: Callable[[str], int]) -> tuple[Lazy, str] | None:
    """What brings the match on now, and the route where it is done; nothing before the call has closed, or after."""
    if state not in {State.CLOSED, State.IN_SELECTION}:
        return None
    if waits("second"):
        return _("Next: a second person approves the run"), "matching.desk"
    if waits("runs"):
        return _("Next: look at the proposed run, and approve it or change the rules"), "matching.desk"
    if waits("screening"):
        return _("Next: check the applications that are left"), "screening.queue"
    if waits("ratings"):
        return _("Next: hosts rate whom they have not answered"), "matching.readiness"
    return _("Next: run the match"), "matching.desk"


def dates(call: Call) -> list[tuple[Lazy, datetime | date]]:
    """The dates of the call that matter from now on: those ahead, and one that passed with the work on it going on."""
    every: list[tuple[Lazy, datetime | date, frozenset[State]]] = [
        (_("The call opens"), call.opens_at, frozenset({State.DRAFT, State.OPEN_TO_HOSTS, State.ANNOUNCED})),
        (_("Applications until"), call.closes_at, BEFORE_CLOSING),
        (_("Reviews and ratings until"), call.rate_by, BEFORE_RESULTS),
        (_("Results"), call.results_on, BEFORE_RESULTS),
        (_("First placements"), call.starts_on, frozenset(State) - {State.ARCHIVED}),
    ]
    return [(words, when) for words, when, states in every if call.state in states]


def age(waited: timedelta) -> str:
    """How long the oldest of a queue has waited."""
    if waited < timedelta(hours=1):
        return gettext("less than an hour")
    if waited < timedelta(days=2):
        hours = int(waited.total_seconds() // 3600)
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    return ngettext("%(num)s day", "%(num)s days", waited.days) % {"num": waited.days}


class _Step(Protocol):
    @property
    def what(self) -> str: ...
    @property
    def detail(self) -> dict[str, Any] | None: ...
    @property
    def reviewer(self) -> str | None: ...
    @property
    def other(self) -> str | None: ...


def about(step: _Step) -> list[str]:
    """What a step of the trace was about, besides its position: the tier, the tie, the reviewer, the other of a team."""
    detail = step.detail or {}
    said = []
    if (tier := detail.get("tier")) in TIERS:
        said.append(str(TIERS[tier]))
    if step.what == "conflict.declare" and "tie" in detail:
        said.append(gettext("There is a tie") if detail["tie"] else gettext("There is none"))
    if step.what == "offer.issue" and detail.get("wave", 1) > 1:
        said.append(gettext("From the waiting list"))
    return said + [name for name in (step.reviewer, step.other) if name]
