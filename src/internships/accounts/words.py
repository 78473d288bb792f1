"""What people call the roles."""

from internships.accounts.rules import Held, Role
from internships.core.i18n import lazy_p

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
    return f"{ROLES[held.role]}, {held.reserve}" if held.reserve else str(ROLES[held.role])


THEMES = {
    "auto": lazy_p("theme", "As the device has it"),
    "light": lazy_p("theme", "Light"),
    "dark": lazy_p("theme", "Dark"),
}
