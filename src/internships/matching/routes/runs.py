"""A run and its result, from every side."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import lazy as _
from internships.matching.actions import runs as actions
from internships.matching.answers import cause
from internships.matching.forms import PeopleFilter
from internships.matching.picture import SMALL, picture_of
from internships.matching.queries import answers as answers_of
from internships.matching.queries import runs as queries
from internships.matching.words import CAUSES, GOALS, RUN_STATES, SHORT, because, failed, named_in
from internships.web.allow import only
from internships.web.forms import read_query
from internships.web.pages import Asked, go_to, page, text_file

WORDS: dict[str, Any] = {
    "states": RUN_STATES,
    "goals": GOALS,
    "short": SHORT,
    "because": because,
    "cause": lambda line: CAUSES[cause([answer.kind for answer in line.answers])],
}


@get("/", name="matching.run")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        names = await queries.names(db, named_in(run.failure)) if run.failure else {}
        others = await queries.listed(db) if run.summary else []
    return page(
        request,
        "matching/run.html",
        part="run",
        run=run,
        others=[other for other in others if other.summary and other.ref != ref],
        why=failed(run.failure, names) if run.failure else "",
        small=SMALL,
        zone=actor.zone,
        **WORDS,
    )


@post("/cancel", name="matching.cancel")
async def cancel(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.cancel(actor, ref)
    return go_to(request, f"/matching/runs/{ref}", said=_("The run was cancelled. Nothing of it was kept."))


@get("/people", name="matching.people")
async def people(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = read_query(request, PeopleFilter)
    asked = form.value or PeopleFilter()
    async with read() as db:
        run = await queries.run(db, ref)
        shown, more = await answers_of.people(
            db, run.id, without_place=bool(asked.without), after=asked.after, after_ref=asked.after_ref
        )
    following = None
    if more:
        last = shown[-1]
        following = "?" + urlencode({"without": asked.without, "after": last.folded, "after_ref": last.ref})
    return page(
        request,
        "matching/people.html",
        run=run,
        people=shown,
        without=bool(asked.without),
        following=following,
        begins=not asked.after,
        **WORDS,
    )


@get("/people/{application:str}", name="matching.person")
async def person(request: Asked, actor: SignedIn, ref: FromPath[str], application: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        answers = await answers_of.of_person(db, run.id, application)
    return page(request, "matching/person.html", run=run, answers=answers, **WORDS)


@get("/positions", name="matching.positions")
async def positions(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        found = await answers_of.positions(db, run.id)
    return page(request, "matching/positions.html", run=run, result=run.result, positions=found, **WORDS)


@get("/positions/{position:str}", name="matching.position")
async def position(request: Asked, actor: SignedIn, ref: FromPath[str], position: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        answers = await answers_of.at_position(db, run.id, position)
    return page(request, "matching/position.html", run=run, result=run.result, answers=answers, **WORDS)


@get("/limits", name="matching.limits")
async def limits(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        result = run.result
        names = await queries.names(db, [*result.closed, *(ref for limit in result.limits for ref in limit["over"])])
    return page(request, "matching/limits.html", run=run, result=result, names=names, **WORDS)


@get("/proof", name="matching.proof")
async def proof(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        result = run.result
        blocks = [*result.proof["blocking"], *result.proof["excused"]]
        about = [name for who, at, by in blocks for name in (who, at, by.rpartition(":")[2])]
        names = await queries.names(db, [*about, *result.closed])
    return page(request, "matching/proof.html", run=run, result=result, names=names, **WORDS)


@get("/picture", name="matching.picture")
async def picture(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        run = await queries.run(db, ref)
        if not run.summary or run.summary["applicants"] > SMALL:
            raise NotFound
        answers = await answers_of.all_of(db, run.id)
    return page(request, "matching/picture.html", run=run, picture=picture_of(answers), **WORDS)


@get("/inputs.json", name="matching.inputs")
async def inputs(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await queries.inputs(db, ref)
    return text_file(found, f"market-{ref}.json")


router = Router(
    "/matching/runs/{ref:str}",
    route_handlers=[show, cancel, people, person, positions, position, limits, proof, picture, inputs],
    guards=[only(Role.STAFF)],
)
