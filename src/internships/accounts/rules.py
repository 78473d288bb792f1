"""Who people are here: a person in one role at a time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    APPLICANT = "applicant"
    HOST = "host"
    REVIEWER = "reviewer"
    STAFF = "staff"
    ADMIN = "admin"
    OBSERVER = "observer"
    CLOCK = "clock"
    """What happens by itself; the trace names the rule and who set it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one role, as found by the one statement that every request begins with."""

    person_id: int
    role: Role
    reserve_id: int | None = None
    membership_id: int = 0
    session_id: int = 0
    name: str = ""
    email: str = ""
    locale: str = "en"
    zone: str = "UTC"
    theme: str = "auto"

    @property
    def own(self) -> dict[str, Any]:
        """What `ME` and `MY_RESERVE` in a statement stand for."""
        return {"me": self.person_id, "my_reserve": self.reserve_id}


@dataclass(frozen=True, slots=True)
class Clock:
    """Who acts when nobody does."""

    person_id: None = None
    role: Role = Role.CLOCK


CLOCK = Clock()

INVITED = frozenset({Role.HOST, Role.REVIEWER, Role.STAFF, Role.ADMIN, Role.OBSERVER})
"""Roles that one is invited to; an applicant registers."""

MAY_INVITE = {
    Role.ADMIN: INVITED,
    Role.STAFF: frozenset({Role.HOST, Role.REVIEWER, Role.OBSERVER}),
}


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lives: without a request, and in all."""

    idle: timedelta
    in_all: timedelta


SESSIONS = {
    Role.APPLICANT: Lasting(timedelta(days=7), timedelta(days=30)),
    None: Lasting(timedelta(hours=2), timedelta(hours=12)),
}


def lasting(role: Role) -> Lasting:
    """Applicants: 7 days idle, 30 in all; everybody else: 2 hours idle, 12 in all."""
    return SESSIONS.get(role) or SESSIONS[None]


SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200


class Purpose(StrEnum):
    """What a one-time link is for; it works for nothing else."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    RESET = "reset"


LINK_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=14)
