"""What staff fill in: a decision with its reasons, and the search and filters of the list."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from internships.applications.rules import State
from internships.core.i18n import lazy as _
from internships.web.forms import Form, Says, Whole

REASON_TEXT_MOST = 2000
Version = Annotated[Whole, Field(ge=1, le=2_000_000_000)]
Code = Annotated[str, StringConstraints(max_length=40)]


class AdmitForm(Form):
    """Eligible: the version that was looked at."""

    version: Version


class UndoForm(Form):
    """Which decision is taken back."""

    version: Version
    undoes: Literal["admit", "ask", "turn_away"]


class DecisionForm(Form):
    """Why, and whether the letter was looked at: first it is shown, then it is sent."""

    version: Version
    reasons: Annotated[list[Code], Field(min_length=1, max_length=20), Says(_("Choose at least one reason."))]
    text: Annotated[str, Field(max_length=REASON_TEXT_MOST)] = ""
    until: AwareDatetime | None = None
    step: Literal["look", "change", "send"] = "look"


class ListFilter(Form):
    """Which applications are listed, and in which order."""

    q: Annotated[str, Field(max_length=100)] = ""
    state: State | None = None
    country: Annotated[str, Field(max_length=100)] = ""
    region: Annotated[str, Field(max_length=64)] = ""
    position: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{0,10}$")] = ""
    sort: Literal["sent", "-sent", "name", "-name"] = "-sent"
    after: Annotated[str, Field(max_length=400)] = ""
