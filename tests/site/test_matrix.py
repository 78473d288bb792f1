"""Every route as every role: who may not, is told so; whoever may, never meets an error of ours."""

import re

import pytest
from sqlalchemy import select

from internships.accounts.models import Invitation, Person
from internships.app import create_site
from internships.applications.models import Application, Choice
from internships.core.db import read
from internships.core.models import Letter
from internships.cycles.models import Cycle
from internships.matching.models import MatchRun
from internships.placements.models import Offer, Placement
from internships.reserves.models import Position, Reserve
from internships.reviews.models import Review
from internships.sample.calendar import Phase
from internships.web.allow import listed
from tests.site.conftest import NAMES, Everybody, NewSite

ROLES = {
    "applicant-a": "applicant", "applicant-b": "applicant", "host-a": "host", "host-b": "host",
    "reviewer-a": "reviewer", "reviewer-b": "reviewer", "staff-a": "staff", "staff-b": "staff", "admin": "admin",
    "observer": "observer",
}  # fmt: skip
ABOUT = {
    "positions": ("position",), "reserves": ("slug",), "calls": ("call",), "people": ("person",),
    "reviews": ("review",), "host": ("position", "choice"), "matching": ("run",), "places": ("position",),
    "letters": ("letter",), "assignments": ("application", "review"), "invitations": ("invitation",),
}  # fmt: skip
PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
OUT_OF_THE_WALK = {"/sign-out", "/switch"}
"""They end the session that the walk needs; they have tests of their own."""


async def _things() -> tuple[dict[str, str], dict[str, str]]:
    """One real thing of each kind, and what some parameters always mean."""
    async with read() as db:

        async def first(column: object) -> str:
            return str(await db.scalar(select(column).limit(1)) or "ZZZZZZZZZZ")  # type: ignore[call-overload]

        # Somebody may be disabled on this walk: nobody of those who go on walking.
        walkers = [f"{name}@example.org" for name in NAMES]
        bystander = select(Person.ref).where(Person.email.not_in(walkers)).order_by(Person.id).limit(1)
        real = {
            "position": await first(Position.ref), "application": await first(Application.ref),
            "choice": await first(Choice.ref), "run": await first(MatchRun.ref), "review": await first(Review.ref),
            "person": str(await db.scalar(bystander)), "slug": await first(Reserve.slug), "call": await first(Cycle.slug),
            "letter": await first(Letter.ref), "offer": await first(Offer.ref), "placement": await first(Placement.ref),
            "invitation": await first(Invitation.ref),
        }  # fmt: skip
    by_name = {"offer_ref": real["offer"], "placement_ref": real["placement"], "application": real["application"]}
    by_name |= {"position": real["position"], "other": real["run"]}
    return real, by_name


def _addresses(path: str, real: dict[str, str], by_name: dict[str, str]) -> list[str]:
    """The address with real things of the kinds that it is about, with one that does not exist, and with nonsense."""
    kinds = ABOUT.get(path.split("/")[1], ("application",))
    walks = [{**by_name, "*": real[kind]} for kind in kinds] + [{"*": "ZZZZZZZZZZ"}, {"*": "..%2F%00"}]

    def value(found: re.Match[str], values: dict[str, str]) -> str:
        return "999999" if found.group(2) == "int" else values.get(found.group(1), values["*"])

    return list(dict.fromkeys(PARAMETER.sub(lambda found, v=values: value(found, v), path) for values in walks))


def _routes() -> list[dict[str, object]]:
    return [entry for entry in listed(create_site()) if entry["path"] not in OUT_OF_THE_WALK]


async def _walk(site: Everybody, headers: dict[str, str]) -> list[str]:
    wrong = []
    real, by_name = await _things()
    for entry in _routes():
        method, path, allow = str(entry["method"]), str(entry["path"]), set(entry["allow"])  # type: ignore[call-overload]
        addresses = _addresses(path, real, by_name)
        for who, browser in site.items():
            may = bool(allow & {"anyone", ROLES.get(who, ""), "signed in" if who != "nobody" else ""})
            # Who may not is stopped before the address is looked at: one is enough.
            for address in addresses if may else addresses[:1]:
                data = {"version": "1", "nonsense": "x"} if method == "POST" else None
                status = (await browser.request(method, address, headers=headers, data=data)).status_code
                stopped = status in ({303, 401} if who == "nobody" else {403})
                if status >= 500 or (not may and not stopped) or (may and status in {401, 403}):
                    wrong.append(f"{who}: {method} {address} -> {status}")
    return wrong


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.OFFERS])
async def test_every_route_as_every_role(new_site: NewSite, phase):
    site = await new_site(phase)

    wrong = await _walk(site, {})

    assert not wrong, "\n".join(wrong)


async def test_every_route_as_every_role_for_htmx(new_site: NewSite, htmx):
    site = await new_site(Phase.REVIEW)

    wrong = await _walk(site, htmx)

    assert not wrong, "\n".join(wrong)


def test_all_named_accounts_have_a_role():
    assert set(ROLES) == set(NAMES)
