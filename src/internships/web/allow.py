"""Who may use each route. A route that doesn't say so stops the start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from internships.core.faults import Forbidden, NotSignedIn


async def _nothing(_connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    return None


class _Keeping:
    """What becomes of a form whose sender's session has ended; `app.py` tells, since `web` knows no people."""

    what_was_sent: Callable[[ASGIConnection[Any, Any, Any, Any]], Awaitable[str | None]] = staticmethod(_nothing)


def keep_what_was_sent(keep: Callable[[ASGIConnection[Any, Any, Any, Any]], Awaitable[str | None]]) -> None:
    """Tell how to keep a form until its sender has signed in again; `keep` answers the way back to it."""
    _Keeping.what_was_sent = staticmethod(keep)


@dataclass(frozen=True, slots=True)
class Allow:
    """A guard that can be listed: everybody, everybody who signed in, or some roles."""

    roles: frozenset[str] | None = None
    signed_in: bool = False

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        actor = connection.scope["state"].get("actor")
        if self.signed_in and actor is None:
            connection.scope["state"]["way_back"] = await _Keeping.what_was_sent(connection)
            raise NotSignedIn
        if actor is not None and self.roles is not None and actor.role not in self.roles:
            raise Forbidden

    @property
    def said(self) -> list[str]:
        """As `internships routes --json` prints it."""
        if self.roles is not None:
            return sorted(self.roles)
        return ["signed in"] if self.signed_in else ["anyone"]


anyone = Allow()
signed_in = Allow(signed_in=True)


def only(*roles: str) -> Allow:
    """These roles, and nobody else."""
    return Allow(frozenset(str(role) for role in roles), signed_in=True)


class NoPolicy(Exception):
    """A route without an entry in the policy."""


def listed(app: Litestar) -> list[dict[str, Any]]:
    """Every route with who may use it.

    Raises:
        NoPolicy: a route says nothing, or two different things.
    """
    found: list[dict[str, Any]] = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            guards = [guard for guard in handler.resolve_guards() if isinstance(guard, Allow)]
            methods = sorted(str(method) for method in handler.http_methods if method != "OPTIONS")
            if not methods:
                continue
            # The last one stands nearest to the handler: a page of a router may be stricter, never looser.
            if not guards:
                message = f"{methods[0]} {route.path}: who may use it? Give it guards=[only(…)], signed_in or anyone"
                raise NoPolicy(message)
            found.extend(
                {"method": method, "path": route.path, "name": handler.name, "allow": guards[-1].said}
                for method in methods
            )
    return sorted(found, key=lambda entry: (entry["path"], entry["method"]))
