"""The life of an offer and of the placement that it becomes."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow


class OfferState(StrEnum):
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


class PlacementState(StrEnum):
    PLANNED = "planned"
    AGREEMENT = "agreement"
    PREPARING = "preparing"
    CLEARED = "cleared"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CANCELLED = "cancelled"


class WaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    LEFT = "left"


O, P, W, R = OfferState, PlacementState, WaitingState, Role  # noqa: E741 -- short names, so that the tables stay tables

# fmt: off
OFFER = Workflow(
    "offer",
    #    verb        from          to            by
    Move("accept",   {O.ISSUED},   O.ACCEPTED,   {R.APPLICANT}, letter="accepted"),
    Move("decline",  {O.ISSUED},   O.DECLINED,   {R.APPLICANT}, letter="declined"),
    Move("expire",   {O.ISSUED},   O.EXPIRED,    {R.CLOCK},     letter="expired"),
    Move("revoke",   {O.ISSUED},   O.REVOKED,    {R.STAFF},     letter="revoked"),
    Move("cancel",   {O.ACCEPTED}, O.REVOKED,    {R.STAFF, R.CLOCK}),
)
PLACEMENT = Workflow(
    "placement",
    Move("start_agreement", {P.PLANNED},   P.AGREEMENT,   {R.STAFF}),
    Move("prepare",         {P.AGREEMENT}, P.PREPARING,   {R.STAFF}),
    Move("clear",           {P.PREPARING}, P.CLEARED,     {R.STAFF}),
    Move("begin",           {P.CLEARED},   P.UNDER_WAY,   {R.STAFF, R.CLOCK}),
    Move("complete",        {P.UNDER_WAY}, P.COMPLETED,   {R.STAFF}),
    Move("end_early",       {P.UNDER_WAY}, P.ENDED_EARLY, {R.STAFF}),
    Move("cancel",          {P.PLANNED, P.AGREEMENT, P.PREPARING, P.CLEARED}, P.CANCELLED, {R.STAFF, R.CLOCK}, letter="cancelled"),
)
WAITING_LIST = Workflow(
    "waiting",
    Move("offer", {W.WAITING}, W.OFFERED, {R.CLOCK, R.STAFF}),
    Move("leave", {W.WAITING}, W.LEFT,    {R.APPLICANT, R.STAFF, R.CLOCK}),
)
# fmt: on

HOLDS_A_SEAT = frozenset({O.ISSUED, O.ACCEPTED})
"""An offer in these states counts in `position.held`, and a person has at most one in a call."""

ONE_MINUTE_TO_MIDNIGHT = time(23, 59)


def answer_by(now: datetime, days: int, zone: str) -> datetime:
    """The end of a day in the call's zone, so many days after today there."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=days), ONE_MINUTE_TO_MIDNIGHT, ZoneInfo(zone))


def shown_state(state: OfferState | None, answer_by: datetime | None, now: datetime) -> OfferState | None:
    """The state as its person sees it: after its date nobody can answer, though the clock may not have said so yet."""
    return O.EXPIRED if state == O.ISSUED and answer_by is not None and answer_by <= now else state


class Reader(Struct, frozen=True):
    """Who a letter is for."""

    person_id: int
    address: str
    locale: str
    name: str
    """How to address them."""
