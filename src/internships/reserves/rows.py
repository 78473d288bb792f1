"""What a row of reserves or of positions has to hold, column by column, and in words what was expected."""

import re
from collections.abc import Callable
from typing import Annotated, Final, Literal, get_args

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from internships.core.i18n import Lazy, gettext
from internships.core.i18n import lazy as _
from internships.core.reference import CEFR_RANK, COUNTRIES, FIELDS, GOALS, REGIONS, THEMES, is_language, region_of
from internships.core.text import has_controls


class Expects(Struct, frozen=True):
    """In words, what a cell of this column has to be; it finishes the sentence “expected …”."""

    words: Lazy


class LanguageNeed(Struct, frozen=True):
    """A language and the level that is asked for."""

    language: str
    level: str


def _plain(text: str) -> str:
    if text.startswith("=") or has_controls(text):
        raise PydanticCustomError("plain", gettext("plain text: no formula, no control characters"))
    return text


def _listed(cell: object) -> object:
    return [part.strip() for part in cell.split(";") if part.strip()] if isinstance(cell, str) else cell


def _known(is_known: Callable[[str], bool]) -> AfterValidator:
    def check(code: str) -> str:
        if not is_known(code):
            raise ValueError(code)
        return code

    return AfterValidator(check)


def _need(part: object) -> object:
    if not isinstance(part, str):
        return part
    language, level = [*part.split(":"), ""][:2]
    if not is_language(language) or level not in CEFR_RANK:
        raise ValueError(part)
    return LanguageNeed(language, level)


def _day(cell: str) -> str:
    """Spreadsheets make a whole date out of 04-15; the year does not count."""
    found = re.fullmatch(r"(?:\d{4}-)?(\d\d)-(\d\d)", cell)
    if not found or not 1 <= int(found[1]) <= 12 or not 1 <= int(found[2]) <= DAYS[int(found[1])]:
        raise ValueError(cell)
    return f"{found[1]}-{found[2]}"


def _yes(cell: object) -> object:
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(cell).lower(), cell)


DAYS: Final = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Slug = Annotated[
    str, Field(pattern=SLUG, max_length=60), Expects(_("small letters, digits and single hyphens, 60 at most"))
]
Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_plain), Expects(_("a name of 1 to 200 letters"))
]
OtherName = Annotated[
    str, Field(max_length=200), AfterValidator(_plain), Expects(_("a name of 200 letters at most, or nothing"))
]
Words = Annotated[str, Field(max_length=4000), AfterValidator(_plain), Expects(_("text of 4,000 letters at most"))]
Address = Annotated[
    str | None,
    Field(pattern=r"^https?://\S+$", max_length=500),
    Expects(_("an address that begins with https:// or http://")),
]
CountryCode = Annotated[str, _known(COUNTRIES.__contains__)]
Languages = Annotated[
    list[Annotated[str, _known(is_language)]],
    BeforeValidator(_listed),
    Expects(_("codes of languages such as es;fr;en")),
]
Needs = Annotated[
    list[Annotated[LanguageNeed, BeforeValidator(_need)]],
    BeforeValidator(_listed),
    Expects(_("languages with a level from A1 to C2, such as es:B1;en:B2")),
]
Height = Annotated[int | None, Field(ge=-430, le=8849), Expects(_("a height in metres, from -430 to 8849"))]
Weeks = Annotated[int, Field(ge=1, le=104), Expects(_("a number of weeks from 1 to 104"))]
Day = Annotated[str, AfterValidator(_day), Expects(_("a day as month-day, such as 04-15"))]
YesNo = Annotated[bool, BeforeValidator(_yes), Expects(_("yes or no"))]


class Row(BaseModel):
    """A row of a table: text in, typed values out; a column that has a default may be left empty or out."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    id: Slug


Precision = Literal["unesco_point", "bbox_midpoint", "whs_point", "third_party_point", "town_proxy", "unknown"]


class ReserveRow(Row):
    """A reserve. What `general_knowledge_fields` names is shown as unverified."""

    name_en: Name
    name_local: OtherName = ""
    country_iso2: Annotated[CountryCode, Expects(_("the two letters of a country of UNESCO, such as ES"))]
    countries_iso2: Annotated[
        list[CountryCode], BeforeValidator(_listed), Expects(_("countries such as ES;PT, the leading one among them"))
    ] = Field(default=[])
    kind: Annotated[
        Literal["national", "transboundary", "national pair"], Expects(_("national, transboundary or national pair"))
    ] = "national"
    unesco_region: Annotated[
        str,
        _known(REGIONS.__contains__),
        Expects(_("the UNESCO region of the country: %(regions)s") % {"regions": ", ".join(REGIONS)}),
    ] = Field(default="", validate_default=False)
    mab_network: Annotated[list[str], BeforeValidator(_listed), Expects(_("networks such as EuroMAB;IberoMAB"))] = (
        Field(default=[])
    )
    designation_year: Annotated[int | None, Field(ge=1976, le=2100), Expects(_("a year from 1976 on"))] = None
    lat: Annotated[float | None, Field(ge=-90, le=90), Expects(_("degrees from -90 to 90"))] = None
    lon: Annotated[float | None, Field(ge=-180, le=180), Expects(_("degrees from -180 to 180 where lat is known"))] = (
        Field(default=None, validate_default=True)
    )
    coord_precision: Annotated[
        Precision,
        Expects(_("unknown without a point; with one %(names)s") % {"names": ", ".join(get_args(Precision)[:-1])}),
    ] = Field(default="unknown", validate_default=True)
    coord_source: Words = ""
    area_ha: Annotated[int | None, Field(ge=1, le=100_000_000), Expects(_("whole hectares"))] = None
    elev_min_m: Height = None
    elev_max_m: Height = None
    local_languages: Languages = Field(default=[])
    working_languages: Languages = Field(default=[])
    ecosystem_theme: Words = ""
    website: Address = None
    wnmbr_evidence: Words = ""
    note: Words = ""
    source: Words = ""
    source_url: Address = None
    general_knowledge_fields: Annotated[
        list[str], BeforeValidator(_listed), Expects(_("names of columns, such as lat;lon"))
    ] = Field(default=[])
    licence_note: Words = ""

    @field_validator("countries_iso2")
    @classmethod
    def _the_leading_one_is_among_them(cls, countries: list[str], info: ValidationInfo) -> list[str]:
        leading = info.data.get("country_iso2")
        if leading is not None and leading not in countries:
            raise ValueError(leading)
        return countries

    @field_validator("unesco_region")
    @classmethod
    def _the_region_is_the_countrys(cls, region: str, info: ValidationInfo) -> str:
        country = info.data.get("country_iso2")
        if country is not None and region_of(country) != region:
            raise ValueError(region)
        return region

    @field_validator("lon")
    @classmethod
    def _a_point_has_both_numbers(cls, lon: float | None, info: ValidationInfo) -> float | None:
        if "lat" in info.data and (info.data["lat"] is None) != (lon is None):
            raise ValueError(lon)
        return lon

    @field_validator("coord_precision")
    @classmethod
    def _a_point_says_how_exact_it_is(cls, precision: Precision, info: ValidationInfo) -> Precision:
        if "lon" in info.data and (info.data["lon"] is None) != (precision == "unknown"):
            raise ValueError(precision)
        return precision

    @field_validator("elev_max_m")
    @classmethod
    def _the_top_is_above_the_bottom(cls, top: int | None, info: ValidationInfo) -> int | None:
        bottom = info.data.get("elev_min_m")
        if top is not None and bottom is not None and top < bottom:
            raise PydanticCustomError("order", gettext("a height that is not below elev_min_m"))
        return top

    @field_validator("general_knowledge_fields")
    @classmethod
    def _they_are_columns(cls, names: list[str]) -> list[str]:
        if not set(names) <= cls.model_fields.keys():
            raise ValueError(names)
        return names


class PositionRow(Row):
    """A position that a reserve offers, in the season of any year."""

    reserve_id: Annotated[Slug, Expects(_("the id of a reserve that is already known"))]
    title: Name
    theme: Annotated[str, _known(THEMES.__contains__), Expects(_("one of %(names)s") % {"names": ", ".join(THEMES)})]
    summary: Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain), Expects(_("a few sentences"))]
    tasks: Annotated[list[Words], BeforeValidator(_listed), Expects(_("tasks, separated by semicolons"))]
    learning_outcomes: Annotated[
        list[Words], BeforeValidator(_listed), Expects(_("outcomes, separated by semicolons"))
    ] = Field(default=[])
    required_languages: Needs = Field(default=[])
    desirable_languages: Needs = Field(default=[])
    isced_fields: Annotated[
        list[Annotated[str, _known(FIELDS.__contains__)]],
        BeforeValidator(_listed),
        Expects(_("codes of ISCED-F 2013 as text, such as 0521;0522")),
    ] = Field(default=[])
    min_isced_level: Annotated[int, Field(ge=0, le=8), Expects(_("a level of ISCED 2011, from 0 to 8"))] = 0
    season_start: Day
    season_end: Day
    duration_weeks_min: Weeks
    duration_weeks_max: Weeks
    capacity: Annotated[int, Field(ge=1, le=500), Expects(_("a number of places from 1 to 500"))]
    hours_per_week: Annotated[int | None, Field(ge=1, le=60), Expects(_("hours from 1 to 60"))] = None
    mode: Annotated[Literal["on_site", "hybrid", "remote"], Expects(_("on_site, hybrid or remote"))] = "on_site"
    fieldwork_level: Annotated[Literal["light", "moderate", "strenuous"], Expects(_("light, moderate or strenuous"))]
    max_altitude_m: Height = None
    accommodation: Annotated[
        Literal["provided_free", "provided_paid", "help_finding"],
        Expects(_("provided_free, provided_paid or help_finding")),
    ] = "help_finding"
    stipend_per_month: Annotated[int | None, Field(ge=0, le=100_000_000), Expects(_("a whole amount, 0 for none"))] = (
        None
    )
    stipend_currency: Annotated[
        str | None,
        Field(pattern="^[A-Z]{3}$"),
        Expects(_("three letters of a currency, such as EUR, beside an amount")),
    ] = Field(default=None, validate_default=True)
    travel_support: Annotated[Literal["none", "local_only", "capped"], Expects(_("none, local_only or capped"))] = (
        "none"
    )
    driving_licence: YesNo = False
    contact_with_minors: YesNo = False
    host_type: OtherName = ""
    sdgs: Annotated[
        list[Annotated[int, Field(ge=1, le=len(GOALS))]], BeforeValidator(_listed), Expects(_("goals from 1 to 17"))
    ] = Field(default=[])
    basis_of_topic: Words = ""
    illustrative: YesNo = False
    disclaimer: Words = ""

    @field_validator("duration_weeks_max")
    @classmethod
    def _the_longest_is_not_below_the_shortest(cls, longest: int, info: ValidationInfo) -> int:
        if longest < info.data.get("duration_weeks_min", longest):
            raise PydanticCustomError("order", gettext("a number of weeks that is not below duration_weeks_min"))
        return longest

    @field_validator("stipend_currency")
    @classmethod
    def _an_amount_has_a_currency(cls, currency: str | None, info: ValidationInfo) -> str | None:
        if currency is None and info.data.get("stipend_per_month"):
            raise ValueError(currency)
        return currency
