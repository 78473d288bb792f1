"""The year of a call as a line of events, each done, under way or still to come."""

from typing import Final

from internships.core.i18n import gettext, say_date, say_datetime
from internships.cycles.queries import Call
from internships.cycles.rules import Stage

Event = dict[str, str]
REACHED: Final = {Stage.AHEAD: 0, Stage.OPEN: 1, Stage.CLOSED: 2, Stage.RESULTS: 4, Stage.OVER: 5}
"""Which of the events below is the next one."""


def events(call: Call, stage: Stage) -> list[Event]:
    """From the opening to the first placements."""
    until = gettext("until %(moment)s") % {"moment": say_datetime(call.rate_by, call.zone)}
    told = [
        (gettext("Applications open"), say_datetime(call.opens_at, call.zone)),
        (gettext("Deadline for applications"), say_datetime(call.closes_at, call.zone)),
        (gettext("Reviewers read, hosts say whom they would welcome"), until),
        (gettext("Places are given, everybody gets an answer"), say_date(call.results_on)),
        (gettext("The first placements begin"), say_date(call.starts_on)),
    ]
    here = REACHED[stage]
    states = ["done" if place < here else "now" if place == here else "next" for place in range(len(told))]
    return [
        {"title": title, "about": about, "state": state} for (title, about), state in zip(told, states, strict=True)
    ]
