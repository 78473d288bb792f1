"""Six languages: which one is being spoken, what a sentence is in it, and how it writes dates and numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, get_timezone_name
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from internships.core import clock
from internships.core.places import LOCALES

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "zh-Hans": "简体中文",
    "ru": "Русский",
    "ar": "العربية",
}
RIGHT_TO_LEFT = frozenset({"ar"})
DEFAULT = "en"

_speaking: ContextVar[str] = ContextVar("speaking", default=DEFAULT)


def speaking() -> str:
    """The language of this request or letter."""
    return _speaking.get()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak one language inside the block; an unknown one is English."""
    token = _speaking.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _speaking.reset(token)


def direction(code: str | None = None) -> str:
    """ltr or rtl."""
    return "rtl" if (code or speaking()) in RIGHT_TO_LEFT else "ltr"


@cache
def locale(code: str) -> Locale:
    """Babel's locale; Arabic with the digits 0-9, as all our languages, and English with the day before the month."""
    return Locale.parse("en_GB" if code == "en" else code.replace("-", "_"))


@cache
def _read(code: str) -> tuple[NullTranslations, frozenset[str]]:
    source = LOCALES / code / "messages.po"
    if not source.is_file():
        return NullTranslations(), frozenset()
    with source.open("rb") as opened:
        read = read_po(opened, locale=code.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    said = (each.id if isinstance(each.id, str) else each.id[0] for each in read if each.string and not each.fuzzy)
    return GNUTranslations(compiled), frozenset(said)


def catalogue(code: str) -> NullTranslations:
    """The sentences of a language, read from its .po; English is the key itself."""
    return _read(code)[0]


def sentences(code: str) -> frozenset[str]:
    """The English of every sentence that a language has."""
    return _read(code)[1]


def gettext(message: str) -> str:
    """The sentence in the language being spoken."""
    # A catalogue answers nothing with its own header.
    return catalogue(speaking()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for a number of things."""
    return catalogue(speaking()).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """A short word, told apart by its context."""
    return catalogue(speaking()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    """A short word for a number of things, told apart by its context."""
    return catalogue(speaking()).npgettext(context, singular, plural, n)


class Lazy:
    """A sentence that is translated when it is shown: for tables made when a module loads."""

    __slots__ = ("context", "message", "values")

    def __init__(self, message: str, context: str | None = None, values: dict[str, Any] | None = None) -> None:
        self.message, self.context, self.values = message, context, values

    def __str__(self) -> str:
        said = pgettext(self.context, self.message) if self.context else gettext(self.message)
        return said % self.values if self.values else said

    def __mod__(self, values: dict[str, Any]) -> "Lazy":
        return Lazy(self.message, self.context, values)

    def __repr__(self) -> str:
        return f"Lazy({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.message, self.context))


def lazy(message: str) -> Lazy:
    """Mark a sentence now, translate it when it is shown."""
    return Lazy(message)


def lazy_p(context: str, message: str) -> Lazy:
    """The same, for a short word with its context."""
    return Lazy(message, context)


def chosen(texts: dict[str, str] | None, preferred: str | None = None) -> tuple[str, str]:
    """A text kept in several languages, and the language it is in: wanted, English, French, then any."""
    kept = texts or {}
    for code in (preferred or speaking(), "en", "fr", *kept):
        if kept.get(code):
            return kept[code], code
    return "", speaking()


# Pages say the same few dates and numbers again and again, and Babel takes its time.
@lru_cache(maxsize=4096)
def _date(value: date, style: str, code: str) -> str:
    return format_date(value, format=style, locale=locale(code))


def say_date(value: date, style: str = "long") -> str:
    """12 March 2027, with the month in words."""
    return _date(value, style, speaking())


@lru_cache(maxsize=4096)
def _day_and_hour(value: datetime, zone: str, style: str, code: str) -> tuple[str, str]:
    local = value.astimezone(ZoneInfo(zone))
    return _date(local.date(), style, code), format_datetime(local, "HH:mm", locale=locale(code))


def say_datetime(value: datetime, zone: str = "UTC", style: str = "long") -> str:
    """12 March 2027, 14:00, in a zone; the zone is named beside it by `say_zone`."""
    day, hour = _day_and_hour(value, zone, style, speaking())
    return gettext("%(day)s, %(time)s") % {"day": day, "time": hour}


@lru_cache(maxsize=1024)
def _zone(value: datetime, zone: str, code: str) -> tuple[str, str]:
    local = value.astimezone(ZoneInfo(zone))
    return get_timezone_name(local, width="long", locale=locale(code)) or zone, local.strftime("%z")


def say_passed(value: datetime) -> str:
    """How long ago an instant was; nothing while it lies ahead."""
    passed = clock.now() - value
    if passed < timedelta(0):
        return ""
    if passed < timedelta(days=1):
        return gettext("Passed less than a day ago")
    return ngettext("Passed %(num)s day ago", "Passed %(num)s days ago", passed.days) % {"num": passed.days}


def say_zone(value: datetime, zone: str) -> str:
    """The zone in words with its distance from UTC at that instant."""
    name, offset = _zone(value, zone, speaking())
    if zone == "Etc/GMT+12":
        name = gettext("anywhere on Earth")
    distance = f"UTC{offset[:3]}:{offset[3:]}"
    # A zone without a name of its own is called by its distance, which is said once.
    return distance if any(char.isdigit() for char in name) else f"{name} ({distance})"


def usual_zone(country: str | None) -> str:
    """The zone of a country that has one; nothing for those that have several, and for no country."""
    zones = get_global("territory_zones").get(country or "", [])
    return str(zones[0]) if len(zones) == 1 else ""


@lru_cache(maxsize=4096)
def _number(value: float, decimals: int | None, code: str) -> str:
    pattern = None if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(value, format=pattern, locale=locale(code))


def say_number(value: float, decimals: int | None = None) -> str:
    """1,234.5 as the language writes it."""
    return _number(value, decimals, speaking())


@lru_cache(maxsize=1024)
def _percent(value: float, code: str) -> str:
    return format_percent(value, locale=locale(code))


def say_size(count: int) -> str:
    """1.2 MB or 340 kB, as the language writes it."""
    if count < 1_000_000:
        return gettext("%(number)s kB") % {"number": say_number(max(round(count / 1000), 1))}
    return gettext("%(number)s MB") % {"number": say_number(round(count / 1_000_000, 1))}


def say_percent(value: float) -> str:
    """0.25 as 25 %."""
    return _percent(value, speaking())


def say_list(items: list[str], style: Literal["standard", "or"] = "standard") -> str:
    """One, two and three."""
    return format_list(items, style=style, locale=locale(speaking()))


def say_place(name: str, country: str) -> str:
    """A place and the name of its country, with the comma of the language."""
    return gettext("%(place)s, %(country)s") % {"place": name, "country": say_country(country)}


def say_names(names: list[str]) -> str:
    """A list of names in any scripts, each isolated, so that none turns the others round."""
    return say_list([f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" for name in names])


@cache
def _countries(code: str) -> dict[str, str]:
    return {country: str(name) for country, name in locale(code).territories.items()}


def say_country(code: str) -> str:
    """The name of a country."""
    return _countries(speaking()).get(code.upper(), code)


def say_language(code: str) -> str:
    """The name of a language."""
    names = locale(speaking()).languages
    return str(names.get(code.replace("-", "_")) or names.get(code) or locale("en").languages.get(code, code))


def say_month(month: int) -> str:
    """The name of a month on its own."""
    return str(locale(speaking()).months["stand-alone"]["wide"][month])
