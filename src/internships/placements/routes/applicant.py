"""Where the person reads an offer and answers it."""

from typing import Any

from litestar import Response, Router, get, post

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.i18n import lazy as _
from internships.placements.actions import answering
from internships.placements.forms import Accept, Decline
from internships.placements.queries import mine
from internships.placements.queries.mine import MyOffer
from internships.placements.rules import HOLDS_A_SEAT, OfferState
from internships.placements.words import DECLINE_REASONS, OFFERS
from internships.reserves import words as position_words
from internships.web.allow import only
from internships.web.forms import filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

ANOTHER = _("This is another offer than the one that you looked at. Read it, then answer it.")


def _around(actor: SignedIn) -> dict[str, Any]:
    return {"zone": actor.zone, "words": position_words}


async def _open_offer(actor: SignedIn) -> MyOffer | None:
    async with read() as db:
        offer = await mine.my_offer(db, actor)
    return offer if offer and _is_open(offer) else None


def _is_open(offer: MyOffer) -> bool:
    return offer.state == OfferState.ISSUED and not offer.is_withdrawn


@get("/", name="placements.offer")
async def offer(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        newest = await mine.my_offer(db, actor)
        waits = [] if newest and newest.state in HOLDS_A_SEAT else await mine.my_waits(db, actor)
    waits = [wait for wait in waits if wait.results_out]
    states: dict[str, Any] = {"states": OFFERS, **_around(actor)}
    return page(request, "placements/offer.html", offer=newest, waits=waits, **states)


@get("/accept", name="placements.accept")
async def ask_accept(request: Asked, actor: SignedIn) -> Response[str]:
    found = await _open_offer(actor)
    if found is None:
        return go_to(request, "/offer")
    return page(request, "placements/accept.html", offer=found, form=filled(Accept, offer=found.ref), **_around(actor))


@post("/accept", name="placements.accepted")
async def accept(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        newest = await mine.my_offer(db, actor)
    form = await read_form(request, Accept)
    about = newest is not None and form.typed("offer") == newest.ref
    if newest is None or not (about or _is_open(newest)):
        return go_to(request, "/offer", said=answering.NO_OFFER, kind="warning")
    shown: dict[str, Any] = {"offer": newest, **_around(actor)}
    if not about:
        # A yes is binding: the box is to be ticked again.
        form = filled(Accept, offer=newest.ref).refused("sure", ANOTHER)
        return page(request, "placements/accept.html", status=409, part="form", form=form, **shown)
    if form.value is None or not form.value.sure:
        form = form if form.errors else form.refused("sure", _("Tick the box to say that you will take this place."))
        return sent_back(request, "placements/accept.html", form=form, **shown)
    await answering.accept(actor, newest.ref)
    return go_to(request, "/offer", said=_("You have accepted. The place is yours."))


@get("/decline", name="placements.decline")
async def ask_decline(request: Asked, actor: SignedIn) -> Response[str]:
    found = await _open_offer(actor)
    if found is None:
        return go_to(request, "/offer")
    return page(
        request, "placements/decline.html", offer=found, form=filled(Decline, offer=found.ref), reasons=DECLINE_REASONS
    )


@post("/decline", name="placements.declined")
async def decline(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        newest = await mine.my_offer(db, actor)
    form = await read_form(request, Decline)
    about = newest is not None and form.typed("offer") == newest.ref
    if newest is None or not (about or _is_open(newest)):
        return go_to(request, "/offer", said=answering.NO_OFFER, kind="warning")
    shown: dict[str, Any] = {"offer": newest, "reasons": DECLINE_REASONS}
    if not about:
        form = form.standing(offer=newest.ref).refused("reason", ANOTHER)
        return page(request, "placements/decline.html", status=409, part="form", form=form, **shown)
    if (sent := form.value) is None:
        return sent_back(request, "placements/decline.html", form=form, **shown)
    await answering.decline(
        actor, newest.ref, reason=sent.reason.value, text=sent.text, stay_on_lists=sent.stay == "yes"
    )
    return go_to(request, "/offer", said=_("You have declined. The place goes to the next person."))


router = Router(
    "/offer", route_handlers=[offer, ask_accept, accept, ask_decline, decline], guards=[only(Role.APPLICANT)]
)
