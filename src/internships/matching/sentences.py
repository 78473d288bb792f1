"""One plain English sentence for each form of verdict; other languages keep a table of the same keys elsewhere."""

from internships.matching.terms import Verdict

SENTENCES = {
    "placed": "You are placed here.",
    "preferred": "You are placed at a position that you want more than this one.",
    "cut_off": (
        "Every seat here (%(seats)s) went to band %(cutoff)s or better of this position's ranking; you are in "
        "band %(band)s."
    ),
    "tie": (
        "The last seats went by lottery among those in band %(band)s: numbers up to %(line)s came in, yours "
        "is %(number)s."
    ),
    "tie_by_hand": (
        "The last seats went to people in band %(cutoff)s, which is yours too; there were not enough for "
        "everybody in it."
    ),
    "limit": (
        'The limit "%(limit)s" (seats: %(seats)s) was full: the last went in band %(cutoff)s, you are in band '
        "%(band)s here."
    ),
    "limit_tie": (
        'The limit "%(limit)s" (seats: %(seats)s) was full: in band %(band)s lottery numbers up to %(line)s '
        "came in, yours is %(number)s."
    ),
    "limit_none": 'The limit "%(limit)s" (seats: %(seats)s) left no seat for the match here.',
    "reserved": (
        'Seats here: %(seats)s, of which kept for "%(reserve)s": %(kept)s. The open ones went to band '
        "%(cutoff)s or better, you are in band %(band)s."
    ),
    "reserved_tie": (
        'Seats here: %(seats)s, of which kept for "%(reserve)s": %(kept)s. Of the open ones, lottery numbers '
        "up to %(line)s in band %(band)s came in, yours is %(number)s."
    ),
    "reserved_none": (
        'Seats here: %(seats)s, of which kept for "%(reserve)s": %(kept)s. What the group left free went to '
        "others before you."
    ),
    "locked": "Seats here: %(seats)s, of which given by the programme before the match: %(locked)s.",
    "locked_here": "The programme placed you here before the match.",
    "team": "There was a seat for you here, but not both seats for your team.",
    "closed": "This position has no seats.",
    "closed_minimum": "This position does not run: fewer than the %(minimum)s people it needs could be placed.",
    "not_eligible": "You cannot be placed here: %(rule)s.",
    "not_eligible_measured": "You cannot be placed here (%(rule)s): %(needed)s is needed, you have %(held)s.",
    "not_ranked": "This position did not rank you.",
    "optimum": (
        "The programme adopted a result that puts the sum of everybody's choices before the order of this position."
    ),
    "unplaced": "You named no position.",
}


def form(verdict: Verdict) -> str:
    """The key of the sentence for this verdict: its kind, and which of the kind's facts are there."""
    kind, facts = verdict.kind, verdict.facts
    match kind:
        case "tie":
            return "tie" if "line" in facts else "tie_by_hand"
        case "limit" | "reserved":
            return f"{kind}_tie" if "line" in facts else f"{kind}_none" if not facts["cutoff"] else kind
        case "locked":
            return "locked_here" if "own" in facts else "locked"
        case "closed":
            return "closed_minimum" if "minimum" in facts else "closed"
        case "not_eligible":
            return "not_eligible_measured" if facts["needed"] and facts["held"] else kind
    return kind


def because(verdict: Verdict) -> str:
    return SENTENCES[form(verdict)] % verdict.facts
