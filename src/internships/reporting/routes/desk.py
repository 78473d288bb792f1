"""Where staff begin: what waits, what will happen by itself, and the steps of the call."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import ROLES
from internships.core import clock
from internships.core.db import read
from internships.core.faults import NotFound, Stale
from internships.cycles import actions
from internships.cycles import queries as cycles
from internships.cycles.queries import Call
from internships.cycles.rules import BY_APPROVAL, CYCLE
from internships.cycles.words import MOVES, STATES, STEPS, time_left, who_may_apply
from internships.reporting.forms import StepForm
from internships.reporting.queries import desk as queries
from internships.reporting.words import JOBS, QUEUES, age, dates, next_step
from internships.web.allow import only
from internships.web.forms import read_form
from internships.web.pages import Asked, go_to, page


@get("/", name="reporting.start")
async def start(request: Asked) -> Response[str]:
    async with read() as db:
        call = await cycles.worked_on(db)
        desk = await queries.desk(db)
    return page(
        request, "reporting/start.html", call=call, desk=desk, states=STATES, queues=QUEUES, kinds=JOBS, age=age,
        now=clock.now(), dates=dates(call) if call else [], following=next_step(call.state, desk.waits) if call else None,
    )  # fmt: skip


@get("/call", name="reporting.call")
async def call(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        found = await cycles.worked_on(db)
        steps = await cycles.steps(db, found.ref) if found else []
    return page(
        request,
        "reporting/call.html",
        call=found,
        steps=steps,
        moves=_open_to(actor.role, found),
        states=STATES,
        words=MOVES,
        said=STEPS,
        roles=ROLES,
        rules=who_may_apply(found.rules) if found else [],
        left=time_left(found.closes_at, clock.now()) if found else None,
    )


@get("/call/{verb:str}", name="reporting.confirm_step")
async def confirm(request: Asked, actor: SignedIn, verb: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await cycles.worked_on(db)
    if found is None or verb not in MOVES:
        raise NotFound
    if verb not in _open_to(actor.role, found):
        return go_to(request, "/staff/call")
    return page(request, "reporting/step.html", call=found, verb=verb, words=MOVES[verb])


@post("/call/{verb:str}", name="reporting.step")
async def step(request: Asked, actor: SignedIn, verb: FromPath[str]) -> Response[str]:
    form = await read_form(request, StepForm)
    async with read() as db:
        found = await cycles.worked_on(db)
    if found is None or verb not in MOVES:
        raise NotFound
    if (sent := form.value) is None:
        raise Stale
    await actions.move(actor, found.ref, verb, sent.version)
    return go_to(request, "/staff/call", said=STEPS[f"call.{verb}"])


def _open_to(role: Role, found: Call | None) -> list[str]:
    """The steps that a person in this role may take now."""
    if found is None:
        return []
    return [move.verb for move in CYCLE.open_to(role, found.state) if move.verb not in BY_APPROVAL]


router = Router("/staff", route_handlers=[start, call, confirm, step], guards=[only(Role.STAFF)])
