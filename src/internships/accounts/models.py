"""What we keep of people: who they are, in which roles, and how they are signed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from internships.accounts.rules import Purpose, Role
from internships.core import clock
from internships.core.db import Base, Json, Referred, Versioned, one_of


class Person(Referred, Versioned, Base):
    """A person: one full name, and how to address them."""

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case, its domain in IDNA; the key that people are known by."""
    confirmed_at: Mapped[datetime | None]
    full_name: Mapped[str] = mapped_column(String(200))
    called: Mapped[str] = mapped_column(String(100), default="")
    """How to address them; empty when the full name does."""
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    """Spelling in Latin letters, when the full name is in another script."""
    folded_name: Mapped[str] = mapped_column(String(500), index=True)
    """Name, spelling and address folded, for search and order."""
    locale: Mapped[str] = mapped_column(String(16), default="en")
    zone: Mapped[str] = mapped_column(String(64), default=clock.UNKNOWN_ZONE)
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    password: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None for people who sign in by link only."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Membership(Base):
    """A person in a role, from one day to another."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_person", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    reserve_id: Mapped[int | None] = mapped_column(ForeignKey("reserve.id"), index=True)
    """Whose host they are; None for every other role."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Session(Base):
    """Somebody signed in on a device; a new row at every sign-in, role change and password change."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class OneTimeLink(Base):
    """A link in a mail: only its hash, one use, one purpose, one hour."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose, "purpose"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Unsent(Base):
    """What somebody sent when their session had ended: kept for them alone, until they have signed in again."""

    __tablename__ = "unsent"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    """Where it was sent to, without the language."""
    fields: Mapped[dict[str, Any]]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Invitation(Referred, Base):
    """Somebody asked to join in a role."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_open",
            "email",
            "scope",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    reserve_id: Mapped[int | None] = mapped_column(ForeignKey("reserve.id"))
    scope: Mapped[str] = mapped_column(String(48))
    """Role and reserve as one text, so that the same invitation can't be open twice: host:12, staff."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    locale: Mapped[str] = mapped_column(String(16))
    invited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When it was accepted or taken back."""


class Throttle(Base):
    """How often something was tried in a window of time, shared by all processes."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("key", "window"),)

    key: Mapped[str] = mapped_column(String(160))
    window: Mapped[int] = mapped_column(Integer)
    """The number of the window since 1970."""
    count: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(index=True)
