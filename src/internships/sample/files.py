"""Sample applications: begun, sent or left lying, and checked by staff against the rules of the call."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct

from internships.accounts.rules import CLOCK, Actor, Role
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.applications.rules import APPLICATION, CHOICE, ChoiceState, Section, State
from internships.core.models import Job
from internships.core.text import folded
from internships.cycles.rules import Level, findings
from internships.sample import calendar
from internships.sample.choosing import Wish
from internships.sample.people import SamplePerson
from internships.sample.programme import Programme

ANSWERED: list[Section] = [section for section in Section if section != Section.DOCUMENTS]
"""What the sample people fill in; they give no files."""
STRAGGLERS = 0.05
ASKED = 0.05
ANSWERS_WHEN_ASKED = 0.85
WITHDRAWS = 0.03


class File(Struct, frozen=True):
    """An application that is judged: its rows, and until when it stands."""

    person: SamplePerson
    actor: Actor
    application: dict[str, Any]
    choices: list[dict[str, Any]]
    admitted_at: datetime
    """When it was sent, until it is admitted."""
    until: datetime


def write_file(programme: Programme, rng: Random, person: SamplePerson, wishes: list[Wish]) -> File | None:
    """Write one application down; it is returned when it is in the running."""
    when, ledger = programme.calendar, programme.ledger
    sent_at = when.opens + (when.closes - when.opens) * min(person.haste, 0.99999)
    begun_at = when.opens + (min(sent_at, when.now) - when.opens) * rng.uniform(0.2, 0.97)
    actor = ledger.person(Role.APPLICANT, person.name, person.email, person.locale, person.zone, begun_at)
    is_sent = person.finishes and when.is_past(sent_at)
    done = ANSWERED if is_sent else ANSWERED[: rng.randint(0, len(ANSWERED) - 1)]
    application = _application(programme, actor, person, begun_at, done)
    _entries(programme, application["id"], person, done)
    choices = _choices(programme, application["id"], wishes) if Section.CHOICES in done else []
    file = application["ref"]
    ledger.note(actor, "application.start", file, begun_at, file=file, moved=(None, State.DRAFT))
    if when.is_open and not is_sent:
        _will_lapse(programme, file, begun_at, when.closes, "A draft that was not sent lapses when its call closes.")
    if is_sent:
        application |= {"saved_at": sent_at, "submitted_at": sent_at}
        ledger.move(APPLICATION, "submit", actor, application, sent_at, file=file)
        return _screened(programme, rng, File(person, actor, application, choices, sent_at, when.now))
    application["saved_at"] = begun_at + (min(when.now, when.closes) - begun_at) * rng.uniform(0.1, 0.9)
    if when.is_past(when.closes):
        ledger.move(APPLICATION, "lapse", CLOCK, application, when.closes + timedelta(minutes=1), file=file)
    return None


def _application(
    programme: Programme, actor: Actor, person: SamplePerson, begun_at: datetime, done: list[Section]
) -> dict[str, Any]:
    about, motivated = Section.ABOUT in done, Section.MOTIVATION in done
    return programme.ledger.add(
        Application,
        ref=programme.ledger.ref(),
        person_id=actor.person_id,
        cycle_id=programme.cycle_id,
        state=State.DRAFT,
        folded_name=folded(f"{person.name.full} {person.name.latin or ''} {person.email}"),
        born_on=person.born_on if about else None,
        nationality=person.nationality if about else None,
        residence=person.residence if about else None,
        town=person.town if about else "",
        isced_level=person.level if Section.STUDIES in done else None,
        motivation=person.motivation if motivated else "",
        motivation_language=person.writes_in if motivated else "",
        use_after=person.use_after if motivated else "",
        no_experience=Section.EXPERIENCE in done and not person.works,
        done=[section.value for section in done],
        created_at=begun_at,
        saved_at=begun_at,
        submitted_at=None,
        decided_at=None,
        completion_until=None,
        asked=False,
        reasons=[],
        review_count=0,
        review_mean=None,
        review_spread=None,
    )


def _entries(programme: Programme, application_id: int, person: SamplePerson, done: list[Section]) -> None:
    ledger = programme.ledger
    for study in person.studies if Section.STUDIES in done else ():
        ledger.add(
            Study,
            ref=ledger.ref(),
            application_id=application_id,
            institution=study.institution,
            country=study.country,
            title=study.title,
            isced_level=study.level,
            isced_field=study.field,
            from_year=study.began,
            to_year=study.ended,
            finished=study.ended is not None,
        )
    for code, level in person.languages.items() if Section.LANGUAGES in done else ():
        ledger.add(LanguageSkill, ref=ledger.ref(), application_id=application_id, code=code, level=Level(level))
    for work in person.works if Section.EXPERIENCE in done else ():
        ledger.add(
            Experience,
            ref=ledger.ref(),
            application_id=application_id,
            kind=work.kind,
            title=work.title,
            organisation=work.place,
            country=work.country,
            from_year=work.began.year,
            to_year=work.ended.year if work.ended else None,
        )


def _choices(programme: Programme, application_id: int, wishes: list[Wish]) -> list[dict[str, Any]]:
    ledger = programme.ledger
    return [
        ledger.add(
            Choice,
            ref=ledger.ref(),
            application_id=application_id,
            position_id=programme.positions[wish.position].id,
            rank=rank,
            motivation=wish.motivation,
            state=ChoiceState.WAITING,
        )
        for rank, wish in enumerate(wishes, start=1)
    ]


def _screened(programme: Programme, rng: Random, file: File) -> File | None:
    """Staff hold the call's own rules against the file, a few files late."""
    when, ledger, application, person = programme.calendar, programme.ledger, file.application, file.person
    staff, ref = rng.choice(programme.staff), application["ref"]
    late, asked = rng.random() < STRAGGLERS, rng.random() < ASKED
    days = rng.uniform(*(calendar.SCREENED_LATE if late else calendar.SCREENED))
    at = file.admitted_at + timedelta(days=days) if when.is_open else when.after(days)
    if not when.is_past(at):
        return None
    languages = {code: Level(level) for code, level in person.languages.items()}
    found = findings(
        programme.rules,
        born_on=person.born_on,
        nationality=person.nationality,
        isced_level=person.level,
        languages=languages,
    )
    if wrong := [finding.rule.value for finding in found if finding.fits is False]:
        application |= {"reasons": wrong, "decided_at": at}
        ledger.move(APPLICATION, "turn_away", staff, application, at, file=ref, detail={"reasons": wrong})
        return None
    if asked and person.number > 2:
        if (answered_at := _asked(programme, rng, application, file.actor, staff, at)) is None:
            return None
        at = answered_at + timedelta(days=rng.uniform(0.2, 1))
        if not when.is_past(at):
            return None
    application |= {"decided_at": at, "reasons": []}
    ledger.move(APPLICATION, "admit", staff, application, at, file=ref)
    until = _withdrawn(programme, rng, file, at)
    return File(person, file.actor, application, file.choices, at, until)


def _asked(
    programme: Programme, rng: Random, application: dict[str, Any], actor: Actor, staff: Actor, at: datetime
) -> datetime | None:
    """Ask for completion; when the answer came, if one came."""
    when, ledger, ref = programme.calendar, programme.ledger, application["ref"]
    until, reason = at + timedelta(days=7), rng.choice(("studies", "languages", "dates"))
    application |= {"asked": True, "completion_until": until, "reasons": [reason], "decided_at": at}
    ledger.move(APPLICATION, "ask", staff, application, at, file=ref, detail={"reasons": [reason]})
    answered_at = at + timedelta(days=rng.uniform(0.5, 6.5))
    if rng.random() < ANSWERS_WHEN_ASKED:
        if not when.is_past(answered_at):
            _will_lapse(programme, ref, at, until, "What was asked for lapses when it is not sent in time.")
            return None
        application |= {"saved_at": answered_at, "submitted_at": answered_at, "completion_until": None}
        ledger.move(APPLICATION, "submit", actor, application, answered_at, file=ref)
        return answered_at
    if when.is_past(until):
        ledger.move(APPLICATION, "lapse", CLOCK, application, until, file=ref)
    return None


def _will_lapse(programme: Programme, file: str, since: datetime, until: datetime, why: str) -> None:
    """What the clock will do if nobody acts."""
    programme.ledger.add(
        Job,
        ref=programme.ledger.ref(),
        kind="applications.lapse",
        key=f"application.lapse:{file}",
        subject=file,
        why=why,
        payload={},
        run_at=until,
        written_at=since,
    )


def _withdrawn(programme: Programme, rng: Random, file: File, since: datetime) -> datetime:
    """A few have other plans by now; until when the file stands."""
    when, ledger, ref = programme.calendar, programme.ledger, file.application["ref"]
    at = since + timedelta(days=rng.uniform(1, 20))
    if rng.random() >= WITHDRAWS or file.person.number <= 2 or not when.is_past(at):
        return when.now
    reason = rng.choice(("plans", "other_offer", "private"))
    ledger.move(APPLICATION, "withdraw", file.actor, file.application, at, file=ref, detail={"reason": reason})
    file.application["reasons"] = [reason]
    return at


def release_choices(programme: Programme, file: File) -> None:
    """With a withdrawn application its choices end too."""
    if file.application["state"] != State.WITHDRAWN:
        return
    for choice in file.choices:
        programme.ledger.move(CHOICE, "release", file.actor, choice, file.until, file=file.application["ref"])
