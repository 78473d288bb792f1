"""A date as people type it: digits of any script, and months by name in six languages."""

from datetime import date
from functools import cache
from typing import Final

from internships.core.i18n import LANGUAGES, locale
from internships.core.text import folded

LOCALES: Final = (*LANGUAGES, "ar-SY", "ar-DZ", "ar-MA")
"""Arabic has three sets of month names."""


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for code in LOCALES:
        months = locale(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found.setdefault(_bare(name), number)
    return found


def _bare(name: str) -> str:
    return folded(name).strip(". ")


def whole(typed: str) -> int | None:
    """A number in whatever digits it was typed."""
    bare = "".join(typed.split())
    return int(bare) if bare.isdecimal() and len(bare) <= 9 else None


def read_month(typed: str) -> int | None:
    """3, ٣, March, mars, marzo, 三月, марта or مارس; three letters of a name that has more are enough."""
    number = whole(typed)
    if number is not None:
        return number if 1 <= number <= 12 else None
    asked = _bare(typed)
    if asked in _months():
        return _months()[asked]
    begun = {number for name, number in _months().items() if name.startswith(asked)} if len(asked) >= 3 else set()
    return begun.pop() if len(begun) == 1 else None


def read_date(day: str, month: str, year: str) -> date | None:
    """The date, or nothing when there is no such day."""
    years, months, days = whole(year), read_month(month), whole(day)
    if years is None or months is None or days is None:
        return None
    try:
        return date(years, months, days)
    except (ValueError, OverflowError):
        return None
