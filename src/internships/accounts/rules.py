"""Who people are here: a person in one role at a time."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from internships.core import clock
from internships.core.text import without_nul

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


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
class Held:
    """A membership that a person may work in."""

    id: int
    role: Role
    reserve: str | None = None


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
    zone: str = clock.UNKNOWN_ZONE
    theme: str = "auto"
    others: tuple[Held, ...] = ()
    """The other memberships, which the header offers to switch to."""

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


def may_invite(role: Role, invited: Role) -> bool:
    """Whether a person in one role may invite to another."""
    return invited in MAY_INVITE.get(role, ())


def may_end(actor: Actor, person_id: int, role: Role) -> bool:
    """Whether somebody's membership may be ended: those one may invite to, and for admins every one, but never one's own."""
    return person_id != actor.person_id and (actor.role == Role.ADMIN or may_invite(actor.role, role))


def may_disable(actor: Actor, person_id: int) -> bool:
    """Whether a whole account may be switched off: by admins, but not their own."""
    return actor.role == Role.ADMIN and person_id != actor.person_id


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lives: without a request, and in all."""

    idle: timedelta
    in_all: timedelta


SESSIONS = {
    Role.APPLICANT: Lasting(timedelta(days=7), timedelta(days=30)),
    None: Lasting(timedelta(hours=2), timedelta(hours=12)),
}


ON_A_SHARED_DEVICE = timedelta(hours=12)
TOUCHED_EVERY = timedelta(minutes=5)


def lasting(role: Role) -> Lasting:
    """Applicants: 7 days idle, 30 in all; everybody else: 2 hours idle, 12 in all."""
    return SESSIONS.get(role) or SESSIONS[None]


SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried in a span of time: for one account, from one address, and by everybody."""

    name: str
    per: timedelta
    account: int
    address: int
    overall: int


# One address may be a whole university; everybody together must still be able to come in the last hour of a call.
SIGNING_IN = Limit("sign-in", timedelta(minutes=5), account=10, address=100, overall=6000)
WRITING_LINKS = Limit("link", timedelta(hours=6), account=3, address=100, overall=20_000)
REGISTERING = Limit("register", timedelta(hours=6), account=3, address=100, overall=20_000)
RESETTING = Limit("reset", timedelta(days=1), account=5, address=100, overall=20_000)
CHOOSING = Limit("new password", timedelta(minutes=5), account=10, address=100, overall=6000)
INVITING = Limit("invite", timedelta(hours=1), account=20, address=100, overall=1000)


def wait(tries: int, now: int, before: int, elapsed: float, seconds: float) -> int:
    """How many seconds to wait until this try is within `tries` of a sliding window; 0 when it is now.

    now, before: the tries counted in this window, with this one, and in the one before it, of which the rest still
    counts as if they had been spread evenly. What is refused is not counted: the first tries are free, then one
    comes through each time that the window has slid far enough, so that nobody can lock out anybody for good.
    """
    counted = now - 1
    if counted >= tries:
        return math.ceil(seconds - elapsed + seconds * (1 - (tries - 1) / counted))
    if before * (1 - elapsed / seconds) + now > tries:
        return math.ceil(seconds * (1 - (tries - now) / before) - elapsed) or 1
    return 0


def email_key(typed: str) -> str:
    """An address as people are known by it: lower case, its domain in ASCII.

    Raises:
        ValueError: it can't be an address.
    """
    address = unicodedata.normalize("NFKC", typed).strip()
    local, at, domain = address.rpartition("@")
    if not (at and local) or any(c.isspace() or c in ',;:"<>()[]\\@' or not c.isprintable() for c in local):
        raise ValueError(typed)
    plain = domain.encode("idna").decode("ascii").lower()
    key = f"{local.lower()}@{plain}"
    labels = plain.split(".")
    if len(key) > 254 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(typed)
    return key


_MISSPELT = {
    "gmail.com": "gmial.com gmai.com gmal.com gamil.com gmaill.com gnail.com gmail.con gmail.co gmail.cm gmail.om",
    "yahoo.com": "yaho.com yahooo.com yhoo.com yhaoo.com yahoo.con yahoo.co yahoo.cm",
    "hotmail.com": "hotmial.com hotmal.com hotmil.com hotmai.com hotmail.con hotmail.co hotmail.cm",
    "outlook.com": "outlok.com outloo.com outlook.con outlook.co outlook.cm",
    "icloud.com": "iclod.com icloud.con icloud.co",
}
_MEANT = {wrong: right for right, wrongs in _MISSPELT.items() for wrong in wrongs.split()}


def likely_meant(email: str) -> str | None:
    """The address with the domain that somebody probably meant; nothing where it may well be right."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{_MEANT[domain]}" if domain in _MEANT else None


def needs_latin(name: str) -> bool:
    """Whether a name has letters of another script, so that a spelling in Latin letters helps."""
    return any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in name)


# The first that fits: every browser also names those whose heir it is.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
             "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS",
            "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip


def device_of(user_agent: str) -> str:
    """A browser's own words as people would say them: Firefox, Android."""
    found = (next((name for sign, name in signs.items() if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)


class Purpose(StrEnum):
    """What a one-time link is for; it works for nothing else."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    RESET = "reset"


UNSENT_LASTS = timedelta(hours=12)
UNSENT_FORMS = 5
"""How many forms of one person wait at most for their signing in again; the oldest makes room."""
UNSENT_LETTERS = 200_000
NEVER_KEPT = frozenset({"csrf", "once", "password", "current"})
"""What is no text of theirs, or a secret."""


def worth_keeping(sent: Mapping[str, list[str]]) -> dict[str, list[str]] | None:
    """What is kept of a form until its sender has signed in again; None for a mere button, and for what is too long."""
    kept = {without_nul(name): [*map(without_nul, values)] for name, values in sent.items() if name not in NEVER_KEPT}
    typed = any(value.strip() for name, values in kept.items() if name != "version" for value in values)
    long = sum(len(value) for values in kept.values() for value in values) > UNSENT_LETTERS
    return kept if typed and not long and NEVER_KEPT.isdisjoint(set(sent) - {"csrf", "once"}) else None


LINK_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=14)
