"""Where hosts judge candidates: their start page, the table of a position, one candidate, and everybody at once."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Actor, Role
from internships.accounts.signed_in import SignedIn
from internships.applications.document_words import KINDS_FOR_OTHERS
from internships.applications.rules import CHOICE, ChoiceState
from internships.core import clock
from internships.core.db import read
from internships.core.faults import Stale
from internships.core.i18n import gettext as _
from internships.core.i18n import lazy as later
from internships.core.i18n import ngettext
from internships.reviews.actions import hosting as actions
from internships.reviews.actions.hosting import Declared, UnlistedReason
from internships.reviews.forms import (
    SAY_WHY,
    AsideForm,
    RateForm,
    SortForm,
    TieForm,
    TiesForm,
    read_ratings,
)
from internships.reviews.queries import call, positions
from internships.reviews.queries import hosting as queries
from internships.reviews.rules import Answer
from internships.reviews.words import CHOICES_FOR_HOSTS, KINDS, LEVELS, TIERS, TIERS_SAY
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back
from internships.web.uploads import handed_over

WORDS: dict[str, Any] = {
    "states": CHOICES_FOR_HOSTS,
    "tiers": TIERS,
    "tiers_say": TIERS_SAY,
    "kinds": KINDS,
    "levels": LEVELS,
    "document_kinds": KINDS_FOR_OTHERS,
}


@get("/", name="reviews.host")
async def start(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        current = await call.current(db)
        offered = await positions.offered(db, actor)
    return page(request, "reviews/host.html", call=current, positions=offered, now=clock.now())


async def _table(
    request: Asked, actor: Actor, ref: str, template: str, form: Filled[Any] | None = None, **more: Any
) -> Response[str]:
    """A position with its candidates, in one of its three forms."""
    async with read() as db:
        position = await positions.place(db, actor, ref)
        candidates = await queries.candidates(db, actor, ref)
    kept: dict[str, list[str]] = {}
    for one in candidates:
        kept |= {f"answer_{one.ref}": [one.answer], f"reason_{one.ref}": [one.reason or ""]}
    return page(
        request,
        template,
        part="form" if form else None,
        position=position,
        candidates=candidates,
        form=form or Filled(kept, None, {}),
        now=clock.now(),
        is_open=position.is_open(clock.now()),
        **{"status": 422 if form else 200, "stale": False, **WORDS, **more},
    )


@get("/positions/{ref:str}", name="reviews.candidates")
async def candidates(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _table(request, actor, ref, "reviews/candidates.html")


@get("/positions/{ref:str}/ties", name="reviews.ties")
async def ties(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _table(request, actor, ref, "reviews/ties.html")


@post("/positions/{ref:str}/ties", name="reviews.declare_ties")
async def declare_ties(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, TiesForm)
    if (sent := form.value) is None:
        return await _table(request, actor, ref, "reviews/ties.html", form)
    async with read() as db:
        await positions.place(db, actor, ref)
        kept = {one.ref: one.has_tie for one in await queries.candidates(db, actor, ref)}
    # What was answered is left as it is, unless a tie would be denied: the action refuses that.
    new = [one for one in sent.seen if one in kept and kept[one] is not (one in sent.tied) and kept[one] is not False]
    said = {one: Declared(one in sent.tied, sent.words if one in sent.tied else "") for one in new}
    if said:
        await actions.declare(actor, said)
    return go_to(request, f"/host/positions/{ref}", said=_("Thank you. Your answer is kept with each person’s file."))


@get("/positions/{ref:str}/rate", name="reviews.everyone")
async def everyone(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _table(request, actor, ref, "reviews/everyone.html")


@post("/positions/{ref:str}/rate", name="reviews.rate_everyone")
async def rate_everyone(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        position = await positions.place(db, actor, ref)
        found = [one for one in await queries.candidates(db, actor, ref) if one.is_read]
    form = await read_ratings(request, found, position.reasons)
    if (sent := form.value) is None:
        return await _table(request, actor, ref, "reviews/everyone.html", form)
    before = {one.ref: (one.answer, one.reason or "") for one in found}
    answers = {
        one: (given.version, _answer(given))
        for one, given in sent.answers.items()
        if (given.answer, given.reason) != before[one]
    }
    try:
        if answers:
            await actions.decide(actor, answers)
    except Stale:
        return await _table(request, actor, ref, "reviews/everyone.html", form, status=409, stale=True)
    said = ngettext("%(count)s rating was saved.", "%(count)s ratings were saved.", len(answers))
    return go_to(request, f"/host/positions/{ref}", said=said % {"count": len(answers)})


def _answer(form: RateForm, note: str | None = None) -> Answer:
    if form.answer == "no":
        return Answer(ChoiceState.NOT_ACCEPTABLE, None, form.reason, note)
    return Answer(ChoiceState.ACCEPTABLE, int(form.answer), "", note)


async def _candidate(
    request: Asked, actor: Actor, ref: str, form: Filled[Any] | None = None, *, part: str = "form", stale: bool = False
) -> Response[str]:
    """The candidate, once a tie was denied; the question before that."""
    async with read() as db:
        found = await queries.read_one(db, actor, ref)
        if found is None:
            known = await queries.known(db, actor, ref)
            return page(request, "reviews/tie.html", candidate=known, form=filled(TieForm))
    rating = filled(RateForm, found, answer=found.answer)
    return page(
        request,
        "reviews/candidate.html",
        part=part if form else None,
        status=409 if stale else 422 if form else 200,
        candidate=found,
        form=form or rating,
        rating=form if form is not None and part == "form" else rating,
        sorting=form if form is not None and part == "sort" else filled(SortForm),
        asides=form if form is not None and part == "aside" else filled(AsideForm),
        version=form.typed("version") if form is not None and not stale else found.version,
        now=clock.now(),
        is_open=found.place.is_open(clock.now()),
        verbs={move.verb for move in CHOICE.open_to(actor.role, found.state)},
        stale=part if stale else "",
        **WORDS,
    )


@get("/candidates/{ref:str}", name="reviews.candidate")
async def candidate(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _candidate(request, actor, ref)


@post("/candidates/{ref:str}/conflict", name="reviews.declare_tie")
async def declare_tie(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, TieForm)
    if (sent := form.value) is None:
        async with read() as db:
            known = await queries.known(db, actor, ref)
        return sent_back(request, "reviews/tie.html", candidate=known, form=form)
    await actions.declare(actor, {ref: Declared(sent.tie == "yes", sent.words if sent.tie == "yes" else "")})
    return go_to(request, f"/host/candidates/{ref}")


@post("/candidates/{ref:str}/aside", name="reviews.aside")
async def aside(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, AsideForm)
    if (sent := form.value) is None:
        return await _candidate(request, actor, ref, form, part="aside")
    await actions.declare(actor, {ref: Declared(has_tie=True, words=sent.words)})
    return go_to(request, f"/host/candidates/{ref}", said=_("Thank you. A colleague of your reserve decides."))


SORTED = {
    "shortlist": (ChoiceState.SHORTLISTED, later("Short-listed. You can rate this person now.")),
    "pass_over": (ChoiceState.NOT_SHORTLISTED, later("Passed over. You can take this back until the ratings close.")),
    "think_again": (ChoiceState.WAITING, later("Taken back. This person is among those to look at again.")),
    "rate_again": (ChoiceState.SHORTLISTED, later("The rating is taken back. This person is short-listed.")),
}


@post("/candidates/{ref:str}/sort", name="reviews.sort")
async def sort(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, SortForm)
    if (sent := form.value) is None:
        return await _candidate(request, actor, ref, form, part="sort")
    to, said = SORTED[sent.do]
    try:
        await actions.decide(actor, {ref: (sent.version, Answer(to, None, sent.why))})
    except UnlistedReason:
        return await _candidate(request, actor, ref, form.refused("why", SAY_WHY), part="sort")
    except Stale:
        return await _candidate(request, actor, ref, form, part="sort", stale=True)
    return go_to(request, f"/host/candidates/{ref}", said=said)


@post("/candidates/{ref:str}/rate", name="reviews.rate")
async def rate(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, RateForm)
    if (sent := form.value) is None:
        return await _candidate(request, actor, ref, form)
    try:
        await actions.decide(actor, {ref: (sent.version, _answer(sent, sent.note))})
    except UnlistedReason:
        return await _candidate(request, actor, ref, form.refused("reason", SAY_WHY))
    except Stale:
        return await _candidate(request, actor, ref, form, stale=True)
    onward = f"/host/candidates/{ref}" + ("/next" if sent.then == "next" else "")
    return go_to(request, onward, said=_("The rating is saved."))


@get("/candidates/{ref:str}/documents/{document:str}", name="reviews.candidates_document")
async def document(actor: SignedIn, ref: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    async with read() as db:
        found = await queries.document(db, actor, ref, document)
    return await handed_over(found.kept, found.name, found.media)


@get("/candidates/{ref:str}/next", name="reviews.next_candidate")
async def next_candidate(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    """To the next candidate of the same position; back to its table when all are judged."""
    async with read() as db:
        onward = await queries.next_candidate(db, actor, ref)
    if onward.candidate:
        return go_to(request, f"/host/candidates/{onward.candidate}")
    return go_to(request, f"/host/positions/{onward.position}", said=_("Everybody here has your answer."))


router = Router(
    "/host",
    route_handlers=[
        start,
        candidates,
        ties,
        declare_ties,
        everyone,
        rate_everyone,
        candidate,
        declare_tie,
        aside,
        sort,
        rate,
        next_candidate,
        document,
    ],
    guards=[only(Role.HOST)],
)
