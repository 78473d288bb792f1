"""For everybody: how places are given. For applicants: why this answer, with a certificate, and asking again."""

import asyncio
import json
from typing import Any

import msgspec
from litestar import Response, Router, get, post

from internships.accounts.rules import Actor, Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import lazy as _
from internships.matching import example, lottery
from internships.matching.actions import contests as actions
from internships.matching.certificate import certificate_of
from internships.matching.document import read_market
from internships.matching.forms import ContestForm
from internships.matching.queries import why as queries
from internships.matching.queries.runs import Result
from internships.matching.queries.why import Frozen
from internships.matching.words import ADOPTED, CONTEST_STATES, SHORT, because
from internships.web.allow import anyone, only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, text_file


@get("/how-places-are-given", name="matching.public", guards=[anyone])
async def how(request: Asked) -> Response[str]:
    async with read() as db:
        published = await queries.published(db)
    shown = example.worked()
    return page(
        request,
        "matching/how.html",
        public_for=60,
        published=published,
        adopted=ADOPTED,
        example=shown,
        because=because,
        short=SHORT,
    )


async def _why(request: Asked, actor: Actor, form: Filled[ContestForm], status: int = 200) -> Response[str]:
    try:
        async with read() as db:
            mine = await queries.mine(db, actor)
            answers = await queries.my_answers(db, actor, mine.run_id)
    except NotFound:
        return page(request, "matching/why_not_yet.html")
    return page(
        request,
        "matching/why.html",
        status=status,
        part="form" if status == 422 else None,
        mine=mine,
        answers=answers,
        number=lottery.number(mine.text, mine.application) if mine.text else None,
        form=form,
        short=SHORT,
        because=because,
        contest_states=CONTEST_STATES,
    )


@get("/", name="matching.why")
async def why(request: Asked, actor: SignedIn) -> Response[str]:
    return await _why(request, actor, filled(ContestForm))


@post("/contest", name="matching.contest_asked")
async def contest(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, ContestForm)
    if (sent := form.value) is None:
        return await _why(request, actor, form, 422)
    await actions.ask(actor, sent.text)
    return go_to(request, "/why", said=_("Your request was sent. A person will look again and answer you here."))


@get("/certificate.json", name="matching.certificate")
async def certificate(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        found = await queries.frozen(db, actor)
    made = await asyncio.to_thread(_certificate, found)
    return text_file(json.dumps(made, ensure_ascii=False, indent=1), f"certificate-{found.application}.json")


def _certificate(found: Frozen) -> dict[str, Any]:
    market, result = read_market(found.inputs), msgspec.json.decode(found.result, type=Result)
    if found.application not in market.applicants:
        raise NotFound
    return certificate_of(result.outcome(market), found.application)


public = Router("/", route_handlers=[how], guards=[anyone])
router = Router("/why", route_handlers=[why, contest, certificate], guards=[only(Role.APPLICANT)])
