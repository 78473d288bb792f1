"""The person behind a request: found once, given to handlers that ask for `SignedIn`."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from internships.accounts import queries
from internships.accounts.rules import Actor
from internships.core.db import read
from internships.core.faults import BadRequest, NotSignedIn
from internships.core.i18n import lazy as _
from internships.core.ids import hashed
from internships.web import csrf
from internships.web.body import read_body

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OLD_PAGE = _(
    "This page was open for too long, or you signed in or out since. Go back, load it again and send it once more."
)


class WhoIsAsking:
    """ASGI middleware: one statement when a session cookie came, none when none did."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            cookie = connection.cookies.get(csrf.cookie_name("session"))
            found = None
            if cookie:
                async with read() as db:
                    found = await queries.asking(db, hashed(cookie))
            scope["state"]["asking"] = found
            scope["state"]["actor"] = queries.actor_of(found) if found else None
        await self.app(scope, receive, send)


def the_actor(request: Request[Any, Any, Any]) -> Actor:
    """The person signed in; a guard has let them through before."""
    actor: Actor | None = request.scope["state"].get("actor")
    if actor is None:
        raise NotSignedIn
    return actor


SignedIn = NamedDependency[Actor]
DEPENDENCIES = {"actor": Provide(the_actor, sync_to_thread=False)}


async def form_is_ours(request: Request[Any, Any, Any]) -> None:
    """Before any handler that writes: the token of the form or of the htmx header.

    Raises:
        BadRequest: the form came from a page that is not ours, or from one opened before signing in.
    """
    if request.method in SAFE:
        return
    sent = request.headers.get(csrf.HEADER) or ((await read_body(request)).get(csrf.FIELD) or [""])[0]
    if not csrf.is_right(request, sent):
        raise BadRequest(OLD_PAGE)
