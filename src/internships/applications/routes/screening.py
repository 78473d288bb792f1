"""Where staff check applications, one at a time: the queue, the evidence, the decision, its letter, and undo."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.applications import letters
from internships.applications.actions import screening as actions
from internships.applications.forms.staff import AdmitForm, DecisionForm, UndoForm
from internships.applications.history_words import what
from internships.applications.queries import screening as queries
from internships.applications.queries.screening import Beside, Filed, Listed
from internships.applications.rules import APPLICATION, completion_until
from internships.applications.screening_words import DECISIONS, SAID, STATES, UNDOES, evidence
from internships.applications.showing import content
from internships.core import clock, render
from internships.core.db import read
from internships.core.i18n import direction, in_language
from internships.core.i18n import lazy as _
from internships.core.outbox import Envelope
from internships.cycles.rules import findings
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back
from internships.web.signed import signed, unsigned

PLACE = "screening-after"


def _toast(decided: Beside | None) -> dict[str, Any] | None:
    """What was decided a moment ago, while it can be taken back."""
    if decided is None or not decided.may_take_back or decided.state not in UNDOES:
        return None
    said = SAID[decided.state] % {"name": decided.full_name}
    return {"said": said, "ref": decided.ref, "version": decided.version, "undoes": UNDOES[decided.state]}


def _decided(request: Asked) -> str:
    ref = request.query_params.get("decided", "")
    return ref if ref.isalnum() and len(ref) == 10 else ""


@get("/", name="screening.queue")
async def queue(request: Asked, actor: SignedIn) -> Response[str]:
    carried = unsigned(PLACE, request.query_params.get("after", ""))
    async with read() as db:
        found = await queries.queue(db, (carried[0], carried[1]) if carried else queries.FIRST)
        decided = await queries.decided(db, _decided(request))
    last = found.waiting[-1] if found.more else None
    return page(
        request,
        "screening/queue.html",
        queue=found,
        following=signed(PLACE, [last.submitted_at.isoformat(), last.id]) if last else None,
        most=queries.MOST_COUNTED,
        now=clock.now(),
        zone=actor.zone,
        toast=_toast(decided),
    )


@get("/{ref:str}", name="screening.show")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        filed = await queries.filed(db, ref)
        alike, decided = await queries.beside(db, filed, _decided(request))
    whole, mine = filed.whole, filed.whole.mine
    found = findings(
        mine.call.rules, born_on=mine.born_on, nationality=mine.nationality, isced_level=mine.isced_level,
        languages={each.code: each.level for each in whole.languages},
    )  # fmt: skip
    return page(
        request,
        "screening/show.html",
        filed=filed,
        evidence=evidence(mine.call.rules, found, whole),
        alike=alike,
        states=STATES,
        moves={move.verb for move in APPLICATION.open_to(actor.role, mine.kept_state)},
        undoes=UNDOES.get(mine.kept_state),
        toast=_toast(decided),
        **content(filed, actor.zone),
    )


async def _again(request: Asked, ref: str, said: object) -> Response[str]:
    """Back to the file after a damaged form, if there is such a file."""
    async with read() as db:
        await queries.filed(db, ref)
    return go_to(request, f"/screening/{ref}", said=said, kind="error")


def _on(request: Asked, ref: str, following: str | None) -> Response[str]:
    """The next application, or the queue when it was the last."""
    return go_to(request, f"/screening/{following}?decided={ref}" if following else f"/screening?decided={ref}")


@post("/{ref:str}/admit", name="screening.admit")
async def admit(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, AdmitForm)
    if (sent := form.value) is None:
        return await _again(request, ref, _("Nothing was decided. Look at it again."))
    return _on(request, ref, await actions.admit(actor, ref, version=sent.version))


@post("/{ref:str}/recheck", name="screening.recheck")
async def recheck(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, UndoForm)
    if (sent := form.value) is None:
        return await _again(request, ref, _("Nothing was taken back. Look at it again."))
    await actions.recheck(actor, ref, version=sent.version, undoes=sent.undoes)
    said = _("Taken back. The application waits to be checked, and no letter goes out.")
    return go_to(request, f"/screening/{ref}", said=said)


async def _asking(verb: str, ref: str) -> tuple[Filed, list[Listed]]:
    """The file and the reasons that this decision may have.

    Raises:
        NotFound: there is no such file.
        Overtaken: it does not wait for this decision any more.
    """
    async with read() as db:
        filed = await queries.filed(db, ref)
        listed = await queries.reasons(db, filed.whole.mine.call.id, DECISIONS[verb].kind)
    return filed, listed


def _why(verb: str, filed: Filed, listed: list[Listed], form: Filled[DecisionForm]) -> dict[str, Any]:
    return {
        "verb": verb, "decision": DECISIONS[verb], "filed": filed, "form": form,
        "reasons": [(each.code, each.said()) for each in listed],
    }  # fmt: skip


def _may(verb: str, actor: SignedIn, filed: Filed) -> bool:
    asked_before = verb == "ask" and filed.asked
    return APPLICATION.allows(verb, actor.role, filed.whole.mine.kept_state) and not asked_before


def _letter(verb: str, filed: Filed, until: Any) -> Envelope:
    mine = filed.whole.mine
    if verb == "ask":
        return letters.asked(filed.reader, mine.ref, filed.version, until, mine.call.zone)
    return letters.turned_away(filed.reader, mine.ref, filed.version)


def _preview(verb: str, filed: Filed, listed: list[Listed], form: Filled[DecisionForm]) -> dict[str, Any]:
    """The letter as it will be sent, and what its reader will find when they sign in, in their language."""
    call, given = filed.whole.mine.call, form.all_typed("reasons")
    until = completion_until(clock.now(), filed.completion_days, call.zone) if verb == "ask" else None
    letter = _letter(verb, filed, until)
    subject, text, _html = render.letter(letter.kind, letter.locale, letter.context)
    with in_language(letter.locale):
        said = [each.said() for each in listed if each.code in given]
    return _why(verb, filed, listed, form) | {
        "letter": letter, "subject": subject, "text": text, "direction": direction(letter.locale), "said": said,
        "until": until, "given": given, "minutes": call.undo_minutes,
    }  # fmt: skip


async def _ask_why(request: Asked, actor: SignedIn, verb: str, ref: str) -> Response[str]:
    filed, listed = await _asking(verb, ref)
    if not _may(verb, actor, filed):
        return go_to(request, f"/screening/{ref}")
    return page(request, "screening/why.html", **_why(verb, filed, listed, filled(DecisionForm, version=filed.version)))


async def _send(actor: SignedIn, verb: str, ref: str, sent: DecisionForm) -> str | None:
    reasons = list(dict.fromkeys(sent.reasons))
    if verb == "ask":
        return await actions.ask(
            actor, ref, version=sent.version, reasons=reasons, text=sent.text, until=sent.until
        )  # fmt: skip
    return await actions.turn_away(actor, ref, version=sent.version, reasons=reasons, text=sent.text)


async def _look_or_send(request: Asked, actor: SignedIn, verb: str, ref: str) -> Response[str]:
    form = await read_form(request, DecisionForm)
    if (sent := form.value) and sent.step == "send":
        return _on(request, ref, await _send(actor, verb, ref, sent))
    filed, listed = await _asking(verb, ref)
    if not _may(verb, actor, filed):
        return go_to(request, f"/screening/{ref}")
    if sent and not set(sent.reasons) <= {each.code for each in listed}:
        form = form.refused("reasons", _("Choose at least one reason."))
    if form.value is None:
        return sent_back(request, "screening/why.html", **_why(verb, filed, listed, form))
    if form.value.step == "change":
        return page(request, "screening/why.html", **_why(verb, filed, listed, form))
    return page(request, "screening/letter.html", **_preview(verb, filed, listed, form))


@get("/{ref:str}/ask", name="screening.why_ask")
async def why_ask(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _ask_why(request, actor, "ask", ref)


@post("/{ref:str}/ask", name="screening.ask")
async def ask(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _look_or_send(request, actor, "ask", ref)


@get("/{ref:str}/turn_away", name="screening.why_turn_away")
async def why_turn_away(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _ask_why(request, actor, "turn_away", ref)


@post("/{ref:str}/turn_away", name="screening.turn_away")
async def turn_away(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _look_or_send(request, actor, "turn_away", ref)


def show_decided(request: Request[Any, Any, Any], fault: actions.Overtaken) -> Response[str]:
    """Somebody else was first: who, when, and what they did."""
    zone = request.scope["state"]["actor"].zone
    return page(
        request, "screening/decided.html", status=fault.status, ref=fault.ref, what=what(fault.what), at=fault.at,
        by=fault.by, zone=zone,
    )  # fmt: skip


FAULTS: ExceptionHandlersMap = {actions.Overtaken: show_decided}
router = Router(
    "/screening",
    route_handlers=[queue, show, admit, recheck, why_ask, ask, why_turn_away, turn_away],
    guards=[only(Role.STAFF)],
    exception_handlers=FAULTS,
)
