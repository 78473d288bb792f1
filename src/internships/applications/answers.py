"""Answers as their pages show them: what a form is filled with, and what is compared when two windows saved."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Protocol

from msgspec import Struct

from internships.applications.rules import ExperienceKind
from internships.core.i18n import gettext, say_country, say_language, say_month
from internships.core.reference import FIELDS
from internships.cycles.rules import Level

TEXTS = frozenset({"motivation", "use_after", "text"})
"""Long texts: they save themselves while they are written, or are long enough to be sent twice."""


class About(Struct, frozen=True):
    """What somebody told about themselves."""

    born_on: date
    nationality: str
    residence: str
    town: str
    phone: str


class Motivation(Struct, frozen=True):
    """The two long texts and the language that they are in."""

    motivation_language: str
    motivation: str
    use_after: str


class Study(Struct, frozen=True):
    """A degree, finished or under way."""

    institution: str
    country: str
    title: str
    isced_level: int
    isced_field: str
    from_year: int
    to_year: int | None
    finished: bool


class Language(Struct, frozen=True):
    """A language at a level."""

    code: str
    level: Level


class Experience(Struct, frozen=True):
    """Something done before."""

    kind: ExperienceKind
    title: str
    organisation: str
    country: str | None
    from_year: int
    to_year: int | None
    text: str


class HasAbout(Protocol):
    @property
    def born_on(self) -> date | None: ...
    @property
    def nationality(self) -> str | None: ...
    @property
    def residence(self) -> str | None: ...
    @property
    def town(self) -> str: ...
    @property
    def phone(self) -> str: ...


class HasMotivation(Protocol):
    @property
    def motivation(self) -> str: ...
    @property
    def motivation_language(self) -> str: ...
    @property
    def use_after(self) -> str: ...


def about(kept: HasAbout) -> dict[str, str]:
    """The page about the person."""
    born = kept.born_on
    return {
        "born_day": str(born.day) if born else "",
        "born_month": say_month(born.month) if born else "",
        "born_year": str(born.year) if born else "",
        "nationality": say_country(kept.nationality) if kept.nationality else "",
        "residence": say_country(kept.residence) if kept.residence else "",
        "town": kept.town,
        "phone": kept.phone,
    }


def motivation(kept: HasMotivation) -> dict[str, str]:
    """The page of the two long texts."""
    return {
        "motivation_language": kept.motivation_language,
        "motivation": kept.motivation,
        "use_after": kept.use_after,
    }


def _year(year: int | None) -> str:
    return "" if year is None else str(year)


def study(kept: Study) -> dict[str, str]:
    """One degree."""
    return {
        "institution": kept.institution,
        "country": say_country(kept.country),
        "title": kept.title,
        "isced_level": str(kept.isced_level),
        "isced_field": gettext(FIELDS[kept.isced_field].label) if kept.isced_field in FIELDS else "",
        "from_year": _year(kept.from_year),
        "to_year": _year(kept.to_year),
        "finished": "yes" if kept.finished else "no",
    }


def language(kept: Language) -> dict[str, str]:
    """One language."""
    return {"code": say_language(kept.code), "level": kept.level.value}


def experience(kept: Experience) -> dict[str, str]:
    """One piece of experience."""
    return {
        "kind": kept.kind.value,
        "title": kept.title,
        "organisation": kept.organisation,
        "country": say_country(kept.country) if kept.country else "",
        "from_year": _year(kept.from_year),
        "to_year": _year(kept.to_year),
        "text": kept.text,
    }


def mark(values: Mapping[str, str]) -> str:
    """What a page showed, as a short mark; a form that brings another one than the section has now was overtaken."""
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def overtaken(mine: Mapping[str, str], saved: Mapping[str, str]) -> list[str]:
    """The answers that saving would lose: those that stand now and differ.

    A long text that goes on from the saved one loses nothing: it was saved by itself while its writer went on.
    """
    return [
        name
        for name, text in saved.items()
        if text and text != mine.get(name, "") and not (name in TEXTS and text in mine.get(name, ""))
    ]
