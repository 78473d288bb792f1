"""What people call the states of a run and the answers of a match, and what each answer says."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from internships.core.i18n import Lazy, lazy_p, say_language, say_number
from internships.core.i18n import lazy as _
from internships.core.reasons import kept_reason
from internships.matching.improving import Goal
from internships.matching.life import ContestState, State
from internships.matching.terms import BadMarket

WHOM = _("Enter a name, or the reference of an application.")
NOBODY = _("Nobody who applied is called “%(typed)s”, and no application of this call has that reference.")
NOBODY_HERE = _("Nobody in this run is called “%(typed)s”, and no application in it has that reference.")
RUN_STATES: Mapping[State, tuple[Lazy, str]] = {
    State.QUEUED: (lazy_p("run", "Waiting to start"), "wait"),
    State.RUNNING: (lazy_p("run", "Running"), "wait"),
    State.PROPOSED: (lazy_p("run", "Proposed"), "plain"),
    State.FIRST_APPROVED: (lazy_p("run", "Approved by one person"), "wait"),
    State.APPROVED: (lazy_p("run", "Approved"), "good"),
    State.FAILED: (lazy_p("run", "Could not be run"), "bad"),
    State.CANCELLED: (lazy_p("run", "Cancelled"), "plain"),
}
CONTEST_STATES: Mapping[ContestState, tuple[Lazy, str]] = {
    ContestState.ASKED: (lazy_p("request to look again", "Waiting for an answer"), "wait"),
    ContestState.ANSWERED: (lazy_p("request to look again", "Answered"), "good"),
}

SHORT: Mapping[str, tuple[Lazy, str]] = {
    "placed": (lazy_p("answer", "Placed"), "good"),
    "locked_here": (lazy_p("answer", "Placed by staff"), "good"),
    "preferred": (lazy_p("answer", "A higher choice was given"), "plain"),
    "cut_off": (lazy_p("answer", "Others ranked higher"), "plain"),
    "tie": (lazy_p("answer", "Lottery"), "plain"),
    "tie_by_hand": (lazy_p("answer", "Tie"), "plain"),
    "limit": (lazy_p("answer", "Limit reached"), "warn"),
    "limit_tie": (lazy_p("answer", "Limit reached, lottery"), "warn"),
    "limit_none": (lazy_p("answer", "Limit reached"), "warn"),
    "reserved": (lazy_p("answer", "Reserved seats"), "plain"),
    "reserved_tie": (lazy_p("answer", "Reserved seats, lottery"), "plain"),
    "reserved_none": (lazy_p("answer", "Reserved seats"), "plain"),
    "locked": (lazy_p("answer", "Seats given by staff"), "warn"),
    "team": (lazy_p("answer", "Not both of the team"), "plain"),
    "closed": (lazy_p("answer", "No seats"), "bad"),
    "closed_minimum": (lazy_p("answer", "Too few people"), "bad"),
    "not_eligible": (lazy_p("answer", "Not possible here"), "bad"),
    "not_eligible_measured": (lazy_p("answer", "Not possible here"), "bad"),
    "not_ranked": (lazy_p("answer", "Not ranked by the host"), "plain"),
    "optimum": (lazy_p("answer", "Adopted result"), "plain"),
    "unplaced": (lazy_p("answer", "No choice"), "plain"),
}
"""For the tags of tables, with the kind of the tag."""

CAUSES: Mapping[str, Lazy] = {
    "full": _("Every choice went to people whom the host ranks higher, or who drew a better lot."),
    "limit": _("A limit over several positions was full."),
    "not_ranked": _("No host of their choices ranked them."),
    "closed": _("Their choices do not run, or have no seats."),
    "ruled_out": _("They lack what each of their choices needs, or were ruled out."),
    "nothing": _("They have no choice left."),
}

SENTENCES: Mapping[str, Lazy] = {
    "placed": _("You have a place here."),
    "preferred": _("You have a place at a position that you put higher on your list."),
    "cut_off": _(
        "All seats here (%(seats)s) went to people in band %(cutoff)s or better of this host's ranking; you are in band %(band)s."
    ),
    "tie": _(
        "The last seats here went by lottery to people in band %(band)s of this host's ranking: "
        "lottery numbers up to %(line)s came in, yours is %(number)s."
    ),
    "tie_by_hand": _(
        "The last seats here went to people in band %(cutoff)s of this host's ranking, which is yours too."
    ),
    "limit": _(
        "The limit “%(limit)s” (%(seats)s people) was full: the last place went to band %(cutoff)s, you are in band %(band)s here."
    ),
    "limit_tie": _(
        "The limit “%(limit)s” (%(seats)s people) was full: in band %(band)s, lottery numbers up to %(line)s came in, "
        "yours is %(number)s."
    ),
    "limit_none": _("The limit “%(limit)s” (%(seats)s people) left no seat here for the match."),
    "reserved": _(
        "Of the seats here (%(seats)s), some were kept for “%(reserve)s” (%(kept)s). "
        "The others went to band %(cutoff)s or better; you are in band %(band)s."
    ),
    "reserved_tie": _(
        "Of the seats here (%(seats)s), some were kept for “%(reserve)s” (%(kept)s). For the others, "
        "lottery numbers up to %(line)s in band %(band)s came in; yours is %(number)s."
    ),
    "reserved_none": _(
        "Of the seats here (%(seats)s), some were kept for “%(reserve)s” (%(kept)s). The others went to people before you."
    ),
    "locked": _("Of the seats here (%(seats)s), the programme had given some before the match (%(locked)s)."),
    "locked_here": _("The programme gave you this place before the match."),
    "team": _("There was a seat for you here, but not one for each of your team of two."),
    "closed": _("This position has no free seats."),
    "closed_minimum": _("This position does not run: it needs %(minimum)s people, and fewer could be placed."),
    "not_eligible": _("You could not be placed here. The programme's reason: %(rule)s"),
    "not_eligible_language": _(
        "This position needs %(language)s at level %(needed)s, and you did not name that language."
    ),
    "not_eligible_language_held": _(
        "This position needs %(language)s at level %(needed)s, and you named level %(held)s."
    ),
    "not_eligible_studies": _("This position needs studies of ISCED level %(needed)s, which you have not named."),
    "not_eligible_studies_held": _(
        "This position needs studies of ISCED level %(needed)s; yours are of level %(held)s."
    ),
    "not_ranked": _("This host did not rank you."),
    "optimum": _(
        "The programme adopted a result that puts the sum of everybody's choices before the order of this host."
    ),
    "unplaced": _("You have no choice left."),
}
"""What the person reads for one choice. The numbers are public; nothing is said about anybody else."""

EXTRA = "pip install 'internships[optimum]'"
GOALS: Mapping[str, Lazy] = {
    "": _("The match itself: everybody's order, the hosts' order, lots between equals"),
    Goal.CYCLES: _("Then swaps, where only lots stand between people and everybody who swaps gains"),
    Goal.BEST_SUM: _("The best sum of everybody's choices, without following the hosts' order"),
    Goal.MOST_PLACED: _("The most people placed, with nobody of a better band passed over"),
}

ADOPTED: Mapping[str, Lazy] = {
    Goal.CYCLES: _(
        "After the match, people whom only lots kept apart swapped places where each of them gained. Nobody lost by it."
    ),
    Goal.BEST_SUM: _(
        "The programme adopted another result than the match: the best sum of everybody's choices. "
        "It may pass over somebody whom a host put higher."
    ),
    Goal.MOST_PLACED: _(
        "The programme adopted another result than the match: the one that gives a place to the most people. "
        "Nobody of a better band is passed over; lots alone did not decide within a band."
    ),
}
"""What everybody may read of a call whose approved run had another goal."""

GOAL_NAMES: Mapping[str, Lazy] = {
    Goal.CYCLES: _("With swaps"),
    Goal.BEST_SUM: _("Best sum of choices"),
    Goal.MOST_PLACED: _("Most people placed"),
}
"""For lists of runs."""

PROBLEMS: Mapping[str, Lazy] = {
    "crossing": _(
        "The limits “%(first)s” and “%(second)s” cross: both hold the position %(shared)s, and each holds something that "
        "the other does not. Limits must lie inside each other or apart."
    ),
    "too_many_reserved": _("%(reserved)s seats are reserved at %(place)s, and it has %(seats)s."),
    "too_many_locked": _("%(locked)s people are fixed at %(place)s, and there are %(seats)s seats."),
    "locked_barred": _("%(place)s is fixed at %(position)s and ruled out there. Take one of the two entries back."),
    "locked_refused": _(
        "%(place)s is fixed at %(position)s, and the host there has not said that they would take this person."
    ),
    "minimum": _("The minimum of %(place)s is %(minimum)s, and it has %(seats)s seats."),
    "twice": _("“%(name)s” stands twice in %(place)s."),
    "missing_extra": _("This goal needs OR-Tools, which is not installed. Get it with: %(command)s"),
    "goal_with_teams": _("This goal does not go with teams of two. Dissolve them first, or run the match itself."),
    "not_in_time": _(
        "Nothing was found in the time given. Run the match itself, or ask again when the machine is less busy."
    ),
}


def because(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence for one choice, in the language being spoken."""
    if not kind.startswith("not_eligible"):
        return str(SENTENCES[kind] % {name: _said(fact) for name, fact in facts.items()})
    what, _colon, code = str(facts["rule"]).partition(":")
    if what not in ("language", "studies"):
        return str(SENTENCES["not_eligible"] % {"rule": facts["rule"]})
    sentence = SENTENCES[f"not_eligible_{what}{'_held' if facts['held'] else ''}"]
    return str(sentence % {**facts, "language": say_language(code) if what == "language" else ""})


def _said(fact: object) -> object:
    return say_number(fact) if isinstance(fact, int) else fact


def failed(kept: str, names: Mapping[str, str]) -> str:
    """Why a run could not be made, from what is kept of it."""
    found = json.loads(kept)
    return str(_contradicts(found["place"], found["problem"], found["facts"], found["said"], names))


def named_in(kept: str) -> set[str]:
    """What a failure is about, by reference, as far as it is about something that has one."""
    found = json.loads(kept)
    return {_subject(found["place"]), *map(str, found["facts"].values())}


def problem(bad: BadMarket, names: Mapping[str, str]) -> Lazy:
    """Why rules can't go together; references are replaced by what people call them."""
    return _contradicts(bad.place, bad.problem, bad.facts, str(bad), names)


def _contradicts(place: str, problem: str, facts: Mapping[str, Any], said: str, names: Mapping[str, str]) -> Lazy:
    words = PROBLEMS.get(problem, _("The rules of this run contradict each other: %(said)s"))
    about = {name: names.get(str(fact), fact) for name, fact in facts.items()}
    here = names.get(_subject(place), _subject(place))
    return words % {"place": here, "said": said, "command": EXTRA, **about}


def _subject(place: str) -> str:
    """Whom or what a place in the document is about: the second part of minimums.P3, limits.Andes.seats."""
    parts = place.split(".")
    return parts[1] if len(parts) > 1 else place


def kept_of(place: str, problem: str, facts: Mapping[str, Any], said: str) -> str:
    """What is kept of a market that could not be run."""
    return json.dumps({"place": place, "problem": problem, "facts": facts, "said": said}, ensure_ascii=False)


CHANGES: Mapping[str, Lazy] = {
    "run": _("This run has no inputs yet."),
    "rules": _("The rules contradict each other now."),
    "lottery": _("The lottery text is another one than in this run."),
    "applicant_gone": _("%(name)s is not in the match any more."),
    "applicant_new": _("%(name)s has come into the match."),
    "applicant_changed": _("%(name)s has other choices, or another order."),
    "seats_gone": _("%(name)s is gone."),
    "seats_new": _("%(name)s is new."),
    "seats_changed": _("%(name)s has another number of free seats."),
    "ranking_changed": _("The host's ratings for %(name)s have changed."),
    "lock_gone": _("%(name)s is not fixed any more."),
    "lock_new": _("%(name)s is fixed now."),
    "lock_changed": _("%(name)s is fixed at another position."),
    "minimum_gone": _("%(name)s has no minimum any more."),
    "minimum_new": _("%(name)s has a minimum now."),
    "minimum_changed": _("%(name)s has another minimum."),
    "limit_gone": _("The limit “%(name)s” is gone."),
    "limit_new": _("The limit “%(name)s” is new."),
    "limit_changed": _("The limit “%(name)s” has changed."),
    "reserve_gone": _("Reserved seats are gone: %(name)s."),
    "reserve_new": _("Reserved seats are new: %(name)s."),
    "reserve_changed": _("Reserved seats have changed, or who belongs to their group: %(name)s."),
    "bar_gone": _("A pair is not ruled out any more: %(name)s."),
    "bar_new": _("A pair is ruled out now: %(name)s."),
    "bar_changed": _("Why a pair is ruled out has changed: %(name)s."),
    "team_gone": _("A team is gone: %(name)s."),
    "team_new": _("A team is new: %(name)s."),
    "team_changed": _("A team has other choices: %(name)s."),
}


def changed(what: str, about: Iterable[str], names: Mapping[str, str]) -> str:
    """One difference in words; references are replaced by what people call them."""
    said = " · ".join(names.get(part, part) for part in about)
    return str(CHANGES[what] % {"name": said})


RUN_BECAUSE = kept_reason("run.asked", _("%(name)s asked for a run of the match"))
TRIED_BECAUSE = kept_reason("run.tried", _("%(name)s asked what the run hangs on"))
