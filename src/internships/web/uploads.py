"""A form with one file, read piece by piece: the token first, never more than the page takes; and a file handed back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import LitestarException
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from internships.core.faults import BadRequest, TooLarge
from internships.core.files import names, store
from internships.core.files.kinds import MOST_BYTES, Media
from internships.core.files.store import Kept, Missing, StoreGone
from internships.core.i18n import lazy as _
from internships.web import csrf
from internships.web.body import DAMAGED

log = structlog.get_logger()

READS_ITSELF: Final = "reads_upload"
"""For `opt` of a handler that calls `read_upload`: nothing is read before it."""
READS: Final = {READS_ITSELF: True}
FIELDS: Final = 16 * 1024
"""Bytes for what stands around the file: the other fields, names and boundaries."""
HEARD_OUT: Final = 5 * MOST_BYTES
"""A browser shows an answer only when it could send all; up to so much is let by, unread, to tell its person why."""
PATIENCE: Final = 60.0
ONE_FILE: Final = _("Send one file at a time.")
TOO_SLOW: Final = _("The file did not arrive in time. Go back and send it again.")


class Upload(Struct, frozen=True):
    """What came: the file's name, what the browser says that it is, and its content; all empty when none was chosen."""

    name: str
    declared: str
    content: bytes


class _Reading:
    """The form so far."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self.request = request
        self.is_ours = bool(token := request.headers.get(csrf.HEADER))
        if token:
            csrf.require(request, token)
        self.part: MultipartSegment | None = None
        self.file: MultipartSegment | None = None
        self.text = bytearray()
        self.content = bytearray()

    def heard(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """The next thing that the parser found."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self.part is self.file:
            self.content += event
            if len(self.content) > MOST_BYTES:
                raise TooLarge
        else:
            self.text += event
            if len(self.text) > FIELDS:
                raise BadRequest(DAMAGED)

    def _begin(self, part: MultipartSegment) -> None:
        self.part = part
        self.text.clear()
        if part.filename is None:
            return
        if not self.is_ours:
            raise BadRequest(csrf.OLD_PAGE)
        if self.file is not None:
            raise BadRequest(ONE_FILE)
        self.file = part

    def _end(self) -> None:
        if self.part is not None and self.part.name == csrf.FIELD and self.part is not self.file:
            csrf.require(self.request, self.text.decode("ascii", "replace"))
            self.is_ours = True


async def read_upload(request: Request[Any, Any, Any]) -> Upload:
    """Read a form with a token and one file.

    Raises:
        BadRequest: it is not ours, not such a form, damaged, or holds several files.
        TooLarge: the file is bigger than 5 MB; it is not kept.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        raise BadRequest(DAMAGED)
    announced = _announced(request)
    if announced > MOST_BYTES + FIELDS:
        if announced <= HEARD_OUT:
            await _let_by(request)
        raise TooLarge
    reading = _Reading(request)
    try:
        async with asyncio.timeout(PATIENCE):
            await _read(request, reading, options.get("boundary", ""))
    except TooLarge:
        if announced:
            await _let_by(request)
        raise
    except TimeoutError as error:
        raise BadRequest(TOO_SLOW) from error
    except (MultipartError, ValueError, LitestarException) as error:
        raise BadRequest(DAMAGED) from error
    if not reading.is_ours:
        raise BadRequest(csrf.OLD_PAGE)
    if reading.file is None:
        return Upload("", "", b"")
    return Upload(reading.file.filename or "", reading.file.content_type or "", bytes(reading.content))


def _announced(request: Request[Any, Any, Any]) -> int:
    said = request.headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0


async def _read(request: Request[Any, Any, Any], reading: _Reading, boundary: str) -> None:
    limits = {"max_segment_count": 10, "max_header_size": 4096, "max_header_count": 8}
    with PushMultipartParser(boundary, strict=True, **limits) as parser:
        async for piece in _pieces(request):
            for event in parser.parse(piece):
                reading.heard(event)


async def _pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """As they come from the line; the framework would count them against the limit of ordinary forms."""
    more = True
    while more:
        message: Any = await request.receive()
        if message["type"] != "http.request":
            raise BadRequest(DAMAGED)
        if message.get("body"):
            yield message["body"]
        more = message.get("more_body", False)


async def _let_by(request: Request[Any, Any, Any]) -> None:
    passed = 0
    with suppress(TimeoutError, BadRequest):
        async with asyncio.timeout(PATIENCE):
            async for piece in _pieces(request):
                passed += len(piece)
                if passed > HEARD_OUT:
                    return


async def handed_over(kept: Kept, name: str, media: Media) -> Response[bytes]:
    """A file to keep: never shown by the browser as a page of ours, and of the kind that we found it to be.

    Raises:
        StoreGone: it can't be read now.
    """
    try:
        content = await store.fetch(kept)
    except Missing as error:
        log.exception("a document has lost its file", key=kept.key)
        raise StoreGone(StoreGone.words) from error
    headers = {
        "Content-Disposition": names.attachment(name, media),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media.value, headers=headers)
