"""What people call the states, the tiers and the points, one table for each audience."""

from internships.applications.rules import ChoiceState
from internships.applications.rules import ExperienceKind as Kind
from internships.core.i18n import lazy as _
from internships.core.i18n import lazy_p
from internships.cycles.rules import Level
from internships.reviews.rules import State

STATES_FOR_REVIEWERS = {
    State.ASSIGNED: (lazy_p("review", "Not opened"), "wait"),
    State.IN_PROGRESS: (lazy_p("review", "Started"), "warn"),
    State.FINISHED: (lazy_p("review", "Finished"), "good"),
    State.RECUSED: (lazy_p("review", "Stepped aside"), "plain"),
}
CHOICES_FOR_HOSTS = {
    ChoiceState.WAITING: (lazy_p("candidate", "To look at"), "wait"),
    ChoiceState.SHORTLISTED: (lazy_p("candidate", "Short-listed"), "warn"),
    ChoiceState.NOT_SHORTLISTED: (lazy_p("candidate", "Passed over"), "plain"),
    ChoiceState.ACCEPTABLE: (lazy_p("candidate", "Would host"), "good"),
    ChoiceState.NOT_ACCEPTABLE: (lazy_p("candidate", "Would not host"), "bad"),
    ChoiceState.RELEASED: (lazy_p("candidate", "Withdrawn"), "plain"),
}
TIERS = {
    1: lazy_p("host", "First choice"),
    2: _("Would host"),
    3: _("Would host if needed"),
}
TIERS_SAY = {
    1: _("You would welcome this person tomorrow. Several people may be a first choice."),
    2: _("A good match for the work."),
    3: _("If nobody of the tiers above comes."),
}
LEVELS = {level: lazy_p("language level", level.value) for level in Level if level != Level.NATIVE} | {
    Level.NATIVE: lazy_p("language level", "first language")
}
KINDS = {
    Kind.WORK: lazy_p("experience", "Work"),
    Kind.VOLUNTEERING: lazy_p("experience", "Volunteering"),
    Kind.RESEARCH: lazy_p("experience", "Research"),
    Kind.COMMUNITY: lazy_p("experience", "Community life"),
    Kind.OTHER: lazy_p("experience", "Other"),
}
