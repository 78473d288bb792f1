"""The trace: who did what, as which role, when, from which state to which, and why."""

import hashlib
import json
from datetime import timedelta
from itertools import takewhile
from typing import Any, Protocol

from sqlalchemy import Insert, insert, select, update

from internships.core import clock
from internships.core.models import History
from internships.core.writing import Transaction


class Doer(Protocol):
    """Who does something: a person in one role, or the clock."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def role(self) -> str: ...


def row(
    doer: Doer,
    what: str,
    subject: str,
    *,
    file: str | None = None,
    moved: tuple[str | None, str] | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The row for one thing done, for actions that record many at once."""
    from_state, to_state = moved or (None, None)
    return {
        "at": clock.now(),
        "person_id": doer.person_id,
        "role": str(doer.role),
        "what": what,
        "subject": subject,
        "file": file,
        "from_state": from_state,
        "to_state": to_state,
        "reason": reason,
        "detail": detail,
    }


async def record(
    tx: Transaction,
    doer: Doer,
    what: str,
    subject: str,
    *,
    file: str | None = None,
    moved: tuple[str | None, str] | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one row to the trace; it is kept exactly when the change is."""
    values = row(doer, what, subject, file=file, moved=moved, reason=reason, detail=detail)
    await tx.execute(insert(History), [values])


async def record_all(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Add many rows in one statement."""
    if rows:
        # Rows with and without a detail would else be sent in turns.
        statement: Insert = insert(History).execution_options(render_nulls=True)
        await tx.execute(statement, rows)


def seal_of(previous: str, kept: History) -> str:
    """SHA-256 over the previous seal and everything the row says."""
    said = [
        previous, kept.id, kept.at.isoformat(), kept.person_id, kept.role, kept.what, kept.subject, kept.file,
        kept.from_state, kept.to_state, kept.reason, kept.detail,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


SETTLED = timedelta(minutes=2)
"""A row with a lower id may still be on its way; this is longer than any transaction may take."""
UNSEALED = select(History).where(History.seal.is_(None)).order_by(History.id)
_LAST = select(History.seal).where(History.seal.is_not(None)).order_by(History.id.desc()).limit(1)


async def seal(tx: Transaction, most: int = 1000) -> int:
    """Chain the newest rows to those before, in the order of their ids; how many were sealed.

    Any number of workers may do it at once: the rows are locked first, so that whoever waits for them then finds the seals
    that the other has set.
    """
    unsealed = await tx.scalars(UNSEALED.limit(most).with_for_update())
    before = clock.now() - SETTLED
    settled = list(takewhile(lambda row: row.at < before, unsealed))
    previous = await tx.scalar(_LAST) or ""
    rows = []
    for kept in settled:
        previous = seal_of(previous, kept)
        rows.append({"id": kept.id, "seal": previous})
    if rows:
        await tx.execute(update(History), rows)
    return len(rows)
