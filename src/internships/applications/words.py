"""What applicants read about their file: sections, states, what happens next."""

from datetime import datetime

from msgspec import Struct

from internships.applications.rules import ExperienceKind, Fit, Section, State
from internships.core.i18n import Lazy, lazy_p
from internships.core.i18n import lazy as _
from internships.core.reasons import kept_reason
from internships.cycles.rules import Level, Rule

SECTIONS = {
    Section.ABOUT: _("About you"),
    Section.STUDIES: _("Your studies"),
    Section.LANGUAGES: _("Your languages"),
    Section.EXPERIENCE: _("Your experience"),
    Section.MOTIVATION: _("Your motivation"),
    Section.CHOICES: _("Your choice of positions"),
    Section.DOCUMENTS: _("Your documents"),
}
HINTS = {
    Section.ABOUT: _("Date of birth, nationality, where you live"),
    Section.STUDIES: _("Degrees that you have, and the one you are working on"),
    Section.LANGUAGES: _("Which ones you speak, and how well"),
    Section.EXPERIENCE: _("Work, volunteering, research, community life; none is fine, too"),
    Section.MOTIVATION: _("Two texts in your own words"),
    Section.CHOICES: _("Which positions you would take, the one you want most first"),
    Section.DOCUMENTS: _("Files that the call asks for, as PDF or as a photo"),
}
FITS: dict[Fit, tuple[Lazy, str]] = {
    Fit.NOT_STARTED: (lazy_p("task", "Not started"), "plain"),
    Fit.IN_PROGRESS: (lazy_p("task", "In progress"), "wait"),
    Fit.ASKED: (lazy_p("task", "Look at it again"), "warn"),
    Fit.DONE: (lazy_p("task", "Completed"), "good"),
    Fit.OPTIONAL: (lazy_p("task", "Optional"), "plain"),
    Fit.CHECKING: (lazy_p("task", "We are checking it"), "wait"),
    Fit.REFUSED: (lazy_p("task", "A file was not taken"), "bad"),
}
STATES: dict[State, tuple[Lazy, str]] = {
    State.DRAFT: (lazy_p("application", "Draft"), "plain"),
    State.SUBMITTED: (lazy_p("application", "Sent"), "wait"),
    State.COMPLETION_REQUESTED: (lazy_p("application", "To be completed"), "warn"),
    State.ELIGIBLE: (lazy_p("application", "Being read"), "good"),
    State.NOT_ELIGIBLE: (lazy_p("application", "Not eligible"), "bad"),
    State.WITHDRAWN: (lazy_p("application", "Withdrawn"), "plain"),
    State.LAPSED: (lazy_p("application", "Not submitted"), "plain"),
}
EXPERIENCES = {
    ExperienceKind.WORK: _("Paid work"),
    ExperienceKind.VOLUNTEERING: _("Volunteering"),
    ExperienceKind.RESEARCH: _("Research or field work"),
    ExperienceKind.COMMUNITY: _("Community life"),
    ExperienceKind.OTHER: _("Something else"),
}
LEVELS = {
    Level.A1: _("A1: I can introduce myself and say simple things, if the other person helps."),
    Level.A2: _("A2: I can manage everyday exchanges about things I know."),
    Level.B1: _("B1: I can manage most everyday work situations, and tell about events and plans."),
    Level.B2: _("B2: I can take part in technical discussions in my field, and write clear reports."),
    Level.C1: _("C1: I can use the language with ease for studies and work."),
    Level.C2: _("C2: I understand practically everything, and can say exactly what I mean."),
    Level.NATIVE: _("It is my first language, or I grew up with it."),
}
LEVELS_SHORT = {level: lazy_p("level", level.value) for level in Level if level != Level.NATIVE} | {
    Level.NATIVE: lazy_p("level", "First language")
}
DEGREES = {
    3: _("Secondary school"),
    4: _("Training after secondary school, not at a university"),
    5: _("Short course of higher education (two years or so)"),
    6: _("Bachelor or equivalent"),
    7: _("Master or equivalent"),
    8: _("Doctorate"),
}
FINISHED = {"yes": _("Yes"), "no": _("Not yet")}
"""Whether a degree is finished."""
FINDINGS = {
    Rule.AGE: _("The call sets an age, and your date of birth does not fit it."),
    Rule.NATIONALITY: _("The call is for some nationalities, and yours is not among them."),
    Rule.STUDIES: _("The call asks for a higher level of studies than you have entered."),
    Rule.LANGUAGE: _("The call asks for a language at a level that you have not entered."),
}
STEPS: dict[str, Lazy] = {
    "application.start": _("You started your application"),
    "application.submit": _("You sent your application"),
    "application.ask": _("We asked you to complete something"),
    "application.admit": _("Your application fulfils the rules of the call"),
    "application.turn_away": _("Your application cannot take part"),
    "application.recheck": _("We are checking your application again"),
    "application.withdraw": _("You withdrew your application"),
    "application.lapse": _("The time to send it ended"),
    "offer.issue": _("You were offered a place"),
    "offer.accept": _("You accepted the place"),
    "offer.decline": _("You declined the place"),
    "offer.expire": _("The date to answer your offer has passed"),
    "offer.revoke": _("The offer was taken back"),
    "placement.start_agreement": _("The agreement went out for signature"),
    "placement.clear": _("Cleared to start"),
    "placement.begin": _("The stay began"),
    "placement.complete": _("The stay was completed"),
    "placement.end_early": _("The stay ended early"),
    "placement.cancel": _("Your placement was cancelled"),
}
SENT_AGAIN = _("You sent your application again")
LABELS = {
    "born_day": _("Day of birth"),
    "born_month": _("Month of birth"),
    "born_year": _("Year of birth"),
    "nationality": _("Nationality"),
    "residence": _("Country where you live"),
    "town": _("Town where you live"),
    "phone": _("Phone number"),
    "motivation_language": _("Language of your texts"),
    "motivation": _("Your motivation"),
    "use_after": _("How you would use it"),
    "institution": _("Where you study or have studied"),
    "country": _("Country"),
    "title": _("Title"),
    "isced_level": _("Level"),
    "isced_field": _("Field of study"),
    "from_year": _("First year"),
    "to_year": _("Last year"),
    "finished": lazy_p("study", "Finished"),
    "code": _("Language"),
    "level": _("Level"),
    "kind": _("Kind of experience"),
    "organisation": _("With whom, or for whom"),
    "text": _("What you did"),
}
"""Answers on the page that shows two texts side by side, and where one is no longer saved."""


class Headline(Struct, frozen=True):
    """Where a file stands in one sentence, and what comes next in another."""

    title: Lazy | str
    next: Lazy


_HEADLINES = {
    State.SUBMITTED: Headline(
        _("We are checking your application"),
        _("We hold it against the rules of the call. You get a letter either way; you need not do anything."),
    ),
    State.COMPLETION_REQUESTED: Headline(
        _("Something is missing"), _("Read below what we ask for, complete it and send your application again.")
    ),
    State.ELIGIBLE: Headline(
        _("We are reading your application"),
        _("Reviewers and the host reserves read it now. You need not do anything until the results are out."),
    ),
    State.NOT_ELIGIBLE: Headline(
        _("Your application cannot take part"),
        _("The reasons are below. If you think that we are wrong, write to us; a person looks at it again."),
    ),
    State.WITHDRAWN: Headline(
        _("You have withdrawn your application"), _("It takes no further part. You can apply in the next call.")
    ),
    State.LAPSED: Headline(
        _("You did not send this application"),
        _("The time to send it is over. You can still read what you wrote, and apply in the next call."),
    ),
}


def headline(state: State) -> Headline:
    """Never stored: it follows from the file. Once the results are out, what came of it has a headline of its own."""
    return _HEADLINES[State.LAPSED if state == State.DRAFT else state]


_OVER = _("The time to change this application is over.")
_SENT = _("You have sent this application. It can no longer be changed.")
CLOSED: dict[State, Lazy] = {
    State.DRAFT: _OVER,
    State.COMPLETION_REQUESTED: _OVER,
    State.LAPSED: _OVER,
    State.SUBMITTED: _SENT,
    State.ELIGIBLE: _SENT,
    State.NOT_ELIGIBLE: _SENT,
    State.WITHDRAWN: _("You have withdrawn this application. It can no longer be changed."),
}
"""Why a file can't be changed."""


def hurry(now: datetime, until: datetime) -> Lazy | None:
    """The warning before a deadline: 24 hours, 1 hour and 10 minutes."""
    left = (until - now).total_seconds()
    if left <= 0 or left > 24 * 3600:
        return None
    if left <= 600:
        return _("Less than 10 minutes are left to send your application.")
    if left <= 3600:
        return _("Less than 1 hour is left to send your application.")
    return _("Less than 24 hours are left to send your application.")


DRAFT_LAPSES_BECAUSE = kept_reason("draft.lapses", _("A draft that was not sent lapses when its call closes."))
ASKED_LAPSES_BECAUSE = kept_reason("asked.lapses", _("What was asked for lapses when it is not sent in time."))
MOVED_BECAUSE = kept_reason("deadline.moved", _("The deadline was moved."))
