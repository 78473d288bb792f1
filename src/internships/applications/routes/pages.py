"""The pages of the file with one question each: about the person, and the two long texts."""

from typing import Any

from litestar import Response, get, post

from internships.accounts.signed_in import SignedIn
from internships.applications import answers
from internships.applications.actions import answering
from internships.applications.forms.sections import AboutForm, MotivationDraft, MotivationForm
from internships.applications.forms.typed import asked_back
from internships.applications.names import suggestions
from internships.applications.queries.mine import Mine, mine
from internships.applications.routes.leaving import as_left, comes_back_later, put_aside
from internships.applications.routes.surroundings import ask_again, closed, must_be_open, saved, surroundings
from internships.applications.rules import MOTIVATION_MOST, Closed, Section
from internships.core import clock
from internships.core.db import read
from internships.core.i18n import say_datetime, speaking
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, page

X_VERSION = "X-Version"


async def file_of(actor: SignedIn) -> Mine:
    """The person's own file."""
    async with read() as db:
        return await mine(db, actor)


def _about(request: Asked, kept: Mine, form: Filled[AboutForm]) -> dict[str, Any]:
    back = {name: asked_back("country", form, name) for name in ("nationality", "residence")}
    names = suggestions("countries", speaking())
    return surroundings(request, kept) | {"form": form, "asked_back": back, "countries": names, "read_back": None}


@get("/about", name="applications.about")
async def about(request: Asked, actor: SignedIn) -> Response[str]:
    kept = await file_of(actor)
    if not kept.may_edit:
        return closed(request)
    form = as_left(AboutForm, kept, Section.ABOUT, answers.about(kept))
    return page(request, "applications/about.html", **_about(request, kept, form))


@post("/about", name="applications.tell_about")
async def tell_about(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, AboutForm)
    sent = form.value
    if sent is None and comes_back_later(form):
        return await put_aside(request, actor, Section.ABOUT, AboutForm, form)
    if sent is None:
        kept = await file_of(actor)
        return ask_again(request, "applications/about.html", **_about(request, kept, form))
    if sent.read_back != sent.born_on.isoformat():
        kept = await file_of(actor)
        must_be_open(kept)
        if kept.born_on != sent.born_on and comes_back_later(form):
            return await put_aside(request, actor, Section.ABOUT, AboutForm, form)
        if kept.born_on != sent.born_on:
            shown = _about(request, kept, form) | {"read_back": sent.born_on}
            return page(request, "applications/about.html", part="form", **shown)
    await answering.tell_about(actor, sent.told, seen=sent.version)
    return saved(request, sent.then)


def _motivation(request: Asked, kept: Mine, form: Filled[Any]) -> dict[str, Any]:
    return surroundings(request, kept) | {"form": form, "most": MOTIVATION_MOST}


@get("/motivation", name="applications.motivation")
async def motivation(request: Asked, actor: SignedIn) -> Response[str]:
    kept = await file_of(actor)
    if not kept.may_edit:
        return closed(request)
    shown = answers.motivation(kept)
    if not kept.motivation_language and len(kept.call.written_in) == 1:
        form = filled(
            MotivationForm, **shown | {"motivation_language": kept.call.written_in[0]}, version=answers.mark(shown)
        )
    else:
        form = filled(MotivationForm, **shown, version=answers.mark(shown))
    return page(request, "applications/motivation.html", **_motivation(request, kept, form))


@post("/motivation", name="applications.motivate")
async def motivate(request: Asked, actor: SignedIn) -> Response[str]:
    form: Filled[Any] = await read_form(request, MotivationForm)
    if comes_back_later(form):
        form = await read_form(request, MotivationDraft)
    if (sent := form.value) is None:
        kept = await file_of(actor)
        return ask_again(request, "applications/motivation.html", **_motivation(request, kept, form))
    await answering.motivate(actor, sent.told, seen=sent.version)
    return saved(request, sent.then)


@post("/motivation/draft", name="applications.keep_motivation")
async def keep_motivation(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, MotivationDraft)
    if (sent := form.value) is None:
        return kept_not(request, form.errors[0][1])
    try:
        return kept_at(request, actor, await answering.motivate(actor, sent.told, seen=sent.version))
    except Closed as fault:
        return kept_not(request, fault.why, fault.status)


def kept_at(request: Asked, actor: SignedIn, version: str) -> Response[str]:
    """The small answer to a text that saved itself: when, and the mark for the next time."""
    at = say_datetime(clock.now(), actor.zone).rpartition(", ")[2]
    response = page(request, "applications/kept.html", at=at)
    response.headers[X_VERSION] = version
    return response


def kept_not(request: Asked, why: object, status: int = 422) -> Response[str]:
    """A text that can't be saved by itself, and why."""
    return page(request, "applications/kept.html", status=status, at=None, why=why)


handlers = [about, tell_about, motivation, motivate, keep_motivation]
