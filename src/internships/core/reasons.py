"""Reasons that nobody typed: a key is kept, and its words are those of whoever reads it."""

from internships.core.i18n import Lazy

_MARK = "because:"
_WORDS: dict[str, Lazy] = {}


def kept_reason(key: str, words: Lazy) -> str:
    """What to keep of a reason. A sentence may have a place for a %(name)s, which `with_name` fills."""
    _WORDS[_MARK + key] = words
    return _MARK + key


def with_name(reason: str, name: str) -> str:
    """What to keep of a reason with somebody's name in it."""
    return f"{reason}|{name}"


def say_reason(kept: str | None) -> str:
    """A kept reason in the language being spoken; a person's own words as they are."""
    key, _, name = (kept or "").partition("|")
    if (words := _WORDS.get(key)) is None:
        return kept or ""
    return str(words % {"name": name} if name else words)
