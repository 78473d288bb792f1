"""Where a named person approves a run, having seen who gets what and which letters go out."""

from typing import Any, cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Actor, Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import NotFound, Stale
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.cycles.queries import current_call
from internships.matching.queries import desk as matching_desk
from internships.matching.queries import runs
from internships.matching.queries.changes import what_changed
from internships.matching.words import RUN_STATES, changed
from internships.placements import letters
from internships.placements.actions.approving import PassesOver, approve
from internships.placements.forms import Approval
from internships.placements.queries import approval
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

LISTED = 500
"""So many people are listed on the page; the rest are counted."""
LOOK_FIRST = _("Tick the box to say that you have looked at the result and its reasons.")


async def _shown(actor: Actor, ref: str) -> dict[str, Any]:
    """What the page says, however it is reached."""
    async with read() as db:
        run = await runs.run(db, ref)
        told = await approval.told(db, ref, run.result.matching) if run.may_be_approved else []
        found = await what_changed(db, run.id) if run.may_be_approved else []
        desk = await matching_desk.desk(db) if run.may_be_approved else None
        names = await runs.names(db, {about for each in found for about in each.about})
    changes = [changed(each.what, each.about, names) for each in found]
    offers = sum(person.position is not None for person in told)
    counts = {"offers": offers, "answers": len(told) - offers}
    approver = {"zone": actor.zone, "is_first": run.first_approver == actor.person_id, "overtaken": False}
    return {
        "run": run,
        "told": told[:LISTED],
        "changes": changes,
        "states": RUN_STATES,
        "desk": desk,
        **counts,
        **approver,
    }


@get("/{ref:str}/approve", name="placements.approve")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    shown = await _shown(actor, ref)
    form = filled(Approval, version=shown["run"].version)
    return page(request, "placements/approve.html", form=form, **shown)


@post("/{ref:str}/approve", name="placements.approved")
async def decide(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form: Filled[Approval] = await read_form(request, Approval)
    if (sent := form.value) is None or not sent.seen:
        form = form if form.errors else form.refused("seen", LOOK_FIRST)
        return sent_back(request, "placements/approve.html", form=form, **await _shown(actor, ref))
    try:
        done = await approve(actor, ref, version=sent.version, knowing=sent.knowing)
    except PassesOver as no:
        form = form.refused("knowing", cast("Lazy", no.why))
        return sent_back(request, "placements/approve.html", form=form, **await _shown(actor, ref))
    except Stale:
        # Inputs have changed, or somebody else has approved: the page says which, and what may be done now.
        shown = await _shown(actor, ref)
        now = filled(Approval, version=shown["run"].version)
        return page(
            request, "placements/approve.html", part="form", status=409, form=now, **shown | {"overtaken": True}
        )
    if not done:
        return go_to(
            request, f"/matching/runs/{ref}", said=_("You approved it first. Another person has to approve it, too.")
        )
    return go_to(request, "/places", said=_("Approved. The offers and letters are written."))


@get("/{ref:str}/letters/{application:str}", name="placements.letter")
async def letter(request: Asked, actor: SignedIn, ref: FromPath[str], application: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await runs.run(db, ref)
        call = await current_call(db)
        told = await approval.told(db, ref, run.result.matching)
    person = next((each for each in told if each.application_ref == application), None)
    if person is None or call is None:
        raise NotFound
    subject, text = letters.approved(person, answer_days=call.answer_days, zone=call.zone)
    shown: dict[str, Any] = {"run": run, "person": person, "subject": subject, "text": text}
    return page(request, "placements/letter.html", **shown)


router = Router("/matching/runs", route_handlers=[show, decide, letter], guards=[only(Role.STAFF)])
