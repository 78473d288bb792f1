"""Form tokens: tied to the browser's session, different on every page so that compression can't leak them."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from typing import Any

from litestar.connection import ASGIConnection

from internships.core.faults import BadRequest
from internships.core.i18n import lazy as _
from internships.core.settings import settings
from internships.web.signed import signed, unsigned

HEADER = "X-CSRF-Token"
FIELD = "csrf"
SIZE = 32
WHOSE = "whose"

OLD_PAGE = _(
    "This page was open for too long, or you signed in or out since. Go back, load it again and send it once more."
)

Asking = ASGIConnection[Any, Any, Any, Any]


def cookie_name(name: str) -> str:
    """__Host- where the site is served over TLS; plain on a developer's http address."""
    return f"__Host-{name}" if settings().is_https else name


def browser_secret(request: Asking) -> str:
    """What ties a token to this browser: its session, else a visitor cookie, made when a form needs one."""
    state = request.scope["state"]
    if not state.get("browser"):
        session = request.cookies.get(cookie_name("session")) if state.get("actor") else None
        visitor = request.cookies.get(cookie_name("visitor"))
        if not session and not visitor:
            visitor = state["new_visitor"] = secrets.token_urlsafe(24)
        state["browser"] = session or visitor
    return str(state["browser"])


def _mac(browser: str) -> bytes:
    return hmac.digest(settings().signing_key, b"csrf:" + browser.encode(), sha256)


def token(request: Asking) -> str:
    """A fresh mask and the masked proof; and, sealed, whose page it is, for when the session has ended meanwhile."""
    mask = secrets.token_bytes(SIZE)
    masked = bytes(a ^ b for a, b in zip(mask, _mac(browser_secret(request)), strict=True))
    request.scope["state"]["has_token"] = True
    proof = urlsafe_b64encode(mask + masked).decode()
    actor = request.scope["state"].get("actor")
    return f"{proof}.{signed(WHOSE, actor.person_id)}" if actor else proof


def whose(sent: str) -> int | None:
    """Whose page a form comes from, even if they are signed in no more."""
    found = unsigned(WHOSE, sent.partition(".")[2])
    return found if isinstance(found, int) else None


def is_right(request: Asking, sent: str) -> bool:
    """Whether a token was made for this browser."""
    try:
        both = urlsafe_b64decode(sent.partition(".")[0].encode())
    except (Error, ValueError):
        return False
    if len(both) != 2 * SIZE:
        return False
    proof = bytes(a ^ b for a, b in zip(both[:SIZE], both[SIZE:], strict=True))
    return hmac.compare_digest(proof, _mac(browser_secret(request)))


def require(request: Asking, sent: str) -> None:
    """Let only forms of ours go on.

    Raises:
        BadRequest: the form came from a page that is not ours, or from one opened before signing in.
    """
    if not is_right(request, sent):
        raise BadRequest(OLD_PAGE)
