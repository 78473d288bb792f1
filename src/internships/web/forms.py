"""Forms: a Pydantic model each; the value, or every error at once with what was typed."""

import re
import types
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Generic, Self, TypeVar, Union, get_args, get_origin

from litestar import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from internships.core import text
from internships.core.faults import BadRequest
from internships.core.i18n import Lazy, say_number
from internships.core.i18n import lazy as _
from internships.core.text import MOST_WHOLE
from internships.web.body import DAMAGED, Sent, read_alone, read_body


class Form(BaseModel):
    """What a page asks. Unknown fields are refused; owner, state and dates of record are never among them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Says:
    """The words for whatever is wrong with a field."""

    def __init__(self, words: Lazy) -> None:
        self.words = words


Model = TypeVar("Model", bound=Form)

WORDS: dict[str, Lazy] = {
    "missing": _("Fill in this field."),
    "string_too_short": _("Fill in this field."),
    "string_too_long": _("Use %(max_length)s characters or fewer."),
    "too_short": _("Choose at least one."),
    "too_long": _("Choose %(max_length)s or fewer."),
    "int_parsing": _("Enter a whole number."),
    "int_type": _("Enter a whole number."),
    "int_from_float": _("Enter a whole number."),
    "int_parsing_size": _("Enter a smaller number."),
    "decimal_parsing": _("Enter a number."),
    "float_parsing": _("Enter a number."),
    "greater_than_equal": _("Enter %(ge)s or more."),
    "less_than_equal": _("Enter %(le)s or less."),
    "enum": _("Choose one of the options."),
    "literal_error": _("Choose one of the options."),
    "date_parsing": _("Enter a real date."),
    "date_from_datetime_parsing": _("Enter a real date."),
    "repeated": _("This was sent more than once. Fill it in again."),
    "controls": _("This holds characters that can't be kept. Type it again."),
    "extra_forbidden": _("The page has changed. Load it again and fill it in once more."),
}
NOT_VALID = _("Check this field.")


def wrong(words: Lazy) -> PydanticCustomError:
    """An error of a validator, with its words: `raise wrong(_("Enter the year you finished."))`."""
    return PydanticCustomError("said", "{words}", {"words": words})


class Filled(Generic[Model]):
    """A form as the page shows it: what was typed, what is wrong, and the value when nothing is."""

    def __init__(self, typed: Mapping[str, list[str]], value: Model | None, errors: dict[str, Lazy]) -> None:
        self._typed = typed
        self.value = value
        self._errors = errors

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return (self._typed.get(name) or [""])[0]

    def all_typed(self, name: str) -> list[str]:
        """All that is ticked or listed."""
        return list(self._typed.get(name) or [])

    def error(self, name: str) -> Lazy | None:
        """What is wrong with a field."""
        return self._errors.get(name)

    @property
    def errors(self) -> list[tuple[str, Lazy]]:
        """All that is wrong, in the order of the fields."""
        return list(self._errors.items())

    @property
    def is_shown_again(self) -> bool:
        """Whether somebody only wants to see what they typed, after signing in again: nothing is wrong, nothing is to be done."""
        return self.value is None and not self._errors

    def refused(self, name: str, words: Lazy) -> Self:
        """The same form with one more error, found by a rule that needed the database."""
        return type(self)(self._typed, None, {**self._errors, name: words})

    def standing(self, **now: object) -> Self:
        """The same form with some fields as they stand now, such as the version that somebody else has saved."""
        return type(self)({**self._typed, **{name: [str(value)] for name, value in now.items()}}, None, self._errors)


def _takes_many(field: FieldInfo) -> bool:
    kind = field.annotation
    members = get_args(kind) if get_origin(kind) in (types.UnionType, Union) else (kind,)
    return any(get_origin(member) in (list, tuple, set, frozenset) for member in members)


def _cleaned(sent: Sent, fields: Mapping[str, FieldInfo]) -> tuple[dict[str, Any], dict[str, Lazy]]:
    """Values for the model; blanks are left out, so that a default or 'missing' speaks."""
    values: dict[str, Any] = {}
    errors: dict[str, Lazy] = {}
    for name, given in sent.items():
        if any(text.has_controls(value.replace("\r", "\n")) for value in given):
            errors[name] = WORDS["controls"]
            continue
        tidied = [kept for kept in map(text.tidy, given) if kept]
        field = fields.get(name)
        if field is not None and _takes_many(field):
            values[name] = tidied
        elif len(given) > 1 and field is not None:
            errors[name] = WORDS["repeated"]
        elif tidied:
            values[name] = tidied[0]
    return values, errors


def _words(error: Any, fields: Mapping[str, FieldInfo]) -> tuple[str, Lazy]:
    name = str(error["loc"][0]) if error["loc"] else ""
    context = error.get("ctx", {})
    if error["type"] == "said":
        return name, context["words"]
    field = fields.get(name)
    for extra in field.metadata if field else ():
        if isinstance(extra, Says):
            return name, extra.words
    words = WORDS.get(error["type"], NOT_VALID)
    return name, words % {key: _said(key, value) for key, value in context.items()} if context else words


def _said(key: str, value: object) -> str:
    """A length is written as the hint beside the field writes it; a year is no amount, and stays as it is."""
    return say_number(value) if key == "max_length" and isinstance(value, int) else str(value)


IGNORED = frozenset({"csrf", "once"})
_ONCE = re.compile(r"[A-Za-z0-9_-]{0,64}")
AGAIN = "show_again"
"""A form with this field is only shown again with what was typed: no value for anybody to act upon."""


def judged(sent: Sent, model: type[Model]) -> Filled[Model]:
    """What was sent, held against the model."""
    asked = {name: given for name, given in sent.items() if name not in IGNORED | {AGAIN}}
    # What is refused may still be looked for, for the page around it.
    typed = {name: list(map(text.without_nul, given)) for name, given in asked.items()}
    if AGAIN in sent:
        return Filled(typed, None, {})
    fields = model.model_fields
    values, errors = _cleaned(asked, fields)
    value = None
    try:
        value = model(**values)
    except ValidationError as refused:
        for error in refused.errors():
            name, words = _words(error, fields)
            errors.setdefault(name, words)
    if errors:
        order = {name: place for place, name in enumerate(fields)}
        errors = dict(sorted(errors.items(), key=lambda item: order.get(item[0], len(order))))
        return Filled(typed, None, errors)
    return Filled(typed, value, {})


async def read_form(request: Request[Any, Any, Any], model: type[Model]) -> Filled[Model]:
    """Read a posted form."""
    return judged(await read_body(request), model)


async def read_once(request: Request[Any, Any, Any]) -> str:
    """The form's one-time key, for actions that make something new.

    Raises:
        BadRequest: it is none that a page of ours has given.
    """
    key = await read_alone(request, "once")
    if not _ONCE.fullmatch(key):
        raise BadRequest(DAMAGED)
    return key


def read_query(request: Request[Any, Any, Any], model: type[Model]) -> Filled[Model]:
    """Read a filter from the address; what does not fit is said and left out."""
    sent: Sent = {}
    for name, value in list(request.query_params.multi_items())[:200]:
        sent.setdefault(name, []).append(value)
    return judged(sent, model)


def _as_typed(value: Any) -> list[str]:
    match value:
        case None | "" | False:
            return []
        case True:
            return ["yes"]
        case StrEnum():
            return [value.value]
        case str():
            return [value]
        case list() | tuple() | set() | frozenset():
            return [typed for each in value for typed in _as_typed(each)]
        case _:
            return [str(value)]


def filled(model: type[Model], kept: object = None, **values: Any) -> Filled[Model]:
    """A form as it is first shown, from what is kept (a struct, or values by name)."""
    names = model.model_fields
    found = {name: getattr(kept, name) for name in names if hasattr(kept, name)} | values
    return Filled({name: _as_typed(value) for name, value in found.items()}, None, {})


def _ticked(value: object) -> object:
    return value in {"yes", "on", "true", "1", True} if isinstance(value, str | bool) else value


Ticked = Annotated[bool, BeforeValidator(_ticked)]
"""A single checkbox: its value is `yes` when it is ticked, and it is not sent when it is not."""


def to_int(value: object) -> object:
    """Any Unicode digits, with spaces, as the number they say."""
    if isinstance(value, str):
        bare = value.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if bare.isdecimal() and len(bare) <= 100:
            return int(bare)
    return value


Whole = Annotated[int, BeforeValidator(to_int), Field(ge=-MOST_WHOLE, le=MOST_WHOLE)]
"""A whole number in whatever digits it was typed, and one that a column can hold."""


def choices_of(kinds: Iterable[StrEnum], labels: Mapping[Any, object]) -> list[tuple[str, object]]:
    """Value and label of each option, for radios."""
    return [(kind.value, labels[kind]) for kind in kinds]
