"""The file as a whole: start it, its tasks or where it stands, all answers, send, withdraw."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.applications import document_words
from internships.applications.actions import sending
from internships.applications.documents import DocumentState
from internships.applications.forms.sections import SendForm, StartForm, WithdrawForm
from internships.applications.queries.mine import Call, Mine, mine
from internships.applications.queries.outcome import Outcome, outcome
from internships.applications.queries.progress import Step
from internships.applications.queries.whole import Whole, leaving, standing, whole
from internships.applications.routes.surroundings import address, ask_again, surroundings
from internships.applications.rules import APPLICATION, Fit, State, asked_again, fits, obstacles
from internships.applications.words import (
    DEGREES,
    EXPERIENCES,
    FINDINGS,
    FITS,
    HINTS,
    LEVELS_SHORT,
    SECTIONS,
    SENT_AGAIN,
    STATES,
    STEPS,
    headline,
)  # fmt: skip
from internships.core import clock
from internships.core.db import read
from internships.core.i18n import lazy as _
from internships.core.ids import read_ref
from internships.core.reference import FIELDS
from internships.core.settings import settings
from internships.cycles.rules import RESULTS_ARE_OUT, findings
from internships.cycles.words import time_left
from internships.web.addresses import url_for
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

FINISHED = frozenset({Fit.DONE, Fit.CHECKING})
JUST_NOW = timedelta(hours=1)
"""For so long after sending, the letter with the reference may still be on its way."""


@get("/", name="applications.mine")
async def mine_or_start(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        call, kept, reasons, steps = await standing(db, actor)
        came = await outcome(db, kept) if kept is not None else None
    if kept is not None and not kept.may_edit:
        return page(request, "applications/status.html", **_status(request, kept, steps, came), reasons=reasons)
    if kept is None:
        return page(request, "applications/start.html", **_start(request, actor, call))
    return page(request, "applications/tasks.html", **_tasks(request, kept), reasons=reasons)


def _start(request: Asked, actor: SignedIn, call: Call | None) -> dict[str, Any]:
    form = filled(StartForm, position=request.query_params.get("position", "")[:10])
    takes = call is not None and call.takes(clock.now())
    now = clock.now()
    until = time_left(call.closes_at, now) if call else None
    return {"call": call, "takes": takes, "form": form, "zone": actor.zone, "now": now, "left": until}


def _tasks(request: Asked, kept: Mine) -> dict[str, Any]:
    states = fits(kept.filing)
    tasks = [
        {
            "label": SECTIONS[section], "hint": HINTS[section], "href": url_for(f"applications.{section}"),
            "state": FITS[fit][0], "kind": FITS[fit][1],
        }
        for section, fit in asked_again(states, kept.to_look_at).items()
    ]  # fmt: skip
    ready = not obstacles(kept.filing)
    done = sum(fit in FINISHED for fit in states.values())
    needed = sum(fit != Fit.OPTIONAL for fit in states.values())
    return surroundings(request, kept) | {"tasks": tasks, "ready": ready, "done": done, "needed": needed}


def _status(request: Asked, kept: Mine, steps: list[Step], came: Outcome | None) -> dict[str, Any]:
    first = [step.id for step in steps if step.what == "application.submit"][:1]
    again = {step.id for step in steps if step.what == "application.submit" and step.id not in first}
    told = [(step.at, SENT_AGAIN if step.id in again else STEPS[step.what]) for step in steps]
    if came and came.released_at:
        told = sorted([(came.released_at, _("Results are out")), *told], key=lambda event: event[0])
    said = [{"title": words, "at": at, "state": "done"} for at, words in told]
    may_withdraw = APPLICATION.allows("withdraw", Role.APPLICANT, kept.state)
    return surroundings(request, kept) | {
        "refused": kept.filing.has(DocumentState.REFUSED),
        "headline": came.headline if came else headline(kept.state),
        "state": STATES[State.LAPSED if kept.was_not_sent else kept.state],
        "steps": said,
        "may_withdraw": may_withdraw,
        "came": came,
    }


@post("/start", name="applications.start")
async def start(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, StartForm)
    if form.is_shown_again:
        return go_to(request, "/application")
    await sending.start(actor)
    if form.value and (position := read_ref(form.value.position[:20])[:10]):
        return go_to(request, f"/positions/{position}", said=_("Started. Now you can add this position."))
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
        "document_kinds": document_words.KINDS, "document_states": document_words.STATES,
        "because": document_words.BECAUSE,
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
        found = await _whole(actor)
        return ask_again(request, "applications/check.html", part="question", **_all(request, found, form))
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
    status = f"{settings().site}{address('/application')}"
    shown = surroundings(request, kept) | {
        "email": actor.email, "status_address": status, "just_now": clock.now() - kept.submitted_at < JUST_NOW,
        "still_ahead": kept.state in {State.SUBMITTED, State.ELIGIBLE} and kept.call.state not in RESULTS_ARE_OUT,
    }  # fmt: skip
    return page(request, "applications/sent.html", **shown)


async def _leaving(request: Asked, actor: SignedIn, form: Filled[WithdrawForm]) -> dict[str, Any] | None:
    async with read() as db:
        kept, reasons = await leaving(db, actor)
        came = await outcome(db, kept)
    if not APPLICATION.allows("withdraw", actor.role, kept.state):
        return None
    return surroundings(request, kept) | {"form": form, "reasons": reasons, "came": came}


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
    return (
        sent_back(request, "applications/withdraw.html", part="question", **shown)
        if shown
        else go_to(request, "/application")
    )


handlers = [mine_or_start, start, check, send, sent, ask_withdraw, withdraw]
