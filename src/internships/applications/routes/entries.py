"""Sections with several entries: studies, languages, experience. They work alike, so their handlers are made alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from internships.accounts.signed_in import SignedIn
from internships.applications import answers
from internships.applications.actions import answering, entering
from internships.applications.actions.entering import NEW
from internships.applications.forms.sections import (
    EntryForm,
    ExperienceForm,
    FinishedForm,
    LanguageForm,
    StudyForm,
    YesNo,
)  # fmt: skip
from internships.applications.forms.typed import PICK, asked_back
from internships.applications.names import suggestions
from internships.applications.queries.whole import Whole, whole
from internships.applications.routes.leaving import as_left, begun_in, comes_back_later, put_aside
from internships.applications.routes.surroundings import address, ask_again, closed, saved, surroundings, way_back
from internships.applications.rules import Section
from internships.applications.words import DEGREES, EXPERIENCES, LEVELS, LEVELS_SHORT, SECTIONS
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import lazy as _
from internships.core.i18n import speaking
from internships.core.reference import FIELDS
from internships.web.forms import Filled, choices_of, filled, read_form, read_once
from internships.web.pages import Asked, go_to, page


@dataclass(frozen=True, slots=True)
class Entries:
    """What one section with entries has of its own."""

    section: Section
    form: type[EntryForm]
    listed: Callable[[Whole], list[Any]]
    shown: Callable[[Any], dict[str, str]]
    asks: dict[str, str]
    """Answers that are typed and understood, and the kind of name that each is."""


STUDIES = Entries(
    Section.STUDIES, StudyForm, lambda file: file.studies, answers.study, {"isced_field": "field", "country": "country"}
)
LANGUAGES = Entries(
    Section.LANGUAGES, LanguageForm, lambda file: file.languages, answers.language, {"code": "language"}
)
EXPERIENCE = Entries(
    Section.EXPERIENCE, ExperienceForm, lambda file: file.experiences, answers.experience, {"country": "country"}
)
WORDS: dict[str, Any] = {
    "sections": SECTIONS,
    "degrees": DEGREES,
    "degree_options": [(str(level), words) for level, words in DEGREES.items()],
    "levels": LEVELS,
    "levels_short": LEVELS_SHORT,
    "level_options": choices_of(LEVELS, LEVELS),
    "experiences": EXPERIENCES,
    "experience_options": choices_of(EXPERIENCES, EXPERIENCES),
    "fields": FIELDS,
}


async def _file(actor: SignedIn) -> Whole:
    async with read() as db:
        return await whole(db, actor)


def _entry_of(of: Entries, file: Whole, ref: str) -> Any:
    for entry in of.listed(file):
        if entry.ref == ref:
            return entry
    raise NotFound


def _list_page(request: Asked, of: Entries, file: Whole, form: Filled[FinishedForm] | None = None) -> dict[str, Any]:
    finished = ("yes" if of.section in file.mine.done else "") if of.listed(file) or file.mine.no_experience else ""
    return (
        surroundings(request, file.mine)
        | WORDS
        | {
            "section": of.section,
            "entries": of.listed(file),
            "begun": begun_in(file.mine, of.section),
            "form": form or filled(FinishedForm, finished=finished, none=file.mine.no_experience),
        }
    )


def _entry_page(request: Asked, of: Entries, file: Whole, form: Filled[Any], ref: str | None) -> dict[str, Any]:
    back = {name: asked_back(kind, form, name) for name, kind in of.asks.items()}
    kinds = {"country": "countries", "language": "languages", "field": "fields"}
    suggested = {name: suggestions(kinds[kind], speaking()) for name, kind in of.asks.items()}
    return surroundings(request, file.mine) | WORDS | {
        "section": of.section, "form": form, "ref": ref, "asked_back": back, "suggested": suggested, "pick": PICK,
        "back": address(way_back(request, f"/application/{of.section}")),
    }  # fmt: skip


def handlers_for(of: Entries) -> list[ControllerRouterHandler]:
    """The pages of one section: its list, a new entry, one entry, its removal."""
    section, at = of.section, f"/{of.section}"

    @get(at, name=f"applications.{section}")
    async def index(request: Asked, actor: SignedIn) -> Response[str]:
        file = await _file(actor)
        return (
            page(request, "applications/entries.html", **_list_page(request, of, file))
            if file.mine.may_edit
            else closed(request)
        )

    @post(at, name=f"applications.finish_{section}")
    async def finish(request: Asked, actor: SignedIn) -> Response[str]:
        form = await read_form(request, FinishedForm)
        if (sent := form.value) is None:
            file = await _file(actor)
            return ask_again(
                request, "applications/entries.html", part="question", **_list_page(request, of, file, form)
            )
        await answering.finish(actor, section, finished=sent.finished == YesNo.YES, none=sent.none)
        return saved(request, "")

    @get(f"{at}/new", name=f"applications.new_{section}")
    async def new(request: Asked, actor: SignedIn) -> Response[str]:
        file = await _file(actor)
        if not file.mine.may_edit:
            return closed(request)
        form = as_left(of.form, file.mine, f"{section}/{NEW}", {})
        return page(request, "applications/entry.html", **_entry_page(request, of, file, form, None))

    @post(f"{at}/new", name=f"applications.add_{section}")
    async def add(request: Asked, actor: SignedIn) -> Response[str]:
        form = await read_form(request, of.form)
        if (sent := form.value) is not None:
            try:
                await entering.add(actor, section, sent.told, once=await read_once(request))
            except entering.AlreadyThere as there:
                form = form.refused("code", there.words)
            else:
                return saved(request, sent.then, at_list)
        if comes_back_later(form):
            return await put_aside(request, actor, f"{section}/{NEW}", of.form, form)
        file = await _file(actor)
        return ask_again(request, "applications/entry.html", **_entry_page(request, of, file, form, None))

    @get(f"{at}/{{ref:str}}", name=f"applications.one_{section}")
    async def one(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
        file = await _file(actor)
        shown = of.shown(_entry_of(of, file, ref))
        if not file.mine.may_edit:
            return closed(request)
        form = as_left(of.form, file.mine, f"{section}/{ref}", shown)
        return page(request, "applications/entry.html", **_entry_page(request, of, file, form, ref))

    @post(f"{at}/{{ref:str}}", name=f"applications.edit_{section}")
    async def edit(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
        form = await read_form(request, of.form)
        if (sent := form.value) is not None:
            try:
                await entering.edit(actor, section, ref, sent.told, seen=sent.version)
            except entering.AlreadyThere as there:
                form = form.refused("code", there.words)
            else:
                return saved(request, sent.then, at_list)
        file = await _file(actor)
        _entry_of(of, file, ref)
        if comes_back_later(form):
            return await put_aside(request, actor, f"{section}/{ref}", of.form, form)
        return ask_again(request, "applications/entry.html", **_entry_page(request, of, file, form, ref))

    @get(f"{at}/{{ref:str}}/remove", name=f"applications.ask_remove_{section}")
    async def ask_remove(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
        file = await _file(actor)
        entry = _entry_of(of, file, ref)
        shown = surroundings(request, file.mine) | WORDS | {"section": section, "entry": entry}
        return page(request, "applications/remove.html", **shown)

    @post(f"{at}/{{ref:str}}/remove", name=f"applications.remove_{section}")
    async def remove(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
        gone = await entering.remove(actor, section, ref)
        return go_to(request, way_back(request, at_list), said=_("Removed.") if gone else None)

    at_list = f"/application{at}"
    return [index, finish, new, add, one, edit, ask_remove, remove]


handlers = [handler for of in (STUDIES, LANGUAGES, EXPERIENCE) for handler in handlers_for(of)]
