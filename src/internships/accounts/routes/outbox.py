"""Every letter with its text and its HTML, to read and click: mounted in development only."""

from litestar import Response, Router, get
from litestar.params import FromPath

from internships.accounts import letterbox
from internships.accounts.words import LETTER_TAGS
from internships.core import render
from internships.core.db import read
from internships.core.i18n import direction
from internships.web.allow import anyone
from internships.web.pages import Asked, page


@get("/", name="accounts.outbox")
async def index(request: Asked) -> Response[str]:
    async with read() as db:
        letters = await letterbox.newest(db)
    return page(request, "accounts/outbox.html", letters=letters, states=LETTER_TAGS)


@get("/{ref:str}", name="accounts.outbox_letter")
async def show(request: Asked, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        letter = await letterbox.letter(db, ref)
    subject, text = letter.read(with_secret=True)
    parts = {"subject": subject, "text": text, "html": render.html_of(text), "direction": direction(letter.locale)}
    return page(request, "accounts/outbox_letter.html", letter=letter, parts=parts)


router = Router("/dev/outbox", route_handlers=[index, show], guards=[anyone])
