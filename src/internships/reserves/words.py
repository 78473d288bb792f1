"""What people call the facts of a position."""

from internships.core.i18n import gettext, lazy_p, say_month
from internships.reserves.rules import Accommodation, FieldLevel, Mode, State, Travel

STATES = {
    State.DRAFT: lazy_p("position", "Draft"),
    State.SUBMITTED: lazy_p("position", "Sent for approval"),
    State.CHANGES_REQUESTED: lazy_p("position", "Changes asked for"),
    State.APPROVED: lazy_p("position", "Approved"),
    State.PUBLISHED: lazy_p("position", "Published"),
    State.CLOSED: lazy_p("position", "Closed"),
    State.REFUSED: lazy_p("position", "Refused"),
    State.WITHDRAWN: lazy_p("position", "Withdrawn"),
}
FIELD_LEVELS = {
    FieldLevel.LIGHT: lazy_p("field work", "Light field work"),
    FieldLevel.MODERATE: lazy_p("field work", "Moderate field work"),
    FieldLevel.STRENUOUS: lazy_p("field work", "Strenuous field work"),
}
MODES = {
    Mode.ON_SITE: lazy_p("mode", "On site"),
    Mode.HYBRID: lazy_p("mode", "Partly on site"),
    Mode.REMOTE: lazy_p("mode", "From afar"),
}
ACCOMMODATION = {
    Accommodation.PROVIDED_FREE: lazy_p("housing", "Housing is free"),
    Accommodation.PROVIDED_PAID: lazy_p("housing", "Housing is there, you pay for it"),
    Accommodation.HELP_FINDING: lazy_p("housing", "Help with finding housing"),
}
TRAVEL = {
    Travel.NONE: lazy_p("travel", "Travel is not paid"),
    Travel.LOCAL_ONLY: lazy_p("travel", "Local travel is paid"),
    Travel.CAPPED: lazy_p("travel", "Travel is paid up to a limit"),
}


def season(start: str, end: str) -> str:
    """MM-DD to MM-DD as months in words: April to July."""
    first, last = say_month(int(start[:2])), say_month(int(end[:2]))
    return first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
