"""Every way a request can fail, as a page in words, plain and for htmx."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import SQLAlchemyError

from internships.core import db
from internships.core.faults import Busy, Fault, NotSignedIn, Refused, TooMany
from internships.core.i18n import lazy as _
from internships.core.i18n import speaking
from internships.core.logs import told
from internships.web import addresses, htmx
from internships.web.pages import go_to, noticed, page
from internships.web.signed import signed

log = structlog.get_logger()

WAY_BACK = "way-back"
AGAIN = "/sign-in/again/"
"""Where what was typed is found again."""
SIGNED_OUT = _("You were signed out. Sign in to go on.")
AND_KEPT = _("You were signed out. Sign in to go on. What you typed is kept for you.")


def _page(
    request: Request[Any, Any, Any], status: int, why: object = "", incident: str = "", *, refused: bool = False
) -> Response[str]:
    request.scope["state"].setdefault("actor", None)
    back = _page_before(request) if status == 409 else ""
    shown: dict[str, Any] = {"why": why, "incident": incident, "refused": refused, "back": back}
    response = page(request, "errors/error.html", part="main", status=status, **shown)
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _page_before(request: Request[Any, Any, Any]) -> str:
    """The page of ours whose form was sent, for the way back to it; a browser that keeps it to itself gets none."""
    sent_from = urlsplit(request.headers.get("referer", ""))
    if sent_from.netloc != request.headers.get("host") or not sent_from.path.startswith(f"/{speaking()}/"):
        return ""
    return sent_from.path + (f"?{sent_from.query}" if sent_from.query else "")


def _fault(request: Request[Any, Any, Any], fault: Fault) -> Response[str]:
    response = _page(request, fault.status, fault.why, refused=isinstance(fault, Refused))
    if isinstance(fault, TooMany):
        response.headers["Retry-After"] = str(fault.after)
    if isinstance(fault, Busy):
        log.warning("busy", route=addresses.told(request.scope), because=told(fault.__cause__ or fault))
    return response


def _not_signed_in(request: Request[Any, Any, Any], _fault: NotSignedIn) -> Response[str]:
    """To the sign-in page, which remembers the way back: to the page asked for, or to the form with what was typed."""
    query = request.scope["query_string"].decode("latin-1")
    asked = request.scope["path"] + (f"?{query}" if query else "")
    posted = request.method != "GET"
    back = request.scope["state"].get("way_back") if posted else asked
    said = AND_KEPT if back and back.startswith(AGAIN) else SIGNED_OUT
    target = "/sign-in" + (f"?next={signed(WAY_BACK, back)}" if back else "")
    if htmx.is_htmx(request):
        response = _page(request, 401)
        response.headers[htmx.REDIRECT] = f"/{speaking()}{target}"
        return noticed(response, said) if posted else response
    return go_to(request, target, said=said if posted else None, kind="warning")


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    status = error.status_code if error.status_code in {400, 401, 403, 404, 405, 413, 415, 429, 503} else 400
    response = _page(request, status)
    if status == 405 and error.headers:
        response.headers.update(error.headers)
    return response


def _unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    if isinstance(error, SQLAlchemyError | ConnectionError) and db.busy(error):
        return _page(request, 503)
    incident = secrets.token_hex(4)
    log.error("unforeseen", incident=incident, route=addresses.told(request.scope), exc_info=error)
    return _page(request, 500, incident=incident)


HANDLERS: ExceptionHandlersMap = {
    NotSignedIn: _not_signed_in,
    Fault: _fault,
    HTTPException: _http,
    Exception: _unforeseen,
}
