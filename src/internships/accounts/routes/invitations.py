"""Inviting hosts, reviewers and staff, and the page where they accept."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts import directory
from internships.accounts.actions import invitations as actions
from internships.accounts.actions.links import is_too_easy
from internships.accounts.forms import ALREADY_INVITED, TOO_EASY, InviteForm, JoinForm
from internships.accounts.routes.entering import browser_of, sealed, welcome
from internships.accounts.rules import MAY_INVITE, Actor, Role
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import INVITED_AS, ROLES
from internships.core.db import read
from internships.core.faults import NotFound, NotSignedIn, Refused
from internships.core.i18n import LANGUAGES, speaking
from internships.core.i18n import lazy as _
from internships.core.ids import hashed
from internships.web.allow import anyone, only
from internships.web.client import address_of
from internships.web.forms import Filled, filled, read_form
from internships.web.pages import Asked, go_to, page, sent_back


async def _shown(request: Asked, actor: Actor, form: Filled[InviteForm] | None = None) -> Response[str]:
    async with read() as db:
        invitations = await directory.invitations(db)
        reserves = await directory.reserves(db)
    offered = [role for role in Role if role in MAY_INVITE[actor.role]]
    return (sent_back if form else page)(
        request,
        "accounts/invitations.html",
        form=form or filled(InviteForm, locale=speaking()),
        invitations=invitations,
        mine={each.ref for each in invitations if each.role in offered},
        reserves=[("", _("No reserve")), *((each.id, each.name) for each in reserves)],
        offered=[(role.value, ROLES[role]) for role in offered],
        roles=ROLES,
        languages=list(LANGUAGES.items()),
        zone=actor.zone,
    )


@get("/", name="accounts.invitations")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    return await _shown(request, actor)


@post("/", name="accounts.invite")
async def invite(request: Asked, actor: SignedIn) -> Response[str]:
    form = await read_form(request, InviteForm)
    if (sent := form.value) is None:
        return await _shown(request, actor, form)
    whom = {"email": sent.email, "locale": sent.locale}
    try:
        await actions.invite(actor, role=sent.role, reserve_id=sent.reserve, address=address_of(request), **whom)
    except Refused:
        return await _shown(request, actor, form.refused("email", ALREADY_INVITED))
    return go_to(request, "/invitations", said=_("The invitation is on its way to %(email)s.") % {"email": sent.email})


@post("/{ref:str}/take-back", name="accounts.take_invitation_back")
async def take_back(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.take_back(actor, ref)
    return go_to(request, "/invitations", said=_("The invitation is taken back."))


@post("/{ref:str}/send-again", name="accounts.send_invitation_again")
async def send_again(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.send_again(actor, ref, address_of(request))
    return go_to(request, "/invitations", said=_("A new letter is on its way; the link before works no more."))


async def _inviting(token: str) -> directory.Inviting | None:
    async with read() as db:
        return await directory.inviting(db, hashed(token))


@get("/{token:str}", name="accounts.invitation")
async def show(request: Asked, token: FromPath[str]) -> Response[str]:
    return await _answered(request, token, filled(JoinForm))


@post("/{token:str}", name="accounts.answer_invitation")
async def answer(request: Asked, token: FromPath[str]) -> Response[str]:
    """Accept: as who one is, or as somebody new, with a name and a password."""
    invitation, actor = await _inviting(token), request.scope["state"]["actor"]
    if invitation is None:
        return _gone(request)
    said = _("Welcome. You have joined.")
    if actor is not None and actor.email == invitation.email:
        return welcome(request, await actions.accept(actor, token, browser_of(request)), said=said)
    if invitation.has_account or actor is not None:
        raise NotSignedIn
    form = await read_form(request, JoinForm)
    about = invitation.email, form.value.full_name if form.value else ""
    if form.value and await is_too_easy(token, address_of(request), form.value.password, *about):
        form = form.refused("password", TOO_EASY)
    if (sent := form.value) is None:
        return await _answered(request, token, form)
    try:
        return welcome(request, await actions.join(token, browser_of(request), **sent.model_dump()), said=said)
    except NotFound:
        return _gone(request)


def _gone(request: Asked) -> Response[str]:
    return page(request, "accounts/invitation_gone.html", status=404)


async def _answered(request: Asked, token: str, form: Filled[JoinForm]) -> Response[str]:
    invitation = await _inviting(token)
    if invitation is None:
        return _gone(request)
    return (sent_back if form.errors else page)(
        request,
        "accounts/invitation.html",
        form=form,
        token=token,
        invitation=invitation,
        about=INVITED_AS[invitation.role] % {"reserve": invitation.reserve},
        actor=request.scope["state"]["actor"],
        back=sealed(f"/invitation/{token}"),
    )


router = Router(
    "/invitations", route_handlers=[index, invite, take_back, send_again], guards=[only(Role.STAFF, Role.ADMIN)]
)
invited = Router("/invitation", route_handlers=[show, answer], guards=[anyone])
