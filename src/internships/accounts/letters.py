"""What we write to people about their account."""

from typing import Any

from internships.accounts.rules import Purpose, Role
from internships.core.ids import hashed
from internships.core.outbox import Envelope

NAMES = {
    Purpose.CONFIRM: "accounts/registered",
    Purpose.SIGN_IN: "accounts/sign_in",
    Purpose.RESET: "accounts/reset",
}


def linked(
    purpose: Purpose, token: str, *, key: str, person_id: int | None, email: str, locale: str, **more: Any
) -> Envelope:
    """A letter with a link that works once, within the hour. `secret` is forgotten once the letter has left."""
    kind = NAMES[purpose]
    context = {"secret": token, **more}
    return Envelope(kind, f"{kind}:{key}", person_id, email, locale, cause=f"link.{purpose}", context=context)


def password_changed(person_id: int, email: str, locale: str, *, key: str) -> Envelope:
    """So that somebody whose password was changed by another learns of it."""
    kind = "accounts/password_changed"
    return Envelope(kind, f"{kind}:{key}", person_id, email, locale, cause="person.change_password")


def invited(ref: str, email: str, locale: str, *, token: str, role: Role, reserve: str | None, by: str) -> Envelope:
    """To somebody who is asked to join in a role."""
    kind = "accounts/invited"
    context = {"secret": token, "role": role.value, "reserve": reserve, "by": by}
    key = f"{kind}:{hashed(token)}"
    return Envelope(kind, key, None, email, locale, about=ref, cause="invitation.send", context=context)
