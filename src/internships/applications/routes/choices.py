"""The positions that somebody would take: the list, its order, a motivation for each, and adding one from its page."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from internships.accounts.signed_in import SignedIn
from internships.applications.actions import choosing
from internships.applications.answers import mark
from internships.applications.forms.sections import PlaceForm, WhyDraft, WhyForm
from internships.applications.queries.mine import here as call_and_file
from internships.applications.queries.whole import Chosen, Whole, whole
from internships.applications.routes.leaving import comes_back_later
from internships.applications.routes.pages import kept_at, kept_not
from internships.applications.routes.surroundings import address, ask_again, closed, saved, surroundings, way_back
from internships.applications.rules import CHOICE_MOTIVATION_MOST, Closed
from internships.applications.words import DEGREES, LEVELS_SHORT
from internships.core.db import read
from internships.core.faults import BadRequest, NotFound
from internships.core.i18n import lazy as _
from internships.core.i18n import say_number
from internships.core.ids import read_ref
from internships.web.forms import Filled, filled, read_form
from internships.web.htmx import is_htmx
from internships.web.pages import Asked, go_to, page

LIST = "/application/choices"


async def _file(actor: SignedIn) -> Whole:
    async with read() as db:
        return await whole(db, actor)


def _one_of(file: Whole, ref: str) -> Chosen:
    for choice in file.choices:
        if choice.ref == ref:
            return choice
    raise NotFound


def _words(request: Asked, file: Whole) -> dict[str, Any]:
    return surroundings(request, file.mine) | {
        "choices": file.choices,
        "levels": LEVELS_SHORT,
        "degrees": {str(level): words for level, words in DEGREES.items()},
        "moved": None,
    }


@get("/choices", name="applications.choices")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    file = await _file(actor)
    if not file.mine.may_edit:
        return closed(request)
    return page(request, "applications/choices.html", **_words(request, file))


@post("/choices/{ref:str}/move", name="applications.move_choice")
async def move(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, PlaceForm)
    if form.value is None:
        raise BadRequest
    await choosing.place(actor, ref, form.value.to)
    file = await _file(actor)
    choice = _one_of(file, ref)
    said = _("%(title)s is now number %(place)s.") % {"title": choice.title, "place": say_number(choice.place)}
    if not is_htmx(request):
        return go_to(request, f"{LIST}#choice-{ref}", said=said)
    moved = {"moved": ref, "moved_words": str(said), "way": form.value.way}
    return page(request, "applications/choices.html", part="list", **_words(request, file) | moved)


@get("/choices/{ref:str}/remove", name="applications.ask_drop")
async def ask_drop(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    file = await _file(actor)
    choice = _one_of(file, ref)
    return page(request, "applications/drop.html", **_words(request, file) | {"choice": choice, "back": address(LIST)})


@post("/choices/{ref:str}/remove", name="applications.drop")
async def drop(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    gone = await choosing.drop(actor, ref)
    return go_to(request, LIST, said=_("Removed.") if gone else None)


def _why(request: Asked, file: Whole, choice: Chosen, form: Filled[Any]) -> dict[str, Any]:
    back = address(way_back(request, LIST))
    asked = {"form": form, "choice": choice, "most": CHOICE_MOTIVATION_MOST, "back": back}
    return _words(request, file) | asked


@get("/choices/{ref:str}", name="applications.why")
async def why(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    file = await _file(actor)
    choice = _one_of(file, ref)
    if not file.mine.may_edit:
        return closed(request)
    form = filled(WhyForm, motivation=choice.motivation, version=mark({"motivation": choice.motivation}))
    return page(request, "applications/why.html", **_why(request, file, choice, form))


@post("/choices/{ref:str}", name="applications.say_why")
async def say_why(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form: Filled[Any] = await read_form(request, WhyForm)
    if comes_back_later(form):
        form = await read_form(request, WhyDraft)
    if (sent := form.value) is None:
        file = await _file(actor)
        return ask_again(request, "applications/why.html", **_why(request, file, _one_of(file, ref), form))
    await choosing.say_why(actor, ref, sent.motivation, seen=sent.version)
    return saved(request, sent.then, LIST)


@post("/choices/{ref:str}/draft", name="applications.keep_why")
async def keep_why(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, WhyDraft)
    if (sent := form.value) is None:
        return kept_not(request, form.errors[0][1])
    try:
        return kept_at(request, actor, await choosing.say_why(actor, ref, sent.motivation, seen=sent.version))
    except Closed as fault:
        return kept_not(request, fault.why, fault.status)


@post("/positions/{ref:str}/add", name="applications.choose")
async def choose(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    try:
        is_new = await choosing.choose(actor, ref)
    except choosing.ListFull as full:
        return go_to(request, LIST, said=full.why, kind="warning")
    except (NotFound, Closed):
        async with read() as db:
            call, mine = await call_and_file(db, actor)
        if call is None or mine is not None:
            raise
        return go_to(
            request, f"/application?position={read_ref(ref)}", said=_("Start your application first."), kind="warning"
        )
    said = _("The position is in your list.") if is_new else _("The position was in your list already.")
    return go_to(request, LIST, said=said)


handlers = [index, move, ask_drop, drop, why, say_why, keep_why]
from_positions = [choose]
