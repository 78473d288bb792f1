"""The file as a whole: start it, its tasks or where it stands, all answers, send, withdraw."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.applications.actions import sending
from internships.applications.forms.sections import SendForm, StartForm, WithdrawForm
from internships.applications.queries import progress
from internships.applications.queries.mine import Call, Mine, mine
from internships.applications.queries.whole import Whole, standing, whole
from internships.applications.routes.surroundings import surroundings
from internships.applications.rules import APPLICATION, State, fits, obstacles
from internships.applications.words import (
    DEGREES,
    EXPERIENCES,
    FINDINGS,
    FITS,
    HINTS,
    LEVELS_SHORT,
    RESULTS_OUT,
    SECTIONS,
    STATES,
    STEPS,
    headline,
    left,
)  # fmt: skip
from internships.core import clock
from internships.core.db import read
from internships.core.i18n import chosen
from internships.core.i18n import lazy as _
from internships.core.reference import FIELDS
from internships.cycles.rules import findings
from internships.web.addresses import url_for
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

JUST_NOW = timedelta(hours=1)
"""For so long after sending, the letter with the reference may still be on its way."""


@get("/", name="applications.mine")
async def mine_or_start(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        call, kept, reasons = await standing(db, actor)
        if kept is not None and not kept.may_edit:
            steps = await progress.steps(db, kept)
            return page(request, "applications/status.html", **_status(request, kept, steps), reasons=reasons)
    if kept is None:
        return page(request, "applications/start.html", **_start(request, actor, call))
    return page(request, "applications/tasks.html", **_tasks(request, kept), reasons=reasons)


def _start(request: Asked, actor: SignedIn, call: Call | None) -> dict[str, Any]:
    form = filled(StartForm, position=request.query_params.get("position", "")[:10])
    takes = call is not None and call.takes(clock.now())
    now = clock.now()
    until = left(now, call.closes_at) if call else ""
    return {"call": call, "takes": takes, "form": form, "zone": actor.zone, "now": now, "left": until}


def _tasks(request: Asked, kept: Mine) -> dict[str, Any]:
    states = fits(kept.filing)
    tasks = [
        {
            "label": SECTIONS[section], "hint": HINTS[section], "href": url_for(f"applications.{section}"),
            "state": FITS[fit][0], "kind": FITS[fit][1],
        }
        for section, fit in states.items()
    ]  # fmt: skip
    ready = not obstacles(kept.filing)
    done = sum(fit == "done" for fit in states.values())
    return surroundings(request, kept) | {"tasks": tasks, "ready": ready, "done": done}


def _status(request: Asked, kept: Mine, steps: list[progress.Step]) -> dict[str, Any]:
    said = [{"title": STEPS[step.what], "at": step.at, "state": "done"} for step in steps if step.what in STEPS]
    may_withdraw = APPLICATION.allows("withdraw", Role.APPLICANT, kept.kept_state)
    return surroundings(request, kept) | {
        "headline": headline(kept.state, kept.call.state),
        "state": STATES[State.LAPSED if kept.was_not_sent else kept.state],
        "steps": said,
        "may_withdraw": may_withdraw,
        "has_answer": kept.submitted_at is not None and kept.state == "eligible" and kept.call.state in RESULTS_OUT,
    }


@post("/start", name="applications.start")
async def start(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, StartForm)
    if form.is_shown_again:
        return go_to(request, "/application")
    await sending.start(actor)
    if form.value and form.value.position.isalnum():
        return go_to(request, f"/positions/{form.value.position}", said=_("Started. Now you can add this position."))
    return go_to(request, "/application")


def _all(request: Asked, found: Whole, form: Filled[SendForm]) -> dict[str, Any]:
    kept = found.mine
    held = {each.code: each.level for each in found.languages}
    doubts = findings(
        kept.call.rules, born_on=kept.born_on, nationality=kept.nationality, isced_level=kept.isced_level,
        languages=held,
    )  # fmt: skip
    return surroundings(request, kept) | {
        "found": found,
        "form": form,
        "obstacles": obstacles(kept.filing) if kept.may_edit else [],
        "doubts": [FINDINGS[each.rule] for each in doubts if each.fits is False] if kept.may_edit else [],
        "sections": SECTIONS, "levels": LEVELS_SHORT, "degrees": DEGREES, "experiences": EXPERIENCES, "fields": FIELDS,
        "degrees_by_text": {str(level): words for level, words in DEGREES.items()},
    }  # fmt: skip


async def _whole(actor: SignedIn) -> Whole:
    async with read() as db:
        return await whole(db, actor)


@get("/check", name="applications.check")
async def check(request: Asked, actor: SignedIn) -> Response[str]:
    return page(request, "applications/check.html", **_all(request, await _whole(actor), filled(SendForm)))


@post("/send", name="applications.send")
async def send(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, SendForm)
    if form.value is None or not form.value.declared:
        form = form if form.errors else form.refused("declared", _("Tick the box to say that your answers are true."))
        return sent_back(request, "applications/check.html", **_all(request, await _whole(actor), form))
    try:
        await sending.submit(actor)
    except sending.NotReady:
        return go_to(
            request, "/application/check", said=_("Something is still missing. Nothing was sent."), kind="error"
        )
    return go_to(request, "/application/sent")


@get("/sent", name="applications.sent")
async def sent(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        kept = await mine(db, actor)
    if kept.submitted_at is None or kept.may_edit:
        return go_to(request, "/application")
    return page(
        request, "applications/sent.html", **surroundings(request, kept), email=actor.email,
        just_now=clock.now() - kept.submitted_at < JUST_NOW,
        still_ahead=kept.state in {State.SUBMITTED, State.ELIGIBLE} and kept.call.state not in RESULTS_OUT,
    )  # fmt: skip


async def _leaving(request: Asked, actor: SignedIn, form: Filled[WithdrawForm]) -> dict[str, Any] | None:
    async with read() as db:
        kept = await mine(db, actor)
        listed = await progress.reasons_to_withdraw(db, kept)
    if not APPLICATION.allows("withdraw", actor.role, kept.kept_state):
        return None
    reasons = [(each.code, chosen(each.label)[0]) for each in listed]
    return surroundings(request, kept) | {"form": form, "reasons": reasons}


@get("/withdraw", name="applications.withdraw")
async def ask_withdraw(request: Asked, actor: SignedIn) -> Response[str]:
    shown = await _leaving(request, actor, filled(WithdrawForm))
    return page(request, "applications/withdraw.html", **shown) if shown else go_to(request, "/application")


@post("/withdraw", name="applications.withdrawn")
async def withdraw(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, WithdrawForm)
    if (given := form.value) is not None:
        if await sending.withdraw(actor, code=given.reason, words=given.text):
            return go_to(request, "/application", said=_("Your application is withdrawn."))
        form = form.refused("reason", _("Choose the reason that fits best."))
    shown = await _leaving(request, actor, form)
    return sent_back(request, "applications/withdraw.html", **shown) if shown else go_to(request, "/application")


handlers = [mine_or_start, start, check, send, sent, ask_withdraw, withdraw]
