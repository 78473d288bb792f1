"""What every feature leaves behind: its trace, its letters, its jobs, and the one-time keys of forms."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Json, Referred, one_of


class LetterState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    DEAD = "dead"


class RequestKey(Base):
    """A form's one-time key that was used."""

    __tablename__ = "request_key"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime]


class History(Base):
    """One thing that was done. Rows are only ever added; the database refuses anything else (a trigger)."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_file", "file", "id"),
        Index("ix_history_subject", "subject", "id"),
        Index("ix_history_unsealed", "id", sqlite_where=text("seal IS NULL"), postgresql_where=text("seal IS NULL")),
    )

    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(64))
    """life.verb, such as application.submit."""
    subject: Mapped[str] = mapped_column(String(40))
    """The reference of what was moved."""
    file: Mapped[str | None] = mapped_column(String(10))
    """The application that it belongs to, when it belongs to one."""
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    seal: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 over the previous seal and this row, set once by the worker in the order of ids."""


class Letter(Referred, Base):
    """A mail that waits in the database, written in the same transaction as its cause."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "not_before"),
        Index("ix_letter_list", "state", "id"),
        Index("ix_letter_about", "about"),
    )

    kind: Mapped[str] = mapped_column(String(64))
    """The template: feature/name."""
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """Kind, object, version and recipient: the same letter can't be written twice."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    about: Mapped[str | None] = mapped_column(String(10))
    """The reference of the application or other thing that it is about."""
    cause: Mapped[str] = mapped_column(String(120), default="")
    """What wrote it, such as application.turn_away; taking that back cancels the letter."""
    context: Mapped[dict[str, Any]] = mapped_column(Json)
    written_at: Mapped[datetime]
    not_before: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(one_of(LetterState, "state"), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(Text, default="")
    """As it was sent."""
    body: Mapped[str] = mapped_column(Text, default="")


class Job(Referred, Base):
    """Something that the worker does later: now, at an hour, or when a deadline passes."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "run_at"),
        Index("ix_job_subject", "subject", "id"),
        Index(
            "uq_job_key_live",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(160))
    """At most one waiting job has it."""
    subject: Mapped[str | None] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(Text, default="")
    """The rule behind it, in words, for the page of what will happen by itself."""
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[JobState] = mapped_column(one_of(JobState, "state"), default=JobState.WAITING)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(Integer, default=0)
    """In percent."""
    outcome: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
