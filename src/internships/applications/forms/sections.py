"""What the pages of the file ask, and what is a valid answer."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from internships.applications import answers
from internships.applications.dates import read_date, read_month, whole
from internships.applications.forms.typed import (
    COUNTRY,
    FIELD,
    LANGUAGE,
    NATIONALITY,
    RESIDENCE,
    Name,
    Picked,
    Year,
    needed,
)  # fmt: skip
from internships.applications.rules import CHOICE_MOTIVATION_MOST, DRAFT_MOST, MOTIVATION_MOST, ExperienceKind
from internships.core import clock
from internships.core.i18n import lazy as _
from internships.core.reference import is_language
from internships.cycles.rules import Level, age_on
from internships.web.forms import Form, Says, Ticked, wrong

Line = Annotated[str, StringConstraints(max_length=200)]
Part = Annotated[str, StringConstraints(max_length=40)]
OLDEST = 120


class Sectioned(Form):
    """What every page of the file sends besides its answers."""

    version: Annotated[str, StringConstraints(max_length=32)] = ""
    """The mark of what the page showed."""
    then: Annotated[str, StringConstraints(max_length=8)] = ""
    """`later` when the person comes back later."""


def _month_of_birth(month: str) -> str:
    if month and read_month(month) is None:
        raise wrong(_("Enter the month as a number or by its name."))
    return month


def _year_of_birth(year: str) -> str:
    if (number := whole(year)) is not None and number < 1000:
        raise wrong(_("Enter the year with four digits, for example 2001."))
    return year


def _day_of_birth(nothing: str, info: ValidationInfo) -> str:
    """The three parts together, unless one of them is wrong by itself."""
    if not {"born_month", "born_year"} <= info.data.keys():
        return nothing
    day, month, year = (info.data.get(f"born_{part}", "") for part in ("day", "month", "year"))
    if not (day or month or year):
        raise wrong(_("Enter your date of birth."))
    born = read_date(day, month, year)
    if born is None:
        raise wrong(_("Enter a real date, for example 27 3 2001."))
    if not 0 <= age_on(born, clock.today()) <= OLDEST:
        raise wrong(_("Enter the day on which you were born."))
    return nothing


def _phone(typed: str) -> str:
    if typed and sum(character.isdecimal() for character in typed) < 5:
        raise wrong(_("Enter the whole number, or leave this empty."))
    return typed


class EntryForm(Sectioned):
    """One of several entries; `told` is what is kept of it."""

    @property
    def told(self) -> Struct:
        raise NotImplementedError


class AboutForm(Sectioned):
    """Who the person is."""

    born_day: Part = ""
    born_month: Annotated[Part, AfterValidator(_month_of_birth)] = ""
    born_year: Annotated[Part, AfterValidator(_year_of_birth)] = ""
    born: Annotated[Part, Field(validate_default=True), AfterValidator(_day_of_birth)] = ""
    """Nobody types it: what is wrong with the date as a whole stands here."""
    nationality_pick: Picked = ""
    nationality: Annotated[Name, AfterValidator(NATIONALITY)] = ""
    residence_pick: Picked = ""
    residence: Annotated[Name, AfterValidator(RESIDENCE)] = ""
    town: Annotated[
        str, Field(max_length=120, validate_default=True), needed(_("Enter the town that you live in."))
    ] = ""
    phone: Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)] = ""
    read_back: Annotated[str, StringConstraints(max_length=10)] = ""
    """The date of birth that the page showed in words."""

    @property
    def born_on(self) -> date:
        born = read_date(self.born_day, self.born_month, self.born_year)
        assert born is not None  # noqa: S101 -- the field was checked
        return born

    @property
    def told(self) -> answers.About:
        return answers.About(self.born_on, self.nationality, self.residence, self.town, self.phone)


def _real_language(code: str) -> str:
    if code and not is_language(code):
        raise wrong(_("Choose a language."))
    return code


class MotivationForm(Sectioned):
    """Why, and what for."""

    motivation_language: Annotated[
        Picked, Field(validate_default=True), needed(_("Choose a language.")), AfterValidator(_real_language)
    ] = ""
    motivation: Annotated[
        str,
        Field(max_length=MOTIVATION_MOST, validate_default=True),
        needed(_("Write why you want to do an internship.")),
    ] = ""
    use_after: Annotated[
        str,
        Field(max_length=MOTIVATION_MOST, validate_default=True),
        needed(_("Write how you would use what you learn.")),
    ] = ""

    @property
    def told(self) -> answers.Motivation:
        return answers.Motivation(self.motivation_language, self.motivation, self.use_after)


class MotivationDraft(Sectioned):
    """The same, as it saves itself: nothing is required, and it may still be too long."""

    motivation_language: Annotated[Picked, AfterValidator(_real_language)] = ""
    motivation: Annotated[str, Field(max_length=DRAFT_MOST)] = ""
    use_after: Annotated[str, Field(max_length=DRAFT_MOST)] = ""

    @property
    def told(self) -> answers.Motivation:
        return answers.Motivation(self.motivation_language, self.motivation, self.use_after)


class WhyForm(Sectioned):
    """Why this position."""

    motivation: Annotated[
        str,
        Field(max_length=CHOICE_MOTIVATION_MOST, validate_default=True),
        needed(_("Write why you choose this position.")),
    ] = ""


class WhyDraft(Sectioned):
    """The same, as it saves itself."""

    motivation: Annotated[str, Field(max_length=DRAFT_MOST)] = ""


class PlaceForm(Form):
    """To which place in the list."""

    to: Annotated[int, Field(ge=1, le=20)]
    way: Literal["up", "down"] = "down"


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"


class FinishedForm(Form):
    """Is the section complete?"""

    finished: Annotated[YesNo, Says(_("Say whether you have finished this section."))]
    none: Ticked = False
    """There is nothing to tell."""


def _begun(value: int | None) -> int | None:
    if value is not None and value > clock.today().year:
        raise wrong(_("Enter the year you started; it can be this year or an earlier one."))
    return value


def _after(value: int | None, info: ValidationInfo) -> int | None:
    begun = info.data.get("from_year")
    if value is not None and begun is not None and value < begun:
        raise wrong(_("Enter a year that is not before the first one."))
    # Only what is not finished yet may end in a year to come; experience that goes on has no last year.
    if value is not None and info.data.get("finished") != YesNo.NO and value > clock.today().year:
        raise wrong(_("Enter the year you finished; it can be this year or an earlier one."))
    return value


Begun = Annotated[Year, Field(validate_default=True), needed(_("Enter the year you started.")), AfterValidator(_begun)]
Ended = Annotated[Year, Field(validate_default=True), AfterValidator(_after)]


class StudyForm(EntryForm):
    """A degree, finished or under way."""

    isced_level: Annotated[int, Field(ge=3, le=8), Says(_("Choose the level of the degree."))]
    title: Annotated[Line, Field(validate_default=True), needed(_("Enter the name of the degree or course."))] = ""
    isced_field_pick: Picked = ""
    isced_field: Annotated[Name, AfterValidator(FIELD)] = ""
    institution: Annotated[Line, Field(validate_default=True), needed(_("Enter where you study or have studied."))] = ""
    country_pick: Picked = ""
    country: Annotated[Name, AfterValidator(COUNTRY)] = ""
    finished: Annotated[YesNo, Says(_("Say whether you have finished."))]
    from_year: Begun = None
    to_year: Annotated[Ended, needed(_("Enter the year you finished, or expect to."))] = None

    @property
    def told(self) -> answers.Study:
        return answers.Study(
            self.institution, self.country, self.title, self.isced_level, self.isced_field, self.from_year or 0,
            self.to_year, self.finished == YesNo.YES,
        )  # fmt: skip


class LanguageForm(EntryForm):
    """A language at a level."""

    code_pick: Picked = ""
    code: Annotated[Name, AfterValidator(LANGUAGE)] = ""
    level: Annotated[Level, Says(_("Choose how well you speak it."))]

    @property
    def told(self) -> answers.Language:
        return answers.Language(self.code, self.level)


def _country_or_none(typed: str, info: ValidationInfo) -> str:
    return COUNTRY(typed, info) if typed else ""


class ExperienceForm(EntryForm):
    """Something done before."""

    kind: Annotated[ExperienceKind, Says(_("Choose what kind of experience it is."))]
    title: Annotated[Line, Field(validate_default=True), needed(_("Enter what you did."))] = ""
    organisation: Annotated[Line, Field(validate_default=True), needed(_("Enter with whom or for whom."))] = ""
    country_pick: Picked = ""
    country: Annotated[str, Field(max_length=120), AfterValidator(_country_or_none)] = ""
    from_year: Begun = None
    to_year: Ended = None
    text: Annotated[str, Field(max_length=CHOICE_MOTIVATION_MOST)] = ""

    @property
    def told(self) -> answers.Experience:
        return answers.Experience(
            self.kind, self.title, self.organisation, self.country or None, self.from_year or 0, self.to_year, self.text
        )


class SendForm(Form):
    """The declaration below the answers."""

    declared: Annotated[Ticked, Says(_("Tick the box to say that your answers are true."))] = False


class WithdrawForm(Form):
    """Why somebody withdraws."""

    reason: Annotated[str, StringConstraints(max_length=40)] = ""
    text: Annotated[str, Field(max_length=1000)] = ""


class StartForm(Form):
    """Start, and where the person came from."""

    position: Annotated[str, StringConstraints(max_length=10)] = ""
