"""What a form sent, read strictly: one decoder for all pages."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import ClientException
from multipart import MultipartError, MultipartParser, parse_options_header

from internships.core.faults import BadRequest, TooLarge
from internships.core.i18n import lazy as _
from internships.core.text import has_controls

MOST_BYTES = 2_000_000
MOST_FIELDS = 1000

DAMAGED = _("The form arrived damaged. Go back and send it again.")

Sent = dict[str, list[str]]


def _from_multipart(body: bytes, boundary: str) -> list[tuple[str, str]]:
    parts = MultipartParser(BytesIO(body), boundary, content_length=len(body), strict=True, part_limit=MOST_FIELDS)
    return [(part.name, part.raw.decode("utf-8", "strict")) for part in parts if not part.filename]


def _pairs(body: bytes, content_type: str) -> list[tuple[str, str]]:
    kind, options = parse_options_header(content_type)
    if kind == "multipart/form-data":
        return _from_multipart(body, options.get("boundary", ""))
    if kind not in {"application/x-www-form-urlencoded", ""}:
        raise ValueError(kind)
    text = body.decode("ascii", "strict")
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


async def read_body(request: Request[Any, Any, Any]) -> Sent:
    """Every field with its values, in the order sent; kept on the request.

    Raises:
        BadRequest: not a form, broken multipart, not UTF-8, or more than 1,000 fields.
        TooLarge: more than 2 MB.
    """
    state = request.scope["state"]
    if "sent" not in state:
        try:
            body = await request.body()
        except ClientException as error:
            raise TooLarge(_("That is more text than this page can take.")) from error
        if len(body) > MOST_BYTES:
            raise TooLarge(_("That is more text than this page can take."))
        try:
            pairs = _pairs(body, request.headers.get("content-type", ""))
        except (ValueError, MultipartError) as error:
            raise BadRequest(DAMAGED) from error
        sent: Sent = {}
        for name, value in pairs:
            sent.setdefault(name, []).append(value)
        state["sent"] = sent
    found: Sent = state["sent"]
    return found


async def read_alone(request: Request[Any, Any, Any], name: str) -> str:
    """A field that stands beside the questions of a form, such as its token; nothing when it was not sent.

    Raises:
        BadRequest: it came more than once, or holds characters that can't be kept.
    """
    given = (await read_body(request)).get(name) or [""]
    if len(given) > 1 or has_controls(given[0]):
        raise BadRequest(DAMAGED)
    return given[0]


def already_read(request: Request[Any, Any, Any]) -> Sent:
    """What a handler has read before it failed, for the page that says so; nothing when it read nothing."""
    found: Sent = request.scope["state"].get("sent", {})
    return found
