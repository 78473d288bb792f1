"""How far a file is: what each section needs, what stands in the way of sending, and when a page was overtaken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from internships.applications.rules import MOTIVATION_MOST, Fit, Section
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _


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
    return [Obstacle(section, words) for section, stands, words in lacking if stands]


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
    unfinished = {obstacle.section for obstacle in obstacles(file)}
    return {
        section: Fit.NOT_STARTED if not begun[section] else Fit.IN_PROGRESS if section in unfinished else Fit.DONE
        for section in Section
    }


def mark(values: Mapping[str, str]) -> str:
    """What a page showed, as a short mark; a form that brings another one than the section has now was overtaken."""
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def overtaken(mine: Mapping[str, str], saved: Mapping[str, str], texts: frozenset[str]) -> list[str]:
    """The answers that saving would lose: those that stand now and differ.

    A long text that goes on from the saved one loses nothing: it was saved by itself while its writer went on.
    """
    return [
        name
        for name, text in saved.items()
        if text and text != mine.get(name, "") and not (name in texts and text in mine.get(name, ""))
    ]
