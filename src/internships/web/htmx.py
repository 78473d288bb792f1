"""The headers between htmx and us; nobody else touches them."""

from typing import Any

from litestar.connection import ASGIConnection

REQUEST = "HX-Request"
REQUEST_TYPE = "HX-Request-Type"
LOCATION = "HX-Location"
REDIRECT = "HX-Redirect"
RETARGET = "HX-Retarget"
RESWAP = "HX-Reswap"


def is_htmx(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether htmx asks."""
    return request.headers.get(REQUEST) == "true"


def wants_a_part(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a part of the page is wanted: where htmx replaces the body, or goes back in the history, all of it is."""
    headers = request.headers
    whole = headers.get(REQUEST_TYPE) == "full" or headers.get("HX-History-Restore-Request") == "true"
    return is_htmx(request) and not whole
