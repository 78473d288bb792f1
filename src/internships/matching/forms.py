"""What the desk asks."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from internships.applications.names import countries
from internships.core.i18n import lazy as _
from internships.core.ids import read_ref
from internships.matching.improving import Goal
from internships.matching.whatif import Change, Kind
from internships.web.forms import Form, Says, Ticked, Whole, wrong


def to_ref(value: object) -> object:
    """A reference as somebody typed or read it out."""
    return read_ref(value) if isinstance(value, str) else value


def to_countries(value: object) -> object:
    """Names in any of our languages, or two-letter codes, with commas between them."""
    typed = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    names = [name.strip() for name in re.split(r"[,;\n،؛、，；]", typed) if name.strip()]
    if not names:
        raise wrong(_("Enter the names of countries with commas between them, such as “Peru, Bolivia”."))
    meant = {name: countries().meant(name) for name in names}
    if unknown := [name for name, code in meant.items() if code is None]:
        raise wrong(_("No country is called %(names)s. Check how it is written.") % {"names": _quoted(unknown)})
    return list(dict.fromkeys(meant.values()))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


Name = Annotated[str, Field(max_length=120)]


class StartForm(Form):
    name: Annotated[Name, Says(_("Give the run a name of up to 120 characters, such as “After the hosts' meeting”."))]
    goal: Goal | None = None


class PeopleFilter(Form):
    """Which page of people of a run."""

    without: str = ""
    after: Annotated[str, Field(max_length=500)] = ""
    after_ref: Annotated[str, Field(max_length=10)] = ""


class LimitForm(Form):
    """A limit over positions that are ticked, and over all of a country or region."""

    version: Whole | None = None
    name: Annotated[Name, Says(_("Give the limit a name of up to 120 characters."))]
    seats: Annotated[Whole, Field(ge=0, le=100_000), Says(_("Enter how many people at most, as a whole number."))]
    area: Annotated[str, Field(max_length=80)] = ""
    over: Annotated[list[Annotated[str, Field(max_length=10)]], Field(validate_default=True)] = []  # noqa: RUF012 -- pydantic copies it

    # About one field, so that it is said together with what is wrong with the others.
    @field_validator("over")
    @classmethod
    def holds_something(cls, over: list[str], info: ValidationInfo) -> list[str]:
        if not info.data.get("area") and not over:
            raise wrong(_("Choose a country or region, or tick at least one position."))
        return over


class ReserveForm(Form):
    position: Annotated[str, Field(max_length=10), Says(_("Choose a position."))]
    name: Annotated[Name, Says(_("Say in up to 120 characters who the seats are for."))]
    seats: Annotated[Whole, Field(ge=1, le=10_000), Says(_("Enter how many seats, 1 or more."))]
    countries: Annotated[list[str], BeforeValidator(to_countries)]
    open_first: Ticked = False


class MinimumForm(Form):
    position: Annotated[str, Field(max_length=10), Says(_("Choose a position."))]
    least: Annotated[Whole, Field(ge=0, le=10_000), Says(_("Enter a whole number; 0 takes the minimum away."))]


class PairKind(StrEnum):
    LOCK = "lock"
    BAR = "bar"


class WhomForm(Form):
    """Somebody by reference, or by parts of their name."""

    person: str = ""


class PairForm(Form):
    kind: Annotated[PairKind, Says(_("Choose whether to fix the pair or to rule it out."))]
    application: Annotated[
        str, BeforeValidator(to_ref), Says(_("Enter the reference of an application, ten characters."))
    ]
    position: Annotated[str, Field(max_length=10), Says(_("Choose one of the person's positions."))]
    reason: Annotated[str, Field(max_length=500), Says(_("Give the reason, in up to 500 characters."))]


class RemoveForm(Form):
    """Why a rule is taken away, where somebody says so."""

    why: Annotated[str, Field(max_length=500)] = ""


class UnpairForm(RemoveForm):
    kind: PairKind
    application: Annotated[str, Field(max_length=10)]
    position: Annotated[str, Field(max_length=10)]


class TeamForm(Form):
    """Two who go together."""

    first: Annotated[str, BeforeValidator(to_ref), Says(_("Enter the reference of an application, ten characters."))]
    second: Annotated[str, BeforeValidator(to_ref), Says(_("Enter the reference of an application, ten characters."))]
    reason: Annotated[str, Field(max_length=500), Says(_("Give the reason, in up to 500 characters."))]


class LotteryForm(Form):
    text: Annotated[
        str, Field(min_length=20, max_length=1000), Says(_("Enter 20 to 1,000 characters that nobody could guess."))
    ]


def to_be_kept(kind: Kind) -> Kind:
    if kind == Kind.WITHDRAW:
        raise wrong(_("Only the person can withdraw."))
    return kind


class TryForm(Form):
    """What would be different if."""

    kind: Kind
    person: Annotated[str, BeforeValidator(to_ref)] = ""
    position: Annotated[str, Field(max_length=10)] = ""
    limit: Annotated[str, Field(max_length=120)] = ""
    number: Annotated[Whole, Field(ge=0, le=100_000), Says(_("Enter a whole number."))] | None = None
    without: Ticked = False

    @property
    def change(self) -> Change:
        number = None if self.without else self.number
        return Change(self.kind, self.person, self.position, self.limit, number)

    @model_validator(mode="after")
    def says_enough(self) -> Self:
        match self.kind:
            case Kind.FIX | Kind.FORBID:
                enough = bool(self.person and self.position)
            case Kind.SEATS:
                enough = bool(self.position) and self.number is not None
            case Kind.LIMIT:
                enough = bool(self.limit) and (self.without or self.number is not None)
            case Kind.WITHDRAW:
                enough = bool(self.person)
        if not enough:
            raise wrong(_("Say for whom or where, and how much."))
        return self


class KeepForm(TryForm):
    """A change that is written into the rules; only the person can withdraw."""

    kind: Annotated[Kind, AfterValidator(to_be_kept)]
    reason: Annotated[str, Field(max_length=500), Says(_("Give the reason, in up to 500 characters."))]
    name: Annotated[Name, Says(_("Give the new run a name of up to 120 characters."))]


class ContestForm(Form):
    text: Annotated[
        str, Field(max_length=3000), Says(_("Say in up to 3,000 characters what somebody should look at again."))
    ]


class ContestAnswerForm(Form):
    version: Whole
    text: Annotated[str, Field(max_length=3000), Says(_("Answer in up to 3,000 characters, with your reason."))]
    changed: Ticked = False
