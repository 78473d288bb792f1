"""The headers between htmx and us; nobody else touches them."""

from litestar.connection import ASGIConnection

REQUEST = "HX-Request"
LOCATION = "HX-Location"
REDIRECT = "HX-Redirect"


def is_htmx(request: ASGIConnection) -> bool:  # type: ignore[type-arg] -- any connection
    """Whether a part of the page is wanted; going back in the history gets the whole page."""
    headers = request.headers
    return headers.get(REQUEST) == "true" and headers.get("HX-History-Restore-Request") != "true"
