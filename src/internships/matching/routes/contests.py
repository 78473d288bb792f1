"""Where staff answer people who asked somebody to look again."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import Refused, Stale
from internships.core.i18n import lazy as _
from internships.matching.actions import contests as actions
from internships.matching.forms import ContestAnswerForm
from internships.matching.queries import why as queries
from internships.matching.words import CONTEST_STATES
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, instead, page


@get("/", name="matching.contests")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        found = await queries.contests(db)
    return page(request, "matching/contests.html", contests=found, states=CONTEST_STATES)


async def _page(request: Asked, ref: str, form: Filled[ContestAnswerForm] | None, status: int = 200) -> Response[str]:
    async with read() as db:
        found = await queries.contest(db, ref)
    return page(
        request,
        "matching/contest.html",
        status=status,
        part="form" if status == 422 else None,
        contest=found,
        form=form or filled(ContestAnswerForm, version=found.version),
        states=CONTEST_STATES,
    )


@get("/{ref:str}", name="matching.contest")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    return await _page(request, ref, None)


@post("/{ref:str}", name="matching.contest_answered")
async def answer(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, ContestAnswerForm)
    if (sent := form.value) is None:
        return await _page(request, ref, form, 422)
    try:
        await actions.answer(actor, ref, version=sent.version, text=sent.text, changed=sent.changed)
    except (Stale, Refused):
        async with read() as db:
            found = await queries.contest(db, ref)
        shown = {"contest": found, "form": form, "states": CONTEST_STATES}
        return instead(request, "matching/contest.html", status=409, **shown)
    return go_to(request, "/contests", said=_("The answer was kept, and the person is told that it is there."))


router = Router("/contests", route_handlers=[index, show, answer], guards=[only(Role.STAFF)])
