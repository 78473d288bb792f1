"""Who is asking: one statement finds the person, the role and the session."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Membership, Person, Session
from internships.accounts.rules import Actor, Role
from internships.core import clock
from internships.core.db import Instant, one_or_none

ME: BindParameter[int] = bindparam("me")
MY_RESERVE: BindParameter[int] = bindparam("my_reserve")
NOW: BindParameter[datetime] = bindparam("now", type_=Instant())


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


_IS_LIVE = and_(Membership.starts_at <= NOW, or_(Membership.ends_at.is_(None), Membership.ends_at > NOW))

_ASKING = (
    select(
        Person.id, Membership.role, Membership.reserve_id, Membership.id, Session.id,
        Person.full_name, Person.called, Person.email, Person.locale, Person.zone, Person.theme,
        Session.seen_at, Session.idle_until, Session.ends_at,
    )
    .join(Membership, Membership.id == Session.membership_id)
    .join(Person, Person.id == Session.person_id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.idle_until > NOW,
        Session.ends_at > NOW,
        Person.disabled_at.is_(None),
        _IS_LIVE,
    )
)  # fmt: skip


async def asking(db: AsyncConnection, token_hash: str) -> Asking | None:
    """The live session behind a cookie; rights are computed now, from today's memberships."""
    return await one_or_none(Asking, db, _ASKING, {"token_hash": token_hash, "now": clock.now()})


class Held(Struct, frozen=True):
    """A membership that the person may switch to."""

    id: int
    role: Role
    reserve: str | None


def actor_of(found: Asking) -> Actor:
    """The actor that handlers and actions are given."""
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
    )
