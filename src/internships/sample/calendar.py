"""When things happen in the sample call: everything hangs on its deadline, and a phase says how long ago that was."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Phase(StrEnum):
    """How far the sample call has come."""

    OPEN = "open"
    REVIEW = "review"
    MATCHING = "matching"
    OFFERS = "offers"
    PLACED = "placed"

    @property
    def has_match(self) -> bool:
        return self in {Phase.OFFERS, Phase.PLACED}


DAYS_AFTER_THE_DEADLINE: Final = {
    Phase.OPEN: -9,
    Phase.REVIEW: 20,
    Phase.MATCHING: 50,
    Phase.OFFERS: 52,
    Phase.PLACED: 52,
}


class Calendar(Struct, frozen=True):
    """The dates of the sample call."""

    now: datetime
    closes: datetime
    is_open: bool
    """Then files are checked and read as they come, so that everybody finds something to do."""

    @classmethod
    def of(cls, phase: Phase, now: datetime) -> "Calendar":
        """The deadline is the end of a day anywhere on Earth, which is noon of the next day in UTC."""
        last_day = (now - timedelta(days=DAYS_AFTER_THE_DEADLINE[phase])).date()
        noon = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC) + timedelta(days=1)
        return cls(now.replace(microsecond=0), noon - timedelta(minutes=1), phase is Phase.OPEN)

    def after(self, days: float) -> datetime:
        """So many days after the deadline."""
        return (self.closes + timedelta(days=days)).replace(microsecond=0)

    def day(self, days: float) -> date:
        return self.after(days).date()

    def is_past(self, at: datetime) -> bool:
        return at <= self.now

    @property
    def opens(self) -> datetime:
        return self.after(-60)

    @property
    def year(self) -> int:
        """The year in which the placements of this call begin."""
        return self.day(STARTS).year


PREPARED: Final = -110
HOSTS_INVITED: Final = -100
POSITIONS_SENT: Final = (-95.0, -80.0)
POSITIONS_APPROVED: Final = -75
ANNOUNCED: Final = -70
LOTTERY_SEALED: Final = -5
SELECTING: Final = 1
SCREENED: Final = (1.0, 12.0)
SCREENED_LATE: Final = (14.0, 23.0)
ASSIGNED: Final = 0.5
REVIEWED: Final = (2.0, 14.0)
SHORTLISTED: Final = (3.0, 16.0)
RATED: Final = (1.0, 8.0)
RATE_BY: Final = 48
RESULTS: Final = 75
STARTS: Final = 110
"""In days after the deadline; the three before RATE_BY count from the step before them."""
