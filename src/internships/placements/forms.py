"""What we ask about an offer."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from internships.core.i18n import lazy as _
from internships.placements.words import DECLINE_REASONS
from internships.web.forms import Form, Says, Ticked, Whole

DeclineReason = StrEnum("DeclineReason", {code: code for code in DECLINE_REASONS})  # type: ignore[misc]


class Stay(StrEnum):
    YES = "yes"
    NO = "no"


class Accept(Form):
    """A binding yes, to the offer that its page shows."""

    offer: Annotated[str, Field(max_length=10)] = ""
    sure: Annotated[Ticked, Says(_("Tick the box to say that you will take this place."))]


class Decline(Form):
    """A no with its reason, to the offer that its page shows."""

    offer: Annotated[str, Field(max_length=10)] = ""
    reason: Annotated[DeclineReason, Says(_("Choose the reason that fits best."))]
    text: Annotated[str, Field(max_length=1000)] = ""
    stay: Annotated[Stay, Says(_("Say whether you want to stay on the waiting lists."))]


class TakeBack(Form):
    """Staff take an offer or a placement back."""

    version: Whole
    reason: Annotated[str, Field(min_length=1, max_length=1000), Says(_("Say why, in words for the person."))]


class DropOut(Form):
    """A named person closes a position whose host can't take anybody any more, having seen what follows."""

    version: Whole
    proposal: str = ""
    reason: Annotated[str, Field(min_length=1, max_length=1000), Says(_("Say why, in words for the people concerned."))]
    looked: Annotated[Ticked, Says(_("Tick the box to say that you have looked at what follows."))]


class Approval(Form):
    """A named person approves a run, having seen what follows."""

    version: Whole
    seen: Annotated[Ticked, Says(_("Tick the box to say that you have looked at the result and its reasons."))]
    knowing: Ticked = False
