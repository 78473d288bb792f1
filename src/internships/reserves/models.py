"""What we keep of host reserves and of the positions that they offer."""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Json, Referred, Versioned, one_of
from internships.cycles.rules import Level
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, State, Travel


class Reserve(Referred, Versioned, Base):
    """A mountain biosphere reserve. What is empty is unknown."""

    __tablename__ = "reserve"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_local: Mapped[str] = mapped_column(String(300), default="")
    folded_name: Mapped[str] = mapped_column(String(600), index=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    countries: Mapped[list[Any]] = mapped_column(Json)
    kind: Mapped[str] = mapped_column(String(32))
    region: Mapped[str] = mapped_column(String(64), index=True)
    """One of the five UNESCO regions, by its English name."""
    mab_network: Mapped[str] = mapped_column(String(64), default="")
    designated: Mapped[int | None] = mapped_column(Integer)
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    precision: Mapped[str] = mapped_column(String(32))
    """How exact the point is: unesco_point, bbox_midpoint, whs_point, third_party_point, town_proxy or unknown."""
    area_ha: Mapped[float | None] = mapped_column(Float)
    elevation_min: Mapped[int | None] = mapped_column(Integer)
    elevation_max: Mapped[int | None] = mapped_column(Integer)
    local_languages: Mapped[list[Any]] = mapped_column(Json)
    working_languages: Mapped[list[Any]] = mapped_column(Json)
    theme: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(400), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    unverified: Mapped[list[Any]] = mapped_column(Json)
    """Columns taken from general knowledge; shown as unverified."""
    licence: Mapped[str] = mapped_column(Text, default="")


class Position(Referred, Versioned, Base):
    """What a host offers in a call. `held` counts the seats taken by live offers and placements."""

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("cycle_id", "slug"),
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint("min_seats BETWEEN 0 AND seats", name="min_seats"),
        CheckConstraint("held BETWEEN 0 AND seats", name="held"),
        Index("ix_position_list", "cycle_id", "state", "folded_title", "id"),
    )

    slug: Mapped[str] = mapped_column(String(80))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    reserve_id: Mapped[int] = mapped_column(ForeignKey("reserve.id"), index=True)
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.DRAFT)
    folded_title: Mapped[str] = mapped_column(String(300))
    theme: Mapped[str] = mapped_column(String(64))
    seats: Mapped[int] = mapped_column(Integer)
    min_seats: Mapped[int] = mapped_column(Integer, default=0)
    held: Mapped[int] = mapped_column(Integer, default=0)
    season_start: Mapped[str] = mapped_column(String(5))
    """MM-DD in any year; a season may cross New Year."""
    season_end: Mapped[str] = mapped_column(String(5))
    weeks_min: Mapped[int] = mapped_column(Integer)
    weeks_max: Mapped[int] = mapped_column(Integer)
    hours_per_week: Mapped[int] = mapped_column(Integer)
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "mode"))
    field_level: Mapped[FieldLevel] = mapped_column(one_of(FieldLevel, "field_level"))
    max_altitude: Mapped[int | None] = mapped_column(Integer)
    accommodation: Mapped[Accommodation] = mapped_column(one_of(Accommodation, "accommodation"))
    stipend: Mapped[int | None] = mapped_column(Integer)
    """A month."""
    currency: Mapped[str] = mapped_column(String(3), default="")
    travel: Mapped[Travel] = mapped_column(one_of(Travel, "travel"))
    driving_licence: Mapped[bool] = mapped_column(Boolean)
    with_minors: Mapped[bool] = mapped_column(Boolean)
    host_type: Mapped[str] = mapped_column(String(120), default="")
    isced_fields: Mapped[list[Any]] = mapped_column(Json)
    min_isced_level: Mapped[int | None] = mapped_column(Integer)
    sdgs: Mapped[list[Any]] = mapped_column(Json)
    illustrative: Mapped[bool] = mapped_column(Boolean, default=False)
    disclaimer: Mapped[str] = mapped_column(Text, default="")


class PositionText(Base):
    """A position's words in one language."""

    __tablename__ = "position_text"
    __table_args__ = (UniqueConstraint("position_id", "language"),)

    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    language: Mapped[str] = mapped_column(String(16))
    origin: Mapped[Origin] = mapped_column(one_of(Origin, "origin"))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    tasks: Mapped[list[Any]] = mapped_column(Json)
    outcomes: Mapped[list[Any]] = mapped_column(Json)


class PositionLanguage(Base):
    """A language that a position requires, or would like."""

    __tablename__ = "position_language"
    __table_args__ = (UniqueConstraint("position_id", "code"),)

    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    code: Mapped[str] = mapped_column(String(16))
    level: Mapped[Level] = mapped_column(one_of(Level, "level"))
    required: Mapped[bool] = mapped_column(Boolean)
