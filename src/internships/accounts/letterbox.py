"""The outbox as people see it: what waits and until when, what has left, what could not be delivered."""

from datetime import datetime
from typing import Any

import structlog
from jinja2 import TemplateError
from msgspec import Struct
from sqlalchemy import BigInteger, Select, bindparam, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.core import render
from internships.core.db import every, one
from internships.core.models import Letter, LetterState

log = structlog.get_logger()

A_PAGE = 25
LAST = 2**62
HIDDEN = "…"


def as_it_will_leave(ref: str, kind: str, locale: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a letter that waits; the kind alone when it can't be written."""
    try:
        subject, text, _html = render.letter(kind, locale, context)
    except TemplateError as error:
        log.warning("letter can't be read", letter=ref, kind=kind, error=type(error).__name__)
        return kind, ""
    return subject, text


class LetterShown(Struct, frozen=True):
    """A letter with what became of it."""

    id: int
    ref: str
    kind: str
    address: str
    locale: str
    context: dict[str, Any]
    state: LetterState
    written_at: datetime
    not_before: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str
    kept_subject: str
    kept_body: str

    def read(self, *, with_secret: bool = False) -> tuple[str, str]:
        """Subject and text: as it left, or as it will leave; the token of a link is for its reader alone."""
        if self.state == LetterState.SENT:
            return self.kept_subject, self._hidden(self.kept_body, with_secret=with_secret)
        subject, text = as_it_will_leave(self.ref, self.kind, self.locale, self.context)
        return subject, self._hidden(text, with_secret=with_secret)

    def _hidden(self, text: str, *, with_secret: bool) -> str:
        secret = self.context.get("secret")
        return text if with_secret or not secret else text.replace(secret, HIDDEN)

    @property
    def subject(self) -> str:
        return self.read()[0]


_LETTER = select(
    Letter.id, Letter.ref, Letter.kind, Letter.address, Letter.locale, Letter.context, Letter.state, Letter.written_at,
    Letter.not_before, Letter.sent_at, Letter.attempts, Letter.last_error, Letter.subject, Letter.body,
)  # fmt: skip
_BEFORE = Letter.id < bindparam("before", type_=BigInteger())


def _newest(state: LetterState) -> Select[tuple[int]]:
    """The newest of one state. Each has its own search: few of very many letters wait, and those are not the newest."""
    newest = select(Letter.id).where(Letter.state == state, _BEFORE).order_by(Letter.id.desc()).limit(A_PAGE + 1)
    return select(newest.subquery().c.id)


_IN_STATES = {
    name: _LETTER.where(Letter.id.in_(union_all(*map(_newest, states)))).order_by(Letter.id.desc()).limit(A_PAGE + 1)
    for name, states in {
        "waiting": [LetterState.WAITING, LetterState.SENDING],
        "sent": [LetterState.SENT],
        "dead": [LetterState.DEAD],
        "cancelled": [LetterState.CANCELLED],
    }.items()
}
_ONE = _LETTER.where(Letter.ref == bindparam("ref"))
_NEWEST = _LETTER.order_by(Letter.id.desc()).limit(100)


async def letters(db: AsyncConnection, state: str, before: int = LAST) -> list[LetterShown]:
    """Letters of a state, the newest first, one more than a page holds."""
    return await every(LetterShown, db, _IN_STATES[state], {"before": before})


async def letter(db: AsyncConnection, ref: str) -> LetterShown:
    """One letter."""
    return await one(LetterShown, db, _ONE, {"ref": ref})


async def newest(db: AsyncConnection) -> list[LetterShown]:
    """The newest letters, whatever became of them: for developers."""
    return await every(LetterShown, db, _NEWEST)
