"""The matching desk: how ready the call is, and the runs."""

from typing import cast

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core import clock
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.i18n import Lazy, ngettext
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.matching.actions import reminding, runs
from internships.matching.forms import StartForm
from internships.matching.improving import extra_is_there
from internships.matching.queries import desk as queries
from internships.matching.queries import runs as run_queries
from internships.matching.words import EXTRA, GOAL_NAMES, GOALS, RUN_STATES
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form, read_once
from internships.web.pages import Asked, go_to, page


async def _page(request: Asked, form: Filled[StartForm], status: int = 200) -> Response[str]:
    async with read() as db:
        desk = await queries.desk(db)
        found = await run_queries.listed(db)
    return page(
        request,
        "matching/desk.html",
        status=status,
        part="start" if status == 422 else None,
        desk=desk,
        runs=found,
        form=form,
        once=new_ref(),
        now=clock.now(),
        states=RUN_STATES,
        goals=GOALS,
        names_of_goals=GOAL_NAMES,
        has_extra=extra_is_there(),
        extra=EXTRA,
    )


@get("/", name="matching.desk")
async def show(request: Asked, actor: SignedIn) -> Response[str]:
    return await _page(request, filled(StartForm))


@post("/runs", name="matching.start")
async def start(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, StartForm)
    if (sent := form.value) is None:
        return await _page(request, form, status=422)
    try:
        ref = await runs.start(actor, name=sent.name, goal=sent.goal, once=await read_once(request))
    except Refused as refused:
        return await _page(request, form.refused("name", cast("Lazy", refused.why)), status=422)
    return go_to(request, f"/matching/runs/{ref}", said=_("The run was asked for."))


@get("/readiness", name="matching.readiness")
async def readiness(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        desk = await queries.desk(db)
        positions = await queries.readiness(db)
    return page(request, "matching/readiness.html", desk=desk, positions=positions)


@post("/readiness/{ref:str}/remind", name="matching.remind")
async def remind(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    written = await reminding.hosts(actor, ref)
    said = ngettext(
        "A reminder is on its way to %(n)s person of this reserve.",
        "A reminder is on its way to %(n)s people of this reserve.",
        written,
    ) % {"n": written}
    return go_to(request, "/matching/readiness", said=said)


@post("/readiness/reviewers/remind", name="matching.remind_reviewers")
async def remind_reviewers(request: Asked, actor: SignedIn) -> Response[str]:
    written = await reminding.reviewers(actor)
    said = ngettext(
        "A reminder is on its way to %(n)s reviewer.", "A reminder is on its way to %(n)s reviewers.", written
    ) % {"n": written}
    return go_to(request, "/matching/readiness", said=said)


router = Router(
    "/matching", route_handlers=[show, start, readiness, remind, remind_reviewers], guards=[only(Role.STAFF)]
)
