"""Asking somebody to join in a role, and their answer."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from internships.accounts import letters, passwords
from internships.accounts.actions.sessions import Browser, Opened, ends_at
from internships.accounts.actions.signing_in import enter
from internships.accounts.actions.throttle import try_once
from internships.accounts.models import Invitation, Membership, Person
from internships.accounts.queries import IS_LIVE, RESERVE, Credentials
from internships.accounts.rules import INVITATION_LASTS, INVITING, Actor, Role, may_invite
from internships.core import clock, history
from internships.core.faults import Forbidden, NotFound, Refused
from internships.core.ids import hashed, new_ref, new_token
from internships.core.outbox import post
from internships.core.outbox import take_back as take_letter_back
from internships.core.text import folded
from internships.core.writing import Transaction, write


async def invite(actor: Actor, *, email: str, role: Role, reserve_id: int | None, locale: str, address: str) -> None:
    """Write the invitation and its letter.

    Raises:
        Forbidden: this role is not for the actor to give.
        Refused: an invitation to the same is open, or they are that already.
        TooMany: more than 20 within the hour.
    """
    if not may_invite(actor.role, role):
        raise Forbidden
    await try_once(INVITING, str(actor.person_id), address)
    now, token, ref = clock.now(), new_token(), new_ref()
    scope = f"{role}:{reserve_id}" if reserve_id else role.value
    whom = {"email": email, "role": role, "reserve_id": reserve_id, "scope": scope, "locale": locale}
    times = {"invited_by": actor.person_id, "written_at": now, "ends_at": now + INVITATION_LASTS}
    try:
        async with write() as tx:
            reserve = await _reserve(tx, reserve_id)
            if await _works_as_that(tx, email, role, reserve_id):
                raise Refused
            await tx.execute(insert(Invitation).values(ref=ref, token_hash=hashed(token), **whom, **times))
            await post(tx, letters.invited(ref, email, locale, token=token, role=role, reserve=reserve, by=actor.name))
            detail = {"role": role.value, "reserve": reserve_id}
            await history.record(tx, actor, "invitation.send", ref, detail=detail)
    except IntegrityError as error:
        raise Refused from error


async def _reserve(tx: Transaction, reserve_id: int | None) -> str | None:
    """The name of the reserve of a host.

    Raises:
        NotFound: there is no such reserve.
    """
    if reserve_id is None:
        return None
    name: str | None = await tx.scalar(select(RESERVE.c.name).where(RESERVE.c.id == reserve_id))
    if name is None:
        raise NotFound
    return name


async def _works_as_that(tx: Transaction, email: str, role: Role, reserve_id: int | None) -> bool:
    """Whether they hold this very membership already."""
    same = Membership.role == role, Membership.reserve_id.is_not_distinct_from(reserve_id), IS_LIVE
    held = select(Membership.id).join(Person, Person.id == Membership.person_id).where(Person.email == email, *same)
    return await tx.scalar(held.limit(1), {"now": clock.now()}) is not None


async def _open(tx: Transaction, actor: Actor, ref: str) -> Invitation:
    found = await tx.take(Invitation, Invitation.ref == ref, Invitation.closed_at.is_(None))
    if not may_invite(actor.role, found.role):
        raise Forbidden
    return found


async def take_back(actor: Actor, ref: str) -> None:
    """The link in the letter works no more; a letter that has not left stays here."""
    async with write() as tx:
        invitation = await _open(tx, actor, ref)
        invitation.closed_at = clock.now()
        await take_letter_back(tx, ref, "invitation.send")
        await history.record(tx, actor, "invitation.take_back", ref)


async def send_again(actor: Actor, ref: str, address: str) -> None:
    """A new letter with a new link; the one before works no more."""
    await try_once(INVITING, str(actor.person_id), address)
    async with write() as tx:
        kept = await _open(tx, actor, ref)
        token = new_token()
        kept.token_hash, kept.ends_at = hashed(token), clock.now() + INVITATION_LASTS
        await take_letter_back(tx, ref, "invitation.send")
        reserve = await _reserve(tx, kept.reserve_id)
        letter = letters.invited(
            ref, kept.email, kept.locale, token=token, role=kept.role, reserve=reserve, by=actor.name
        )
        await post(tx, letter)
        await history.record(tx, actor, "invitation.send_again", ref)


async def _take(tx: Transaction, token: str) -> Invitation:
    now = clock.now()
    works = Invitation.token_hash == hashed(token), Invitation.closed_at.is_(None), Invitation.ends_at > now
    invitation = await tx.take(Invitation, *works)
    invitation.accepted_at = invitation.closed_at = now
    return invitation


async def _begin(
    tx: Transaction, person: Person, invitation: Invitation, browser: Browser, until: datetime | None = None
) -> Opened:
    """The membership, and a session that works in it."""
    whose = {"person_id": person.id, "role": invitation.role, "reserve_id": invitation.reserve_id}
    begun = insert(Membership).values(starts_at=clock.now(), **whose)
    membership_id = (await tx.execute(begun.returning(Membership.id))).scalar_one()
    known = Credentials(person.id, person.ref, person.password, membership_id, invitation.role)
    return await enter(tx, known, browser, how=f"invitation {invitation.ref}", at_most_until=until)


async def accept(actor: Actor, token: str, browser: Browser) -> Opened:
    """By somebody who has an account, is signed in, and is the one invited."""
    async with write() as tx:
        invitation = await _take(tx, token)
        if invitation.email != actor.email:
            raise NotFound
        person = await tx.take(Person, Person.id == actor.person_id)
        return await _begin(tx, person, invitation, browser, await ends_at(tx, actor))


async def join(token: str, browser: Browser, *, full_name: str, called: str, password: str, zone: str) -> Opened:
    """By somebody new: the link shows that the mailbox is theirs."""
    kept, now = await passwords.hash_of(password), clock.now()
    async with write() as tx:
        invitation = await _take(tx, token)
        new = {"email": invitation.email, "full_name": full_name, "folded_name": "", "created_at": now}
        await tx.put_new(Person, new, "email")
        person = await tx.take(Person, Person.email == invitation.email)
        if person.confirmed_at or person.disabled_at:
            raise NotFound
        person.full_name, person.called, person.password, person.confirmed_at = full_name, called, kept, now
        person.folded_name, person.locale = folded(f"{full_name} {person.email}"), invitation.locale
        person.zone = zone
        await tx.flush()
        return await _begin(tx, person, invitation, browser)
