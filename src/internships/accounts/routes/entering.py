"""What all pages share that let somebody in: what is known of the browser, and the answer that carries a session."""

from litestar import Response

from internships.accounts.actions.sessions import Browser, Opened
from internships.accounts.rules import Actor, device_of
from internships.core.i18n import lazy as _
from internships.web import csrf
from internships.web.addresses import inside
from internships.web.client import address_of
from internships.web.errors import WAY_BACK
from internships.web.pages import Asked, cookie, go_to
from internships.web.signed import signed, unsigned
from internships.web.site import start_page

SESSION = "session"


def browser_of(request: Asked) -> Browser:
    """The browser that asks."""
    said = request.headers.get("user-agent", "")
    return Browser(device_of(said), address_of(request), request.cookies.get(csrf.cookie_name(SESSION)))


def way_back(carried: str) -> str | None:
    """Where somebody wanted to go before they were asked to sign in; only what we sealed, and only inside."""
    path = unsigned(WAY_BACK, carried) if carried else None
    return inside(path, "") or None if isinstance(path, str) else None


def sealed(path: str) -> str:
    """A way back that a form or an address may carry."""
    return signed(WAY_BACK, path)


def welcome(request: Asked, opened: Opened, back: str | None = None, said: object = None) -> Response[str]:
    """On to where they wanted to go, or to the start page of their role, with the new session."""
    path = inside(back, "") or start_page(Actor(0, opened.role))
    response = go_to(request, path, said=said)
    response.cookies.append(cookie(csrf.cookie_name(SESSION), opened.token, max_age=opened.max_age))
    return response


def goodbye(request: Asked) -> Response[str]:
    """Out, with nothing left behind in the browser."""
    response = go_to(request, "/", said=_("You have signed out."))
    response.cookies.append(cookie(csrf.cookie_name(SESSION), "", max_age=0))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
