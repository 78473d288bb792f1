"""Sending the letters that wait: one recipient each, a fixed Message-ID, tried again until it is a dead letter."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import aiosmtplib
import structlog
from sqlalchemy import and_, or_, select, update

from internships.core import clock, render
from internships.core.models import Letter, LetterState
from internships.core.settings import settings
from internships.core.writing import write

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
TIMEOUT = 10.0
"""For the whole of one sending, however slowly the other side talks."""
AT_ONCE = 5
"""So few that all of them are sent, or given up, before the lease of the last one ends."""
FIRST_RETRY, LONGEST_RETRY, GIVE_UP = timedelta(minutes=1), timedelta(hours=4), timedelta(days=3)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when they went on for three days."""
    waits = [min(FIRST_RETRY * 2**n, LONGEST_RETRY) for n in range(attempts)]
    return waits[-1] if sum(waits, timedelta()) <= GIVE_UP else None


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that this worker holds."""

    id: int
    ref: str
    kind: str
    address: str
    locale: str
    context: dict[str, Any]
    attempts: int
    """Also who holds it: a worker whose lease ended finds another number in the row, and changes nothing."""


def message(ref: str, address: str, subject: str, text: str, html: str) -> EmailMessage:
    """The mail: text and HTML, one recipient, an id that stays the same on every try."""
    made = EmailMessage(policy=SMTP)
    made["From"] = settings().mail_from
    made["To"] = Address(addr_spec=address)
    made["Subject"] = subject
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = f"<{ref.lower()}@{settings().mail_from.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    made.add_alternative(html, subtype="html")
    return made


async def claim(most: int = AT_ONCE) -> list[Due]:
    """Take letters whose time has come, and those whose worker died."""
    now = clock.now()
    due = or_(
        and_(Letter.state == LetterState.WAITING, Letter.not_before <= now),
        and_(Letter.state == LetterState.SENDING, Letter.lease_until < now),
    )
    chosen = select(Letter.id).where(due).order_by(Letter.not_before, Letter.id).limit(most)
    first = chosen.with_for_update(skip_locked=True).cte("first")  # worked out once, as in `jobs.claim`
    taken = (
        update(Letter)
        .where(Letter.id.in_(select(first.c.id)))
        .values(state=LetterState.SENDING, lease_until=now + LEASE, attempts=Letter.attempts + 1)
        .returning(
            Letter.id, Letter.ref, Letter.kind, Letter.address, Letter.locale, Letter.context, Letter.attempts,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    async with write() as tx:
        return [Due(*row) for row in (await tx.execute(taken)).all()]


async def _mark(letter: Due, **values: Any) -> None:
    async with write() as tx:
        mine = Letter.id == letter.id, Letter.state == LetterState.SENDING, Letter.attempts == letter.attempts
        await tx.execute(update(Letter).where(*mine).values(lease_until=None, **values))


async def _failed(letter: Due, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}"[:500]
    final = isinstance(error, aiosmtplib.SMTPRecipientsRefused) and all(r.code >= 550 for r in error.recipients)
    wait = None if final else wait_after(letter.attempts)
    if wait is None:
        log.error("letter is dead", letter=letter.ref, kind=letter.kind, error=type(error).__name__)
        await _mark(letter, state=LetterState.DEAD, last_error=said)
        return
    log.warning("letter will be tried again", letter=letter.ref, kind=letter.kind, error=type(error).__name__)
    await _mark(letter, state=LetterState.WAITING, last_error=said, not_before=clock.now() + wait)


def without_secret(context: dict[str, Any], text: str) -> dict[str, Any]:
    """What is kept of a letter that has left: never the token of a link, except for developers to click on."""
    secret = context.get("secret")
    if not secret or settings().dev:
        return {"body": text}
    return {"body": text.replace(secret, "…"), "context": {**context, "secret": "…"}}


async def send(letter: Due) -> None:
    """Send one claimed letter and mark it; a failure is kept with its words."""
    of = settings()
    try:
        subject, text, html = render.letter(letter.kind, letter.locale, letter.context)
        if of.smtp_host:
            async with asyncio.timeout(TIMEOUT):
                await aiosmtplib.send(
                    message(letter.ref, letter.address, subject, text, html),
                    recipients=[letter.address],
                    hostname=of.smtp_host,
                    port=of.smtp_port,
                    username=of.smtp_user or None,
                    password=of.smtp_password or None,
                    use_tls=of.smtp_security == "tls",
                    start_tls=of.smtp_security == "starttls",
                    timeout=TIMEOUT,
                )
    except Exception as error:  # noqa: BLE001 -- whatever it is, the letter must not be lost
        await _failed(letter, error)
    else:
        kept = without_secret(letter.context, text)
        await _mark(letter, state=LetterState.SENT, sent_at=clock.now(), subject=subject, last_error="", **kept)


async def send_due() -> int:
    """Send what is due; how many were tried. Without a mail server letters wait, except in development."""
    if not settings().smtp_host and not settings().dev:
        return 0
    due = await claim()
    for letter in due:
        await send(letter)
    return len(due)
