"""The headers between htmx and us; nobody else touches them."""

from typing import Any

from litestar.connection import ASGIConnection

REQUEST = "HX-Request"
LOCATION = "HX-Location"
REDIRECT = "HX-Redirect"
RETARGET = "HX-Retarget"
RESWAP = "HX-Reswap"


def is_htmx(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a part of the page is wanted; going back in the history gets the whole page."""
    headers = request.headers
    return headers.get(REQUEST) == "true" and headers.get("HX-History-Restore-Request") != "true"
