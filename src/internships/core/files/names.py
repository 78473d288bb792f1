"""The name that somebody gave a file: text to be shown, never a path; and the header that hands it back."""

import re
from typing import Final
from urllib.parse import quote

from internships.core import text
from internships.core.files.kinds import TYPES, Media

MOST_BYTES: Final = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff/\\:*?"<>|;]+')
UNNAMED: Final = "document"


def shown_name(given: str) -> str:
    """The last part of a path, composed, without controls, direction marks or what systems treat as special."""
    last = re.split(r"[/\\]", given)[-1]
    tidied = text.tidy(" ".join(_UNSAFE.sub(" ", last).split())).strip(". ") or UNNAMED
    stem, dot, suffix = tidied.rpartition(".")
    if not dot or len(suffix) > 5:
        stem, suffix = tidied, ""
    ending = f".{suffix}" if suffix else ""
    room = MOST_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + ending


def attachment(name: str, media: Media) -> str:
    """Content-Disposition (RFC 6266): to be saved under this name, which says what we found the file to be."""
    suffixes = TYPES[media].suffixes
    if not name.lower().endswith(suffixes):
        name = f"{name}{suffixes[0]}"
    plain = re.sub(r"[^\w.() -]", "_", name.encode("ascii", "replace").decode(), flags=re.ASCII)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
