"""What people call a call's states, and its rules and dates as sentences."""

from datetime import datetime
from functools import cache
from typing import Final

from babel.dates import get_timezone_location

from internships.core.i18n import (
    Lazy,
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
from internships.core.i18n import lazy as _
from internships.core.reasons import kept_reason
from internships.core.reference import LEVELS
from internships.cycles.rules import CallRules, Level, Rule, Stage, State

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
MOVES: Final = {
    "invite_hosts": (
        _("Invite hosts to describe positions"),
        _("Hosts can write positions for this call. Nobody else sees it."),
    ),
    "announce": (
        _("Announce the call"),
        _("Everybody sees the call with its dates and rules. It opens by itself at its date."),
    ),
    "open": (_("Open the call now"), _("People can apply from now on. It closes by itself at its deadline.")),
    "select": (
        _("Begin the selection"),
        _("The call is shown as being in selection. Screening, reviews and ratings go on."),
    ),
    "start_placements": (
        _("Begin the placements"),
        _("The selection is over. Offers and waiting lists still move until each place is taken."),
    ),
    "archive": (
        _("Archive the call"),
        _("The call leaves the desks of staff, hosts and reviewers. This can't be undone."),
    ),
}
"""The button of each step that staff may take, and what follows from it."""
STEPS: Final = {
    "call.import": _("Taken over from a file"),
    "call.invite_hosts": _("Hosts were invited"),
    "call.announce": _("Announced"),
    "call.open": lazy_p("call", "Opened"),
    "call.close": _("Closed"),
    "call.select": _("Selection began"),
    "call.release_results": _("Results were released"),
    "call.start_placements": _("Placements began"),
    "call.archive": _("Archived"),
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
    return [words for rule in Rule if (words := sentence(rules, rule))]


def sentence(rules: CallRules, rule: Rule) -> str:
    """One rule as a sentence to the reader; nothing when the call does not set it."""
    match rule:
        case Rule.AGE:
            return _age(rules)
        case Rule.NATIONALITY:
            return _nationality(rules)
        case Rule.STUDIES:
            return _studies(rules)
        case Rule.LANGUAGE:
            return _languages(rules)


def _age(rules: CallRules) -> str:
    if rules.age_on is None:
        return ""
    said = {"least": rules.age_min, "most": rules.age_max, "day": say_date(rules.age_on)}
    if rules.age_min is not None and rules.age_max is not None:
        return gettext("You are from %(least)s to %(most)s years old on %(day)s.") % said
    if rules.age_min is not None:
        return gettext("You are at least %(least)s years old on %(day)s.") % said
    return gettext("You are not older than %(most)s years on %(day)s.") % said if rules.age_max is not None else ""


def _nationality(rules: CallRules) -> str:
    if rules.nationalities is None:
        return gettext("You may come from any country.")
    names = say_list(sorted(map(say_country, rules.nationalities)), "or")
    return gettext("You are a national of one of these countries: %(countries)s.") % {"countries": names}


def _studies(rules: CallRules) -> str:
    if rules.min_isced_level is None:
        return ""
    said = {"level": level_of_studies(rules.min_isced_level)}
    return gettext("You have finished these studies or higher ones, or are in them now: %(level)s.") % said


def _languages(rules: CallRules) -> str:
    names = [level_of_language(code, level) for code, level in rules.languages]
    if not names:
        return ""
    if len(names) == 1:
        return gettext("You speak %(language)s or better.") % {"language": names[0]}
    said = {"languages": say_list(names, "or")}
    return gettext("You speak at least one of these languages this well or better: %(languages)s.") % said


ADVICE: Final[dict[tuple[Rule, bool | None], Lazy]] = {
    (Rule.AGE, False): _("A later call may set other ages; each call is announced on the home page."),
    (Rule.AGE, None): _("You did not give a date of birth. Compare it with the rule."),
    (Rule.NATIONALITY, False): _("If you have another nationality as well, check again with that one."),
    (Rule.NATIONALITY, None): _("You did not name a country. Look whether yours is among these."),
    (Rule.STUDIES, False): _("You can apply in the first call after you begin studies of this level."),
    (Rule.STUDIES, None): _("You did not name a level. Ask your university which one your course has."),
    (Rule.LANGUAGE, False): _(
        "You judge your level yourself, and no certificate is needed. Compare it with the descriptions once more."
    ),
    (Rule.LANGUAGE, None): _("You did not name a language. Compare what you can do with the descriptions."),
}
"""What somebody can do about a rule that does not fit, or is not known to."""


@cache
def _cities(code: str) -> list[tuple[str, str]]:
    """The cities in a language, with their zones; finding a name takes longer than drawing all of a page's rest."""
    return [(get_timezone_location(zone, locale=locale(code), return_city=True), zone) for zone in CITIES]


def elsewhere(moment: datetime) -> list[tuple[str, str]]:
    """The same instant on the clocks of cities across the mountains, from west to east."""
    return [(city, say_datetime(moment, zone)) for city, zone in _cities(speaking())]


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


OPENS_BECAUSE = kept_reason("call.opens", _("A call opens at the instant that was announced."))
CLOSES_BECAUSE = kept_reason("call.closes", _("A call closes at its deadline."))
