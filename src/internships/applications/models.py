"""What we keep of an application: the file, its ranked choices, and what the person told us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from internships.applications.documents import DocumentKind, DocumentState
from internships.applications.rules import ChoiceState, ExperienceKind, State
from internships.core.db import Base, Json, Referred, Versioned, one_of
from internships.core.files.kinds import Because, Media
from internships.cycles.rules import Level


class Application(Referred, Versioned, Base):
    """One person's file for one call."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("person_id", "cycle_id"),
        Index("ix_application_queue", "cycle_id", "state", "submitted_at", "id"),
        Index("ix_application_name", "cycle_id", "folded_name", "id"),
        Index("ix_application_sent", "cycle_id", "submitted_at", "id"),
        Index("ix_application_born", "cycle_id", "born_on", "nationality"),
        CheckConstraint("state IN ('draft', 'lapsed') OR submitted_at IS NOT NULL", name="submitted"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.DRAFT)
    folded_name: Mapped[str] = mapped_column(String(500))
    born_on: Mapped[date | None] = mapped_column(Date)
    nationality: Mapped[str | None] = mapped_column(String(2))
    residence: Mapped[str | None] = mapped_column(String(2))
    town: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    """As typed."""
    isced_level: Mapped[int | None] = mapped_column(Integer)
    """The highest level finished or under way, from the studies."""
    motivation: Mapped[str] = mapped_column(Text, default="")
    motivation_language: Mapped[str] = mapped_column(String(16), default="")
    use_after: Mapped[str] = mapped_column(Text, default="")
    """What it would be used for, in the reserve and at home."""
    no_experience: Mapped[bool] = mapped_column(Boolean, default=False)
    """The person said that there is none; a finished section."""
    done: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Sections that the person has marked as finished."""
    begun: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    """Pages that were left half done, by section or section/reference, and what was typed there."""
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    """When eligibility was decided, or completion asked for: from then on the undo runs."""
    completion_until: Mapped[datetime | None]
    asked: Mapped[bool] = mapped_column(Boolean, default=False)
    """Completion may be asked for once."""
    reasons: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Codes of the listed reasons of the last decision."""
    reason_text: Mapped[str] = mapped_column(Text, default="")
    """Words to the person, added by staff."""
    review_count: Mapped[int] = mapped_column(Integer, default=0)
    review_mean: Mapped[float | None] = mapped_column(Float)
    """Weighted, 0 to 100."""
    review_spread: Mapped[float | None] = mapped_column(Float)
    """Highest minus lowest."""


class Choice(Referred, Versioned, Base):
    """A position that the person would take, its rank and why; with a life of its own."""

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("application_id", "position_id"),
        UniqueConstraint("application_id", "rank"),
        CheckConstraint("rank >= 1", name="rank"),
        Index("ix_choice_position", "position_id", "state"),
        Index("uq_choice_whole", "id", "application_id", "position_id", unique=True),  # what a verdict refers to
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    rank: Mapped[int] = mapped_column(Integer)
    motivation: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ChoiceState] = mapped_column(one_of(ChoiceState, "state"), default=ChoiceState.WAITING)


class Study(Referred, Base):
    """A degree, finished or under way."""

    __tablename__ = "study"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    institution: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(200))
    isced_level: Mapped[int] = mapped_column(Integer)
    isced_field: Mapped[str] = mapped_column(String(4))
    from_year: Mapped[int] = mapped_column(Integer)
    to_year: Mapped[int | None] = mapped_column(Integer)
    """Finished or expected."""
    finished: Mapped[bool] = mapped_column(Boolean)


class LanguageSkill(Referred, Base):
    """A language at a level, as the person judges it."""

    __tablename__ = "language_skill"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    code: Mapped[str] = mapped_column(String(16))
    level: Mapped[Level] = mapped_column(one_of(Level, "level"))


class Experience(Referred, Base):
    """Something done before: work, volunteering, research, community life."""

    __tablename__ = "experience"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[ExperienceKind] = mapped_column(one_of(ExperienceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    from_year: Mapped[int] = mapped_column(Integer)
    to_year: Mapped[int | None] = mapped_column(Integer)
    """None: still going on."""
    text: Mapped[str] = mapped_column(Text, default="")


class Document(Referred, Base):
    """A file that the person gave: what we know of it; its content is in the store."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (because IS NOT NULL)", name="because"),
        Index("ix_document_unchecked", "state", "given_at"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(one_of(DocumentKind, "kind"))
    name: Mapped[str] = mapped_column(String(120))
    """As it was given, made safe to be shown; it is never a path."""
    media: Mapped[Media] = mapped_column(one_of(Media, "media"))
    given_size: Mapped[int] = mapped_column(Integer)
    given_sha256: Mapped[str] = mapped_column(String(64))
    """Of what was sent: the same file sent twice is kept once."""
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """Where it is in the store; once it is clean, that is the cleaned one."""
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[DocumentState] = mapped_column(one_of(DocumentState, "state"), default=DocumentState.RECEIVED)
    because: Mapped[Because | None] = mapped_column(one_of(Because, "reason"))
    """Why it was refused."""
    given_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
