"""Signing in and out, and working in another role."""

from litestar import Response, Router, get, post

from internships.accounts.actions import sessions, signing_in
from internships.accounts.forms import NOT_IT, EmailForm, SignInForm, SwitchForm
from internships.accounts.routes.entering import browser_of, goodbye, way_back, welcome
from internships.accounts.rules import Purpose, likely_meant
from internships.accounts.signed_in import SignedIn
from internships.core.faults import NotFound
from internships.core.i18n import speaking
from internships.web.allow import anyone, signed_in
from internships.web.client import address_of
from internships.web.forms import filled, read_form
from internships.web.pages import Asked, page, sent_back


@get("/sign-in", name="accounts.sign_in")
async def show(request: Asked) -> Response[str]:
    form = filled(SignInForm, next=request.query_params.get("next", ""))
    return page(request, "accounts/sign_in.html", form=form)


@post("/sign-in", name="accounts.enter")
async def enter(request: Asked) -> Response[str]:
    form = await read_form(request, SignInForm)
    if (sent := form.value) is None:
        return sent_back(request, "accounts/sign_in.html", form=form)
    opened = await signing_in.sign_in(sent.email, sent.password, browser_of(request), shared=sent.shared)
    if opened is None:
        return sent_back(request, "accounts/sign_in.html", form=form.refused("password", NOT_IT))
    return welcome(request, opened, way_back(sent.next))


async def _write_link(request: Asked, purpose: Purpose, template: str) -> Response[str]:
    """The page that asks for an address; afterwards the same words for everybody."""
    form = await read_form(request, EmailForm)
    if (sent := form.value) is None:
        return sent_back(request, template, form=form)
    back = way_back(sent.next)
    await signing_in.ask_for_link(purpose, sent.email, address_of(request), speaking(), back)
    meant = likely_meant(sent.email)
    return page(request, "accounts/written.html", email=sent.email, purpose=purpose, meant=meant, next=sent.next)


def _asking(request: Asked, template: str) -> Response[str]:
    return page(request, template, form=filled(EmailForm, next=request.query_params.get("next", "")))


@get("/sign-in/link", name="accounts.link_wanted")
async def link_wanted(request: Asked) -> Response[str]:
    return _asking(request, "accounts/link_wanted.html")


@post("/sign-in/link", name="accounts.write_link")
async def write_link(request: Asked) -> Response[str]:
    return await _write_link(request, Purpose.SIGN_IN, "accounts/link_wanted.html")


@get("/register", name="accounts.register")
async def register(request: Asked) -> Response[str]:
    return _asking(request, "accounts/register.html")


@post("/register", name="accounts.write_registration")
async def write_registration(request: Asked) -> Response[str]:
    return await _write_link(request, Purpose.CONFIRM, "accounts/register.html")


@get("/reset", name="accounts.reset")
async def reset(request: Asked) -> Response[str]:
    return _asking(request, "accounts/reset.html")


@post("/reset", name="accounts.write_reset")
async def write_reset(request: Asked) -> Response[str]:
    return await _write_link(request, Purpose.RESET, "accounts/reset.html")


@post("/sign-out", name="accounts.sign_out", guards=[signed_in])
async def sign_out(request: Asked, actor: SignedIn) -> Response[str]:
    await sessions.sign_out(actor)
    return goodbye(request)


@post("/switch", name="accounts.switch", guards=[signed_in])
async def switch(request: Asked, actor: SignedIn) -> Response[str]:
    sent = (await read_form(request, SwitchForm)).value
    if sent is None:
        raise NotFound
    return welcome(request, await sessions.switch(actor, sent.membership, browser_of(request)))


router = Router(
    "/",
    route_handlers=[
        show, enter, link_wanted, write_link, register, write_registration, reset, write_reset, sign_out, switch,
    ],
    guards=[anyone],
)  # fmt: skip
