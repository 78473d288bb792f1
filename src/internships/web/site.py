"""What every template may ask about the page it is part of: the `site` object."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from litestar import Request
from msgspec import Struct

from internships.core import clock, i18n
from internships.core.settings import settings
from internships.web import csrf
from internships.web.signed import unsigned

NOTICE = "notice"


class Language(Struct, frozen=True):
    """A language, in its own words, and this same page in it."""

    code: str
    name: str
    href: str


class Notice(Struct, frozen=True):
    """Something to say once: ok, warning or error."""

    kind: str
    text: str


class Link(Struct, frozen=True):
    """An entry of the menu."""

    label: object
    href: str
    current: bool


class Other(Struct, frozen=True):
    """Another role that the person may switch to."""

    id: int
    label: object


class Known(Struct, frozen=True):
    """Who is signed in, as the header shows it."""

    name: str
    role: str
    role_name: object
    others: list[Other]


class _People:
    """How the header learns about the person; `app.py` tells, since `web` knows no people."""

    known: Callable[[Any], Known | None] = staticmethod(lambda _actor: None)
    menu: Callable[[Any], list[tuple[object, str]]] = staticmethod(lambda _actor: [])
    home: Callable[[Any], str] = staticmethod(lambda _actor: "/")


def introduce(
    known: Callable[[Any], Known | None],
    menu: Callable[[Any], list[tuple[object, str]]],
    home: Callable[[Any], str],
) -> None:
    """Tell the header how to show a person, their menu and their start page."""
    _People.known, _People.menu, _People.home = staticmethod(known), staticmethod(menu), staticmethod(home)


def start_page(actor: Any) -> str:
    """Where a role begins, without the language."""
    return _People.home(actor)


class Site:
    """The page's surroundings, made when asked for."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self._request = request
        self.actor = request.scope["state"].get("actor")

    @property
    def language(self) -> str:
        return i18n.speaking()

    @property
    def direction(self) -> str:
        return i18n.direction()

    @property
    def path(self) -> str:
        return self._request.scope["path"]

    @cached_property
    def languages(self) -> list[Language]:
        query = self._request.scope["query_string"].decode("latin-1")
        rest = self.path + (f"?{query}" if query else "")
        return [Language(code, name, f"/{code}{rest}") for code, name in i18n.LANGUAGES.items()]

    @cached_property
    def csrf(self) -> str:
        return csrf.token(self._request)

    @cached_property
    def person(self) -> Known | None:
        return _People.known(self.actor)

    @cached_property
    def menu(self) -> list[Link]:
        entries = _People.menu(self.actor)
        over = [path for _, path in entries if self.path == path or self.path.startswith(f"{path}/")]
        nearest = max(over, key=len, default=None)  # "/host/places" is an entry of its own, not also a page of "/host"
        return [Link(label, f"/{self.language}{path}", path == nearest) for label, path in entries]

    @property
    def home(self) -> str:
        return f"/{self.language}{start_page(self.actor)}"

    @cached_property
    def notices(self) -> list[Notice]:
        carried = self._request.cookies.get(NOTICE)
        found = unsigned(NOTICE, carried) if carried else None
        return [Notice(kind, text) for kind, text in found] if found else []

    @property
    def session_ends_in(self) -> int | None:
        """For how many more seconds the session lasts without a request, where that is a matter of hours."""
        left: int | None = self._request.scope["state"].get("session_ends_in")
        return left

    @cached_property
    def zone(self) -> str:
        """The zone of whoever is signed in, in words: the times of their pages are in it."""
        return i18n.say_zone(clock.now(), self.actor.zone) if self.actor else ""

    @property
    def theme(self) -> str:
        return getattr(self.actor, "theme", "auto")

    @property
    def dev(self) -> bool:
        return settings().dev

    @property
    def address(self) -> str:
        """Where the site is, for addresses that people keep."""
        return settings().site

    @property
    def contact(self) -> str:
        return settings().contact
