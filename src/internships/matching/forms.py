"""What the desk asks."""

from typing import Annotated

from pydantic import Field

from internships.core.i18n import lazy as _
from internships.web.forms import Form, Says

Name = Annotated[str, Field(max_length=120)]


class StartForm(Form):
    name: Annotated[Name, Says(_("Give the run a name of up to 120 characters, such as “After the hosts' meeting”."))]


class PeopleFilter(Form):
    """Which page of people of a run."""

    without: str = ""
    after: Annotated[str, Field(max_length=500)] = ""
    after_ref: Annotated[str, Field(max_length=10)] = ""
