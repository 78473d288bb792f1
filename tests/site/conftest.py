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
from tests.site.things import people
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
Sessions = dict[str, Signed]
NewSessions = Callable[[Phase], Awaitable[Sessions]]
NewSite = Callable[[Phase], Awaitable[Everybody]]


async def sessions() -> Sessions:
    """Everybody with a name of their own, and those whom `things.people` knows by what happened to them."""
    now, found = clock.now(), {}
    until = {"seen_at": now, "idle_until": now.replace(year=2099), "ends_at": now.replace(year=2099)}
    by_account = select(Person.email, Person.id).where(Person.email.in_([f"{name}@example.org" for name in NAMES]))
    async with read() as db:
        named = {email.partition("@")[0]: person_id for email, person_id in await db.execute(by_account)}
    known = named | await people()
    held = select(Membership.person_id, Membership.id).where(Membership.person_id.in_(known.values()))
    async with write() as tx:
        memberships = dict((await tx.execute(held)).all())
        for name, person_id in known.items():
            found[name] = Signed(token := new_token())
            kept = {"person_id": person_id, "membership_id": memberships[person_id], "created_at": now}
            tx.add(Session(token_hash=hashed(token), **kept, **until))
    return found


@pytest.fixture
def new_sessions(database: Databases) -> NewSessions:
    """Thirty sample people in a phase of the call, with a session for each who has a name."""

    async def make(phase: Phase) -> Sessions:
        await fill(written(7, 30, phase, clock.now(), "!"), lambda _done, _of: None)
        if phase not in {Phase.OPEN, Phase.REVIEW}:
            await decide(7, phase, lambda _done, _of: None)
        known = await sessions()
        assert set(NAMES) <= set(known)
        return known

    return make


@pytest.fixture
def new_site(new_sessions: NewSessions, signed_in: SignedIn, visitor: Visitor) -> NewSite:
    """The same, with a browser for each named account; `nobody` has not signed in."""

    async def make(phase: Phase) -> Everybody:
        known = await new_sessions(phase)
        everybody = {name: await signed_in(known[name]) for name in NAMES}  # type: ignore[arg-type]
        return {"nobody": visitor, **everybody}

    return make
