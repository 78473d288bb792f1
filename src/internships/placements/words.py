"""What people call the states of offers, placements and waiting lists."""

from internships.applications.words import Headline
from internships.core.i18n import Lazy, lazy_p, ngettext
from internships.core.i18n import lazy as _
from internships.core.reasons import kept_reason
from internships.placements.rules import OfferState, PlacementState, WaitingState

OFFERS = {
    OfferState.ISSUED: lazy_p("offer", "Waiting for an answer"),
    OfferState.ACCEPTED: lazy_p("offer", "Accepted"),
    OfferState.DECLINED: lazy_p("offer", "Declined"),
    OfferState.EXPIRED: lazy_p("offer", "Not answered in time"),
    OfferState.REVOKED: lazy_p("offer", "Taken back"),
}
OFFER_KINDS = {
    OfferState.ISSUED: "wait",
    OfferState.ACCEPTED: "good",
    OfferState.DECLINED: "plain",
    OfferState.EXPIRED: "warn",
    OfferState.REVOKED: "bad",
}
PLACEMENTS = {
    PlacementState.PLANNED: lazy_p("placement", "Planned"),
    PlacementState.AGREEMENT: lazy_p("placement", "Agreement in signature"),
    PlacementState.PREPARING: lazy_p("placement", "Preparing"),
    PlacementState.CLEARED: lazy_p("placement", "Cleared to start"),
    PlacementState.UNDER_WAY: lazy_p("placement", "Under way"),
    PlacementState.COMPLETED: lazy_p("placement", "Completed"),
    PlacementState.ENDED_EARLY: lazy_p("placement", "Ended early"),
    PlacementState.CANCELLED: lazy_p("placement", "Cancelled"),
}
WAITING = {
    WaitingState.WAITING: lazy_p("waiting list", "Waiting"),
    WaitingState.OFFERED: lazy_p("waiting list", "Was offered the place"),
    WaitingState.LEFT: lazy_p("waiting list", "Left the list"),
}
_READ_IT = _("Read what it is, why, and what you can do now.")
HEADLINES = {
    OfferState.ISSUED: Headline(
        _("You are offered a place"), _("Read the offer, and accept or decline it before its date.")
    ),
    OfferState.ACCEPTED: Headline(
        _("The place is yours"),
        _("You have accepted it. The host reserve and the programme write to you about what follows."),
    ),
    OfferState.DECLINED: Headline(_("You have declined the place"), _READ_IT),
    OfferState.EXPIRED: Headline(_("The date to answer your offer has passed"), _READ_IT),
    OfferState.REVOKED: Headline(_("Your offer was taken back"), _READ_IT),
    None: Headline(_("You have no offer now"), _READ_IT),
}
_WAITS = _("When a place is freed, the next person on its list gets an offer by mail. You do not have to do anything.")


def headline_of(state: OfferState | None, waits: int) -> Headline:
    """Where a person stands since the results are out: their newest offer, or the waiting lists that they are on."""
    if not waits:
        return HEADLINES[state]
    lists = ngettext("You are on %(num)s waiting list", "You are on %(num)s waiting lists", waits)
    return Headline(lists % {"num": waits}, _WAITS)


def button_to(state: OfferState | None) -> Lazy:
    """What leads from the application to its answer."""
    open_or_taken = {
        OfferState.ISSUED: _("Read the offer and answer it"),
        OfferState.ACCEPTED: _("Read about your place"),
    }
    return open_or_taken.get(state, _("Read the answer")) if state else _("Read the answer")


DECLINE_REASONS: dict[str, Lazy] = {
    "dates": _("The dates do not fit"),
    "money": _("I cannot cover the costs"),
    "visa": _("I would not get a visa in time"),
    "other_place": _("I have another place"),
    "health_or_family": _("Health or family"),
    "other": _("Another reason"),
}
CHANGED_MEANWHILE = _("This has changed since you opened the page. Look at it as it is now, then decide again.")
EXPIRES_BECAUSE = kept_reason(
    "offer.expires", _("An offer that is not answered by its date goes to the next person on the waiting list.")
)
WITHDRAWN_BECAUSE = kept_reason("application.withdrawn", _("The application was withdrawn."))
