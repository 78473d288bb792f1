"""What people call the roles."""

from internships.accounts.rules import Role
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
