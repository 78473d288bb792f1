"""What we keep of a call: dates, rules, criteria, reasons and the sealed lottery."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Json, Referred, Versioned, one_of
from internships.cycles.rules import ReasonKind, State

Texts = dict[str, Any]
"""One text in several languages, by code."""


class Cycle(Referred, Versioned, Base):
    """One yearly call with its own rules. Dates are instants in UTC, shown in the call's zone and the reader's."""

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="dates"),
        CheckConstraint("choices_max BETWEEN 1 AND 20", name="choices"),
        CheckConstraint("min_reviews >= 0", name="reviews"),
    )

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    """In addresses: 2027."""
    name: Mapped[Texts] = mapped_column(Json)
    summary: Mapped[Texts] = mapped_column(Json)
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.DRAFT)
    zone: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    rate_by: Mapped[datetime]
    """By when reviewers have scored and hosts have rated."""
    results_on: Mapped[date] = mapped_column(Date)
    starts_on: Mapped[date] = mapped_column(Date)
    age_min: Mapped[int | None] = mapped_column(Integer)
    age_max: Mapped[int | None] = mapped_column(Integer)
    age_on: Mapped[date | None] = mapped_column(Date)
    min_isced_level: Mapped[int | None] = mapped_column(Integer)
    languages: Mapped[list[Any]] = mapped_column(Json)
    """[["en", "B1"], …]: any one of them is enough."""
    nationalities: Mapped[list[Any] | None] = mapped_column(Json)
    documents: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """[["cv", required, most files], …]: what applicants are asked to give; a new call asks for none."""
    choices_max: Mapped[int] = mapped_column(Integer, default=3)
    answer_days: Mapped[int] = mapped_column(Integer, default=14)
    completion_days: Mapped[int] = mapped_column(Integer, default=7)
    undo_minutes: Mapped[int] = mapped_column(Integer, default=10)
    min_reviews: Mapped[int] = mapped_column(Integer, default=2)
    blind: Mapped[bool] = mapped_column(default=False)
    """Reviewers see a reference instead of a name."""
    needs_second_approval: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(254), default="")
    lottery_seal: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the lottery text, published before the deadline."""
    lottery_text: Mapped[str | None] = mapped_column(Text)
    """Secret until the run opens it."""
    lottery_sealed_at: Mapped[datetime | None]
    lottery_opened_at: Mapped[datetime | None]


class Criterion(Base):
    """What reviewers score, with its weight and anchors in words."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("cycle_id", "code"), CheckConstraint("weight > 0", name="weight"))

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    code: Mapped[str] = mapped_column(String(40))
    place: Mapped[int] = mapped_column(Integer)
    label: Mapped[Texts] = mapped_column(Json)
    weight: Mapped[int] = mapped_column(Integer)
    """In percent; those of a call add up to 100."""
    scale_max: Mapped[int] = mapped_column(Integer, default=5)
    anchors: Mapped[dict[str, Any]] = mapped_column(Json)
    """{"low": {"en": …}, "mid": …, "high": …}"""


class Reason(Base):
    """A listed reason, so that people in the same position read the same words."""

    __tablename__ = "reason"
    __table_args__ = (UniqueConstraint("cycle_id", "kind", "code"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    kind: Mapped[ReasonKind] = mapped_column(one_of(ReasonKind, "kind"))
    code: Mapped[str] = mapped_column(String(40))
    place: Mapped[int] = mapped_column(Integer)
    label: Mapped[Texts] = mapped_column(Json)
