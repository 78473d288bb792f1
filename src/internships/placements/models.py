"""What we keep of offers, placements and waiting lists; the database itself keeps one live offer a person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from internships.core.db import Base, Referred, Versioned, one_of
from internships.placements.rules import OfferState, PlacementState, WaitingState

_LIVE_OFFER = text("state IN ('issued', 'accepted')")
_LIVE_PLACEMENT = text("state NOT IN ('ended_early', 'cancelled')")


class Offer(Referred, Versioned, Base):
    """A seat offered to a person until an instant."""

    __tablename__ = "offer"
    __table_args__ = (
        Index(
            "uq_offer_live",
            "cycle_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE_OFFER,
            postgresql_where=_LIVE_OFFER,
        ),
        Index("ix_offer_position", "position_id", "state"),
        Index("ix_offer_application", "application_id"),
        Index("ix_offer_person", "person_id", "cycle_id"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id"))
    wave: Mapped[int] = mapped_column(Integer, default=1)
    """1 for the approval itself; more for the waiting list."""
    state: Mapped[OfferState] = mapped_column(one_of(OfferState, "state"), default=OfferState.ISSUED)
    issued_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(40), default="")
    reason_text: Mapped[str] = mapped_column(Text, default="")


class Placement(Referred, Versioned, Base):
    """The confirmed stay of one intern at one host."""

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_live",
            "cycle_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE_PLACEMENT,
            postgresql_where=_LIVE_PLACEMENT,
        ),
        Index("ix_placement_position", "position_id", "state"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), unique=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    state: Mapped[PlacementState] = mapped_column(one_of(PlacementState, "state"), default=PlacementState.PLANNED)
    confirmed_at: Mapped[datetime]


class Waiting(Base):
    """Somebody's place on a position's waiting list, in the order of the approved run."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("choice_id"), Index("ix_waiting_next", "position_id", "state", "place"))

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    place: Mapped[int] = mapped_column(Integer)
    state: Mapped[WaitingState] = mapped_column(one_of(WaitingState, "state"), default=WaitingState.WAITING)
