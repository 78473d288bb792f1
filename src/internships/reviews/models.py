"""What we keep of judgement: conflicts, reviews with their scores, and the hosts' ratings."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Referred, Versioned, one_of
from internships.reviews.rules import State


class Conflict(Base):
    """What a person said about ties to an applicant, before any content was shown."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("person_id", "application_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    has_tie: Mapped[bool] = mapped_column(Boolean)
    text: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime]


class Review(Referred, Versioned, Base):
    """One reviewer's view of one application; assigning writes it, finishing closes it."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        Index("ix_review_person", "person_id", "state"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.ASSIGNED)
    comment: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[float | None] = mapped_column(Float)
    """Weighted, 0 to 100; set when it is finished."""
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[datetime | None]


class Score(Base):
    """Points for one criterion."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("review_id", "criterion_id"), CheckConstraint("points >= 0", name="points"))

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[int] = mapped_column(Integer)


class Rating(Versioned, Base):
    """A host's judgement of one choice: a tier (ties allowed) or a refusal with its reason."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("choice_id"),
        CheckConstraint("tier BETWEEN 1 AND 9", name="tier"),
        CheckConstraint("tier IS NOT NULL OR reason <> ''", name="reason"),
    )

    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    tier: Mapped[int | None] = mapped_column(Integer)
    """1 is best; None: would not host."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Code of a listed reason, when the tier is None."""
    note: Mapped[str] = mapped_column(Text, default="")
    rated_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rated_at: Mapped[datetime]
