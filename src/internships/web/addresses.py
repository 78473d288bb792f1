"""Addresses by the name of their route, with the language in front."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from internships.core.faults import NotFound
from internships.core.i18n import speaking
from internships.core.text import MOST_WHOLE

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_INSIDE = re.compile(r"/[A-Za-z0-9_.~!$&'()*+,;=:@%/-]*(\?[A-Za-z0-9_.~!$&'()*+,;=:@%/?-]*)?(#[A-Za-z0-9_-]*)?")
_table: dict[str, str] = {}


def learn(app: Litestar) -> None:
    """Read the names of all routes, once, when the application is made."""
    _table.clear()
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.name:
                    _table[handler.name] = _PARAMETER.sub(r"{\1}", route.path_format)


def told(scope: Mapping[str, Any]) -> str:
    """An address as a log may have it: the route alone, since what stands for its parameters may be a one-time token."""
    return str(scope.get("path_template") or "no route")


def path_of(name: str, **parameters: object) -> str:
    """The path of a route without its language."""
    return _table[name].format(**{key: quote(str(value), safe="") for key, value in parameters.items()})


def url_for(name: str, **parameters: object) -> str:
    """The path of a route in the language being spoken."""
    return f"/{speaking()}{path_of(name, **parameters)}"


async def numbers_fit(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """A guard of every route: a number in an address that no column can hold is the number of nothing.

    Raises:
        NotFound: there is such a number.
    """
    for value in connection.path_params.values():
        if isinstance(value, int) and not 0 <= value <= MOST_WHOLE:
            raise NotFound


def inside(target: str | None, otherwise: str) -> str:
    """A path of ours that somebody carried through a form, or `otherwise`; never another site."""
    if target and _INSIDE.fullmatch(target) and not target.startswith("//"):
        return target
    return otherwise
