"""One's own account: names, language, time zone, looks, password, and where one is signed in."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts import passwords, queries
from internships.accounts.actions import account as actions
from internships.accounts.actions import links, sessions
from internships.accounts.forms import TOO_EASY, AccountForm, PasswordForm
from internships.accounts.routes.entering import browser_of, welcome
from internships.accounts.rules import SHORTEST_PASSWORD, needs_latin
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import ROLES, THEMES
from internships.core import clock
from internships.core.db import read
from internships.core.faults import Stale
from internships.core.i18n import LANGUAGES, Lazy, in_language, speaking
from internships.core.i18n import lazy as _
from internships.web import conflict
from internships.web.allow import signed_in
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, cookie, go_to, page, sent_back

OFFERED_ZONES = sorted(zone for zone in clock.ZONES if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))


def _zone_of(request: Asked, account: queries.Account) -> str:
    """What stands in the field: the person's zone; while it is unknown, the one that a link suggests."""
    suggested = request.query_params.get("zone", "")
    return account.zone if clock.is_chosen(account.zone) else suggested if suggested in OFFERED_ZONES else ""


async def _shown(request: Asked, actor: SignedIn, form: Filled[AccountForm] | None = None) -> Response[str]:
    async with read() as db:
        account = await queries.account(db, actor)
        devices = await queries.devices(db, actor)
    answer = sent_back if form else page
    form = form or filled(AccountForm, account, zone=_zone_of(request, account))
    return answer(
        request,
        "accounts/account.html",
        account=account,
        devices=devices,
        form=form,
        actor=actor,
        roles=ROLES,
        languages=list(LANGUAGES.items()),
        themes=list(THEMES.items()),
        zones=OFFERED_ZONES,
        latin=needs_latin(form.typed("full_name")) or bool(form.typed("latin_name")),
    )


SAVED: dict[str, Lazy] = {
    "full_name": _("Full name, as in your passport"),
    "called": _("What should we call you?"),
    "latin_name": _("Spelling in Latin letters"),
    "locale": _("Language"),
    "zone": _("Time zone"),
    "theme": _("Looks"),
}
OPTIONS: dict[str, conflict.Options] = {
    "locale": lambda *_: list(LANGUAGES.items()),
    "theme": lambda *_: list(THEMES.items()),
}


async def _both(request: Asked, actor: SignedIn) -> Response[str]:
    """Another window saved the account first: both are shown."""
    async with read() as db:
        account = await queries.account(db, actor)
    saved = {name: str(getattr(account, name)) for name in SAVED}
    here = f"/{speaking()}/account"
    return conflict.show_both(request, saved, version=account.version, here=here, labels=SAVED, options=OPTIONS)


@get("/", name="accounts.account")
async def show(request: Asked, actor: SignedIn) -> Response[str]:
    return await _shown(request, actor)


@post("/", name="accounts.save")
async def save(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, AccountForm)
    if (sent := form.value) is None:
        return await _shown(request, actor, form)
    try:
        await actions.save(actor, **sent.model_dump())
    except Stale:
        return await _both(request, actor)
    with in_language(sent.locale):
        response = go_to(request, "/account", said=_("Saved."))
    response.cookies.append(cookie("language", sent.locale, max_age=31_536_000))
    return response


@get("/password", name="accounts.password")
async def password(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        account = await queries.account(db, actor)
    return page(request, "accounts/password.html", account=account, form=filled(PasswordForm), least=SHORTEST_PASSWORD)


@post("/password", name="accounts.change_password")
async def change_password(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, PasswordForm)
    if sent := form.value:
        browser = browser_of(request)
        try:
            opened = await links.change_password(actor, browser, current=sent.current, new=sent.password)
        except passwords.TooEasy:
            form = form.refused("password", TOO_EASY)
        else:
            if opened:
                said = _("Your password has changed. You are signed in here and nowhere else.")
                return welcome(request, opened, "/account", said=said)
            form = form.refused("current", _("This is not your current password."))
    async with read() as db:
        account = await queries.account(db, actor)
    return sent_back(request, "accounts/password.html", account=account, form=form, least=SHORTEST_PASSWORD)


@post("/sessions/{session:int}/end", name="accounts.end_session")
async def end_session(request: Asked, actor: SignedIn, session: FromPath[int]) -> Response[str]:
    await sessions.end_one(actor, session)
    return go_to(request, "/account", said=_("That device is signed out."))


@post("/sessions/end", name="accounts.end_sessions")
async def end_sessions(request: Asked, actor: SignedIn) -> Response[str]:
    await sessions.end_others(actor)
    return go_to(request, "/account", said=_("You are signed in here and nowhere else."))


router = Router(
    "/account",
    route_handlers=[show, save, password, change_password, end_session, end_sessions],
    guards=[signed_in],
)
