"""What a file may be and how large, and the reasons for which one is not taken."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 5 * MEGABYTE
MOST_FILES: Final = 20
MOST_BYTES_IN_ALL: Final = 60 * MEGABYTE
"""Of one application, as MOST_FILES is."""
MOST_PAGES: Final = 300
MOST_PIXELS: Final = 40_000_000
MOST_UNPACKED: Final = 100 * MEGABYTE


class Media(StrEnum):
    """What we take, and as what we serve it."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


class Because(StrEnum):
    """Why a file was not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    INFECTED = "infected"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    HOLDS_FILES = "holds_files"
    LOST = "lost"


class NotTaken(Exception):
    """A file that can't be taken, and why."""

    def __init__(self, because: Because) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True)
class Type:
    """How a kind of file calls itself: in its name, in the form's header, and in its first bytes."""

    suffixes: tuple[str, ...]
    declared: frozenset[str]
    begins: bytes


UNDECLARED: Final = frozenset({"", "application/octet-stream"})
"""What browsers say of a file whose ending their system does not know."""
TYPES: Final = {
    Media.PDF: Type((".pdf",), frozenset({"application/pdf", "application/x-pdf"}), b"%PDF-"),
    Media.JPEG: Type((".jpg", ".jpeg"), frozenset({"image/jpeg", "image/pjpeg", "image/jpg"}), b"\xff\xd8\xff"),
    Media.PNG: Type((".png",), frozenset({"image/png", "image/x-png"}), b"\x89PNG\r\n\x1a\n"),
}
ACCEPTED: Final = ",".join(suffix for kind in TYPES.values() for suffix in kind.suffixes)
"""For the file picker of a browser."""


def media_of(name: str, declared: str, content: bytes | bytearray) -> Media:
    """What a file is, when its ending, what the browser said and its first bytes agree.

    The whole of it is looked at later and elsewhere; this is the answer that can be given at once.

    Raises:
        NotTaken: it is empty, too big, or of none of the kinds that we take.
    """
    if not content:
        raise NotTaken(Because.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotTaken(Because.TOO_BIG)
    for media, kind in TYPES.items():
        if name.lower().endswith(kind.suffixes):
            if declared.lower() in kind.declared | UNDECLARED and content.startswith(kind.begins):
                return media
            break
    raise NotTaken(Because.WRONG_TYPE)
