"""What we keep of a match: its rules, its runs with frozen inputs, and a verdict for each choice."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Id, Json, Referred, Versioned, one_of
from internships.matching.life import ContestState, State


class MatchRun(Referred, Versioned, Base):
    """One run: inputs as one document with its hash, the lottery, the result, the proof, and who approved."""

    __tablename__ = "match_run"
    __table_args__ = (
        Index("ix_match_run_list", "cycle_id", "id"),
        # The database itself keeps that one call has one approved run, and one run at work at a time.
        Index(
            "uq_match_run_approved",
            "cycle_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
        Index(
            "uq_match_run_working",
            "cycle_id",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        CheckConstraint("state <> 'approved' OR approved_by IS NOT NULL", name="named_approval"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.QUEUED)
    inputs: Mapped[str | None] = mapped_column(Text)
    """The whole market as JSON text, exactly as it was hashed."""
    inputs_sha256: Mapped[str | None] = mapped_column(String(64))
    lottery: Mapped[str] = mapped_column(Text, default="")
    rule_version: Mapped[str] = mapped_column(String(40), default="")
    improvement: Mapped[str] = mapped_column(String(40), default="")
    """Which what-if improvement was adopted knowingly; empty for the match itself."""
    result: Mapped[str | None] = mapped_column(Text)
    """The outcome as JSON text."""
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    summary: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Counts for lists: placed, unplaced, by rank of choice, violations, blocking."""
    failure: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    first_approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first_approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]


class Verdict(Base):
    """What a run says of one choice, with the certificate that makes it checkable."""

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("run_id", "choice_id"),
        # The application and the position are those of the choice: one key instead of three says so, and costs a third.
        ForeignKeyConstraint(
            ["choice_id", "application_id", "position_id"], ["choice.id", "choice.application_id", "choice.position_id"]
        ),
        Index("ix_verdict_application", "run_id", "application_id"),
        Index("ix_verdict_position", "run_id", "position_id", "place"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id"))
    application_id: Mapped[int] = mapped_column(Id)
    choice_id: Mapped[int] = mapped_column(Id)
    position_id: Mapped[int] = mapped_column(Id)
    rank: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    """The certificate's public numbers."""
    place: Mapped[int | None] = mapped_column(Integer)
    """Standing at the position in the order of the run, from 1; None when not ranked there."""


class MatchLock(Base):
    """A pair that staff fixed before the run, with the reason."""

    __tablename__ = "match_lock"
    __table_args__ = (UniqueConstraint("cycle_id", "application_id"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class MatchBar(Base):
    """A pair that staff ruled out, with the reason."""

    __tablename__ = "match_bar"
    __table_args__ = (UniqueConstraint("application_id", "position_id"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class MatchLimit(Referred, Versioned, Base):
    """A ceiling over several positions, such as a country or a fund; limits nest or are apart, never cross."""

    __tablename__ = "match_limit"
    __table_args__ = (UniqueConstraint("cycle_id", "name"), CheckConstraint("seats >= 0", name="seats"))

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    name: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int] = mapped_column(Integer)
    over: Mapped[list[Any]] = mapped_column(Json)
    """References of the positions."""


class MatchReserve(Referred, Versioned, Base):
    """Seats of a position kept for a group first, such as local youth."""

    __tablename__ = "match_reserve"
    __table_args__ = (UniqueConstraint("position_id", "name"), CheckConstraint("seats >= 1", name="seats"))

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    name: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int] = mapped_column(Integer)
    countries: Mapped[list[Any]] = mapped_column(Json)
    """Whoever lives in one of these belongs to the group."""
    open_first: Mapped[bool] = mapped_column(default=False)
    """Whether open seats are filled before the reserved ones; published with the rules."""


class Team(Referred, Base):
    """Two people who would go together or not at all, and why staff wrote them down as a team."""

    __tablename__ = "match_team"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class TeamMember(Base):
    """One of the two; the database itself keeps that nobody is in two teams, and that a team has no third."""

    __tablename__ = "match_team_member"
    __table_args__ = (
        UniqueConstraint("application_id"),
        UniqueConstraint("team_id", "side"),
        CheckConstraint("side IN (1, 2)", name="two"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("match_team.id"))
    side: Mapped[int] = mapped_column(Integer)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))


class Contest(Referred, Versioned, Base):
    """A person asked for somebody to look again; answered with a reason."""

    __tablename__ = "contest"
    __table_args__ = (
        Index("ix_contest_application", "application_id"),
        CheckConstraint("state <> 'answered' OR answer <> ''", name="answered"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    state: Mapped[ContestState] = mapped_column(one_of(ContestState, "state"), default=ContestState.ASKED)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    changed: Mapped[bool] = mapped_column(default=False)
    """Whether looking again changed the answer."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
