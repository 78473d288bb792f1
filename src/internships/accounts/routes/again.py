"""After a session ended while somebody was typing: back to the page, with the text."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.params import FromPath
from litestar.routes import HTTPRoute

from internships.accounts import queries
from internships.accounts.actions import unsent
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.i18n import LANGUAGES, speaking
from internships.core.i18n import lazy as _
from internships.web import csrf
from internships.web.addresses import inside
from internships.web.allow import signed_in
from internships.web.body import read_body
from internships.web.errors import AGAIN as BACK
from internships.web.forms import AGAIN
from internships.web.pages import Asked, go_to, noticed, page
from internships.web.site import start_page
from internships.web.uploads import READS_ITSELF

NOT_SAVED = _("You are signed in again. What you typed is here, but not saved yet.")


def _page_of(request: Request[Any, Any, Any]) -> str | None:
    """The page that a form stood on: the one at its own address, else the one that the browser names."""
    path: str = request.scope["path"]
    template = request.scope.get("path_template")
    for route in request.app.routes:
        if isinstance(route, HTTPRoute) and route.path_format == template and "GET" in route.methods:
            return path
    code, _slash, rest = urlsplit(request.headers.get("referer", "")).path[1:].partition("/")
    return inside(f"/{rest}", "") or None if code in LANGUAGES and rest else None


async def keep(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """The way back for somebody who sent a form and is signed in no more: to what they typed, else to the page."""
    if not isinstance(connection, Request) or connection.method == "GET":
        return None
    if "x-autosave" in connection.headers:
        return None
    if connection.route_handler.opt.get(READS_ITSELF):
        return _page_of(connection)  # a file is not kept, and not read for somebody whom we do not know
    sent = await read_body(connection)
    person_id = csrf.whose((sent.get(csrf.FIELD) or [""])[0] or connection.headers.get(csrf.HEADER, ""))
    query = connection.scope["query_string"].decode("latin-1")
    path = inside(connection.scope["path"] + (f"?{query}" if query else ""), "")
    token = await unsent.keep(person_id, path, sent) if person_id and path else None
    return f"{BACK}{token}" if token else _page_of(connection)


@get(f"{BACK}{{token:str}}", name="accounts.again")
async def show(request: Asked, actor: SignedIn, token: FromPath[str]) -> Response[str]:
    """A button that shows the form again with what was typed; the script presses it. Nothing is saved by it."""
    async with read() as db:
        typed = await queries.unsent(db, actor, token)
    if typed is None:
        return go_to(request, start_page(actor))
    fields = [(name, value) for name, values in typed.fields.items() for value in values]
    action = f"/{speaking()}{typed.path}"
    shown = page(request, "accounts/again.html", action=action, fields=fields, show_again=AGAIN)
    return noticed(shown, NOT_SAVED)


router = Router("/", route_handlers=[show], guards=[signed_in])
