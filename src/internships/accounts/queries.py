"""Who is asking: one statement finds the person, the role and the session."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import BindParameter, and_, bindparam, column, func, or_, select, table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from internships.accounts.models import Membership, OneTimeLink, Person, Session, Unsent
from internships.accounts.rules import Actor, Held, Purpose, Role
from internships.core import clock
from internships.core.db import Instant, every, one, one_or_none
from internships.core.ids import hashed

ME: BindParameter[int] = bindparam("me")
MY_RESERVE: BindParameter[int] = bindparam("my_reserve")
NOW: BindParameter[datetime] = bindparam("now", type_=Instant())

# Reserves belong to a later part; of them, people need the name alone.
RESERVE = table("reserve", column("id"), column("name"), column("folded_name"))


class Asking(Struct, frozen=True):
    """A live session with its person and role."""

    person_id: int
    role: Role
    reserve_id: int | None
    membership_id: int
    session_id: int
    name: str
    called: str
    email: str
    locale: str
    zone: str
    theme: str
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    memberships: int


IS_LIVE = and_(Membership.starts_at <= NOW, or_(Membership.ends_at.is_(None), Membership.ends_at > NOW))

_held = aliased(Membership)
_HOW_MANY = (
    select(func.count())
    .where(_held.person_id == Person.id, _held.starts_at <= NOW, or_(_held.ends_at.is_(None), _held.ends_at > NOW))
    .correlate(Person)
    .scalar_subquery()
)

_ASKING = (
    select(
        Person.id, Membership.role, Membership.reserve_id, Membership.id, Session.id,
        Person.full_name, Person.called, Person.email, Person.locale, Person.zone, Person.theme,
        Session.seen_at, Session.idle_until, Session.ends_at, _HOW_MANY,
    )
    .join(Membership, Membership.id == Session.membership_id)
    .join(Person, Person.id == Session.person_id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.idle_until > NOW,
        Session.ends_at > NOW,
        Person.disabled_at.is_(None),
        IS_LIVE,
    )
)  # fmt: skip


async def asking(db: AsyncConnection, token_hash: str) -> Asking | None:
    """The live session behind a cookie; rights are computed now, from today's memberships."""
    return await one_or_none(Asking, db, _ASKING, {"token_hash": token_hash, "now": clock.now()})


_HELD = (
    select(Membership.id, Membership.role, RESERVE.c.name)
    .outerjoin(RESERVE, RESERVE.c.id == Membership.reserve_id)
    .where(Membership.person_id == ME, IS_LIVE)
    .order_by(Membership.id)
)


async def memberships(db: AsyncConnection, person_id: int) -> list[Held]:
    """What a person may work as."""
    found = await db.execute(_HELD, {"me": person_id, "now": clock.now()})
    return [Held(*row) for row in found.fetchall()]


async def actor_of(db: AsyncConnection, found: Asking) -> Actor:
    """The actor that handlers and actions are given; whoever has one membership costs no second statement."""
    held = await memberships(db, found.person_id) if found.memberships > 1 else []
    return Actor(
        person_id=found.person_id,
        role=found.role,
        reserve_id=found.reserve_id,
        membership_id=found.membership_id,
        session_id=found.session_id,
        name=found.called or found.name,
        email=found.email,
        locale=found.locale,
        zone=found.zone,
        theme=found.theme,
        others=tuple(each for each in held if each.id != found.membership_id),
    )


class Credentials(Struct, frozen=True):
    """What signing in needs to know of a person; their newest membership is where they start."""

    person_id: int
    ref: str
    password: str | None
    membership_id: int
    role: Role


_CREDENTIALS = (
    select(Person.id, Person.ref, Person.password, Membership.id, Membership.role)
    .join(Membership, Membership.person_id == Person.id)
    .where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None), IS_LIVE)
    .order_by(Membership.starts_at.desc(), Membership.id.desc())
    .limit(1)
)
_CREDENTIALS_BY_EMAIL = _CREDENTIALS.where(Person.email == bindparam("email"))
_CREDENTIALS_BY_ID = _CREDENTIALS.where(Person.id == ME)


async def credentials(db: AsyncConnection, email: str) -> Credentials | None:
    """Somebody who may sign in, by their address."""
    return await one_or_none(Credentials, db, _CREDENTIALS_BY_EMAIL, {"email": email, "now": clock.now()})


async def credentials_of(db: AsyncConnection | AsyncSession, person_id: int) -> Credentials | None:
    """Somebody who may sign in, by their number."""
    row = (await db.execute(_CREDENTIALS_BY_ID, {"me": person_id, "now": clock.now()})).first()
    return Credentials(*row) if row else None


class Opening(Struct, frozen=True):
    """A link from a letter that still works."""

    purpose: Purpose
    email: str
    has_name: bool


_OPENING = (
    select(OneTimeLink.purpose, Person.email, Person.full_name != "")
    .join(Person, Person.id == OneTimeLink.person_id)
    .where(
        OneTimeLink.token_hash == bindparam("token_hash"),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.ends_at > NOW,
        Person.disabled_at.is_(None),
    )
)


async def opening(db: AsyncConnection, token_hash: str) -> Opening | None:
    """What a link is for, or None when it was used, is too old or never was."""
    return await one_or_none(Opening, db, _OPENING, {"token_hash": token_hash, "now": clock.now()})


class Typed(Struct, frozen=True):
    """A form that was sent when the session had ended."""

    path: str
    fields: dict[str, list[str]]


_UNSENT = select(Unsent.path, Unsent.fields).where(
    Unsent.token_hash == bindparam("token_hash"), Unsent.person_id == ME, Unsent.ends_at > NOW
)


async def unsent(db: AsyncConnection, actor: Actor, token: str) -> Typed | None:
    """What the actor sent themselves; nobody else's, whoever has the address."""
    return await one_or_none(Typed, db, _UNSENT, {"token_hash": hashed(token), "now": clock.now(), **actor.own})


class Account(Struct, frozen=True):
    """What a person sees and changes of themselves."""

    version: int
    email: str
    full_name: str
    called: str
    latin_name: str
    locale: str
    zone: str
    theme: str
    has_password: bool


_ACCOUNT = select(
    Person.version, Person.email, Person.full_name, Person.called, Person.latin_name, Person.locale, Person.zone,
    Person.theme, Person.password.is_not(None),
).where(Person.id == ME)  # fmt: skip


async def account(db: AsyncConnection, actor: Actor) -> Account:
    """One's own account."""
    return await one(Account, db, _ACCOUNT, actor.own)


class Device(Struct, frozen=True):
    """Where somebody is signed in."""

    id: int
    device: str
    role: Role
    created_at: datetime
    seen_at: datetime


_DEVICES = (
    select(Session.id, Session.device, Membership.role, Session.created_at, Session.seen_at)
    .join(Membership, Membership.id == Session.membership_id)
    .where(Session.person_id == ME, Session.idle_until > NOW, Session.ends_at > NOW)
    .order_by(Session.seen_at.desc(), Session.id.desc())
    .limit(50)
)


async def devices(db: AsyncConnection, actor: Actor) -> list[Device]:
    """Where one is signed in, the latest first."""
    return await every(Device, db, _DEVICES, actor.own | {"now": clock.now()})
