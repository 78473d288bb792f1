"""What happened to a file and what was written about it, for staff."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.letterbox import as_it_will_leave
from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.core.db import every
from internships.core.gathered import gathered, rows_as
from internships.core.models import History, Letter, LetterState


class Traced(Struct, frozen=True):
    """One thing that was done: by whom, as which role, when, from where to where, and why."""

    at: datetime
    by: str | None
    role_code: str
    what: str
    subject: str
    from_state: str | None
    to_state: str | None
    reason: str
    detail: dict[str, Any] | None

    @property
    def role(self) -> Role:
        """As which they did it."""
        return Role(self.role_code)


_TRACE = (
    select(
        History.at, Person.full_name, History.role, History.what, History.subject, History.from_state, History.to_state,
        History.reason, History.detail,
    )
    .outerjoin(Person, Person.id == History.person_id)
    .where(History.file == bindparam("file"))
    .order_by(History.id)
)  # fmt: skip


async def trace(db: AsyncConnection, ref: str) -> list[Traced]:
    """Everything that was done to a file, from the beginning."""
    return await every(Traced, db, _TRACE, {"file": ref})


class _Row(Struct, frozen=True):
    id: int
    ref: str
    kind: str
    locale: str
    state: LetterState
    not_before: datetime
    sent_at: datetime | None
    subject: str
    context: dict[str, Any]


class Written(Struct, frozen=True):
    """A letter about a file, and when it leaves or left."""

    ref: str
    subject: str
    locale: str
    state: LetterState
    leaves_at: datetime


LETTERS = gathered(
    select(
        Letter.id, Letter.ref, Letter.kind, Letter.locale, Letter.state, Letter.not_before, Letter.sent_at,
        Letter.subject, Letter.context,
    ).where(Letter.about == Application.ref),
    of=Application,
)  # fmt: skip


def letters_in(rows: list[list[Any]]) -> list[Written]:
    """Gathered letters in the order in which they were written; inside a list SQLite's instants are bare UTC."""
    in_order = sorted(rows_as(_Row, rows), key=lambda each: each.id)
    return [
        Written(each.ref, _subject(each), each.locale, each.state, _aware(each.sent_at or each.not_before))
        for each in in_order
    ]


def _subject(letter: _Row) -> str:
    """In the language of the letter."""
    return letter.subject or as_it_will_leave(letter.ref, letter.kind, letter.locale, letter.context)[0]


def _aware(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
