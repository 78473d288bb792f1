"""What staff read when they check an application: states, the rules of the call with what is held against them, and what was done."""

from dataclasses import dataclass
from typing import Any

from internships.applications.rules import ChoiceState, Section, State
from internships.core.i18n import Lazy, gettext, lazy_p, say_country, say_date, say_list
from internships.core.i18n import lazy as _
from internships.cycles.rules import CallRules, Finding, Level, ReasonKind, Rule
from internships.cycles.words import level_of_language, level_of_studies

STATES: dict[State, tuple[Lazy, str]] = {
    State.SUBMITTED: (lazy_p("application for staff", "To be checked"), "wait"),
    State.COMPLETION_REQUESTED: (lazy_p("application for staff", "Completion asked for"), "warn"),
    State.ELIGIBLE: (lazy_p("application for staff", "Eligible"), "good"),
    State.NOT_ELIGIBLE: (lazy_p("application", "Not eligible"), "bad"),
    State.WITHDRAWN: (lazy_p("application", "Withdrawn"), "plain"),
    State.LAPSED: (lazy_p("application", "Not submitted"), "plain"),
}
"""Drafts are their writers' alone."""
CHOICES: dict[ChoiceState, tuple[Lazy, str]] = {
    ChoiceState.WAITING: (lazy_p("choice", "Waiting"), "wait"),
    ChoiceState.SHORTLISTED: (lazy_p("choice", "Short-listed"), "good"),
    ChoiceState.NOT_SHORTLISTED: (lazy_p("choice", "Not short-listed"), "plain"),
    ChoiceState.ACCEPTABLE: (lazy_p("choice", "Host would take"), "good"),
    ChoiceState.NOT_ACCEPTABLE: (lazy_p("choice", "Host would not take"), "bad"),
    ChoiceState.RELEASED: (lazy_p("choice", "Released"), "plain"),
}
SECTIONS = {
    Section.ABOUT: _("About the person"),
    Section.STUDIES: lazy_p("section", "Studies"),
    Section.LANGUAGES: lazy_p("section", "Languages"),
    Section.EXPERIENCE: lazy_p("section", "Experience"),
    Section.MOTIVATION: lazy_p("section", "Motivation"),
    Section.CHOICES: lazy_p("section", "Choices"),
    Section.DOCUMENTS: lazy_p("section", "Documents"),
}
RULES = {
    Rule.AGE: lazy_p("rule", "Age"),
    Rule.NATIONALITY: lazy_p("rule", "Nationality"),
    Rule.STUDIES: lazy_p("rule", "Studies"),
    Rule.LANGUAGE: lazy_p("rule", "Language"),
}
FITS: dict[bool | None, tuple[Lazy, str]] = {
    True: (lazy_p("rule", "fits"), "good"),
    False: (lazy_p("rule", "does not fit"), "bad"),
    None: (lazy_p("rule", "not said"), "warn"),
}
SAID: dict[State, Lazy] = {
    State.ELIGIBLE: _("%(name)s is eligible."),
    State.NOT_ELIGIBLE: _("%(name)s is not eligible. The letter waits."),
    State.COMPLETION_REQUESTED: _("%(name)s is asked for completion. The letter waits."),
}
"""What was done a moment ago, beside the button that takes it back."""
UNDOES = {State.ELIGIBLE: "admit", State.NOT_ELIGIBLE: "turn_away", State.COMPLETION_REQUESTED: "ask"}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that a letter goes with: its list of reasons and its words."""

    kind: ReasonKind
    title: Lazy
    legend: Lazy
    text: Lazy
    hint: Lazy
    sends: Lazy
    reads: Lazy


DECISIONS = {
    "ask": Decision(
        ReasonKind.COMPLETION,
        _("Ask for completion"),
        _("What is missing?"),
        _("What else should the person know?"),
        _("The person reads this when they sign in. It is not in the letter."),
        _("Ask for completion"),
        _("When they sign in, they read what is missing:"),
    ),
    "turn_away": Decision(
        ReasonKind.NOT_ELIGIBLE,
        lazy_p("application", "Not eligible"),
        _("Why can this application not take part?"),
        _("What else should the person know?"),
        _("The person reads this when they sign in. It is not in the letter."),
        _("Decide: not eligible"),
        _("When they sign in, they read these reasons:"),
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule of the call held against one person, in words."""

    rule: Lazy
    needed: str
    held: list[str]
    says: Lazy
    kind: str


def evidence(rules: CallRules, found: list[Finding], whole: Any) -> list[Evidence]:
    """Every rule with what is needed, and the answers that speak for or against it."""
    needed = {
        Rule.AGE: _age_needed,
        Rule.NATIONALITY: _nationality_needed,
        Rule.STUDIES: _studies_needed,
        Rule.LANGUAGE: _languages_needed,
    }
    held = {
        Rule.AGE: _age_held,
        Rule.NATIONALITY: _nationality_held,
        Rule.STUDIES: _studies_held,
        Rule.LANGUAGE: _languages_held,
    }
    return [
        Evidence(RULES[each.rule], needed[each.rule](rules), held[each.rule](whole, each), *FITS[each.fits])
        for each in found
    ]


def _age_needed(rules: CallRules) -> str:
    said = {"least": rules.age_min, "most": rules.age_max, "day": say_date(rules.age_on) if rules.age_on else ""}
    if rules.age_min is not None and rules.age_max is not None:
        return gettext("%(least)s to %(most)s years on %(day)s") % said
    if rules.age_min is not None:
        return gettext("at least %(least)s years on %(day)s") % said
    return gettext("not older than %(most)s years on %(day)s") % said


def _age_held(whole: Any, found: Finding) -> list[str]:
    born_on = whole.mine.born_on
    if born_on is None:
        return []
    return [gettext("Born on %(date)s, %(age)s years on that day") % {"date": say_date(born_on), "age": found.held}]


def _nationality_needed(rules: CallRules) -> str:
    return say_list(sorted(say_country(code) for code in rules.nationalities or []), "or")


def _nationality_held(whole: Any, _found: Finding) -> list[str]:
    return [say_country(whole.mine.nationality)] if whole.mine.nationality else []


def _studies_needed(rules: CallRules) -> str:
    level = level_of_studies(rules.min_isced_level or 0)
    return gettext("%(level)s or higher, finished or under way") % {"level": level}


def _studies_held(whole: Any, _found: Finding) -> list[str]:
    return [_degree(each) for each in whole.studies]


def _degree(study: Any) -> str:
    said = {
        "level": level_of_studies(study.isced_level), "title": study.title, "where": study.institution,
        "year": study.to_year or "",
    }  # fmt: skip
    if study.finished:
        return gettext("%(level)s: %(title)s, %(where)s, finished in %(year)s") % said
    return gettext("%(level)s: %(title)s, %(where)s, under way") % said


def _languages_needed(rules: CallRules) -> str:
    return say_list([level_of_language(code, level) for code, level in rules.languages], "or")


def _languages_held(whole: Any, _found: Finding) -> list[str]:
    return [level_of_language(each.code, Level(each.level)) for each in whole.languages]
