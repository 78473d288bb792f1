"""Text as people type it, made comparable and safe to show to others."""

import re
import unicodedata

MOST_WHOLE = 2**31 - 1
"""What every column for whole numbers can hold, on both databases."""
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


def has_controls(text: str) -> bool:
    """Whether it holds NUL, another control character or half a character."""
    return _CONTROL.search(text) is not None


def without_nul(text: str) -> str:
    """PostgreSQL takes no NUL, neither to keep it nor to find nothing; a browser shows this character in its place."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def tidy(text: str) -> str:
    """Trimmed, composed (NFC), with one kind of line end and no direction marks; nothing where nothing can be seen."""
    tidied = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_BIDI)).strip()
    # Joiners belong inside words of many scripts; a name of them alone is a link that nobody can find.
    return "" if _UNSEEN.fullmatch(tidied) else tidied


def literal(text: str) -> str:
    """A text as it stands inside a pattern of LIKE whose escape is a backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def folded(text: str) -> str:
    """For searching and sorting alike on both databases: no case, accents or width."""
    spread = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())
