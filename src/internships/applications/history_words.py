"""The trace of a file in words, for staff: what was done, from which state to which, whoever recorded it."""

from internships.core.i18n import Lazy, lazy_p
from internships.core.i18n import lazy as _
from internships.cycles.rules import ReasonKind

WHAT: dict[str, Lazy] = {
    "application.start": _("Application started"),
    "application.submit": _("Application sent"),
    "application.ask": _("Completion asked for"),
    "application.admit": _("Found eligible"),
    "application.turn_away": _("Found not eligible"),
    "application.recheck": _("Decision taken back"),
    "application.withdraw": _("Application withdrawn"),
    "application.lapse": _("Time to send it ended"),
    "document.give": _("A document was given"),
    "document.replace": _("A document was replaced"),
    "document.remove": _("A document was removed"),
    "document.pass": _("A document was checked"),
    "document.refuse": _("A document could not be taken"),
    "choice.shortlist": _("Put on the short list of a position"),
    "choice.pass_over": _("Passed over for a position"),
    "choice.think_again": _("Taken back to the candidates of a position"),
    "choice.would_host": _("The host would take the person"),
    "choice.would_not": _("The host would not take the person"),
    "choice.rate_again": _("The host takes a rating back"),
    "choice.rate": _("The host changed a rating"),
    "choice.release": _("A choice was released"),
    "conflict.declare": _("Said whether there is a tie to the person"),
    "review.assign": _("Given to a reviewer"),
    "review.unassign": _("Taken from a reviewer"),
    "review.declare": _("Review begun"),
    "review.finish": _("Review finished"),
    "review.reopen": _("Review opened again"),
    "review.recuse": _("The reviewer stepped aside"),
    "position.remind": _("The hosts of a position were reminded"),
    "review.remind": _("The reviewers were reminded"),
    "run.ask": _("A run of the match was asked for"),
    "run.start": _("A run of the match began"),
    "run.propose": _("A run of the match proposed places"),
    "run.fail": _("A run of the match failed"),
    "run.cancel": _("A run of the match was cancelled"),
    "run.approve_first": _("A run of the match was approved by a first person"),
    "run.take_back": _("A first approval was taken back"),
    "run.approve": _("The places of a run were approved"),
    "lock.add": _("Fixed at a position before the run"),
    "lock.remove": _("Not fixed at a position any more"),
    "bar.add": _("Ruled out for a position"),
    "bar.remove": _("Not ruled out for a position any more"),
    "team.add": _("Made part of a team of two"),
    "team.remove": _("The team of two was dissolved"),
    "contest.ask": _("The person asked to look again"),
    "contest.answer": _("The person was told what a second look found"),
    "offer.issue": _("A place was offered"),
    "offer.accept": _("The offer was accepted"),
    "offer.decline": _("The offer was declined"),
    "offer.expire": _("The offer was not answered in time"),
    "offer.revoke": _("The offer was taken back"),
    "offer.cancel": _("The offer was taken back"),
    "waiting.offer": _("The place was offered from the waiting list"),
    "waiting.leave": _("Left the waiting list"),
    "placement.start": _("The placement was written down"),
    "placement.start_agreement": _("The agreement went out for signature"),
    "placement.prepare": _("Preparing began"),
    "placement.clear": _("Cleared to start"),
    "placement.begin": _("The stay began"),
    "placement.complete": _("The stay was completed"),
    "placement.end_early": _("The stay ended early"),
    "placement.cancel": _("The placement was cancelled"),
    "call.import": _("Taken over from a file"),
    "call.invite_hosts": _("The call was opened to hosts"),
    "call.announce": _("The call was announced"),
    "call.open": _("The call was opened"),
    "call.close": _("The call was closed"),
    "call.select": _("The selection began"),
    "call.release_results": _("The results were released"),
    "call.start_placements": _("The placements began"),
    "call.archive": _("The call was archived"),
    "letter.cancel": _("A letter was cancelled"),
    "letter.retry": _("A letter was tried once more"),
}
STATES: dict[str, dict[str, Lazy]] = {
    "application": {
        "draft": lazy_p("application", "Draft"),
        "submitted": lazy_p("application for staff", "To be checked"),
        "completion_requested": lazy_p("application for staff", "Completion asked for"),
        "eligible": lazy_p("application for staff", "Eligible"),
        "not_eligible": lazy_p("application", "Not eligible"),
        "withdrawn": lazy_p("application", "Withdrawn"),
        "lapsed": lazy_p("application", "Not submitted"),
    },
    "document": {
        "received": lazy_p("document for staff", "Being checked"),
        "clean": lazy_p("document", "Checked"),
        "refused": lazy_p("document", "Not taken"),
    },
    "choice": {
        "waiting": lazy_p("choice", "Waiting"),
        "shortlisted": lazy_p("choice", "Short-listed"),
        "not_shortlisted": lazy_p("choice", "Not short-listed"),
        "acceptable": lazy_p("choice", "Host would take"),
        "not_acceptable": lazy_p("choice", "Host would not take"),
        "released": lazy_p("choice", "Released"),
    },
    "review": {
        "assigned": lazy_p("review", "Not opened"),
        "in_progress": lazy_p("review", "Started"),
        "finished": lazy_p("review", "Finished"),
        "recused": lazy_p("review", "Stepped aside"),
    },
    "offer": {
        "issued": lazy_p("offer", "Waiting for an answer"),
        "accepted": lazy_p("offer", "Accepted"),
        "declined": lazy_p("offer", "Declined"),
        "expired": lazy_p("offer", "Not answered in time"),
        "revoked": lazy_p("offer", "Taken back"),
    },
    "waiting": {
        "waiting": lazy_p("waiting list", "Waiting"),
        "offered": lazy_p("waiting list", "Was offered the place"),
        "left": lazy_p("waiting list", "Left the list"),
    },
    "placement": {
        "planned": lazy_p("placement", "Planned"),
        "agreement": lazy_p("placement", "Agreement in signature"),
        "preparing": lazy_p("placement", "Preparing"),
        "cleared": lazy_p("placement", "Cleared to start"),
        "under_way": lazy_p("placement", "Under way"),
        "completed": lazy_p("placement", "Completed"),
        "ended_early": lazy_p("placement", "Ended early"),
        "cancelled": lazy_p("placement", "Cancelled"),
    },
    "contest": {
        "asked": lazy_p("request to look again", "Waiting for an answer"),
        "answered": lazy_p("request to look again", "Answered"),
    },
}
REASONS_OF = {
    "application.ask": ReasonKind.COMPLETION,
    "application.turn_away": ReasonKind.NOT_ELIGIBLE,
    "application.withdraw": ReasonKind.WITHDRAWAL,
    "choice.would_not": ReasonKind.NOT_ACCEPTABLE,
    "choice.rate": ReasonKind.NOT_ACCEPTABLE,
    "offer.decline": ReasonKind.DECLINE,
}
"""From which list the reasons of a step come."""


def what(verb: str) -> str:
    """What was done; a verb without words of its own is shown as it is kept."""
    return str(WHAT.get(verb, verb))


def state(verb: str, code: str | None) -> str:
    """A state of the life that the verb belongs to."""
    if not code:
        return ""
    life = verb.partition(".")[0]
    return str(STATES.get(life, {}).get(code, code.replace("_", " ")))
