"""The outbox for staff: letters with the time they leave, and those that nobody took."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts import letterbox
from internships.accounts.actions import letters as actions
from internships.accounts.forms import LettersFilter
from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import LETTER_STATES, LETTER_TAGS
from internships.core import clock
from internships.core.db import read
from internships.core.i18n import lazy as _
from internships.web.allow import only
from internships.web.forms import read_query
from internships.web.pages import Asked, go_to, page
from internships.web.signed import signed, unsigned

PLACE = "letters-before"


@get("/", name="accounts.letters")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    wanted = read_query(request, LettersFilter).value or LettersFilter()
    before = unsigned(PLACE, wanted.before) if wanted.before else None
    async with read() as db:
        found = await letterbox.letters(db, wanted.state, before or letterbox.LAST)
    shown = found[: letterbox.A_PAGE]
    return page(
        request,
        "accounts/letters.html",
        letters=shown,
        following=signed(PLACE, shown[-1].id) if len(found) > letterbox.A_PAGE else None,
        state=wanted.state,
        states=LETTER_STATES,
        now=clock.now(),
        zone=actor.zone,
    )


@get("/{ref:str}", name="accounts.letter")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        letter = await letterbox.letter(db, ref)
    subject, text = letter.read()
    return page(
        request,
        "accounts/letter.html",
        letter=letter,
        subject=subject,
        text=text,
        tag_words=LETTER_TAGS[letter.state],
        zone=actor.zone,
    )


@post("/{ref:str}/cancel", name="accounts.cancel_letter")
async def cancel(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.cancel(actor, ref)
    return go_to(request, f"/letters/{ref}", said=_("The letter stays here."))


@post("/{ref:str}/retry", name="accounts.retry_letter")
async def retry(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.retry(actor, ref)
    return go_to(request, f"/letters/{ref}", said=_("The letter is tried once more."))


router = Router("/letters", route_handlers=[index, show, cancel, retry], guards=[only(Role.STAFF, Role.ADMIN)])
