"""Invented applicants, drawn from the figures: the same seed gives the same people, however many are asked for."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import Final

from msgspec import Struct

from internships.core.reference import CEFR_RANK, FIELDS, reaches, table
from internships.sample.figures import (
    REGIONS,
    Origin,
    Shares,
    english_elsewhere,
    fields_of,
    of_region,
    percent,
    pick,
    shares,
)
from internships.sample.names import Name, name

CALL_LANGUAGES: Final = ("en", "fr", "es")
INTERFACES: Final = {"en": "en", "fr": "fr", "es": "es", "ru": "ru", "ar": "ar", "zh": "zh-Hans"}
YEARS: Final = {4: (18, 20), 5: (18, 20), 6: (18, 22), 7: (22, 24), 8: (25, 29)}
"""At which age people usually begin and finish a level of study."""
DEGREES: Final = {4: "Diploma", 5: "Diploma", 6: "Bachelor", 7: "Master", 8: "Doctorate"}


class Study(Struct, frozen=True):
    """A degree, finished or not."""

    level: int
    field: str
    institution: str
    country: str
    began: int
    ended: int | None

    @property
    def title(self) -> str:
        return f"{DEGREES[self.level]}, {FIELDS[self.field].label.lower()}"


class Work(Struct, frozen=True):
    """Something that the person has done beside the studies."""

    kind: str
    title: str
    place: str
    country: str
    began: date
    ended: date | None


class SamplePerson(Struct, frozen=True):
    """An applicant as they would describe themselves, and three things that they would not say."""

    number: int
    name: Name
    email: str
    gender: str
    born_on: date
    nationality: str
    residence: str
    locale: str
    zone: str
    languages: dict[str, str]
    studies: list[Study]
    works: list[Work]
    writes_in: str
    motivation: str
    use_after: str
    town: str
    finishes: bool
    """Whether the application is sent before the deadline."""
    haste: float
    """When it is sent: 0 on the first day, 1 in the last minute."""
    merit: float
    """How well it reads, in spreads from the middle."""

    @property
    def level(self) -> int:
        return max((study.level for study in self.studies), default=3)

    @property
    def field(self) -> str | None:
        return self.studies[-1].field if self.studies else None


_GENDERS: Final = shares("gender_share")
_AGES: Final = shares("age_distribution")
_INSIDE: Final = Shares(_AGES.names[:-1], _AGES.weights[:-1])
_LEVELS: Final = Shares(shares("level_share").names[::-1], shares("level_share").weights[::-1])
_FIELDS: Final = shares("isced_share")
_ENGLISH: Final = english_elsewhere()
_OUTSIDE_AGE: Final = _AGES.weights[-1] / sum(_AGES.weights)
_INCOMPLETE: Final = percent("incomplete_at_deadline")
_MISFITS: Final = 0.09
"""The share of people whose degree or languages are below those of the call."""
_NORMAL: Final = NormalDist()
_UNIVERSITIES: Final = {
    "es": "Universidad de {town}",
    "fr": "Université de {town}",
    "pt": "Universidade de {town}",
    "it": "Università di {town}",
    "de": "Universität {town}",
}
_SENTENCES: Final = [(row["language"], row["part"], row["text"]) for row in table("sample_sentences")]
_WORKS: Final = (
    ("volunteering", "Volunteer in a nature club"),
    ("volunteering", "Guide at a visitor centre"),
    ("research", "Field assistant, forest inventory"),
    ("community", "Bird counts in winter"),
    ("research", "Water sampling with a research group"),
    ("work", "Teaching assistant"),
    ("work", "Assistant in a farmers’ cooperative"),
    ("work", "Data entry for a herbarium"),
)


def people(seed: int, count: int, on: date) -> Iterator[SamplePerson]:
    """So many applicants, with the ages that they have on a day."""
    return (person(seed, number, on) for number in range(1, count + 1))


def person(seed: int, number: int, on: date) -> SamplePerson:
    """One applicant; each has a chance of their own, so that the first ten of a thousand are the same ten."""
    rng = Random(f"{seed}/{number}")  # noqa: S311 -- the same seed has to give the same people
    origin = _origin(rng)
    gender = _GENDERS.draw(rng)
    called = name(rng, origin.names, gender)
    age, level = _age_and_level(rng)
    born_on = _birthday(rng, age, on)
    languages = _languages(rng, origin)
    residence = origin if rng.random() < 0.88 else _origin(rng)
    studies = _studies(rng, level, born_on, on, residence)
    writes_in = _best(languages, origin.first_language)
    return SamplePerson(
        number=number,
        name=called,
        email=f"{_mailbox(called)}.{number}@example.org",
        gender=gender,
        born_on=born_on,
        nationality=origin.iso2,
        residence=residence.iso2,
        locale=_interface(languages, origin.first_language),
        zone=residence.zone,
        languages=languages,
        studies=studies,
        works=_works(rng, residence, on),
        writes_in=writes_in,
        motivation=_written(rng, writes_in, ("opening", "middle"), residence, studies),
        use_after=_written(rng, writes_in, ("closing",), residence, studies),
        town=residence.town,
        finishes=rng.random() >= _gives_up(level, languages),
        haste=rng.betavariate(2.5, 0.8),
        merit=rng.gauss(0, 1),
    )


def sentence(rng: Random, language: str, part: str) -> str:
    """A sentence for one part of a text."""
    return pick(rng, [text for spoken, where, text in _SENTENCES if (spoken, where) == (language, part)])


def _origin(rng: Random) -> Origin:
    here = of_region(REGIONS.draw(rng))
    return rng.choices(here, [origin.weight for origin in here])[0]


def _age_and_level(rng: Random) -> tuple[int, int]:
    """Older people mostly hold higher degrees, while each figure alone stays as in the table."""
    first = rng.gauss(0, 1)
    second = 0.85 * first + 0.53 * rng.gauss(0, 1)
    low, high = _INSIDE.at(_NORMAL.cdf(first)).split("-")
    group = _LEVELS.at(_NORMAL.cdf(second))
    age = rng.randint(int(low), int(high))
    level = int(group[-1]) if group[-1].isdigit() else pick(rng, (3, 4, 5))
    if rng.random() < _OUTSIDE_AGE:
        return pick(rng, (16, 17, 36, 37, 38, 40)), level
    return age, level


def _birthday(rng: Random, age: int, on: date) -> date:
    return date(on.year - age, on.month, min(on.day, 28)) - timedelta(days=rng.randint(1, 360))


def _languages(rng: Random, origin: Origin) -> dict[str, str]:
    spoken = {origin.first_language: "native"}
    spoken |= {language: level for language, level, share in origin.others if rng.random() < share}
    if "en" not in spoken and (english := _english(rng, origin)):
        spoken["en"] = english
    for language, share in (("fr", 0.08), ("es", 0.10), ("de", 0.04)):
        if language not in spoken and rng.random() < share:
            spoken[language] = pick(rng, ("A1", "A2", "A2", "B1", "B1", "B2"))
    return spoken


def _english(rng: Random, origin: Origin) -> str | None:
    group = _ENGLISH.names[0] if origin.speaks_english else _ENGLISH.draw(rng)
    match group:
        case "B2 or better":
            return pick(rng, ("B2", "B2", "B2", "C1", "C1", "C2"))
        case "B1":
            return "B1"
        case _:
            return pick(rng, ("A1", "A2", "A2", None))


def _studies(rng: Random, level: int, born_on: date, on: date, origin: Origin) -> list[Study]:
    mostly, others = fields_of(_FIELDS.draw(rng))
    field = pick(rng, mostly) if mostly and rng.random() < 0.8 else pick(rng, others)
    where = _UNIVERSITIES.get(origin.first_language, "University of {town}").format(town=origin.town)
    steps = [step for step in (6, 7, 8) if step <= level] or [step for step in (4, 5) if step == level]
    return [_study(step, field, where, origin, born_on, on) for step in steps]


def _study(level: int, field: str, where: str, origin: Origin, born_on: date, on: date) -> Study:
    begins, ends = (born_on.year + age for age in YEARS[level])
    # Somebody who is young for a degree has only just begun it.
    began = min(begins, on.year - 1)
    return Study(level, field, where, origin.iso2, began, ends if ends < on.year else None)


def _works(rng: Random, origin: Origin, on: date) -> list[Work]:
    done = []
    for kind, title in rng.sample(_WORKS, rng.choices((0, 1, 2, 3), (20, 40, 28, 12))[0]):
        began = date(on.year - rng.randint(1, 4), rng.randint(1, 12), 1)
        ended = began + timedelta(days=30 * rng.randint(1, 9))
        done.append(Work(kind, title, origin.town, origin.iso2, began, ended if ended < on else None))
    return done


def _gives_up(level: int, languages: dict[str, str]) -> float:
    """Half of those who see that the call is not for them stop there; together the share is that of the table."""
    fits = level >= 6 and any(reaches(languages.get(code), "B1") for code in CALL_LANGUAGES)
    return (_INCOMPLETE - _MISFITS / 2) / (1 - _MISFITS) if fits else 0.5


def _best(languages: dict[str, str], first: str) -> str:
    """The language of the call that the person writes best in."""
    return max(
        CALL_LANGUAGES, key=lambda code: (CEFR_RANK.get(languages.get(code, ""), 0), code == first, code == "en")
    )


def _interface(languages: dict[str, str], first: str) -> str:
    if first in INTERFACES:
        return INTERFACES[first]
    return INTERFACES[max(INTERFACES, key=lambda code: (CEFR_RANK.get(languages.get(code, ""), 0), code == "en"))]


def _written(rng: Random, language: str, parts: tuple[str, ...], origin: Origin, studies: list[Study]) -> str:
    field = FIELDS[studies[-1].field].label.lower() if studies else "forestry"
    where = studies[-1].institution if studies else origin.town
    sentences = [sentence(rng, language, part) for part in parts]
    return " ".join(sentences).format(field=field, town=origin.town, institution=where)


def _mailbox(called: Name) -> str:
    """A mail address has plain letters only; this is no spelling of the name that anybody is shown as a name."""
    bare = unicodedata.normalize("NFKD", called.readable).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", bare).strip(".") or "applicant"
