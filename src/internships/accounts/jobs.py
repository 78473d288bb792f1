"""What the worker does for accounts: writes links to those who exist, and clears away what has ended."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from internships.accounts import letters
from internships.accounts.actions.throttle import forget_old
from internships.accounts.models import OneTimeLink, Person, Session, Unsent
from internships.accounts.rules import LINK_LASTS, Purpose
from internships.core import clock
from internships.core.ids import hashed, new_token
from internships.core.jobs import Claimed, Handler
from internships.core.models import Job, JobState, Letter, RequestKey
from internships.core.outbox import post
from internships.core.text import folded
from internships.core.writing import Transaction, write

KEPT = timedelta(days=1)


async def _somebody(tx: Transaction, email: str, locale: str, purpose: Purpose) -> Person | None:
    """Who is written to: people who registered; and for a registration, whoever has the mailbox."""
    person = await tx.find(Person, Person.email == email)
    if person is None and purpose == Purpose.CONFIRM:
        # Nobody can lock a row that is not there yet: two registrations at once both come here.
        new = {"email": email, "full_name": "", "folded_name": folded(email), "locale": locale}
        await tx.put_new(Person, new | {"created_at": clock.now()}, "email")
        person = await tx.take(Person, Person.email == email)
    if person is None or person.disabled_at or (purpose != Purpose.CONFIRM and person.confirmed_at is None):
        return None
    return person


async def write_link(job: Claimed) -> str:
    """Write a one-time link to a person, if there is one; a second try of the same job writes no second letter."""
    given: dict[str, Any] = job.payload
    purpose = Purpose(given["purpose"])
    async with write() as tx:
        person = await _somebody(tx, given["email"], given["locale"], purpose)
        if person is None:
            return "nobody to write to"
        if purpose == Purpose.CONFIRM and person.confirmed_at:
            purpose = Purpose.SIGN_IN
        known_before = purpose == Purpose.SIGN_IN and given["purpose"] == Purpose.CONFIRM
        token = new_token()
        letter = letters.linked(
            purpose,
            token,
            key=f"job:{job.id}",
            # Somebody who never confirms is removed again; the letter then belongs to nobody.
            person_id=person.id if person.confirmed_at else None,
            email=person.email,
            locale=given["locale"],
            known_before=known_before,
        )
        if await tx.scalar(select(Letter.id).where(Letter.key == letter.key)) is not None:
            return "written before"
        detail = {"back": given["back"]} if given["back"] else None
        values = {"purpose": purpose, "person_id": person.id, "detail": detail}
        ends_at = clock.now() + LINK_LASTS
        await tx.execute(insert(OneTimeLink).values(token_hash=hashed(token), ends_at=ends_at, **values))
        await post(tx, letter)
    return "written"


async def sweep() -> None:
    """Once an hour: remove what has ended of sessions, links and counts, what nobody confirmed, and used form keys."""
    now = clock.now()
    if now.minute:
        return
    async with write() as tx:
        await tx.execute(delete(Session).where((Session.ends_at < now) | (Session.idle_until < now)))
        await tx.execute(delete(OneTimeLink).where(OneTimeLink.ends_at < now - KEPT))
        await tx.execute(delete(Unsent).where(Unsent.ends_at < now))
        await forget_old(tx)
        waiting = select(OneTimeLink.id).where(OneTimeLink.person_id == Person.id).exists()
        never = Person.confirmed_at.is_(None), Person.created_at < now - KEPT, ~waiting
        await tx.execute(delete(Person).where(*never))
        asked = Job.kind == "accounts.write_link", Job.state == JobState.DONE, Job.finished_at < now - KEPT
        await tx.execute(delete(Job).where(*asked))
        await tx.execute(delete(RequestKey).where(RequestKey.at < now - 30 * KEPT))


JOBS: dict[str, Handler] = {"accounts.write_link": write_link}
CHORES = [sweep]
