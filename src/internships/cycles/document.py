"""A call as a JSON document: `internships import call` reads it, with every fault named by its place.

read_call(text, documents={"cv"})   # a CallDocument; BadCall lists (place, what was found, what was expected)
example(2028)                       # a document to begin with: the words, criteria and reasons of the sample
"""

import json
from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from internships.core.i18n import DEFAULT, LANGUAGES
from internships.core.reference import COUNTRIES, LEVELS, TABLES, is_language, table
from internships.core.text import has_controls
from internships.cycles.rules import Level, ReasonKind

SIZE_LIMIT: Final = 1024 * 1024
CODE: Final = r"^[a-z0-9]+([-_][a-z0-9]+)*$"


class BadCall(Exception):
    """The document is not a call: (place, what was found, what was expected), one for each fault."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def _expected(words: str) -> PydanticCustomError:
    return PydanticCustomError("expected", "{words}", {"words": words})


def _texts(texts: dict[str, str]) -> dict[str, str]:
    if strange := sorted(texts.keys() - LANGUAGES.keys()):
        raise _expected(f"texts in {', '.join(LANGUAGES)}; not in {', '.join(strange)}")
    if not texts.get(DEFAULT, "").strip():
        raise _expected(f'a text in "{DEFAULT}"; the other languages may be left out')
    if any(not text.strip() or len(text) > 1_000 or has_controls(text) for text in texts.values()):
        raise _expected("texts of 1 to 1,000 characters on one line")
    return texts


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise _expected('a time zone such as "Africa/Nairobi", or "Etc/GMT+12" for anywhere on Earth')
    return name


def _language(code: str) -> str:
    if not is_language(code):
        raise _expected('the code of a language, such as "fr"')
    return code


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise _expected('the code of a country (ISO 3166, two letters), such as "PE"')
    return code


def _level(level: int | None) -> int | None:
    if level is not None and level not in LEVELS:
        raise _expected(f"a level of ISCED 2011, {min(LEVELS)} to {max(LEVELS)}, or null")
    return level


def _kind(kind: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("documents", ())
    if kind not in known:
        raise _expected(f"one of {', '.join(known)}")
    return kind


def _near(moment: datetime | date) -> datetime | date:
    if not 2000 <= moment.year < 2200:
        raise _expected("a year from 2000 to 2199")
    return moment


Moment = Annotated[datetime, AfterValidator(_near)]
Day = Annotated[date, AfterValidator(_near)]
Texts = Annotated[dict[str, str], AfterValidator(_texts)]
Code = Annotated[str, Field(pattern=CODE, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Anchors(_Part):
    """What the two ends and the middle of a scale mean, in words."""

    low: Texts
    mid: Texts
    high: Texts


class CriterionPart(_Part):
    """What reviewers score; weight in percent."""

    code: Code
    label: Texts
    weight: int = Field(ge=1, le=100)
    scale_max: int = Field(default=5, ge=2, le=10)
    anchors: Anchors


class CallDocument(_Part):
    """One call. Moments are in the call's zone unless they name another; days are days there."""

    slug: Code
    name: Texts
    summary: Texts
    zone: Annotated[str, AfterValidator(_zone)]
    opens_at: Moment
    closes_at: Moment
    rate_by: Moment
    results_on: Day
    starts_on: Day
    age_min: int | None = Field(default=None, ge=0, le=120)
    age_max: int | None = Field(default=None, ge=0, le=120)
    age_on: Day | None = None
    min_isced_level: Annotated[int | None, AfterValidator(_level)] = None
    languages: list[tuple[Annotated[str, AfterValidator(_language)], Level]]
    nationalities: list[Annotated[str, AfterValidator(_country)]] | None = None
    documents: list[tuple[Annotated[str, AfterValidator(_kind)], bool, Annotated[int, Field(ge=1, le=20)]]] = []
    choices_max: int = Field(default=3, ge=1, le=20)
    answer_days: int = Field(default=14, ge=1, le=90)
    completion_days: int = Field(default=7, ge=1, le=90)
    undo_minutes: int = Field(default=10, ge=0, le=1_440)
    min_reviews: int = Field(default=2, ge=0, le=20)
    blind: bool = False
    needs_second_approval: bool = False
    contact: str = Field(default="", max_length=254)
    criteria: list[CriterionPart] = Field(min_length=1, max_length=50)
    reasons: dict[ReasonKind, dict[Code, Texts]]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for earlier, later in (("opens_at", "closes_at"), ("closes_at", "rate_by")):
            if self.instant(earlier) >= self.instant(later):
                raise _expected(f"{later} after {earlier}")
        if not self.instant("rate_by").astimezone(ZoneInfo(self.zone)).date() <= self.results_on <= self.starts_on:
            raise _expected("results_on not before rate_by, and starts_on not before results_on")
        ages = [age for age in (self.age_min, self.age_max) if age is not None]
        if ages and (self.age_on is None or ages != sorted(ages)):
            raise _expected("age_min not above age_max, and age_on: the day on which the age counts")
        if (total := sum(each.weight for each in self.criteria)) != 100:
            raise _expected(f"criteria whose weights add up to 100; these add up to {total}")
        if twice := [code for code, times in Counter(each.code for each in self.criteria).items() if times > 1]:
            raise _expected(f"each criterion once; {', '.join(twice)} is there twice")
        if len({kind for kind, *_ in self.documents}) < len(self.documents):
            raise _expected("each kind of document once")
        if lacking := [kind.value for kind in ReasonKind if kind != ReasonKind.DECLINE and not self.reasons.get(kind)]:
            raise _expected(f"at least one reason of each kind; {', '.join(lacking)} has none")
        return self

    def instant(self, name: str) -> datetime:
        """One of the moments, in UTC."""
        moment: datetime = getattr(self, name)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))).astimezone(UTC)

    def columns(self) -> dict[str, Any]:
        """The row of the call."""
        moments = {name: self.instant(name) for name in ("opens_at", "closes_at", "rate_by")}
        lists = {
            "languages": [[code, level.value] for code, level in self.languages],
            "documents": [list(each) for each in self.documents],
        }
        return self.model_dump(exclude={"criteria", "reasons"}) | moments | lists

    def criterion_rows(self) -> list[dict[str, Any]]:
        """The rows of its criteria, in their order."""
        return [each.model_dump() | {"place": place} for place, each in enumerate(self.criteria, start=1)]

    def reason_rows(self) -> list[dict[str, Any]]:
        """The rows of its listed reasons, in their order."""
        return [
            {"kind": kind, "code": code, "place": place, "label": label}
            for kind, listed in self.reasons.items()
            for place, (code, label) in enumerate(listed.items(), start=1)
        ]


def read_call(text: bytes, documents: Collection[str]) -> CallDocument:
    """The call that a document describes.

    documents: the kinds of document that a call may ask for.

    Raises:
        BadCall: it is no JSON of at most 1 MB, or something in it is not what was expected.
    """
    if len(text) > SIZE_LIMIT:
        raise BadCall([("", f"{len(text):,} bytes", f"{SIZE_LIMIT:,} bytes at most")])
    try:
        return CallDocument.model_validate_json(text, context={"documents": documents})
    except ValidationError as wrong:
        raise BadCall([_fault(dict(each)) for each in wrong.errors()]) from None


def _fault(error: dict[str, Any]) -> tuple[str, str, str]:
    place = ".".join(str(part) for part in error["loc"])
    nothing_there = error["type"] == "missing" or not place
    return place, "" if nothing_there else json.dumps(error["input"], default=str, ensure_ascii=False), error["msg"]


def sample_texts() -> dict[str, Any]:
    """The name, summary, criteria and reasons of the sample call in every language."""
    found: dict[str, Any] = json.loads((TABLES / "sample_call.json").read_text("utf-8"))
    return found


def sample_criteria() -> list[dict[str, Any]]:
    """The criteria of the sample call, as `criteria` of a document has them."""
    texts = {each["code"]: each for each in sample_texts()["criteria"]}
    return [
        {
            "code": row["code"],
            "label": texts[row["code"]]["label"],
            "weight": int(row["weight_percent"]),
            "scale_max": int(row["scale_max"]),
            "anchors": {
                step: {DEFAULT: row[f"anchor_{step}"], **texts[row["code"]]["anchors"][step]}
                for step in ("low", "mid", "high")
            },
        }
        for row in table("selection_criteria_illustrative")
        if row["stage"] == "external scoring"
    ]


def example(year: int) -> dict[str, Any]:
    """A call of that year to begin with, for people to change."""
    texts, before = sample_texts(), year - 1
    return {
        "slug": str(year),
        "name": {code: words % {"year": year} for code, words in texts["name"].items()},
        "summary": texts["summary"],
        "zone": "Etc/GMT+12",
        "opens_at": f"{before}-10-15T00:00:00",
        "closes_at": f"{before}-12-15T23:59:59",
        "rate_by": f"{year}-02-15T23:59:59",
        "results_on": f"{year}-03-15",
        "starts_on": f"{year}-05-15",
        "age_min": 18,
        "age_max": 35,
        "age_on": f"{before}-12-15",
        "min_isced_level": 6,
        "languages": [["en", "B1"], ["fr", "B1"], ["es", "B1"]],
        "nationalities": None,
        "documents": [["cv", False, 1], ["transcript", False, 5]],
        "choices_max": 3,
        "answer_days": 14,
        "completion_days": 7,
        "undo_minutes": 10,
        "min_reviews": 2,
        "blind": False,
        "needs_second_approval": False,
        "contact": "",
        "criteria": sample_criteria(),
        "reasons": texts["reasons"],
    }
