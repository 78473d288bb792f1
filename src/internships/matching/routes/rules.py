"""The rules of the match: what may limit, reserve, close, fix and rule out; and the lottery."""

from collections.abc import Iterable
from typing import Any, cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import Refused, Stale
from internships.core.i18n import Lazy, say_country
from internships.core.i18n import lazy as _
from internships.core.text import folded
from internships.matching.actions import rules as actions
from internships.matching.forms import (
    LimitForm,
    LotteryForm,
    MinimumForm,
    PairForm,
    RemoveForm,
    ReserveForm,
    UnpairForm,
    WhomForm,
)
from internships.matching.queries import rules as queries
from internships.matching.queries.people import LONGEST, MOST, Meant
from internships.matching.queries.rules import Offered
from internships.matching.words import NOBODY, WHOM
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page

SAVED_BY_ANOTHER = _(
    "Somebody else has changed this limit meanwhile. It is “%(name)s” now; people at most: %(seats)s. "
    "Save again to put yours in its place."
)


async def _limits(request: Asked, form: Filled[LimitForm], status: int = 200, ref: str = "") -> Response[str]:
    async with read() as db:
        limits = await queries.limits(db)
        positions = await queries.offered(db)
    return page(
        request,
        "matching/rule_limits.html",
        status=status,
        part="form" if status in {409, 422} else None,
        limits=limits,
        positions=positions,
        known={position.ref: position for position in positions},
        areas=_areas(positions),
        form=form,
        editing=ref,
    )


def _areas(positions: Iterable[Offered]) -> list[tuple[str, str]]:
    countries = sorted({position.country for position in positions}, key=lambda code: folded(say_country(code)))
    regions = sorted({position.region for position in positions})
    return [*(("country", code) for code in countries), *(("region", name) for name in regions)]


@get("/limits", name="matching.rule_limits")
async def limits(request: Asked, actor: SignedIn) -> Response[str]:
    return await _limits(request, filled(LimitForm))


@get("/limits/{ref:str}", name="matching.rule_limit")
async def limit(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        positions = await queries.offered(db)
        limits = await queries.limits(db)
        found = next((limit for limit in limits if limit.ref == ref), None) or await queries.limit(db, ref)
    return page(
        request,
        "matching/rule_limits.html",
        limits=limits,
        positions=positions,
        known={position.ref: position for position in positions},
        areas=_areas(positions),
        form=filled(LimitForm, found),
        editing=ref,
    )


async def _save_limit(request: Asked, actor: Any, ref: str | None) -> Response[str]:
    form = await read_form(request, LimitForm)
    if (sent := form.value) is None:
        return await _limits(request, form, 422, ref or "")
    async with read() as db:
        positions = await queries.offered(db)
    over = {position.ref for position in positions if position.ref in sent.over or _in(sent.area, position)}
    if not over:
        refused = form.refused("over", _("Choose a country or region, or tick at least one position."))
        return await _limits(request, refused, 422, ref or "")
    try:
        await actions.save_limit(actor, ref, name=sent.name, seats=sent.seats, over=sorted(over), version=sent.version)
    except Stale:
        return await _saved_by_another(request, form, ref or "")
    except Refused as no:
        return await _limits(request, form.refused("over", cast("Lazy", no.why)), 422, ref or "")
    return go_to(request, "/matching/rules/limits", said=_("The limit was saved."))


async def _saved_by_another(request: Asked, form: Filled[LimitForm], ref: str) -> Response[str]:
    """What was typed, beside what stands now; saving again puts the one in the place of the other."""
    async with read() as db:
        now = await queries.limit(db, ref)
    words = SAVED_BY_ANOTHER % {"name": now.name, "seats": now.seats}
    return await _limits(request, form.standing(version=now.version).refused("name", words), 409, ref)


def _in(area: str, position: Offered) -> bool:
    kind, _colon, name = area.partition(":")
    return bool(name) and name == {"country": position.country, "region": position.region}.get(kind)


@post("/limits", name="matching.limit_added")
async def add_limit(request: Asked, actor: SignedIn) -> Response[str]:
    return await _save_limit(request, actor, None)


@post("/limits/{ref:str}", name="matching.limit_saved")
async def save_limit(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _save_limit(request, actor, ref)


async def _why(request: Asked) -> str:
    form = await read_form(request, RemoveForm)
    return form.value.why if form.value else ""


@post("/limits/{ref:str}/remove", name="matching.limit_removed")
async def remove_limit(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.remove_limit(actor, ref, reason=await _why(request))
    return go_to(request, "/matching/rules/limits", said=_("The limit was removed."))


async def _reserves(request: Asked, form: Filled[ReserveForm], status: int = 200) -> Response[str]:
    async with read() as db:
        reserves = await queries.reserves(db)
        positions = await queries.offered(db)
    shown: dict[str, Any] = {"reserves": reserves, "positions": positions, "form": form}
    return page(request, "matching/rule_reserves.html", status=status, part="form" if status == 422 else None, **shown)


@get("/reserved", name="matching.rule_reserves")
async def reserves(request: Asked, actor: SignedIn) -> Response[str]:
    return await _reserves(request, filled(ReserveForm))


@post("/reserved", name="matching.reserve_added")
async def add_reserve(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, ReserveForm)
    if (sent := form.value) is None:
        return await _reserves(request, form, 422)
    try:
        await actions.reserve_seats(
            actor, sent.position, name=sent.name, seats=sent.seats, countries=sent.countries, open_first=sent.open_first
        )
    except Refused as no:
        return await _reserves(request, form.refused("seats", cast("Lazy", no.why)), 422)
    return go_to(request, "/matching/rules/reserved", said=_("The seats are reserved."))


@post("/reserved/{ref:str}/remove", name="matching.reserve_removed")
async def remove_reserve(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.remove_reserve(actor, ref, reason=await _why(request))
    return go_to(request, "/matching/rules/reserved", said=_("The seats are open to all again."))


async def _minimums(request: Asked, form: Filled[MinimumForm], status: int = 200) -> Response[str]:
    async with read() as db:
        positions = await queries.offered(db)
    return page(
        request,
        "matching/rule_minimums.html",
        status=status,
        part="form" if status == 422 else None,
        positions=positions,
        form=form,
    )


@get("/minimums", name="matching.rule_minimums")
async def minimums(request: Asked, actor: SignedIn) -> Response[str]:
    return await _minimums(request, filled(MinimumForm))


@post("/minimums", name="matching.minimum_set")
async def set_minimum(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, MinimumForm)
    if (sent := form.value) is None:
        return await _minimums(request, form, 422)
    try:
        await actions.set_minimum(actor, sent.position, sent.least)
    except Refused as no:
        return await _minimums(request, form.refused("least", cast("Lazy", no.why)), 422)
    return go_to(request, "/matching/rules/minimums", said=_("The minimum was saved."))


async def _pairs(request: Asked, form: Filled[PairForm], status: int = 200) -> Response[str]:
    async with read() as db:
        pairs = await queries.pairs(db)
        typed = form.typed("application")[:LONGEST].strip()
        chosen = await queries.choices_of(db, typed) if typed else []
    meant = [Meant(*who) for who in dict.fromkeys((each.application, each.name) for each in chosen)]
    whom = filled(WhomForm, person=typed)
    if not meant and (typed or form.error("application")):
        whom = whom.refused("person", NOBODY % {"typed": typed} if typed else WHOM)
    shown: dict[str, Any] = {
        "pairs": pairs, "chosen": chosen if len(meant) == 1 else [], "meant": meant, "most": MOST, "whom": whom, "form": form,
    }  # fmt: skip
    return page(request, "matching/rule_pairs.html", status=status, part="form" if status == 422 else None, **shown)


@get("/pairs", name="matching.rule_pairs")
async def pairs(request: Asked, actor: SignedIn) -> Response[str]:
    return await _pairs(request, filled(PairForm, application=request.query_params.get("person", ""), kind="lock"))


@post("/pairs", name="matching.pair_added")
async def add_pair(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, PairForm)
    if (sent := form.value) is None:
        return await _pairs(request, form, 422)
    try:
        await actions.pair(actor, sent.kind, sent.application, sent.position, reason=sent.reason)
    except Refused as no:
        return await _pairs(request, form.refused("position", cast("Lazy", no.why)), 422)
    return go_to(request, "/matching/rules/pairs", said=_("The pair was saved."))


@post("/pairs/remove", name="matching.pair_removed")
async def remove_pair(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, UnpairForm)
    if (sent := form.value) is not None:
        await actions.unpair(actor, sent.kind, sent.application, sent.position, reason=sent.why)
    return go_to(request, "/matching/rules/pairs", said=_("The entry was removed."))


async def _lottery(request: Asked, form: Filled[LotteryForm], status: int = 200) -> Response[str]:
    async with read() as db:
        lottery = await queries.lottery(db)
    return page(
        request,
        "matching/lottery.html",
        status=status,
        part="form" if status == 422 else None,
        lottery=lottery,
        form=form,
    )


@get("/lottery", name="matching.lottery")
async def lottery(request: Asked, actor: SignedIn) -> Response[str]:
    return await _lottery(request, filled(LotteryForm))


@post("/lottery", name="matching.lottery_sealed")
async def seal_lottery(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, LotteryForm)
    if (sent := form.value) is None:
        return await _lottery(request, form, 422)
    await actions.seal_lottery(actor, sent.text)
    return go_to(request, "/matching/rules/lottery", said=_("The lottery is sealed. Its seal is public now."))


router = Router(
    "/matching/rules",
    route_handlers=[
        limits, limit, add_limit, save_limit, remove_limit, reserves, add_reserve, remove_reserve,
        minimums, set_minimum, pairs, add_pair, remove_pair, lottery, seal_lottery,
    ],
    guards=[only(Role.STAFF)],
)  # fmt: skip
