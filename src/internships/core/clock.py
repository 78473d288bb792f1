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
UNKNOWN_ZONE = "UTC"
"""The zone of somebody who has not chosen one: their times are shown in UTC, and called so."""
UTC_ITSELF = "Etc/UTC"
"""The zone of somebody who means UTC."""


def is_chosen(zone: str | None) -> bool:
    """Whether a person's zone is known, so that a page may call a time theirs."""
    return bool(zone) and zone != UNKNOWN_ZONE
