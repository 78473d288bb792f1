"""Behind a link from a letter: a page first, and only its button acts."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts import queries
from internships.accounts.actions import links
from internships.accounts.forms import TOO_EASY, ConfirmForm, EnterForm, ResetForm
from internships.accounts.routes.entering import browser_of, welcome
from internships.accounts.rules import Purpose
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import lazy as _
from internships.core.ids import hashed
from internships.web.allow import anyone
from internships.web.client import address_of
from internships.web.forms import filled, read_form
from internships.web.pages import Asked, page, sent_back

FORMS = {Purpose.CONFIRM: ConfirmForm, Purpose.SIGN_IN: EnterForm, Purpose.RESET: ResetForm}


async def _opening(token: str) -> queries.Opening | None:
    async with read() as db:
        return await queries.opening(db, hashed(token))


def _too_late(request: Asked) -> Response[str]:
    return page(request, "accounts/link_gone.html", status=404)


@get("/link/{token:str}", name="accounts.link")
async def show(request: Asked, token: FromPath[str]) -> Response[str]:
    link = await _opening(token)
    if link is None:
        return _too_late(request)
    return page(request, f"accounts/link_{link.purpose}.html", link=link, token=token, form=filled(FORMS[link.purpose]))


@post("/link/{token:str}", name="accounts.use_link")
async def use(request: Asked, token: FromPath[str]) -> Response[str]:
    link = await _opening(token)
    if link is None:
        return _too_late(request)
    try:
        return await USES[link.purpose](request, token, link)
    except NotFound:
        return _too_late(request)


async def _enter(request: Asked, token: str, link: queries.Opening) -> Response[str]:
    sent = (await read_form(request, EnterForm)).value
    opened, back = await links.sign_in_by_link(token, browser_of(request), shared=bool(sent and sent.shared))
    return welcome(request, opened, back)


async def _confirm(request: Asked, token: str, link: queries.Opening) -> Response[str]:
    form = await read_form(request, ConfirmForm)
    if (
        (sent := form.value)
        and sent.password
        and await links.is_too_easy(token, address_of(request), sent.password, link.email, sent.full_name)
    ):
        form = form.refused("password", TOO_EASY)
    if (sent := form.value) is None:
        return sent_back(request, "accounts/link_confirm.html", form=form, link=link, token=token)
    opened, back = await links.confirm(token, browser_of(request), **sent.model_dump())
    return welcome(request, opened, back, said=_("Your account is ready. You are signed in."))


async def _reset(request: Asked, token: str, link: queries.Opening) -> Response[str]:
    form = await read_form(request, ResetForm)
    if (sent := form.value) and await links.is_too_easy(token, address_of(request), sent.password, link.email):
        form = form.refused("password", TOO_EASY)
    if (sent := form.value) is None:
        return sent_back(request, "accounts/link_reset.html", form=form, link=link, token=token)
    opened = await links.choose_password(token, browser_of(request), password=sent.password, shared=sent.shared)
    return welcome(request, opened, said=_("Your password has changed. You are signed in here and nowhere else."))


USES = {Purpose.SIGN_IN: _enter, Purpose.CONFIRM: _confirm, Purpose.RESET: _reset}
router = Router("/", route_handlers=[show, use], guards=[anyone])
