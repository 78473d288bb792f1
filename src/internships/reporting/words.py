"""What the staff's start page calls its queues and what will happen by itself, and what a step was about."""

from datetime import timedelta
from typing import Any, Final, Protocol

from internships.core.i18n import gettext, ngettext
from internships.core.i18n import lazy as _
from internships.reviews.words import TIERS

QUEUES: Final = {
    "screening": (_("Applications to screen"), "screening.queue"),
    "readers": (_("Applications with too few reviewers"), "reviews.assignments"),
    "reviews": (_("Reviews not finished"), "reviews.assignments"),
    "ratings": (_("Choices that hosts have not answered"), "matching.desk"),
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
