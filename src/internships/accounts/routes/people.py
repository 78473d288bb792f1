"""Who there is: searching people, one person with their memberships, and ending what they may do."""

from litestar import Response, Router, get, post
from litestar.params import FromPath

from internships.accounts import directory
from internships.accounts.actions import people as actions
from internships.accounts.forms import PeopleFilter
from internships.accounts.rules import Role, may_disable, may_end
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import ROLES
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.i18n import lazy as _
from internships.web.allow import only
from internships.web.forms import read_query
from internships.web.pages import Asked, go_to, page
from internships.web.signed import signed, unsigned

PLACE = "people-after"
HELD = [role for role in Role if role != Role.CLOCK]


@get("/", name="accounts.people")
async def index(request: Asked) -> Response[str]:
    wanted = read_query(request, PeopleFilter).value or PeopleFilter()
    carried = unsigned(PLACE, wanted.after) if wanted.after else None
    after = (carried[0], carried[1]) if carried else ("", 0)
    async with read() as db:
        found = await directory.people(db, search=wanted.q, role=wanted.role, after=after)
    shown = found[: directory.A_PAGE]
    following = signed(PLACE, [shown[-1].folded_name, shown[-1].id]) if len(found) > directory.A_PAGE else None
    return page(
        request,
        "accounts/people.html",
        part="list",
        people=shown,
        following=following,
        wanted=wanted,
        roles=ROLES,
        held=HELD,
    )


@get("/{ref:str}", name="accounts.person")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        person = await directory.person(db, ref)
        memberships = await directory.memberships(db, ref)
    endable = {held.id for held in memberships if held.is_live and may_end(actor, person.id, held.role)}
    return page(
        request,
        "accounts/person.html",
        person=person,
        memberships=memberships,
        endable=endable,
        may_disable=may_disable(actor, person.id),
        roles=ROLES,
        zone=actor.zone,
    )


@get("/{ref:str}/memberships/{membership:int}/end", name="accounts.end_membership")
async def ask_to_end(request: Asked, ref: FromPath[str], membership: FromPath[int]) -> Response[str]:
    async with read() as db:
        person = await directory.person(db, ref)
        memberships = await directory.memberships(db, ref)
    held = next((each for each in memberships if each.id == membership and each.is_live), None)
    if held is None:
        raise NotFound
    return page(request, "accounts/end_membership.html", person=person, held=held, roles=ROLES)


@post("/{ref:str}/memberships/{membership:int}/end", name="accounts.membership_ended")
async def end(request: Asked, actor: SignedIn, ref: FromPath[str], membership: FromPath[int]) -> Response[str]:
    await actions.end_membership(actor, ref, membership)
    return go_to(request, f"/people/{ref}", said=_("The membership has ended, and they are signed out."))


@post("/{ref:str}/disable", name="accounts.disable", guards=[only(Role.ADMIN)])
async def disable(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.disable(actor, ref)
    return go_to(request, f"/people/{ref}", said=_("The account is switched off, and they are signed out."))


@post("/{ref:str}/enable", name="accounts.enable", guards=[only(Role.ADMIN)])
async def enable(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    await actions.enable(actor, ref)
    return go_to(request, f"/people/{ref}", said=_("The account works again."))


router = Router(
    "/people",
    route_handlers=[index, show, ask_to_end, end, disable, enable],
    guards=[only(Role.STAFF, Role.ADMIN)],
)
