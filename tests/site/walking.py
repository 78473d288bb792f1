"""Addresses of real things, for tests that go through every route of the site."""

import re

from sqlalchemy import case, select

from internships.accounts.models import Membership, Person
from internships.applications.models import Application, Choice, Document, Experience, LanguageSkill, Study
from internships.applications.rules import State
from internships.core.db import read
from internships.core.models import Letter
from internships.cycles.models import Cycle
from internships.matching.models import MatchRun
from internships.placements.models import Offer, Placement
from internships.reserves.models import Position, Reserve
from internships.reviews.models import Review
from tests.site.test_matrix import ABOUT, PARAMETER, ROLES

Things = dict[str, list[str]]
IN_A_FILE = {
    "choices": Choice, "studies": Study, "languages": LanguageSkill, "experience": Experience, "documents": Document,
}  # fmt: skip
MASKED = re.compile(r'"[\w-]{80,}=*(?:\.[^"]*)?"|name="once" value="[^"]*"')
"""Tokens are new on every page."""


async def things() -> Things:
    """References of each kind: first those that a named account has something to do with, then others."""
    named = Person.email.in_([f"{name}@example.org" for name in ROLES])
    by_owner = {
        "application": select(Application.ref).join(Person, Person.id == Application.person_id),
        "review": select(Review.ref).join(Person, Person.id == Review.person_id),
        "person": select(Person.ref),
        "letter": select(Letter.ref).join(Person, Person.id == Letter.person_id),
        "offer": select(Offer.ref).join(Person, Person.id == Offer.person_id),
    }
    by_owner |= {
        section: select(kind.ref)
        .join(Application, Application.id == kind.application_id)
        .join(Person, Person.id == Application.person_id)
        for section, kind in IN_A_FILE.items()
    }
    hosts = select(Membership.reserve_id).join(Person, Person.id == Membership.person_id).where(named)
    hosted = case((Position.reserve_id.in_(hosts), Position.reserve_id % 2), else_=2)
    wished = select(Choice.ref).join(Application, Application.id == Choice.application_id)
    wished = wished.join(Position, Position.id == Choice.position_id).where(Application.state == State.ELIGIBLE)
    asked = {kind: statement.order_by(case((named, 0), else_=1)).limit(4) for kind, statement in by_owner.items()} | {
        "position": select(Position.ref).order_by(hosted).limit(4),
        "choice": wished.order_by(hosted, Choice.id).limit(12),
        "slug": select(Reserve.slug).limit(1),
        "call": select(Cycle.slug).limit(1),
        "run": select(MatchRun.ref).limit(1),
        "placement": select(Placement.ref).limit(1),
    }
    async with read() as db:
        return {kind: list(await db.scalars(statement)) for kind, statement in asked.items()}


def addresses(path: str, known: Things) -> list[str]:
    """The address of a route with each real thing that it may be about."""
    if not PARAMETER.search(path):
        return [path]
    _, first, second, *_rest = f"{path}/".split("/")
    kinds = (second,) if first == "application" else ABOUT.get(first, ("application",))
    return [_filled(path, thing, known) for kind in kinds for thing in known.get(kind) or ["ZZZZZZZZZZ"]]


def _filled(path: str, thing: str, known: Things) -> str:
    beside = {"position": "position", "application": "application", "offer_ref": "offer", "placement_ref": "placement"}
    beside |= {"document": "documents"}
    values = {name: known[kind][0] for name, kind in beside.items() if known[kind]}

    def value(found: re.Match[str]) -> str:
        return "1" if found[2] == "int" else thing if found[1] == "ref" else values.get(found[1], thing)

    return PARAMETER.sub(value, path)
