"""Letters are written here, in the same transaction as their cause; the worker sends them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from internships.core import clock
from internships.core.ids import new_ref
from internships.core.models import Letter, LetterState
from internships.core.writing import Transaction


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter to one person.

    kind:       the template below templates/, as feature/name (templates/feature/letters/name.txt).
    key:        kind, object, version and recipient, so that it can't be written twice.
    about:      the reference of the application or other thing it is about.
    cause:      life.verb; `take_back` cancels by it.
    not_before: when the undo has run out.
    """

    kind: str
    key: str
    person_id: int | None
    address: str
    locale: str
    about: str | None = None
    cause: str = ""
    not_before: datetime | None = None
    context: dict[str, Any] = field(default_factory=dict)


def _row(letter: Envelope) -> dict[str, Any]:
    now = clock.now()
    return {
        "ref": new_ref(),
        "kind": letter.kind,
        "key": letter.key,
        "person_id": letter.person_id,
        "address": letter.address,
        "locale": letter.locale,
        "about": letter.about,
        "cause": letter.cause,
        "context": letter.context,
        "written_at": now,
        "not_before": letter.not_before or now,
        "state": LetterState.WAITING,
    }


async def post(tx: Transaction, *letters: Envelope) -> None:
    """Put letters into the outbox, in one statement; they leave only if this transaction commits."""
    if letters:
        await tx.execute(insert(Letter), [_row(letter) for letter in letters])


async def take_back(tx: Transaction, about: str, cause: str) -> None:
    """Cancel the letters of a decision that was undone, unless they have left."""
    waiting = Letter.about == about, Letter.cause == cause, Letter.state == LetterState.WAITING
    await tx.execute(update(Letter).where(*waiting).values(state=LetterState.CANCELLED))
