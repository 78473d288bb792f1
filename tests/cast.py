"""The people of the tests: Amina applies, Tomás hosts, Ravi reviews, Ingrid is staff."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.types import ASGIApp
from sqlalchemy import select

from internships import worker
from internships.accounts.models import Membership, Person, Session
from internships.accounts.rules import Actor, Role, lasting
from internships.core import clock
from internships.core.ids import hashed, new_token
from internships.core.models import Letter
from internships.core.text import folded
from internships.core.writing import Transaction, write
from internships.reserves.models import Reserve
from tests.databases import Databases
from tests.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Known:
    """A person in a role: who they are to an action, and the cookie that signs them in."""

    actor: Actor
    ref: str
    session: str


NewPerson = Callable[..., Awaitable[Known]]
NewReserve = Callable[..., Awaitable[Reserve]]
SignedIn = Callable[[Known], Awaitable[Visitor]]
LetterTo = Callable[[str], Awaitable[Letter | None]]


async def _person(tx: Transaction, role: Role, name: str, reserve_id: int | None, **more: Any) -> Known:
    now, token = clock.now(), new_token()
    email = more.pop("email", f"{folded(name).replace(' ', '.')}@example.org")
    person = Person(
        email=email, full_name=name, folded_name=folded(f"{name} {email}"), created_at=now, confirmed_at=now, **more
    )
    tx.add(person)
    await tx.flush()
    membership = Membership(person_id=person.id, role=role, reserve_id=reserve_id, starts_at=now)
    tx.add(membership)
    await tx.flush()
    session = Session(
        token_hash=hashed(token),
        person_id=person.id,
        membership_id=membership.id,
        created_at=now,
        seen_at=now,
        idle_until=now + lasting(role).idle,
        ends_at=now + lasting(role).in_all,
    )
    tx.add(session)
    await tx.flush()
    actor = Actor(person.id, role, reserve_id, membership.id, session.id, name, email, person.locale, person.zone)
    return Known(actor, person.ref, token)


@pytest.fixture
def new_person(database: Databases) -> NewPerson:
    """A person in a role: `await new_person(Role.HOST, "Tomás Quispe", reserve_id=reserve.id)`."""

    async def make(role: Role, name: str = "Somebody Else", *, reserve_id: int | None = None, **more: Any) -> Known:
        async with write() as tx:
            return await _person(tx, role, name, reserve_id, **more)

    return make


@pytest.fixture
def new_reserve(database: Databases) -> NewReserve:
    """A reserve: `await new_reserve(name="Ubuntu Valley")`; its slug follows from its name."""

    async def make(name: str = "Condor Heights", **more: Any) -> Reserve:
        given: dict[str, Any] = {
            "slug": folded(name).replace(" ", "-"),
            "folded_name": folded(name),
            "country": "PE",
            "countries": ["PE"],
            "kind": "national",
            "region": "Latin America and the Caribbean",
            "precision": "unknown",
            "local_languages": ["es", "qu"],
            "working_languages": ["es", "en"],
            "unverified": [],
        }
        async with write() as tx:
            reserve = Reserve(name=name, **given | more)
            tx.add(reserve)
        return reserve

    return make


@pytest.fixture
async def signed_in(app: ASGIApp) -> AsyncIterator[SignedIn]:
    """The browser of a known person: `somebody = await signed_in(person)`."""
    async with AsyncExitStack() as open_ones:

        async def enter(person: Known) -> Visitor:
            return await open_ones.enter_async_context(Visitor(app, session=person.session))

        yield enter


@pytest.fixture
def letter_to(database: Databases) -> LetterTo:
    """The newest letter to an address, once the worker has done all that is due: `await letter_to("a@example.org")`."""

    async def find(address: str) -> Letter | None:
        while await worker.once():
            pass
        newest = select(Letter).where(Letter.address == address).order_by(Letter.id.desc()).limit(1)
        async with write() as tx:
            return (await tx.scalars(newest)).one_or_none()

    return find


@pytest.fixture
async def reserve(new_reserve: NewReserve) -> Reserve:
    """Where Tomás works."""
    return await new_reserve()


@pytest.fixture
async def amina(new_person: NewPerson) -> Known:
    return await new_person(Role.APPLICANT, "Amina Okello")


@pytest.fixture
async def tomas(new_person: NewPerson, reserve: Reserve) -> Known:
    return await new_person(Role.HOST, "Tomás Quispe", reserve_id=reserve.id)


@pytest.fixture
async def ravi(new_person: NewPerson) -> Known:
    return await new_person(Role.REVIEWER, "Ravi Thapa")


@pytest.fixture
async def ingrid(new_person: NewPerson) -> Known:
    return await new_person(Role.STAFF, "Ingrid Solberg")


@pytest.fixture
async def as_amina(signed_in: SignedIn, amina: Known) -> Visitor:
    return await signed_in(amina)


@pytest.fixture
async def as_tomas(signed_in: SignedIn, tomas: Known) -> Visitor:
    return await signed_in(tomas)


@pytest.fixture
async def as_ravi(signed_in: SignedIn, ravi: Known) -> Visitor:
    return await signed_in(ravi)


@pytest.fixture
async def as_ingrid(signed_in: SignedIn, ingrid: Known) -> Visitor:
    return await signed_in(ingrid)
