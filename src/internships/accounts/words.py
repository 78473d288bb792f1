"""What people call the roles, and the states of letters."""

from internships.accounts.rules import Held, Role
from internships.core.i18n import gettext, lazy_p
from internships.core.i18n import lazy as _
from internships.core.models import LetterState

ROLES = {
    Role.APPLICANT: lazy_p("role", "Applicant"),
    Role.HOST: lazy_p("role", "Host"),
    Role.REVIEWER: lazy_p("role", "Reviewer"),
    Role.STAFF: lazy_p("role", "Programme staff"),
    Role.ADMIN: lazy_p("role", "Administrator"),
    Role.OBSERVER: lazy_p("role", "Observer"),
    Role.CLOCK: lazy_p("role", "By itself"),
}


def working_as(held: Held) -> str:
    """A membership in the role switch and on the account page: Host, Condor Heights."""
    role = str(ROLES[held.role])
    return gettext("%(role)s, %(reserve)s") % {"role": role, "reserve": held.reserve} if held.reserve else role


THEMES = {
    "auto": lazy_p("theme", "As the device has it"),
    "light": lazy_p("theme", "Light"),
    "dark": lazy_p("theme", "Dark"),
}

INVITED_AS = {
    Role.HOST: _("You are invited to look at candidates and to welcome interns as a host of %(reserve)s."),
    Role.REVIEWER: _("You are invited to read and score applications."),
    Role.STAFF: _("You are invited to run the programme as a member of its staff."),
    Role.ADMIN: _("You are invited to look after the accounts of this site."),
    Role.OBSERVER: _("You are invited to follow the programme as an observer."),
}

LETTER_STATES = {
    "waiting": lazy_p("letters", "Waiting"),
    "sent": lazy_p("letters", "Sent"),
    "dead": lazy_p("letters", "Not delivered"),
    "cancelled": lazy_p("letters", "Cancelled"),
}
LETTER_TAGS = {
    LetterState.WAITING: (lazy_p("letter", "waiting"), "wait"),
    LetterState.SENDING: (lazy_p("letter", "on its way"), "wait"),
    LetterState.SENT: (lazy_p("letter", "sent"), "good"),
    LetterState.DEAD: (lazy_p("letter", "not delivered"), "bad"),
    LetterState.CANCELLED: (lazy_p("letter", "cancelled"), "plain"),
}
