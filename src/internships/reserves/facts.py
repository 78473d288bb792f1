"""What is known of a reserve and of a position, as terms and sentences for its page."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from babel.dates import format_skeleton
from babel.numbers import format_currency

from internships.core.i18n import (
    Lazy,
    gettext,
    lazy_p,
    locale,
    ngettext,
    pgettext,
    say_country,
    say_language,
    say_list,
    say_number,
    speaking,
)
from internships.core.i18n import lazy as _
from internships.core.reference import CEFR, FIELDS, GOALS
from internships.cycles.rules import Level
from internships.cycles.words import level_of_language, level_of_studies
from internships.reserves.queries import PositionPage, ReservePage
from internships.reserves.words import ACCOMMODATION, MODES, TRAVEL

Fact = tuple[str, str | list[str]]
KINDS: Final[dict[str, Lazy]] = {
    "national": lazy_p("kind of reserve", "National"),
    "transboundary": lazy_p("kind of reserve", "Across a border"),
    "national pair": lazy_p("kind of reserve", "Two national reserves side by side"),
}
PRECISIONS: Final[dict[str, Lazy]] = {
    "unesco_point": _("as printed by UNESCO"),
    "bbox_midpoint": _("approximate: the middle of the area printed by UNESCO"),
    "whs_point": _("approximate: a World Heritage site that overlaps the reserve"),
    "third_party_point": _("as printed by another source"),
    "town_proxy": _("approximate: the town from which the reserve is reached"),
}
FIELD_WORK: Final[dict[str, Lazy]] = {
    "light": _("Light: short walks on paths, mostly indoors or in villages."),
    "moderate": _("Moderate: whole days outdoors, some of them steep, with a light pack."),
    "strenuous": _("Strenuous: long days on rough ground, at height or in the cold, with a pack."),
}


def day_and_month(written: str) -> str:
    """15 April, from 04-15."""
    month, day = map(int, written.split("-"))
    return format_skeleton("MMMMd", date(2000, month, day), locale=locale(speaking()))


def of_reserve(reserve: ReservePage) -> list[Fact]:
    """What its page lists; what was not checked against a source says so."""
    unchecked = set(reserve.unverified)

    def fact(term: str, about: str | list[str], column: str = "") -> Fact:
        if column not in unchecked:
            return term, about
        said = about if isinstance(about, str) else say_list(about)
        return term, gettext("%(fact)s (not verified)") % {"fact": said}

    found = [
        fact(gettext("Country") if len(reserve.countries) == 1 else gettext("Countries"), _countries(reserve.countries)),
        fact(gettext("UNESCO region"), gettext(reserve.region)),
        fact(gettext("Kind"), str(KINDS.get(reserve.kind, reserve.kind))),
        fact(gettext("Regional network"), reserve.mab_network.split(";"), "mab_network") if reserve.mab_network else None,
        fact(gettext("Biosphere reserve since"), str(reserve.designated), "designation_year") if reserve.designated else None,
        fact(gettext("Area"), _area(reserve.area_ha)) if reserve.area_ha else None,
        fact(gettext("Height"), height) if (height := _height(reserve)) else None,
        fact(gettext("Languages of the place"), _languages(reserve.local_languages), "local_languages"),
        fact(gettext("Working languages"), _languages(reserve.working_languages), "working_languages"),
        fact(pgettext("location", "Place"), _point(reserve)),
    ]  # fmt: skip
    return [one for one in found if one and one[1]]


def _countries(codes: Iterable[str]) -> list[str]:
    return [say_country(code) for code in codes]


def _languages(codes: Iterable[str]) -> list[str]:
    return [say_language(code) for code in codes]


def _area(hectares: float) -> str:
    return gettext("%(number)s km²") % {"number": say_number(round(hectares / 100))}


def _height(reserve: ReservePage) -> str:
    if reserve.elevation_max is None:
        return ""
    top = say_number(reserve.elevation_max)
    if reserve.elevation_min is None:
        return gettext("up to %(top)s m") % {"top": top}
    return gettext("%(bottom)s m to %(top)s m") % {"bottom": say_number(reserve.elevation_min), "top": top}


def _point(reserve: ReservePage) -> str:
    if reserve.lat is None or reserve.lon is None:
        return gettext("not known exactly")
    north = gettext("%(degrees)s° N") if reserve.lat >= 0 else gettext("%(degrees)s° S")
    east = gettext("%(degrees)s° E") if reserve.lon >= 0 else gettext("%(degrees)s° W")
    said = {
        "north": north % {"degrees": say_number(abs(reserve.lat), 2)},
        "east": east % {"degrees": say_number(abs(reserve.lon), 2)},
        "how": str(PRECISIONS.get(reserve.precision, "")),
    }
    return gettext("%(north)s, %(east)s (%(how)s)") % said


def needs(position: PositionPage) -> list[str]:
    """What a person must have for it, each as a sentence."""
    found = [spoken(code, level) for code, level in position.languages(required=True)]
    if position.min_isced_level is not None:
        level = level_of_studies(position.min_isced_level)
        found.append(gettext("Studies, finished or under way: %(level)s") % {"level": level})
    if position.driving_licence:
        found.append(gettext("A driving licence"))
    if position.with_minors:
        found.append(gettext("You work with children or young people: the host checks that this is safe for them."))
    return found


def likes(position: PositionPage) -> list[str]:
    """What is welcome, but not needed."""
    found = [spoken(code, level) for code, level in position.languages(required=False)]
    if fields := [gettext(FIELDS[code].label) for code in position.isced_fields if code in FIELDS]:
        found.append(gettext("Studies in one of these fields: %(fields)s") % {"fields": say_list(fields)})
    return found


def spoken(code: str, level: Level) -> str:
    """Spanish, B1: can cope with most everyday work situations."""
    said = {"language": level_of_language(code, level), "means": gettext(CEFR[level.value].can_do)}
    return gettext("%(language)s: %(means)s") % said


def of_position(position: PositionPage) -> list[Fact]:
    """When, how long and where."""
    season = {"first": day_and_month(position.season_start), "last": day_and_month(position.season_end)}
    weeks = {"least": position.weeks_min, "most": position.weeks_max}
    found = [
        (gettext("Season"), gettext("within %(first)s to %(last)s") % season),
        (
            gettext("How long"),
            ngettext("%(num)s week", "%(num)s weeks", position.weeks_max) % {"num": position.weeks_max}
            if position.weeks_min == position.weeks_max
            else gettext("%(least)s to %(most)s weeks") % weeks,
        ),
        (gettext("Hours a week"), say_number(position.hours_per_week)),
        (gettext("Where you work"), str(MODES[position.mode])),
        (gettext("Field work"), str(FIELD_WORK[position.field_level])),
        (gettext("Highest place"), _metres(position.max_altitude)),
        (gettext("Who is your host"), gettext(position.host_type) if position.host_type else ""),
    ]
    return [(term, about) for term, about in found if about]


def _metres(height: int | None) -> str:
    return "" if height is None else gettext("%(number)s m") % {"number": say_number(height)}


def support(position: PositionPage) -> list[Fact]:
    """What the host gives, and what is left to the intern."""
    return [
        (gettext("Money"), _stipend(position)),
        (gettext("Housing"), str(ACCOMMODATION[position.accommodation])),
        (gettext("Travel"), str(TRAVEL[position.travel])),
        (gettext("You pay yourself"), gettext("Visa, insurance, and what is not named here")),
    ]


def _stipend(position: PositionPage) -> str:
    if position.stipend is None:
        return gettext("Not said; ask before you choose it")
    if not position.stipend:
        return gettext("No stipend")
    amount = format_currency(
        position.stipend, position.currency, "#,##0 ¤¤", locale=locale(speaking()), currency_digits=False
    )
    return gettext("%(amount)s a month") % {"amount": amount}


def goals(position: PositionPage) -> list[str]:
    """The goals for sustainable development that it serves."""
    return [
        gettext("%(number)s: %(goal)s") % {"number": number, "goal": gettext(GOALS[number].label)}
        for number in position.sdgs
        if number in GOALS
    ]
