"""Where staff hand out files to reviewers, and see what became of them."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import gettext as _
from internships.core.i18n import ngettext
from internships.reviews.actions import assigning as actions
from internships.reviews.actions import reviewing
from internships.reviews.forms import AssignForm, ReviewRef, ShareForm, ViewForm
from internships.reviews.queries import assigning as queries
from internships.reviews.rules import State
from internships.reviews.words import STATES_FOR_REVIEWERS
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_form, read_query
from internships.web.pages import Asked, go_to, page


async def _desk(request: Asked, form: Filled[Any] | None = None) -> Response[str]:
    asked = read_query(request, ViewForm).value if form is None else None
    only_lacking = asked is None or asked.view != "all"
    after = asked.after if asked else 0
    async with read() as db:
        call = await queries.desk(db)
        found = await queries.files(db, only_lacking=only_lacking, after=after) if call else []
    return page(
        request,
        "reviews/assignments.html",
        status=200 if form is None else 422,
        call=call,
        files=found[: queries.PAGE],
        following=found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        view="lacking" if only_lacking else "all",
        form=form or filled(ShareForm, each=call.min_reviews if call else 2),
    )


@get("/", name="reviews.assignments")
async def assignments(request: Asked) -> Response[str]:
    return await _desk(request)


@get("/preview", name="reviews.preview")
async def preview(request: Asked) -> Response[str]:
    form = read_query(request, ShareForm)
    if (sent := form.value) is None:
        return await _desk(request, form)
    async with read() as db:
        found = await queries.shared(db, sent.reader, sent.file, sent.each)
    return page(request, "reviews/preview.html", asked=sent, found=found, given=found.given)


@post("/", name="reviews.assign")
async def assign(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, AssignForm)
    if (sent := form.value) is None:
        return await _desk(request, form)
    count = await actions.assign(actor, sent.reader, sent.file, sent.each, sent.fingerprint)
    said = ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count)
    return go_to(request, "/assignments", said=said % {"count": count})


@get("/{ref:str}", name="reviews.file")
async def file(request: Asked, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await queries.file_reviews(db, ref)
        readers = await queries.readers(db)
    return page(request, "reviews/file.html", file=found, readers=readers, states=STATES_FOR_REVIEWERS, State=State)


async def _review(request: Asked) -> str:
    """The reference that a button carries.

    Raises:
        NotFound: it carries none.
    """
    sent = (await read_form(request, ReviewRef)).value
    if sent is None:
        raise NotFound
    return sent.review


@post("/{ref:str}/unassign", name="reviews.unassign")
async def unassign(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.unassign(actor, ref, await _review(request))
    return go_to(request, f"/assignments/{ref}", said=_("The file was taken back from the reviewer."))


@post("/{ref:str}/reopen", name="reviews.reopen_for")
async def reopen(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    application = await reviewing.reopen(actor, await _review(request))
    said = _("The review is open again and does not count until it is finished.")
    return go_to(request, f"/assignments/{application}", said=said)


router = Router(
    "/assignments",
    route_handlers=[assignments, preview, assign, file, unassign, reopen],
    guards=[only(Role.STAFF)],
)
