"""Answers that are typed and understood: a name from a list, a year. Where it is not sure what is meant, the page asks back."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from internships.applications.dates import whole
from internships.applications.names import Names, countries, fields, languages
from internships.core import clock
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.web.forms import Filled, wrong

MOST_NAME = 120
PICK = "_pick"
"""A question about an answer has the name of the answer and this; it stands before it in the form."""
NONE_OF_THESE = "none"


Reader = Callable[[str, ValidationInfo], str]
UNSURE = _("Choose which “%(typed)s” you mean.")


def understood(names: Callable[[], Names], missing: Lazy, unknown: Lazy, unsure: Lazy = UNSURE) -> Reader:
    """The code that a typed name stands for: sure by itself, or picked from those that were asked back.

    A page that asks for two of a kind gives each words of its own: two errors never read alike.
    """

    def read(typed: str, info: ValidationInfo) -> str:
        if not typed:
            raise wrong(missing)
        if code := names().meant(typed):
            return code
        candidates = names().candidates(typed)
        picked = info.data.get(f"{info.field_name}{PICK}", "")
        if picked in candidates:
            return str(picked)
        if candidates and picked != NONE_OF_THESE:
            raise wrong(unsure % {"typed": typed})
        raise wrong(unknown)

    return read


Picked = Annotated[str, StringConstraints(max_length=16)]
COUNTRY = understood(
    countries, _("Enter the name of a country."), _("Enter the name of a country as it is on maps, for example Kenya.")
)
NATIONALITY = understood(
    countries,
    _("Enter your nationality."),
    _("Enter your nationality as the name of a country, for example Kenya."),
    _("Choose which “%(typed)s” your nationality is."),
)
RESIDENCE = understood(
    countries,
    _("Enter the country that you live in."),
    _("Enter the country that you live in as it is on maps, for example Kenya."),
    _("Choose which “%(typed)s” you live in."),
)
LANGUAGE = understood(
    languages, _("Enter the name of a language."), _("Enter the name of a language, for example Swahili.")
)
FIELD = understood(
    fields, _("Enter a field of study."), _("Enter another name for the field, for example Environmental sciences.")
)
Name = Annotated[str, Field(max_length=MOST_NAME, validate_default=True)]
"""A typed name from a list; add the reader of that list."""


def _year(value: object) -> object:
    if value is None or value == "":
        return None
    year = whole(value) if isinstance(value, str) else value
    if not isinstance(year, int) or not 1900 <= year <= clock.now().year + 10:
        raise wrong(_("Enter a year with four digits, for example 2024."))
    return year


Year = Annotated[int | None, BeforeValidator(_year)]


def needed(words: Lazy) -> AfterValidator:
    """A blank answer says these words."""

    def read(value: Any) -> Any:
        if value is None or value == "":
            raise wrong(words)
        return value

    return AfterValidator(read)


def asked_back(kind: str, form: Filled[Any], name: str) -> list[str]:
    """The codes to ask back about, for an answer that is not sure; one that was picked stays picked beside its name."""
    names = {"country": countries, "language": languages, "field": fields}[kind]()
    typed = form.typed(name)
    is_asked = form.error(name) or form.typed(f"{name}{PICK}")
    return names.candidates(typed) if is_asked and len(typed) <= MOST_NAME and not names.meant(typed) else []
