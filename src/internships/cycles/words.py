"""What people call a call's states, and its rules and dates as sentences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from babel.dates import get_timezone_location

from internships.core.i18n import (
    gettext,
    lazy_p,
    locale,
    ngettext,
    say_country,
    say_date,
    say_datetime,
    say_language,
    say_list,
    speaking,
)
from internships.core.reference import LEVELS
from internships.cycles.rules import CallRules, Level, Stage, State

STATES = {
    State.DRAFT: (lazy_p("call", "Draft"), "plain"),
    State.OPEN_TO_HOSTS: (lazy_p("call", "Open to hosts"), "wait"),
    State.ANNOUNCED: (lazy_p("call", "Announced"), "wait"),
    State.OPEN: (lazy_p("call", "Open"), "good"),
    State.CLOSED: (lazy_p("call", "Closed"), "warn"),
    State.IN_SELECTION: (lazy_p("call", "In selection"), "wait"),
    State.RESULTS_OUT: (lazy_p("call", "Results out"), "good"),
    State.PLACEMENTS_RUNNING: (lazy_p("call", "Placements running"), "good"),
    State.ARCHIVED: (lazy_p("call", "Archived"), "plain"),
}
STAGES = {
    Stage.AHEAD: (lazy_p("call", "Opens soon"), "wait"),
    Stage.OPEN: (lazy_p("call", "Open for applications"), "good"),
    Stage.CLOSED: (lazy_p("call", "Closed, selection is under way"), "plain"),
    Stage.RESULTS: (lazy_p("call", "Results are out"), "plain"),
    Stage.OVER: (lazy_p("call", "Over"), "plain"),
}

CITIES: Final = (
    "America/Lima",
    "America/Mexico_City",
    "Africa/Casablanca",
    "Africa/Nairobi",
    "Europe/Madrid",
    "Asia/Bishkek",
    "Asia/Katmandu",
    "Asia/Shanghai",
    "Australia/Sydney",
)
"""Where mountains are: so that everybody finds a clock near their own."""


def level_of_language(code: str, level: Level) -> str:
    """English (B1)."""
    if level is Level.NATIVE:
        return gettext("%(language)s as a first language") % {"language": say_language(code)}
    return gettext("%(language)s (%(level)s)") % {"language": say_language(code), "level": level.value}


def level_of_studies(code: int) -> str:
    """Bachelor or equivalent."""
    return gettext(LEVELS[code].label) if code in LEVELS else str(code)


def who_may_apply(rules: CallRules) -> list[str]:
    """Each rule of a call as a sentence to the reader."""
    return [*_age(rules), *_nationality(rules), *_studies(rules), *_languages(rules)]


def _age(rules: CallRules) -> Iterator[str]:
    if rules.age_on is None:
        return
    said = {"least": rules.age_min, "most": rules.age_max, "day": say_date(rules.age_on)}
    if rules.age_min is not None and rules.age_max is not None:
        yield gettext("You are from %(least)s to %(most)s years old on %(day)s.") % said
    elif rules.age_min is not None:
        yield gettext("You are at least %(least)s years old on %(day)s.") % said
    elif rules.age_max is not None:
        yield gettext("You are not older than %(most)s years on %(day)s.") % said


def _nationality(rules: CallRules) -> Iterator[str]:
    if rules.nationalities is None:
        yield gettext("You may come from any country.")
    else:
        names = say_list(sorted(map(say_country, rules.nationalities)), "or")
        yield gettext("You are a national of one of these countries: %(countries)s.") % {"countries": names}


def _studies(rules: CallRules) -> Iterator[str]:
    if rules.min_isced_level is not None:
        level = level_of_studies(rules.min_isced_level)
        yield gettext("You have finished these studies or higher ones, or are in them now: %(level)s.") % {
            "level": level
        }


def _languages(rules: CallRules) -> Iterator[str]:
    if len(rules.languages) == 1:
        yield gettext("You speak %(language)s or better.") % {"language": level_of_language(*rules.languages[0])}
    elif rules.languages:
        names = say_list([level_of_language(code, level) for code, level in rules.languages], "or")
        yield gettext("You speak at least one of these languages this well or better: %(languages)s.") % {
            "languages": names
        }


def elsewhere(moment: datetime) -> list[tuple[str, str]]:
    """The same instant on the clocks of cities across the mountains, from west to east."""
    return [
        (get_timezone_location(zone, locale=locale(speaking()), return_city=True), say_datetime(moment, zone))
        for zone in CITIES
    ]


def time_left(closes_at: datetime, now: datetime) -> str | None:
    """How long there is still to send an application."""
    seconds = (closes_at - now).total_seconds()
    if seconds <= 0:
        return None
    if (days := int(seconds // 86_400)) > 1:
        return ngettext("%(num)s day left", "%(num)s days left", days) % {"num": days}
    if (hours := int(seconds // 3_600)) >= 1:
        return ngettext("%(num)s hour left", "%(num)s hours left", hours) % {"num": hours}
    return gettext("Less than an hour left")
