"""What was written about a file, for staff."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from internships.accounts.letterbox import as_it_will_leave
from internships.applications.models import Application
from internships.core.gathered import aware, gathered, rows_as
from internships.core.models import Letter, LetterState


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
    """Gathered letters in the order in which they were written."""
    in_order = sorted(rows_as(_Row, rows), key=lambda each: each.id)
    return [
        Written(each.ref, _subject(each), each.locale, each.state, aware(each.sent_at or each.not_before))
        for each in in_order
    ]


def _subject(letter: _Row) -> str:
    """In the language of the letter."""
    return letter.subject or as_it_will_leave(letter.ref, letter.kind, letter.locale, letter.context)[0]
