"""The person behind a request: found once, given to handlers that ask for `SignedIn`."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from internships.accounts import queries
from internships.accounts.actions import sessions
from internships.accounts.rules import TOUCHED_EVERY, Actor, lasting
from internships.core import clock
from internships.core.db import read
from internships.core.faults import Busy, NotSignedIn
from internships.core.ids import hashed
from internships.web import csrf
from internships.web.body import read_alone
from internships.web.uploads import READS_ITSELF

A_DAY = timedelta(days=1)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class WhoIsAsking:
    """ASGI middleware: one statement when a session cookie came, none when none did."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            cookie = connection.cookies.get(csrf.cookie_name("session"))
            state = scope["state"]
            state["actor"] = found = None
            if cookie:
                async with read() as db:
                    if found := await queries.asking(db, hashed(cookie)):
                        state["actor"] = await queries.actor_of(db, found)
            if found:
                await self._with_somebody(found, scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _with_somebody(self, found: queries.Asking, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer first, then note that they are still there: nobody waits for that, and not every request writes."""
        now, idle = clock.now(), lasting(found.role).idle
        stays_until = min(now + idle, found.ends_at)
        if idle < A_DAY:
            scope["state"]["session_ends_in"] = int((stays_until - now).total_seconds())
        await self.app(scope, receive, send)
        if now - found.seen_at >= TOUCHED_EVERY:
            with suppress(Busy):
                await sessions.touch(found)


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

    A page that takes files reads its form itself, piece by piece, and asks for the token before the file.

    Raises:
        BadRequest: the form came from a page that is not ours, or from one opened before signing in.
    """
    if request.method in SAFE or request.route_handler.opt.get(READS_ITSELF):
        return
    sent = request.headers.get(csrf.HEADER) or await read_alone(request, csrf.FIELD)
    csrf.require(request, sent)
