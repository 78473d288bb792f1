"""What staff and administrators do with the accounts of others."""

from sqlalchemy import delete, insert, select

from internships.accounts import passwords
from internships.accounts.actions.sessions import end_all, forget_links
from internships.accounts.models import Membership, OneTimeLink, Person, Unsent
from internships.accounts.rules import CLOCK, Actor, Role, may_disable, may_end
from internships.core import clock, history
from internships.core.faults import Forbidden, NotFound
from internships.core.text import folded
from internships.core.writing import write


async def end_membership(actor: Actor, ref: str, membership_id: int) -> None:
    """From now on they do not work as that; they are signed out everywhere in the same moment.

    Raises:
        Forbidden: one's own, or a role that is not for this actor to give and take.
        NotFound: it is nobody's, somebody else's, or has ended.
    """
    async with write() as tx:
        person = await tx.take(Person, Person.ref == ref)
        held = await tx.take(Membership, Membership.id == membership_id, Membership.person_id == person.id)
        if not may_end(actor, person.id, held.role):
            raise Forbidden
        if held.ends_at is not None and held.ends_at <= clock.now():
            raise NotFound
        held.ends_at = clock.now()
        await end_all(tx, person.id)
        detail = {"role": held.role.value, "reserve": held.reserve_id}
        await history.record(tx, actor, "membership.end", person.ref, detail=detail)


async def disable(actor: Actor, ref: str) -> None:
    """Nobody gets in by this account any more; its sessions and links end in the same moment."""
    async with write() as tx:
        person = await tx.take(Person, Person.ref == ref)
        if not may_disable(actor, person.id):
            raise Forbidden
        person.disabled_at = clock.now()
        await end_all(tx, person.id)
        await tx.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id))
        await tx.execute(delete(Unsent).where(Unsent.person_id == person.id))
        await history.record(tx, actor, "person.disable", person.ref)


async def enable(actor: Actor, ref: str) -> None:
    """The account works again."""
    async with write() as tx:
        person = await tx.take(Person, Person.ref == ref)
        if not may_disable(actor, person.id):
            raise Forbidden
        person.disabled_at = None
        await history.record(tx, actor, "person.enable", person.ref)


async def create_admin(email: str, name: str, password: str) -> bool:
    """The first administrator, from the command line; whether the account is new."""
    kept, now = passwords.hash_now(password), clock.now()
    async with write() as tx:
        person = await tx.find(Person, Person.email == email)
        is_new = person is None
        if person is None:
            person = Person(email=email, full_name=name, folded_name="", created_at=now)
            tx.add(person)
        person.full_name, person.password = person.full_name or name, kept
        person.folded_name = folded(f"{person.full_name} {person.latin_name or ''} {email}")
        person.confirmed_at, person.disabled_at = person.confirmed_at or now, None
        await tx.flush()
        await end_all(tx, person.id)
        await forget_links(tx, person.id)
        held = Membership.person_id == person.id, Membership.role == Role.ADMIN, Membership.ends_at.is_(None)
        if await tx.scalar(select(Membership.id).where(*held).limit(1)) is None:
            await tx.execute(insert(Membership).values(person_id=person.id, role=Role.ADMIN, starts_at=now))
        await history.record(tx, CLOCK, "membership.begin", person.ref, detail={"role": Role.ADMIN.value})
    return is_new
