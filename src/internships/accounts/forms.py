"""What we ask of people to let them in, and of those who look after accounts."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from internships.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Role, email_key
from internships.core import clock
from internships.core.i18n import LANGUAGES
from internships.core.i18n import lazy as _
from internships.web.forms import Form, Says, Ticked, Whole, wrong

NOT_AN_ADDRESS = _("Enter an e-mail address, such as name@example.org.")
TOO_EASY = _("This password is easy to guess. Take several words that do not belong together.")
ALREADY_INVITED = _("This person was invited to this already, or has joined. Look for them below and among the people.")
NOT_IT = _("The e-mail address or the password is not right. Check both, or let us send you a link.")


def _email(typed: str) -> str:
    try:
        return email_key(typed)
    except ValueError as error:
        raise wrong(NOT_AN_ADDRESS) from error


def _long_enough(password: str) -> str:
    if password and len(password) < SHORTEST_PASSWORD:
        raise wrong(_("Use %(least)s characters or more.") % {"least": SHORTEST_PASSWORD})
    return password


Email = Annotated[str, Field(max_length=320), AfterValidator(_email), Says(NOT_AN_ADDRESS)]
OldPassword = Annotated[str, Field(max_length=LONGEST_PASSWORD), Says(_("Enter your password."))]
NewPassword = Annotated[
    str, Field(max_length=LONGEST_PASSWORD), AfterValidator(_long_enough), Says(_("Enter a password of 15 to 200 characters."))
]  # fmt: skip
FullName = Annotated[str, Field(max_length=200), Says(_("Enter your full name, as in your passport."))]
Called = Annotated[str, Field(max_length=100)]


class SignInForm(Form):
    email: Email
    password: OldPassword
    shared: Ticked = False
    next: str = ""


class EmailForm(Form):
    """Registering, a link by mail, a new password: the address is all we need."""

    email: Email
    next: str = ""


class EnterForm(Form):
    """The button behind a link to sign in."""

    shared: Ticked = False


def _told_by_browser(zone: str) -> str:
    """The zone that the script filled in, if it is one; nobody typed it, so it is never an error."""
    return zone if zone in clock.ZONES else clock.UNKNOWN_ZONE


BrowserZone = Annotated[str, AfterValidator(_told_by_browser)]


class ConfirmForm(Form):
    full_name: FullName
    called: Called = ""
    password: NewPassword = ""
    shared: Ticked = False
    zone: BrowserZone = clock.UNKNOWN_ZONE


class ResetForm(Form):
    password: NewPassword
    shared: Ticked = False


class SwitchForm(Form):
    membership: Whole


def _zone(typed: str) -> str:
    known = {zone.casefold(): zone for zone in clock.ZONES}
    found = known.get(typed.strip().replace(" ", "_").casefold())
    if found is None:
        raise wrong(_("Choose a time zone from the list, such as Africa/Kampala."))
    return found if clock.is_chosen(found) else clock.UTC_ITSELF


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise wrong(_("Choose one of the options."))
    return code


class AccountForm(Form):
    version: Whole
    full_name: FullName
    called: Called = ""
    latin_name: Annotated[str, Field(max_length=200)] = ""
    locale: Annotated[str, AfterValidator(_language)]
    zone: Annotated[str, AfterValidator(_zone)] = clock.UNKNOWN_ZONE
    theme: Literal["auto", "light", "dark"] = "auto"


class JoinForm(Form):
    full_name: FullName
    called: Called = ""
    password: NewPassword
    zone: BrowserZone = clock.UNKNOWN_ZONE


class InviteForm(Form):
    email: Email
    role: Annotated[Role, Says(_("Choose what they will do."))]
    reserve: Whole | None = None
    locale: Annotated[str, AfterValidator(_language)]

    @model_validator(mode="after")
    def _hosts_have_a_reserve(self) -> Self:
        if (self.role == Role.HOST) != (self.reserve is not None):
            raise wrong(_("Choose the reserve of a host; for every other role, choose none."))
        return self


class PeopleFilter(Form):
    q: Annotated[str, Field(max_length=200)] = ""
    role: Role | None = None
    after: str = ""


class LettersFilter(Form):
    state: Literal["waiting", "sent", "dead", "cancelled"] = "waiting"
    before: str = ""


class PasswordForm(Form):
    current: OldPassword
    password: NewPassword
