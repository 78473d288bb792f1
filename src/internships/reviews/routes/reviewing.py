"""Where reviewers read and score: the list, the tie, the file, and stepping aside."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Actor, Role
from internships.accounts.signed_in import SignedIn
from internships.applications.document_words import KINDS_FOR_OTHERS
from internships.core import clock
from internships.core.db import read
from internships.core.faults import NotFound, Stale
from internships.core.i18n import gettext as _
from internships.reviews.actions import reviewing as actions
from internships.reviews.forms import AsideForm, PointsForm, TieForm, ViewForm, read_scores, score_form
from internships.reviews.queries import call, owed
from internships.reviews.queries import reviewing as queries
from internships.reviews.rules import State
from internships.reviews.words import KINDS, LEVELS, STATES_FOR_REVIEWERS
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form, read_query
from internships.web.pages import Asked, go_to, page, sent_back
from internships.web.uploads import handed_over

WORDS: dict[str, Any] = {
    "states": STATES_FOR_REVIEWERS,
    "kinds": KINDS,
    "levels": LEVELS,
    "document_kinds": KINDS_FOR_OTHERS,
}
VIEWS = {
    "open": {State.ASSIGNED, State.IN_PROGRESS},
    "recused": {State.RECUSED},
    "all": set(State),
}


@get("/", name="reviews.index")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    asked = read_query(request, ViewForm).value
    view = asked.view if asked and asked.view in VIEWS else "open"
    async with read() as db:
        current = await call.current(db)
        files = await owed.mine(db, actor)
    return page(
        request,
        "reviews/index.html",
        call=current,
        files=files,
        view=view,
        shown={name: [file for file in files if file.state in states] for name, states in VIEWS.items()},
        **WORDS,
        now=clock.now(),
    )


@get("/next", name="reviews.next")
async def following(request: Asked, actor: SignedIn) -> Response[str]:
    """To the next file; back to the list when all are done."""
    left = request.query_params.get("after", "")[:10]
    async with read() as db:
        ref = await owed.next_after(db, actor, left)
    return go_to(request, f"/reviews/{ref}") if ref else go_to(request, "/reviews")


@get("/{ref:str}/conflict", name="reviews.conflict")
async def conflict(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        review = await queries.declaring(db, actor, ref)
    if review.state in VIEWS["open"] - {State.ASSIGNED} | {State.FINISHED}:
        return go_to(request, f"/reviews/{ref}")
    return page(request, "reviews/conflict.html", review=review, form=filled(TieForm))


@post("/{ref:str}/conflict", name="reviews.declare")
async def declare(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, TieForm)
    if (sent := form.value) is None:
        async with read() as db:
            review = await queries.declaring(db, actor, ref)
        return sent_back(request, "reviews/conflict.html", review=review, form=form)
    if sent.tie == "yes":
        await actions.step_aside(actor, ref, sent.words)
        return go_to(request, "/reviews", said=_("Thank you. You stepped aside; somebody else will read this file."))
    await actions.declare(actor, ref)
    return go_to(request, f"/reviews/{ref}")


async def _shown(
    request: Asked, actor: Actor, ref: str, form: Filled[PointsForm] | None = None, *, stale: bool = False
) -> Response[str]:
    """The file with its form: as kept, as typed with what is wrong, or as typed beside what was saved meanwhile."""
    async with read() as db:
        review = await queries.opened(db, actor, ref)
    if review is None:
        raise NotFound
    status = 409 if stale else 422 if form is not None else 200
    kept = {f"points_{criterion.code}": criterion.points for criterion in review.criteria}
    context: dict[str, Any] = WORDS | {
        "review": review,
        "form": form or filled(score_form(review.criteria, whole=False), review, do="draft", **kept),
        "version": form.typed("version") if form is not None and not stale else review.version,
        "stale": stale,
        "may_reopen": review.may_reopen,
    }
    return page(request, "reviews/show.html", part="form" if status != 200 else None, status=status, **context)


def saved(version: int) -> Response[str]:
    """To a page that saves by itself: nothing to show, and the version that stands now."""
    return Response("", status_code=204, headers={"X-Version": str(version), "Cache-Control": "no-store"})


@get("/{ref:str}", name="reviews.show")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    try:
        return await _shown(request, actor, ref)
    except NotFound:
        async with read() as db:
            await queries.declaring(db, actor, ref)
        return go_to(request, f"/reviews/{ref}/conflict")


@post("/{ref:str}", name="reviews.save")
async def save(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        criteria = await queries.criteria(db, actor, ref)
    form = await read_scores(request, criteria)
    if (sent := form.value) is None:
        return await _shown(request, actor, ref, form)
    kept: dict[str, Any] = {"version": sent.version, "points": sent.points, "comment": sent.comment}
    try:
        if sent.do in {None, "draft"}:
            version = await actions.save(actor, ref, **kept)
            if sent.do is None:
                return saved(version)
            return go_to(request, f"/reviews/{ref}", said=_("Your draft is saved."))
        await actions.finish(actor, ref, **kept)
    except Stale:
        return await _shown(request, actor, ref, form, stale=True)
    onward = f"/reviews/next?after={ref}" if sent.do == "next" else f"/reviews/{ref}"
    return go_to(request, onward, said=_("The review is finished."))


@get("/{ref:str}/documents/{document:str}", name="reviews.document")
async def document(actor: SignedIn, ref: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    async with read() as db:
        found = await queries.document(db, actor, ref, document)
    return await handed_over(found.kept, found.name, found.media)


@post("/{ref:str}/reopen", name="reviews.reopen")
async def reopen(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.reopen(actor, ref)
    return go_to(request, f"/reviews/{ref}", said=_("The review is open again and does not count until you finish it."))


@get("/{ref:str}/recuse", name="reviews.recuse")
async def recuse(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        review = await queries.declaring(db, actor, ref)
    return page(request, "reviews/recuse.html", review=review, form=filled(AsideForm))


@post("/{ref:str}/recuse", name="reviews.step_aside")
async def step_aside(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    form = await read_form(request, AsideForm)
    if (sent := form.value) is None:
        async with read() as db:
            review = await queries.declaring(db, actor, ref)
        return sent_back(request, "reviews/recuse.html", review=review, form=form)
    await actions.step_aside(actor, ref, sent.words)
    return go_to(request, "/reviews", said=_("Thank you. You stepped aside; somebody else will read this file."))


router = Router(
    "/reviews",
    route_handlers=[index, following, conflict, declare, show, save, document, reopen, recuse, step_aside],
    guards=[only(Role.REVIEWER)],
)
