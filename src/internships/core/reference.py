"""The plain facts that every feature needs: countries and regions, studies, language levels, themes, goals."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from io import BytesIO, StringIO
from typing import Final

from msgspec import Struct

from internships.core.i18n import locale

TABLES: Final = files("internships") / "sample" / "data"
NATIVE: Final = "native"


class Country(Struct, frozen=True):
    """A member state, and what UNESCO counts it under."""

    iso2: str
    region: str
    least_developed: bool


class Field(Struct, frozen=True):
    """A field of education (ISCED-F 2013): two digits are broad, three narrow, four detailed."""

    code: str
    parent: str
    label: str
    is_common: bool


class Level(Struct, frozen=True):
    """A level of education (ISCED 2011)."""

    code: int
    label: str


class LanguageLevel(Struct, frozen=True):
    """A step of the European framework for languages; a first language stands above C2."""

    code: str
    rank: int
    can_do: str


class Theme(Struct, frozen=True):
    """What a position works on."""

    code: str
    label: str
    says: str


class Goal(Struct, frozen=True):
    """One of the United Nations' goals for sustainable development."""

    number: int
    label: str


def table(name: str) -> list[dict[str, str]]:
    """One table of the sample data, every cell as text: the code of Namibia is NA."""
    return list(csv.DictReader(StringIO((TABLES / f"{name}.csv").read_text("utf-8"))))


COUNTRIES: Final[Mapping[str, Country]] = {
    row["iso2"]: Country(row["iso2"], row["unesco_region"], row["least_developed_country"] == "true")
    for row in table("unesco_regions")
}
REGIONS: Final = tuple(sorted({country.region for country in COUNTRIES.values()}))
FIELDS: Final[Mapping[str, Field]] = {
    row["code"]: Field(row["code"], row["parent_code"], row["label_en"], row["common_for_this_programme"] == "true")
    for row in table("isced_f_2013")
}
LEVELS: Final[Mapping[int, Level]] = {
    int(row["code"]): Level(int(row["code"]), row["label_en"]) for row in table("isced_levels_2011")
}
CEFR: Final[Mapping[str, LanguageLevel]] = {
    row["code"]: LanguageLevel(row["code"], int(row["rank"]), row["can_do_own_words"]) for row in table("cefr_levels")
}
CEFR_RANK: Final[Mapping[str, int]] = {level.code: level.rank for level in CEFR.values()}
THEMES: Final[Mapping[str, Theme]] = {
    row["code"]: Theme(row["code"], row["label_en"], row["own_words"])
    for row in table("programme_themes")
    if row["kind"] in {"network working group", "project"}
}
GOALS: Final[Mapping[int, Goal]] = {
    int(row["number"]): Goal(int(row["number"]), row["short_title_en"]) for row in table("sdgs")
}


def region_of(iso2: str) -> str | None:
    """The UNESCO region of a country; nothing for a code that is no member state."""
    country = COUNTRIES.get(iso2)
    return country.region if country else None


def isced_fields(parent: str = "") -> list[Field]:
    """The broad fields, or the fields directly below one."""
    return [field for field in FIELDS.values() if field.parent == parent]


def broader(code: str) -> Iterator[str]:
    """A field's own code, then its narrow and its broad field."""
    while code in FIELDS:
        yield code
        code = FIELDS[code].parent


def reaches(held: str | None, needed: str) -> bool:
    """Whether a level of a language is enough; nothing held is never enough."""
    return held is not None and CEFR_RANK[held] >= CEFR_RANK[needed]


UNNAMED_LANGUAGES: Final = frozenset(
    code
    for row in table("reserves")
    for code in row["local_languages"].split(";")
    if code and code not in locale("en").languages
)


def is_language(code: str) -> bool:
    """Whether a code is a language that has a name, or one of those of the reserves that Babel does not know."""
    return code in locale("en").languages or code in UNNAMED_LANGUAGES


_SPOKEN: Final = (
    "label_en",
    "own_words",
    "can_do_own_words",
    "short_title_en",
    "unesco_region",
    "host_type",
    "disclaimer",
)


def messages(
    file: BytesIO, keywords: object, comment_tags: object, options: Mapping[str, str]
) -> Iterable[tuple[int, str, str, list[str]]]:
    """Babel's extractor for these tables: the columns that people read, so that they are translated like any page."""
    rows = csv.DictReader(StringIO(file.read().decode("utf-8")))
    for row in rows:
        for column in _SPOKEN:
            if words := row.get(column):
                yield rows.line_num, "gettext", words, []
