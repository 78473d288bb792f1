"""What people call the states of offers, placements and waiting lists."""

from internships.core.i18n import Lazy, lazy_p
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
DECLINE_REASONS: dict[str, Lazy] = {
    "dates": _("The dates do not fit"),
    "money": _("I cannot cover the costs"),
    "visa": _("I would not get a visa in time"),
    "other_place": _("I have another place"),
    "health_or_family": _("Health or family"),
    "other": _("Another reason"),
}
EXPIRES_BECAUSE = kept_reason(
    "offer.expires", _("An offer that is not answered by its date goes to the next person on the waiting list.")
)
WITHDRAWN_BECAUSE = kept_reason("application.withdrawn", _("The application was withdrawn."))
