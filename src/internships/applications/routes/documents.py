"""The documents of the file: give, replace, remove, open. Who may not give one is told so before anything is read."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from internships.accounts.rules import Actor
from internships.accounts.signed_in import SignedIn
from internships.applications.actions import documents as actions
from internships.applications.actions.documents import Handed, NoRoom
from internships.applications.document_words import BECAUSE, KINDS, NO_FILE, STATES, WHY
from internships.applications.documents import Asked
from internships.applications.queries import documents as queries
from internships.applications.queries.documents import Given
from internships.applications.queries.mine import Mine
from internships.applications.routes.surroundings import closed, must_be_open, surroundings
from internships.core.db import read
from internships.core.faults import NotFound, TooLarge
from internships.core.files import names, store
from internships.core.files.kinds import ACCEPTED, Because, NotTaken, media_of
from internships.core.files.store import StoreGone
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.web.forms import Filled, Form
from internships.web.htmx import is_htmx
from internships.web.pages import Asked as Request
from internships.web.pages import go_to, page, sent_back
from internships.web.uploads import READS, handed_over, read_upload

HERE = "/application/documents"
WORDS: dict[str, Any] = {"kinds": KINDS, "why": WHY, "states": STATES, "because": BECAUSE, "accepted": ACCEPTED}


class NotGood(Exception):
    """A file that was not kept, and the words beside its field."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(words)
        self.words = words


def _form(wrong: Mapping[str, Lazy]) -> Filled[Form]:
    return Filled({}, None, dict(wrong))


async def _mine(actor: Actor) -> tuple[Mine, list[Given]]:
    async with read() as db:
        return await queries.of_my_file(db, actor)


def _shown(request: Request, mine: Mine, given: list[Given], wrong: Mapping[str, Lazy]) -> dict[str, Any]:
    asked = mine.call.asked
    wanted = {each.kind for each in asked}
    # What was given under another setting of the call is still the person's.
    over = [
        Asked(kind, required=False, most=0)
        for kind in dict.fromkeys(each.kind for each in given if each.kind not in wanted)
    ]
    groups = [(each, [one for one in given if one.kind == each.kind]) for each in [*asked, *over]]
    waiting = any(each.is_unchecked for each in given)
    return surroundings(request, mine) | WORDS | {"groups": groups, "form": _form(wrong), "waiting": waiting}


async def _received(request: Request) -> Handed:
    """Read the file, hold it against what can be seen at once, and put it into the store.

    Raises:
        NotGood: it can't be taken.
    """
    try:
        sent = await read_upload(request)
        if not sent.name and not sent.content:
            raise NotGood(NO_FILE)
        name = names.shown_name(sent.name)
        media = media_of(name, sent.declared, sent.content)
        return Handed(name, media, await store.keep(sent.content))
    except TooLarge as error:
        raise NotGood(BECAUSE[Because.TOO_BIG]) from error
    except NotTaken as refused:
        raise NotGood(BECAUSE[refused.because]) from refused
    except StoreGone as gone:
        raise NotGood(
            _("Files cannot be kept just now. Everything else is saved; try again in some minutes.")
        ) from gone


def _still_there(given: list[Given], ref: str) -> Given:
    for each in given:
        if each.ref == ref:
            return each
    raise NotFound


@get("/documents", name="applications.documents")
async def show(request: Request, actor: SignedIn) -> Response[str]:
    mine, given = await _mine(actor)
    if not mine.may_edit:
        return closed(request)
    if not mine.call.asked and not given:
        raise NotFound
    return page(request, "applications/documents.html", part="list", **_shown(request, mine, given, {}))


@post("/documents", name="applications.give_document", opt=READS, request_max_body_size=None)
async def give(request: Request, actor: SignedIn) -> Response[str]:
    mine, given = await _mine(actor)
    must_be_open(mine)
    wanted = {each.kind.value: each for each in mine.call.asked}
    asked = wanted.get(request.query_params.get("kind", ""))
    if asked is None:
        raise NotFound
    try:
        handed = await _received(request)
        await _kept(actions.give(actor, asked, handed), handed)
    except NotGood as wrong:
        shown = _shown(request, mine, given, {asked.kind.value: wrong.words})
        return sent_back(request, "applications/documents.html", **shown)
    return go_to(request, HERE, said=_("Your file is saved. We are checking it."))


async def _kept(action: Any, handed: Handed) -> None:
    """Do it; what was put into the store for it goes again when it could not be done."""
    try:
        await action
    except NoRoom as full:
        await store.drop(handed.kept.key)
        raise NotGood(full.words) from full
    except Exception:
        await store.drop(handed.kept.key)
        raise


async def _one(actor: Actor, ref: str) -> tuple[Mine, Given]:
    mine, given = await _mine(actor)
    return mine, _still_there(given, ref)


def _about(request: Request, mine: Mine, document: Given, wrong: Mapping[str, Lazy]) -> dict[str, Any]:
    return surroundings(request, mine) | WORDS | {"document": document, "form": _form(wrong)}


@get("/documents/{ref:str}/state", name="applications.document_state")
async def state(request: Request, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    """Where one file stands, for the page that asks again while it is checked."""
    _mine, document = await _one(actor, ref)
    return (
        page(request, "applications/document_state.html", **WORDS, document=document)
        if is_htmx(request)
        else go_to(request, HERE)
    )


@get("/documents/{ref:str}/replace", name="applications.ask_replace_document")
async def ask_replace(request: Request, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    mine, document = await _one(actor, ref)
    if not mine.may_edit:
        return closed(request)
    return page(request, "applications/document_replace.html", **_about(request, mine, document, {}))


@post("/documents/{ref:str}/replace", name="applications.replace_document", opt=READS, request_max_body_size=None)
async def replace(request: Request, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    mine, document = await _one(actor, ref)
    must_be_open(mine)
    try:
        handed = await _received(request)
        await _kept(actions.replace(actor, ref, handed), handed)
    except NotGood as wrong:
        shown = _about(request, mine, document, {"file": wrong.words})
        return sent_back(request, "applications/document_replace.html", **shown)
    return go_to(request, HERE, said=_("Your file is saved in place of the other one. We are checking it."))


@get("/documents/{ref:str}/remove", name="applications.ask_remove_document")
async def ask_remove(request: Request, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    mine, document = await _one(actor, ref)
    if not mine.may_edit:
        return closed(request)
    return page(request, "applications/document_remove.html", **_about(request, mine, document, {}))


@post("/documents/{ref:str}/remove", name="applications.remove_document")
async def remove(request: Request, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.remove(actor, ref)
    return go_to(request, HERE, said=_("The document is removed."))


@get("/documents/{ref:str}/file", name="applications.my_document")
async def download(actor: SignedIn, ref: FromPath[str]) -> Response[bytes]:
    async with read() as db:
        found = await queries.my_file(db, actor, ref)
    return await handed_over(found.kept, found.name, found.media)


handlers = [show, give, state, ask_replace, replace, ask_remove, remove, download]
