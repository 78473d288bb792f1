"""What people do with the links in their letters: confirm a registration, sign in, choose a new password."""

from typing import Any

from sqlalchemy import insert, select, update

from internships.accounts import letters, passwords
from internships.accounts.actions.sessions import Browser, Opened, end_all, ends_at, forget_links
from internships.accounts.actions.signing_in import enter
from internships.accounts.actions.throttle import try_once
from internships.accounts.models import Membership, OneTimeLink, Person
from internships.accounts.queries import Credentials, credentials, credentials_of
from internships.accounts.rules import CHOOSING, SIGNING_IN, Actor, Purpose, Role
from internships.core import clock
from internships.core.db import read
from internships.core.faults import NotFound
from internships.core.ids import hashed
from internships.core.outbox import post
from internships.core.text import folded
from internships.core.writing import Transaction, write


async def _used(tx: Transaction, token: str, purpose: Purpose) -> tuple[int, dict[str, Any]]:
    """Use a link up; of two who try at once, one can.

    Raises:
        NotFound: it was used, is too old, is for something else, or never was.
    """
    now = clock.now()
    works = OneTimeLink.token_hash == hashed(token), OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now
    # The person first, then the link: in the order of whoever changes a password and forgets the links.
    whose = select(OneTimeLink.person_id).where(*works).scalar_subquery()
    await tx.find(Person, Person.id == whose)
    use = update(OneTimeLink).where(*works, OneTimeLink.purpose == purpose).values(used_at=now)
    row = (await tx.execute(use.returning(OneTimeLink.person_id, OneTimeLink.detail))).first()
    if row is None:
        raise NotFound
    return row.person_id, row.detail or {}


async def _known(tx: Transaction, person_id: int) -> Credentials:
    known = await credentials_of(tx, person_id)
    if known is None:
        raise NotFound
    return known


async def is_too_easy(token: str, address: str, password: str, *about: str) -> bool:
    """Whether the password that somebody behind a link has chosen is easy to guess; judging costs time, so tries count.

    Raises:
        TooMany: too often in a short time.
    """
    await try_once(CHOOSING, hashed(token), address)
    return await passwords.is_easy(password, *about)


async def sign_in_by_link(token: str, browser: Browser, *, shared: bool) -> tuple[Opened, str | None]:
    """Open a session for whoever has the mailbox; and the way back to where they were."""
    async with write() as tx:
        person_id, detail = await _used(tx, token, Purpose.SIGN_IN)
        opened = await enter(tx, await _known(tx, person_id), browser, how="link", shared=shared)
    return opened, detail.get("back")


async def confirm(
    token: str, browser: Browser, *, full_name: str, called: str, password: str, shared: bool, zone: str
) -> tuple[Opened, str | None]:
    """Begin as an applicant: name, a password if one is wanted, and signed in at once."""
    kept = await passwords.hash_of(password) if password else None
    now = clock.now()
    async with write() as tx:
        person_id, detail = await _used(tx, token, Purpose.CONFIRM)
        person = await tx.take(Person, Person.id == person_id, Person.disabled_at.is_(None))
        if person.confirmed_at is not None:
            raise NotFound
        person.full_name, person.called, person.password, person.confirmed_at = full_name, called, kept, now
        person.folded_name, person.zone = folded(f"{full_name} {person.email}"), zone
        await tx.flush()
        membership = insert(Membership).values(person_id=person_id, role=Role.APPLICANT, starts_at=now)
        membership_id = (await tx.execute(membership.returning(Membership.id))).scalar_one()
        known = Credentials(person_id, person.ref, kept, membership_id, Role.APPLICANT)
        opened = await enter(tx, known, browser, how="registration", shared=shared)
    return opened, detail.get("back")


async def choose_password(token: str, browser: Browser, *, password: str, shared: bool) -> Opened:
    """A new password for whoever has the mailbox; signed out everywhere, signed in here."""
    kept = await passwords.hash_of(password)
    async with write() as tx:
        person_id, _detail = await _used(tx, token, Purpose.RESET)
        known = await _known(tx, person_id)
        changed = update(Person).where(Person.id == person_id).values(password=kept)
        address = (await tx.execute(changed.returning(Person.email, Person.locale))).one()
        await end_all(tx, person_id)
        await forget_links(tx, person_id)
        opened = await enter(tx, known, browser, how="reset", shared=shared)
        await post(tx, letters.password_changed(person_id, address.email, address.locale, key=hashed(token)))
    return opened


async def change_password(actor: Actor, browser: Browser, *, current: str, new: str) -> Opened | None:
    """With the current one asked again; None when it is not the current one. Signed out everywhere else.

    Raises:
        TooMany: somebody at an open session guesses.
        TooEasy: the new one is easy to guess; it is judged last, since that costs most.
    """
    await try_once(SIGNING_IN, actor.email, browser.address)
    async with read() as db:
        known = await credentials(db, actor.email)
    before = known.password if known else None
    if not await passwords.fits(before, current):
        return None
    if await passwords.is_easy(new, actor.email, actor.name):
        raise passwords.TooEasy
    kept = await passwords.hash_of(new)
    async with write() as tx:
        person = await tx.take(Person, Person.id == actor.person_id, Person.password == before)
        person.password = kept
        await tx.flush()
        known = Credentials(person.id, person.ref, kept, actor.membership_id, actor.role)
        until = await ends_at(tx, actor)
        await end_all(tx, person.id)
        await forget_links(tx, person.id)
        opened = await enter(tx, known, browser, how="password change", at_most_until=until)
        await post(tx, letters.password_changed(person.id, person.email, person.locale, key=hashed(opened.token)))
    return opened
