"""What time it is. One place, so that a test can move it and nobody makes a naive time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The date in a named zone."""
    return now().astimezone(ZoneInfo(zone)).date()


ZONES = frozenset(available_timezones())
