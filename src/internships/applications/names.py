"""What people call countries, languages and fields of study, in all six languages; and which one they mean."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Final

from internships.core.i18n import LANGUAGES, catalogue, in_language, locale, say_country, say_language
from internships.core.reference import COUNTRIES, FIELDS, UNNAMED_LANGUAGES
from internships.core.text import folded

MOST_OFFERED: Final = 6
ALSO: Final[Mapping[str, str]] = {
    "usa": "US", "america": "US", "u.s.a.": "US", "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "holland": "NL", "burma": "MM", "turkey": "TR", "swaziland": "SZ",
    "ivory coast": "CI", "cape verde": "CV", "macedonia": "MK", "czech republic": "CZ", "south korea": "KR",
    "north korea": "KP", "drc": "CD", "uae": "AE", "emirates": "AE", "prc": "CN", "palestine": "PS", "laos": "LA", "congo": "CD",
}  # fmt: skip
"""Short and older names that no list has, as people still type them."""


class Names:
    """A list of codes with every name that people know each by."""

    def __init__(self, called: Mapping[str, Iterable[str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        for code, names in called.items():
            for name in names:
                self._codes.setdefault(folded(name), set()).add(code)

    def meant(self, typed: str) -> str | None:
        """The code, when there is no doubt: the whole name, or the code itself."""
        codes = self._codes.get(folded(typed), set())
        return next(iter(codes)) if len(codes) == 1 else None

    def candidates(self, typed: str) -> list[str]:
        """The codes that may be meant, likeliest first, to ask back."""
        asked = folded(typed)
        if len(asked) < 2:
            return []
        begins = [name for name in self._codes if name.startswith(asked)]
        holds = [name for name in self._codes if asked in name] if len(asked) > 2 else []
        close = get_close_matches(asked, self._codes, n=MOST_OFFERED, cutoff=0.75)
        exact = [asked] if asked in self._codes else []
        found = dict.fromkeys(code for name in [*exact, *begins, *holds, *close] for code in sorted(self._codes[name]))
        return list(found)[:MOST_OFFERED]


@cache
def countries() -> Names:
    """Member states by their names in six languages, their codes, and short names that people use."""
    called = {code: [code, *(locale(spoken).territories.get(code, code) for spoken in LANGUAGES)] for code in COUNTRIES}
    for short, code in ALSO.items():
        if code in called:
            called[code].append(short)
    return Names(called)


@cache
def languages() -> Names:
    """Languages by their names in six languages, in the language itself, and by their codes."""
    return Names({code: [code, *_names_of(code)] for code in (*_spoken_languages(), *UNNAMED_LANGUAGES)})


@cache
def _spoken_languages() -> tuple[str, ...]:
    """Codes of two or three letters: languages, not their variants."""
    codes = [str(code) for code in locale("en").languages]
    return tuple(code for code in codes if code.isalpha() and code not in {"mul", "und", "zxx", "mis"})


def _names_of(code: str) -> list[str]:
    names = [locale(spoken).languages.get(code, "") for spoken in LANGUAGES]
    own = locale(code).languages.get(code, "") if code in LANGUAGES else ""
    return [name for name in (*names, own) if name]


@cache
def fields() -> Names:
    """Fields of education by their labels in every language that has them, and by their codes."""
    same_below = {
        field.parent for field in FIELDS.values() if field.parent and FIELDS[field.parent].label == field.label
    }
    return Names(
        {
            field.code: [field.code, *(catalogue(spoken).gettext(field.label) for spoken in LANGUAGES)]
            for field in FIELDS.values()
            if field.code not in same_below
        }
    )


@cache
def _suggested(kind: str, speaking: str) -> tuple[str, ...]:
    with in_language(speaking):
        match kind:
            case "countries":
                names = [say_country(code) for code in COUNTRIES]
            case "languages":
                names = [say_language(code) for code in COMMON_LANGUAGES]
            case _:
                names = [catalogue(speaking).gettext(field.label) for field in FIELDS.values() if field.is_common]
    return tuple(sorted(names, key=folded))


def suggestions(kind: str, speaking: str) -> tuple[str, ...]:
    """The names to suggest while somebody types: countries, languages or fields, in the reader's language."""
    return _suggested(kind, speaking)


COMMON_LANGUAGES: Final = (
    "am", "ar", "ay", "bg", "bn", "ca", "cs", "de", "el", "en", "es", "fa", "fr", "ha", "hi", "hy", "id", "it", "ja",
    "ka", "kk", "km", "ko", "ky", "lo", "mn", "ms", "my", "ne", "nl", "om", "pl", "pt", "qu", "ro", "ru", "rw", "si",
    "sk", "sl", "so", "sq", "sv", "sw", "ta", "th", "ti", "tr", "uk", "ur", "uz", "vi", "yo", "zh", "zu",
)  # fmt: skip
"""Suggested, never the limit: any language that has a name is understood."""
