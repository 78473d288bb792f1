"""Who there is, for those who look after accounts: people, their memberships, and who was invited."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Integer, String, bindparam, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Invitation, Membership, Person
from internships.accounts.queries import IS_LIVE, NOW, RESERVE
from internships.accounts.rules import Role
from internships.core import clock
from internships.core.db import every, one, one_or_none
from internships.core.text import folded, literal

A_PAGE = 25


class Entry(Struct, frozen=True):
    """A line of the list of people."""

    id: int
    ref: str
    full_name: str
    folded_name: str
    email: str
    roles_joined: str | None
    is_disabled: bool

    @property
    def roles(self) -> list[Role]:
        """What they may work as now."""
        found = set((self.roles_joined or "").split(","))
        return [role for role in Role if role in found]


_ROLES = (
    select(func.aggregate_strings(cast(Membership.role, String), ","))
    .where(Membership.person_id == Person.id, IS_LIVE)
    .correlate(Person)
    .scalar_subquery()
)
_PLACE = tuple_(Person.folded_name, Person.id)
_AFTER = tuple_(bindparam("after_name", type_=String()), bindparam("after_id", type_=Integer()))
_PEOPLE = (
    select(Person.id, Person.ref, Person.full_name, Person.folded_name, Person.email, _ROLES, Person.disabled_at.is_not(None))
    .where(
        Person.confirmed_at.is_not(None),
        Person.folded_name.like(bindparam("pattern"), escape="\\"),
        _PLACE > _AFTER,
    )
    .order_by(Person.folded_name, Person.id)
    .limit(A_PAGE + 1)
)  # fmt: skip
_WITH_ROLE = _PEOPLE.where(
    Person.id.in_(
        select(Membership.person_id).where(Membership.role == bindparam("role", type_=Membership.role.type), IS_LIVE)
    )
)


async def people(
    db: AsyncConnection, *, search: str = "", role: Role | None = None, after: tuple[str, int] = ("", 0)
) -> list[Entry]:
    """People by name, one more than a page holds; searched in name, spelling and address."""
    bound = {"pattern": f"%{literal(folded(search))}%", "role": role, "now": clock.now()}
    asked = _WITH_ROLE if role else _PEOPLE
    return await every(Entry, db, asked, bound | {"after_name": after[0], "after_id": after[1]})


class PersonShown(Struct, frozen=True):
    """One person, as those who look after accounts see them."""

    id: int
    ref: str
    full_name: str
    called: str
    latin_name: str
    email: str
    locale: str
    created_at: datetime
    disabled_at: datetime | None


_PERSON = select(
    Person.id, Person.ref, Person.full_name, Person.called, Person.latin_name, Person.email, Person.locale,
    Person.created_at, Person.disabled_at,
).where(Person.ref == bindparam("ref"), Person.confirmed_at.is_not(None))  # fmt: skip


async def person(db: AsyncConnection, ref: str) -> PersonShown:
    """One person."""
    return await one(PersonShown, db, _PERSON, {"ref": ref})


class MembershipShown(Struct, frozen=True):
    """A membership, past or present."""

    id: int
    role: Role
    reserve: str | None
    starts_at: datetime
    ends_at: datetime | None
    is_live: bool


_MEMBERSHIPS = (
    select(Membership.id, Membership.role, RESERVE.c.name, Membership.starts_at, Membership.ends_at, IS_LIVE)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(RESERVE, RESERVE.c.id == Membership.reserve_id)
    .where(Person.ref == bindparam("ref"))
    .order_by(Membership.id)
)


async def memberships(db: AsyncConnection, ref: str) -> list[MembershipShown]:
    """What somebody works as, and did."""
    return await every(MembershipShown, db, _MEMBERSHIPS, {"ref": ref, "now": clock.now()})


class InvitationShown(Struct, frozen=True):
    """An invitation that was neither accepted nor taken back."""

    ref: str
    email: str
    role: Role
    reserve: str | None
    invited_by: str
    written_at: datetime
    ends_at: datetime
    is_too_old: bool


_INVITATION = (
    select(
        Invitation.ref, Invitation.email, Invitation.role, RESERVE.c.name, Person.full_name, Invitation.written_at,
        Invitation.ends_at, Invitation.ends_at <= NOW,
    )
    .join(Person, Person.id == Invitation.invited_by)
    .outerjoin(RESERVE, RESERVE.c.id == Invitation.reserve_id)
    .where(Invitation.closed_at.is_(None))
)  # fmt: skip
_INVITATIONS = _INVITATION.order_by(Invitation.id.desc()).limit(200)


async def invitations(db: AsyncConnection) -> list[InvitationShown]:
    """Who was invited and has not answered, the newest first."""
    return await every(InvitationShown, db, _INVITATIONS, {"now": clock.now()})


class Inviting(Struct, frozen=True):
    """An invitation as the invited see it."""

    email: str
    role: Role
    reserve: str | None
    has_account: bool


_INVITING = (
    select(Invitation.email, Invitation.role, RESERVE.c.name, Person.confirmed_at.is_not(None))
    .outerjoin(Person, Person.email == Invitation.email)
    .outerjoin(RESERVE, RESERVE.c.id == Invitation.reserve_id)
    .where(
        Invitation.token_hash == bindparam("token_hash"),
        Invitation.closed_at.is_(None),
        Invitation.ends_at > NOW,
        Person.disabled_at.is_(None),
    )
)


async def inviting(db: AsyncConnection, token_hash: str) -> Inviting | None:
    """What a link invites to, or None when it works no more."""
    return await one_or_none(Inviting, db, _INVITING, {"token_hash": token_hash, "now": clock.now()})


class ReserveName(Struct, frozen=True):
    id: int
    name: str


_RESERVES = select(RESERVE.c.id, RESERVE.c.name).order_by(RESERVE.c.folded_name, RESERVE.c.id)


async def reserves(db: AsyncConnection) -> list[ReserveName]:
    """Every reserve, to say whose host somebody becomes."""
    return await every(ReserveName, db, _RESERVES)
