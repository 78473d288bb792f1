"""The life of an application and of each of its choices, what sending one requires, and how far it is."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from internships.accounts.rules import Role
from internships.applications.documents import Asked, DocumentKind, DocumentState, Held
from internships.core.faults import Refused
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.core.workflow import Move, Workflow


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPLETION_REQUESTED = "completion_requested"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ChoiceState(StrEnum):
    WAITING = "waiting"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    ACCEPTABLE = "acceptable"
    NOT_ACCEPTABLE = "not_acceptable"
    RELEASED = "released"


S, C, R = State, ChoiceState, Role  # short names, so that the tables below stay tables

# fmt: off
APPLICATION = Workflow(
    "application",
    #    verb           from                               to                      by             and then
    Move("submit",      {S.DRAFT, S.COMPLETION_REQUESTED}, S.SUBMITTED,            {R.APPLICANT}, letter="received"),
    Move("ask",         {S.SUBMITTED},                     S.COMPLETION_REQUESTED, {R.STAFF},     letter="asked", clock="lapse", undo="recheck"),
    Move("admit",       {S.SUBMITTED},                     S.ELIGIBLE,             {R.STAFF},     undo="recheck"),
    Move("turn_away",   {S.SUBMITTED},                     S.NOT_ELIGIBLE,         {R.STAFF},     undo="recheck", letter="turned_away"),
    Move("recheck",     {S.ELIGIBLE, S.NOT_ELIGIBLE, S.COMPLETION_REQUESTED}, S.SUBMITTED, {R.STAFF, R.CLOCK}),
    Move("withdraw",    {S.SUBMITTED, S.COMPLETION_REQUESTED, S.ELIGIBLE}, S.WITHDRAWN, {R.APPLICANT}, letter="withdrawn"),
    Move("lapse",       {S.DRAFT, S.COMPLETION_REQUESTED}, S.LAPSED,               {R.CLOCK}),
)
CHOICE = Workflow(
    "choice",
    Move("shortlist",   {C.WAITING},                       C.SHORTLISTED,          {R.HOST},      undo="think_again"),
    Move("pass_over",   {C.WAITING},                       C.NOT_SHORTLISTED,      {R.HOST},      undo="think_again"),
    Move("think_again", {C.SHORTLISTED, C.NOT_SHORTLISTED}, C.WAITING,             {R.HOST}),
    Move("would_host",  {C.SHORTLISTED},                   C.ACCEPTABLE,           {R.HOST},      undo="rate_again"),
    Move("would_not",   {C.SHORTLISTED},                   C.NOT_ACCEPTABLE,       {R.HOST},      undo="rate_again"),
    Move("rate_again",  {C.ACCEPTABLE, C.NOT_ACCEPTABLE},  C.SHORTLISTED,          {R.HOST}),
    Move("release",     {C.WAITING, C.SHORTLISTED, C.NOT_SHORTLISTED, C.ACCEPTABLE, C.NOT_ACCEPTABLE}, C.RELEASED, {R.APPLICANT, R.STAFF, R.CLOCK}),
)
# fmt: on

LIVE = frozenset({S.DRAFT, S.SUBMITTED, S.COMPLETION_REQUESTED, S.ELIGIBLE})
EDITABLE = frozenset({S.DRAFT, S.COMPLETION_REQUESTED})
DECIDED = frozenset(APPLICATION["recheck"].from_)


class Section(StrEnum):
    """The tasks of the task list, in their order; each is one page, or one with entries."""

    ABOUT = "about"
    STUDIES = "studies"
    LANGUAGES = "languages"
    EXPERIENCE = "experience"
    MOTIVATION = "motivation"
    CHOICES = "choices"
    DOCUMENTS = "documents"
    """Only where the call asks for some."""


class Fit(StrEnum):
    """Where a task stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    ASKED = "asked"
    """Complete, but the person was asked to look at it again."""
    DONE = "done"
    OPTIONAL = "optional"
    """Nothing is there, and nothing need be."""
    CHECKING = "checking"
    """Done as far as the person can do it."""
    REFUSED = "refused"


class ExperienceKind(StrEnum):
    WORK = "work"
    VOLUNTEERING = "volunteering"
    RESEARCH = "research"
    COMMUNITY = "community"
    OTHER = "other"


def may_edit(state: State, now: datetime, closes_at: datetime, completion_until: datetime | None) -> bool:
    """A draft until the call's instant; one that was asked to be completed until its own."""
    if state == S.DRAFT:
        return now < closes_at
    return state == S.COMPLETION_REQUESTED and completion_until is not None and now < completion_until


class Closed(Refused):
    """The call, or the time to complete, is over: what was typed is shown, and can't be saved."""


def shown_state(state: State, decided_at: datetime | None, undo_minutes: int, now: datetime) -> State:
    """The state as its person sees it, and by which they may act: what can still be taken back has not been announced."""
    undecided = state in DECIDED and may_take_back(decided_at, undo_minutes, now)
    return State.SUBMITTED if undecided else state


def may_take_back(decided_at: datetime | None, undo_minutes: int, now: datetime) -> bool:
    """A decision can be taken back for some minutes; its letter waits as long."""
    return decided_at is not None and now < decided_at + timedelta(minutes=undo_minutes)


def completion_until(now: datetime, days: int, zone: str) -> datetime:
    """The last minute of the day, in the call's zone, by which what is missing has to come."""
    last = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59), ZoneInfo(zone))


MOTIVATION_MOST = 3000
CHOICE_MOTIVATION_MOST = 1500
DRAFT_MOST = 20_000
"""A text that is saved while it is written may be too long to be sent; nothing of it is lost."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is in a file, counted; enough to say how far it is."""

    born_on: date | None = None
    nationality: str | None = None
    residence: str | None = None
    town: str = ""
    studies: int = 0
    languages: int = 0
    experiences: int = 0
    no_experience: bool = False
    done: frozenset[str] = field(default_factory=frozenset)
    motivation: int = 0
    """In characters, as every text here."""
    use_after: int = 0
    motivation_language: str = ""
    choices: int = 0
    choices_unsaid: int = 0
    """Without a motivation."""
    choices_too_long: int = 0
    choices_gone: int = 0
    """Of positions that are not offered any more."""
    asked: tuple[Asked, ...] = ()
    documents: tuple[Held, ...] = ()

    def has(self, *states: DocumentState) -> bool:
        """Whether a document stands in one of these states."""
        return any(each.state in states for each in self.documents)

    begun: frozenset[str] = frozenset()
    """Sections with a page that was left half done."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an application can't be sent yet, and the section where that is mended."""

    section: Section
    words: Lazy


def obstacles(file: Filing) -> list[Obstacle]:
    """Everything that stands in the way of sending, in the order of the sections; nothing when it can go."""
    lacking: list[tuple[Section, bool, Lazy]] = [
        (Section.ABOUT, file.born_on is None, _("Enter your date of birth.")),
        (Section.ABOUT, file.nationality is None, _("Enter your nationality.")),
        (Section.ABOUT, file.residence is None, _("Enter the country that you live in.")),
        (Section.ABOUT, not file.town, _("Enter the town that you live in.")),
        (Section.STUDIES, not file.studies, _("Add what you study or have studied.")),
        (Section.STUDIES, _unsaid(file, Section.STUDIES, file.studies), _("Say that your studies are complete.")),
        (Section.LANGUAGES, not file.languages, _("Add the languages that you speak.")),
        (
            Section.LANGUAGES,
            _unsaid(file, Section.LANGUAGES, file.languages),
            _("Say that your languages are complete."),
        ),
        (
            Section.EXPERIENCE,
            not file.experiences and not file.no_experience,
            _("Add your experience, or say that you have none yet."),
        ),
        (
            Section.EXPERIENCE,
            _unsaid(file, Section.EXPERIENCE, file.experiences),
            _("Say that your experience is complete."),
        ),
        (Section.MOTIVATION, not file.motivation, _("Write why you want to do an internship.")),
        (Section.MOTIVATION, file.motivation > MOTIVATION_MOST, _("Shorten the text about why you apply.")),
        (Section.MOTIVATION, not file.use_after, _("Write how you would use what you learn.")),
        (Section.MOTIVATION, file.use_after > MOTIVATION_MOST, _("Shorten the text about how you would use it.")),
        (Section.MOTIVATION, not file.motivation_language, _("Say in which language you have written.")),
        (Section.CHOICES, not file.choices, _("Choose at least one position.")),
        (Section.CHOICES, file.choices_unsaid > 0, _("Write a motivation for each position.")),
        (Section.CHOICES, file.choices_too_long > 0, _("Shorten the motivation for a position.")),
        (Section.CHOICES, file.choices_gone > 0, _("Remove the position that is not offered any more.")),
    ]
    lacking += [(Section.DOCUMENTS, _lacks(file, each), GIVE[each.kind]) for each in file.asked]
    refused = file.has(DocumentState.REFUSED)
    lacking.append((Section.DOCUMENTS, refused, _("Replace or remove the document that could not be taken.")))
    return [Obstacle(section, words) for section, stands, words in lacking if stands]


GIVE = {
    DocumentKind.CV: _("Give your curriculum vitae."),
    DocumentKind.TRANSCRIPT: _("Give your transcript of records."),
    DocumentKind.ENROLMENT: _("Give your proof of enrolment or graduation."),
    DocumentKind.LANGUAGE_EVIDENCE: _("Give evidence of your languages."),
}


def _lacks(file: Filing, asked: Asked) -> bool:
    """A file that is still being checked counts: whoever gave it can do no more."""
    held = {each.kind for each in file.documents if each.state != DocumentState.REFUSED}
    return asked.required and asked.kind not in held


def _unsaid(file: Filing, section: Section, entries: int) -> bool:
    return entries > 0 and section not in file.done


def fits(file: Filing) -> dict[Section, Fit]:
    """Where each task stands."""
    begun = {
        Section.ABOUT: bool(file.born_on or file.nationality or file.residence or file.town),
        Section.STUDIES: file.studies > 0,
        Section.LANGUAGES: file.languages > 0,
        Section.EXPERIENCE: file.experiences > 0 or file.no_experience,
        Section.MOTIVATION: bool(file.motivation or file.use_after),
        Section.CHOICES: file.choices > 0,
    }
    begun |= {Section(section): True for section in file.begun}
    unfinished = {obstacle.section for obstacle in obstacles(file)} | {Section(section) for section in file.begun}
    found = {
        section: Fit.NOT_STARTED if not is_begun else Fit.IN_PROGRESS if section in unfinished else Fit.DONE
        for section, is_begun in begun.items()
    }
    return found | ({Section.DOCUMENTS: _documents_fit(file, unfinished)} if file.asked or file.documents else {})


def _documents_fit(file: Filing, unfinished: set[Section]) -> Fit:
    if file.has(DocumentState.REFUSED):
        return Fit.REFUSED
    if Section.DOCUMENTS in unfinished:
        return Fit.IN_PROGRESS if file.documents else Fit.NOT_STARTED
    if not file.documents:
        return Fit.OPTIONAL
    return Fit.CHECKING if file.has(DocumentState.RECEIVED, DocumentState.CHECKING) else Fit.DONE


def asked_again(found: dict[Section, Fit], to_look_at: frozenset[str]) -> dict[Section, Fit]:
    """Where each task stands, when some were complete and the person was asked for more."""
    return {section: Fit.ASKED if section in to_look_at and fit == Fit.DONE else fit for section, fit in found.items()}
