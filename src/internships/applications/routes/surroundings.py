"""What the pages of the file share: who may write, where to go afterwards, and the pages for a lost race or a passed deadline."""

from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from internships.accounts.rules import Role
from internships.applications.actions.opening import Overtaken
from internships.applications.answers import TEXTS
from internships.applications.queries.mine import Mine
from internships.applications.rules import Closed
from internships.applications.words import CLOSED, DEGREES, EXPERIENCES, FINISHED, LABELS, LEVELS, hurry
from internships.core import clock
from internships.core.i18n import lazy as _
from internships.core.i18n import say_language, speaking
from internships.core.ids import new_token
from internships.cycles.words import time_left
from internships.web import conflict
from internships.web.allow import only
from internships.web.body import already_read
from internships.web.pages import Asked, go_to, instead, sent_back

MINE_ALONE = [only(Role.APPLICANT)]
LATER = "later"
"""What the button to come back later sends."""
NOT_TYPED = frozenset({"csrf", "once", "version", "then", "read_back"})


def surroundings(request: Asked, mine: Mine) -> dict[str, Any]:
    """What every page of the file shows around its question."""
    return {
        "mine": mine,
        "call": mine.call,
        "once": new_token(),
        "here": here(request),
        "back": address(way_back(request)),
        "hurry": hurry(clock.now(), mine.edits_until),
        "left": time_left(mine.edits_until, clock.now()),
        "zone": request.scope["state"]["actor"].zone,
    }


def here(request: Asked) -> str:
    """This page's own address, with where the person came from."""
    came = "?from=check" if came_from_check(request) else ""
    return address(f"{request.scope['path']}{came}")


def address(path: str) -> str:
    """A path of ours in the language being spoken."""
    return f"/{speaking()}{path}"


def came_from_check(request: Asked) -> bool:
    """Whether a Change link of the page of all answers led here."""
    return request.query_params.get("from") == "check"


def way_back(request: Asked, section: str = "/application") -> str:
    """Where saving leads: back to all answers, or to the list of tasks (or of entries)."""
    return "/application/check" if came_from_check(request) else section


def saved(request: Asked, then: str, section: str = "/application") -> Response[str]:
    """On to where the person wants to go after saving."""
    if then == LATER:
        return go_to(request, "/application", said=_("Saved. Come back when you like, until the deadline."))
    return go_to(request, way_back(request, section))


def closed(request: Asked) -> Response[str]:
    """A page that can't be changed any more leads to what was written."""
    return go_to(request, "/application/check")


def must_be_open(mine: Mine) -> None:
    """Whoever asks for corrections looks at the clock first: nobody mends what can't be saved any more.

    Raises:
        Closed: it was sent, or its time is over.
    """
    if not mine.may_edit:
        raise Closed(CLOSED[mine.state])


def ask_again(request: Asked, template: str, *, mine: Mine, part: str = "form", **context: Any) -> Response[str]:
    """A form with what is wrong in it, as long as mending it helps."""
    must_be_open(mine)
    return sent_back(request, template, part=part, mine=mine, **context)


def show_closed(request: Request[Any, Any, Any], fault: Closed) -> Response[str]:
    """The deadline passed while somebody was typing: what they typed, to be copied."""
    typed = [
        (LABELS[name], "\n".join(values))
        for name, values in already_read(request).items()
        if name in LABELS and "".join(values).strip()
    ]
    return instead(request, "applications/closed.html", status=fault.status, why=fault.why, typed=typed)


def _languages(*codes: str) -> list[tuple[str, object]]:
    return [(code, say_language(code)) for code in dict.fromkeys(codes) if code]


OPTIONS: dict[str, conflict.Options] = {
    "motivation_language": _languages,
    "isced_level": lambda *_: list(DEGREES.items()),
    "finished": lambda *_: list(FINISHED.items()),
    "level": lambda *_: list(LEVELS.items()),
    "kind": lambda *_: list(EXPERIENCES.items()),
}
"""Answers that are chosen, not typed, where two windows saved different ones."""


def show_both(request: Request[Any, Any, Any], fault: Overtaken) -> Response[str]:
    """Two windows saved different answers: both are shown, mine stays."""
    return conflict.show_both(
        request, fault.saved, version=fault.mark, here=here(request), labels=LABELS, long=TEXTS, options=OPTIONS,
        left_out=NOT_TYPED,
    )  # fmt: skip


FAULTS: ExceptionHandlersMap = {Closed: show_closed, Overtaken: show_both}
