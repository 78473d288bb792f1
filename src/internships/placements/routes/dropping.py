"""Where staff close a position whose host can't take anybody any more, having seen what follows."""

from typing import Any, cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import Refused, Stale
from internships.core.i18n import Lazy, ngettext
from internships.matching.queries import runs
from internships.placements.actions.dropping import ProposalChanged, close
from internships.placements.forms import DropOut
from internships.placements.queries import places as seats
from internships.placements.queries import repair
from internships.placements.words import CHANGED_MEANWHILE, OFFERS, PLACEMENTS
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

TEMPLATE = "placements/drop_out.html"


async def _shown(ref: str, *changed: str) -> dict[str, Any]:
    """What the page says, however it is reached; `changed` are applications to name."""
    async with read() as db:
        place = await seats.place(db, ref)
        proposal = await repair.proposal(db, ref)
        about = {each for pair in proposal.offers for each in pair}
        names = await runs.names(db, about | {*changed})
    return {"place": place, "proposal": proposal, "names": names, "offers": OFFERS, "placements": PLACEMENTS}


@get("/{ref:str}/close", name="placements.drop_out")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    shown = await _shown(ref)
    proposal = shown["proposal"]
    form = filled(DropOut, version=proposal.version, proposal=proposal.seen)
    return page(request, TEMPLATE, form=form, changed=[], **shown)


@post("/{ref:str}/close", name="placements.dropped_out")
async def drop_out(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form: Filled[DropOut] = await read_form(request, DropOut)
    if (sent := form.value) is None:
        return sent_back(request, TEMPLATE, form=form, changed=[], **await _shown(ref))
    try:
        given = await close(actor, ref, version=sent.version, seen=sent.proposal, reason=sent.reason)
    except ProposalChanged as refused:
        return await _look_again(request, ref, sent, refused.about)
    except (Stale, Refused) as no:
        return await _look_again(request, ref, sent, [], no.why)
    said = ngettext(
        "The position is closed. %(n)s new offer was sent.",
        "The position is closed. %(n)s new offers were sent.",
        given,
    )
    return go_to(request, f"/places/{ref}", said=said % {"n": given})


async def _look_again(request: Asked, ref: str, sent: DropOut, about: list[str], why: object = "") -> Response[str]:
    """The new proposal, what differs from the one that was shown, and the reason as it was typed."""
    shown = await _shown(ref, *about)
    proposal = shown["proposal"]
    form = filled(DropOut, version=proposal.version, proposal=proposal.seen, reason=sent.reason)
    if not about:
        form = form.refused("reason", cast("Lazy", why or CHANGED_MEANWHILE))
    changed = [(each, shown["names"].get(each, each)) for each in about]
    return page(request, TEMPLATE, part="form", status=409, form=form, changed=changed, **shown)


router = Router("/places", route_handlers=[show, drop_out], guards=[only(Role.STAFF)])
