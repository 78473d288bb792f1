"""Signing in with a password, and asking for links by mail: alike for known and unknown people."""

from datetime import datetime

from sqlalchemy import update

from internships.accounts import passwords
from internships.accounts.actions.sessions import Browser, Opened, open_session
from internships.accounts.actions.throttle import try_once
from internships.accounts.models import Person
from internships.accounts.queries import Credentials, credentials
from internships.accounts.rules import REGISTERING, RESETTING, SIGNING_IN, WRITING_LINKS, Actor, Purpose
from internships.core import history, jobs
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.writing import Transaction, write

LIMITS = {Purpose.CONFIRM: REGISTERING, Purpose.SIGN_IN: WRITING_LINKS, Purpose.RESET: RESETTING}


async def enter(
    tx: Transaction,
    known: Credentials,
    browser: Browser,
    *,
    how: str,
    shared: bool = False,
    at_most_until: datetime | None = None,
    password: str | None = None,
) -> Opened:
    """Open the session of somebody who has shown who they are, and record it; the arguments are those of `open_session`.

    Raises:
        NotFound: they may sign in no more, or chose another password while this one was checked.
    """
    opened = await open_session(
        tx, known.person_id, known.membership_id, known.role, browser,
        shared=shared, at_most_until=at_most_until, password=password,
    )  # fmt: skip
    actor = Actor(known.person_id, known.role)
    await history.record(tx, actor, "person.sign_in", known.ref, detail={"how": how})
    return opened


async def sign_in(email: str, password: str, browser: Browser, *, shared: bool) -> Opened | None:
    """With a password; None when it is the wrong one, when nobody has this address, or may sign in no more.

    Raises:
        TooMany: too often in a short time.
        Busy: more people sign in than this machine can check at once.
    """
    await try_once(SIGNING_IN, email, browser.address)
    async with read() as db:
        known = await credentials(db, email)
    if not await passwords.fits(known.password if known else None, password) or known is None:
        return None
    newer = await passwords.hash_of(password) if passwords.is_outdated(known.password or "") else None
    try:
        async with write() as tx:
            if newer:
                checked = Person.id == known.person_id, Person.password == known.password
                await tx.execute(update(Person).where(*checked).values(password=newer))
            return await enter(tx, known, browser, how="password", shared=shared, password=newer or known.password)
    except NotFound:
        return None


async def ask_for_link(purpose: Purpose, email: str, address: str, locale: str, back: str | None = None) -> None:
    """Let the worker see whether there is somebody to write to; here the work is the same for everybody.

    Raises:
        TooMany: too often in a short time.
    """
    await try_once(LIMITS[purpose], email, address)
    payload = {"purpose": purpose.value, "email": email, "locale": locale, "back": back}
    async with write() as tx:
        await jobs.later(tx, "accounts.write_link", payload=payload)
