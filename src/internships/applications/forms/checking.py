"""What "Can I apply?" asks; every answer may be left out, and nothing is kept."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from internships.applications.dates import read_date
from internships.applications.forms.typed import COUNTRY, MOST_NAME, NONE_OF_THESE, Picked
from internships.core import clock
from internships.core.i18n import lazy as _
from internships.cycles.rules import CallRules, Level, age_on
from internships.web.forms import Form, Says, wrong

Part = Annotated[str, StringConstraints(max_length=40)]
OLDEST: Final = 120
NO_SUCH: Final = {"zxx": Level.A1}
"""Somebody who said that they speak none of the call's languages: the code for no language at all."""


class Studies(StrEnum):
    """The highest level that somebody has or is working on."""

    DOCTOR = "8"
    MASTER = "7"
    BACHELOR = "6"
    SHORTER = "5"
    SCHOOL = "3"
    NOT_SAID = "not_said"


def _day_of_birth(nothing: str, info: ValidationInfo) -> str:
    day, month, year = (info.data.get(f"born_{part}", "") for part in ("day", "month", "year"))
    if not (day or month or year):
        return nothing
    born = read_date(day, month, year)
    if born is None or not 0 <= age_on(born, clock.today()) <= OLDEST:
        raise wrong(_("Enter a real date, for example 27 3 2001, or leave all three empty."))
    return nothing


class CheckForm(Form):
    """Four questions."""

    born_day: Part = ""
    born_month: Part = ""
    born_year: Part = ""
    born: Annotated[Part, Field(validate_default=True), AfterValidator(_day_of_birth)] = ""
    """Nobody types it: what is wrong with the date as a whole stands here."""
    nationality_pick: Picked = ""
    nationality: Annotated[str, Field(max_length=MOST_NAME), AfterValidator(COUNTRY)] = ""
    studies: Annotated[Studies, Says(_("Choose one of the levels."))] = Studies.NOT_SAID
    languages: Annotated[
        list[Annotated[str, StringConstraints(max_length=16)]],
        Field(max_length=20),
        Says(_("Choose from these languages.")),
    ] = Field(default=[])

    @property
    def born_on(self) -> date | None:
        return read_date(self.born_day, self.born_month, self.born_year)

    @property
    def isced_level(self) -> int | None:
        return None if self.studies is Studies.NOT_SAID else int(self.studies)

    def spoken(self, rules: CallRules) -> dict[str, Level]:
        """The languages of the call that were ticked, each as well as the call asks."""
        ticked = {code: level for code, level in rules.languages if code in self.languages}
        return ticked or (NO_SUCH if NONE_OF_THESE in self.languages else {})
