"""What would be different: a change to a run, two runs beside each other, and what a result hangs on."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, cast

from litestar import Response, Router, get, post
from litestar.params import FromPath
from msgspec import Struct

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import NotFound, Refused
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.matching.actions import trying
from internships.matching.document import read_market
from internships.matching.forms import KeepForm, TryForm, WhomForm
from internships.matching.queries import people
from internships.matching.queries import runs as queries
from internships.matching.queries.changes import differences
from internships.matching.queries.runs import WithInputs
from internships.matching.rules import BadMarket, Outcome
from internships.matching.sensitivity import Effect, limits_loosened, withdrawal
from internships.matching.terms import Move
from internships.matching.whatif import Change, Kind, with_change
from internships.matching.words import NOBODY_HERE, RUN_STATES, changed, problem
from internships.web.allow import only
from internships.web.forms import Filled, filled, judged, read_form, read_once, read_query
from internships.web.pages import Asked, go_to, page

WORDS: dict[str, Any] = {"states": RUN_STATES}


class Difference(Struct, frozen=True):
    """What a change would do."""

    moves: list[Move]
    placed: int
    bad: BadMarket | None = None
    chain: list[Move] | None = None
    """When somebody withdraws: who moves if the seat is passed on, and nobody is asked to stand up."""


async def _difference(found: WithInputs, change: Change) -> Difference:
    market = read_market(found.text)
    base = await asyncio.to_thread(_base, found)
    if change.kind == Kind.WITHDRAW:
        return await asyncio.to_thread(_withdrawn, base, change.person)
    try:
        other = await asyncio.to_thread(lambda: with_change(market, change).match())
    except BadMarket as bad:
        return Difference([], 0, bad)
    before = sum(map(bool, base.places.values()))
    return Difference(list(base.moved(other)), sum(map(bool, other.places.values())) - before)


def _base(found: WithInputs) -> Outcome:
    """What a change is compared with. After another goal it would show what that goal did, so the match is taken."""
    return read_market(found.text).match() if found.run.improvement else _outcome(found)


def _withdrawn(base: Outcome, person: str) -> Difference:
    """Both ways to go on after somebody has left."""
    if person not in base.places:
        raise NotFound
    found = withdrawal(base, person)
    after = {**found.places}
    before = sum(map(bool, base.places.values()))
    return Difference(list(found.anew), sum(map(bool, after.values())) - before, chain=list(found.chain))


def _about(found: WithInputs, person: str, moves: Iterable[Move]) -> tuple[dict[str, Any], set[str]]:
    """The document of a run, and every reference on the page."""
    document = found.document
    told = {name for move in moves for name in (move.applicant, move.before, move.after) if name}
    return document, {*document["positions"], person, *told}


async def _try_page(
    request: Asked, ref: str, form: Filled[Any], sent: TryForm | None, status: int = 200
) -> Response[str]:
    async with read() as db:
        found = await queries.with_inputs(db, ref)
        difference = await _difference(found, sent.change) if sent else None
        typed = form.typed("person")[: people.LONGEST].strip()
        document, told = _about(found, typed, [*difference.moves, *(difference.chain or ())] if difference else [])
        asks = bool(typed) and typed not in document["applicants"]
        names, fit = await people.names_and_meant(db, ref, told, typed) if asks else (await queries.names(db, told), [])
    meant = [each for each in fit if each.ref in document["applicants"]]
    person = meant[0].ref if len(meant) == 1 else typed if not asks else ""
    whom = filled(WhomForm, person=typed)
    bad = difference.bad if difference else None
    return page(
        request,
        "matching/try.html",
        status=status,
        part="main" if status == 422 else None,
        run=found.run,
        form=form,
        sent=sent,
        names=names,
        person=person,
        meant=meant,
        most=people.MOST,
        whom=whom.refused("person", NOBODY_HERE % {"typed": typed}) if asks and not meant else whom,
        choices=document["applicants"].get(person, []),
        seats={name: each["capacity"] for name, each in document["positions"].items()},
        limits=document["limits"],
        difference=difference,
        bad=problem(bad, names) if bad else None,
        once=new_ref(),
        **WORDS,
    )


@get("/try", name="matching.try_out")
async def try_out(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    if "kind" not in request.query_params:
        return await _try_page(request, ref, filled(KeepForm, person=request.query_params.get("person", "")), None)
    form = read_query(request, TryForm)
    return await _try_page(request, ref, form, form.value, 200 if form.value else 422)


@post("/try", name="matching.keep")
async def keep(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, KeepForm)
    if (sent := form.value) is None:
        tried = judged({name: form.all_typed(name) for name in TryForm.model_fields if form.typed(name)}, TryForm)
        return await _try_page(request, ref, form, tried.value, 422)
    async with read() as db:
        found = await queries.with_inputs(db, ref)
    try:
        was, once = _was(found.document, sent.change), await read_once(request)
        new = await trying.keep(actor, sent.change, was, reason=sent.reason, name=sent.name, once=once)
    except Refused as no:
        return await _try_page(request, ref, form.refused("reason", cast("Lazy", no.why)), sent, 422)
    return go_to(request, f"/matching/runs/{new}", said=_("The change was kept, and a new run was asked for."))


def _was(document: Mapping[str, Any], change: Change) -> int:
    """The number that the run was made with."""
    if change.limit:
        return next((limit["seats"] for limit in document["limits"] if limit["name"] == change.limit), 0)
    seats: int = document["positions"].get(change.position, {}).get("capacity", 0)
    return seats


@get("/compare/{other:str}", name="matching.compare")
async def compare(request: Asked, actor: SignedIn, ref: FromPath[str], other: FromPath[str]) -> Response[str]:
    async with read() as db:
        now, then = await queries.two_with_inputs(db, ref, other)
        before, after = _outcome(then), _outcome(now)
        moves = list(before.moved(after))
        costs = await asyncio.gather(*(asyncio.to_thread(_costs, each) for each in (then, now)))
        inputs = list(differences(then.document, now.document))
        told = {name for move in moves for name in (move.applicant, move.before, move.after) if name}
        names = await queries.names(db, {*told, *(name for change in inputs for name in change.about)})
    return page(
        request,
        "matching/compare.html",
        run=now.run,
        other=then.run,
        results=(then.run.result, now.run.result),
        costs=[{each.change: each for each in side} for side in costs],
        moves=moves,
        inputs=[changed(change.what, change.about, names) for change in inputs],
        names=names,
        **WORDS,
    )


def _costs(found: WithInputs) -> list[Effect]:
    return limits_loosened(_base(found), None)


def _outcome(found: WithInputs) -> Outcome:
    return found.run.result.outcome(read_market(found.text))


@get("/what-if", name="matching.sensitivity")
async def sensitivity(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        found = run.result.sensitivity
        told = [each["change"] for each in found["seats"]] if found else []
        told += [who for part in ("lots", "noise") for who, _times in found[part]["hang"]] if found else []
        names = await queries.names(db, told) if found else {}
        at_work = not found and await queries.is_tried_out(db, ref)
    shown: dict[str, Any] = {"run": run, "found": found, "names": names, "at_work": at_work}
    return page(request, "matching/sensitivity.html", part="found", **shown, **WORDS)


@post("/what-if", name="matching.ask_sensitivity")
async def ask_sensitivity(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await trying.ask_sensitivity(actor, ref)
    return go_to(
        request, f"/matching/runs/{ref}/what-if", said=_("This is being worked out. It takes seconds to minutes.")
    )


router = Router(
    "/matching/runs/{ref:str}",
    route_handlers=[try_out, keep, compare, sensitivity, ask_sensitivity],
    guards=[only(Role.STAFF)],
)
