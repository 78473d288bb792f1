"""The whole site on sample people: every role twice, the second one the stranger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from internships.accounts.models import Membership, Person, Session
from internships.core import clock
from internships.core.db import read
from internships.core.ids import hashed, new_token
from internships.core.writing import write
from internships.sample.actions.deciding import decide
from internships.sample.actions.filling import fill, written
from internships.sample.calendar import Phase
from tests.cast import SignedIn
from tests.databases import Databases
from tests.visitor import Visitor

NAMES = (
    "applicant-a", "applicant-b", "host-a", "host-b", "reviewer-a", "reviewer-b", "staff-a", "staff-b", "admin",
    "observer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """Enough for a browser."""

    session: str


Everybody = dict[str, Visitor]
NewSite = Callable[[Phase], Awaitable[Everybody]]


async def sessions() -> dict[str, Signed]:
    """Every named account, signed in."""
    now, found = clock.now(), {}
    asked = select(Person.id, Person.email, Membership.id).join(Membership, Membership.person_id == Person.id)
    async with read() as db:
        people = (await db.execute(asked.where(Person.email.in_([f"{name}@example.org" for name in NAMES])))).all()
    async with write() as tx:
        for person_id, email, membership_id in people:
            token = new_token()
            until = {"seen_at": now, "idle_until": now.replace(year=2099), "ends_at": now.replace(year=2099)}
            kept = {"person_id": person_id, "membership_id": membership_id, "created_at": now}
            tx.add(Session(token_hash=hashed(token), **kept, **until))
            found[email.partition("@")[0]] = Signed(token)
    return found


@pytest.fixture
def new_site(database: Databases, signed_in: SignedIn, visitor: Visitor) -> NewSite:
    """Thirty sample people in a phase of the call, and a browser for each named account; `nobody` has not signed in."""

    async def make(phase: Phase) -> Everybody:
        await fill(written(7, 30, phase, clock.now(), "!"), lambda _done, _of: None)
        if phase not in {Phase.OPEN, Phase.REVIEW}:
            await decide(7, phase, lambda _done, _of: None)
        known = await sessions()
        assert set(known) == set(NAMES)
        everybody = {name: await signed_in(who) for name, who in known.items()}  # type: ignore[arg-type]
        return {"nobody": visitor, **everybody}

    return make
