"""Where staff see places, offers and waiting lists, and approve a run."""

from typing import Any, cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import Fault, Refused, Stale
from internships.core.i18n import Lazy, gettext, ngettext
from internships.core.i18n import lazy as _
from internships.cycles.queries import current_call
from internships.placements.actions import answering
from internships.placements.forms import TakeBack
from internships.placements.queries import places as seats
from internships.placements.words import CHANGED_MEANWHILE, OFFER_KINDS, OFFERS, PLACEMENTS, WAITING
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page

WORDS: dict[str, Any] = {"offers": OFFERS, "offer_kinds": OFFER_KINDS, "placements": PLACEMENTS, "waiting": WAITING}


@get("/", name="placements.places")
async def places(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        call = await current_call(db)
        found = await seats.places(db, call.id) if call else []
    return page(request, "placements/places.html", call=call, places=found)


@get("/{ref:str}", name="placements.place")
async def place(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await seats.place(db, ref)
        lines = await seats.lines(db, ref)
    return page(request, "placements/place.html", place=found, lines=lines, **WORDS)


@post("/{ref:str}/fill", name="placements.fill")
async def fill(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    given = await answering.fill_free_seats(actor, ref)
    said = (
        ngettext("%(n)s offer was sent.", "%(n)s offers were sent.", given) % {"n": given}
        if given
        else gettext("There is no free place, or nobody left on the waiting list.")
    )
    return go_to(request, f"/places/{ref}", said=said, kind="ok" if given else "warning")


async def _take_back_page(
    request: Asked, ref: str, line_ref: str, form: Filled[TakeBack] | None = None, status: int = 422
) -> Response[str]:
    async with read() as db:
        found = await seats.place(db, ref)
        lines = await seats.lines(db, ref)
    line = next((line for line in lines if line_ref in {line.offer_ref, line.placement_ref}), None)
    if line is None:
        return go_to(request, f"/places/{ref}")
    shown: dict[str, Any] = {"place": found, "line": line, "is_placement": line_ref == line.placement_ref}
    if form is not None:
        form = form.standing(version=line.version)
        return page(request, "placements/take_back.html", part="form", status=status, form=form, **shown)
    return page(request, "placements/take_back.html", form=filled(TakeBack, version=line.version), **shown)


def _told(form: Filled[TakeBack], no: Fault) -> Filled[TakeBack]:
    """The reason stays where it was typed, with why it was not taken."""
    return form.refused("reason", cast("Lazy", no.why) if no.why else CHANGED_MEANWHILE)


@get("/{ref:str}/offers/{offer_ref:str}", name="placements.revoke")
async def ask_revoke(request: Asked, actor: SignedIn, ref: FromPath[str], offer_ref: FromPath[str]) -> Response[str]:
    return await _take_back_page(request, ref, offer_ref)


@post("/{ref:str}/offers/{offer_ref:str}", name="placements.revoked")
async def revoke(request: Asked, actor: SignedIn, ref: FromPath[str], offer_ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, TakeBack)
    if (sent := form.value) is None:
        return await _take_back_page(request, ref, offer_ref, form)
    try:
        await answering.revoke(actor, offer_ref, version=sent.version, reason=sent.reason, at=ref)
    except (Stale, Refused) as no:
        return await _take_back_page(request, ref, offer_ref, _told(form, no), 409)
    return go_to(request, f"/places/{ref}", said=_("The offer was taken back."))


@get("/{ref:str}/placements/{placement_ref:str}", name="placements.cancel")
async def ask_cancel(
    request: Asked, actor: SignedIn, ref: FromPath[str], placement_ref: FromPath[str]
) -> Response[str]:
    return await _take_back_page(request, ref, placement_ref)


@post("/{ref:str}/placements/{placement_ref:str}", name="placements.cancelled")
async def cancel(request: Asked, actor: SignedIn, ref: FromPath[str], placement_ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, TakeBack)
    if (sent := form.value) is None:
        return await _take_back_page(request, ref, placement_ref, form)
    try:
        await answering.cancel(actor, placement_ref, version=sent.version, reason=sent.reason, at=ref)
    except (Stale, Refused) as no:
        return await _take_back_page(request, ref, placement_ref, _told(form, no), 409)
    return go_to(request, f"/places/{ref}", said=_("The placement was cancelled."))


router = Router(
    "/places",
    route_handlers=[places, place, fill, ask_revoke, revoke, ask_cancel, cancel],
    guards=[only(Role.STAFF)],
)
