"""Where staff write down that two people go together or not at all."""

from typing import cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.i18n import Lazy
from internships.core.i18n import lazy as _
from internships.matching.actions import teams as actions
from internships.matching.forms import RemoveForm, TeamForm
from internships.matching.queries import teams as queries
from internships.matching.queries.people import LONGEST, MOST
from internships.matching.words import NOBODY
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back

SIDES = ("first", "second")


async def _sent_back(request: Asked, form: Filled[TeamForm]) -> Response[str]:
    async with read() as db:
        shown = await queries.teams(db, *(form.typed(side)[:LONGEST].strip() for side in SIDES))
    return sent_back(request, "matching/rule_teams.html", teams=shown, form=form, most=MOST)


@get("/", name="matching.rule_teams")
async def teams(request: Asked, actor: SignedIn) -> Response[str]:
    typed = {side: request.query_params.get(side, "")[:LONGEST].strip() for side in SIDES}
    async with read() as db:
        shown = await queries.teams(db, **typed)
    form = filled(TeamForm, **typed, reason=request.query_params.get("reason", "")[:500])
    for side, meant in zip(SIDES, (shown.first, shown.second), strict=True):
        if typed[side] and not meant:
            form = form.refused(side, NOBODY % {"typed": typed[side]})
    if len(shown.first) == len(shown.second) == 1:
        if shown.asked is None:
            form = form.refused("second", actions.SAME_PERSON)
        elif not shown.asked.joint:
            form = form.refused("second", actions.NOTHING_TOGETHER)
    return page(request, "matching/rule_teams.html", teams=shown, form=form, most=MOST)


@post("/", name="matching.team_added")
async def add(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, TeamForm)
    if (sent := form.value) is None:
        return await _sent_back(request, form)
    try:
        await actions.join(actor, sent.first, sent.second, reason=sent.reason)
    except Refused as no:
        return await _sent_back(request, form.refused("second", cast("Lazy", no.why)))
    return go_to(request, "/matching/rules/teams", said=_("The team was saved."))


@post("/{ref:str}/remove", name="matching.team_removed")
async def remove(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, RemoveForm)
    await actions.dissolve(actor, ref, reason=form.value.why if form.value else "")
    return go_to(request, "/matching/rules/teams", said=_("The team was dissolved. Each is for themselves again."))


router = Router("/matching/rules/teams", route_handlers=[teams, add, remove], guards=[only(Role.STAFF)])
