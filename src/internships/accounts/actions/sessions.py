"""Sessions: opened with a new id each time, kept alive, ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update

from internships.accounts.models import Membership, OneTimeLink, Person, Session
from internships.accounts.queries import Asking
from internships.accounts.rules import ON_A_SHARED_DEVICE, Actor, Role, lasting
from internships.core import clock, history
from internships.core.faults import NotFound
from internships.core.ids import hashed, new_token
from internships.core.writing import Transaction, write


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks to be signed in: its words about itself, its address, and the session that it has or claims to have."""

    device: str
    address: str
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened: its token, which is kept nowhere else, and as whom one works in it."""

    token: str
    role: Role
    ends_at: datetime

    @property
    def max_age(self) -> int | None:
        """For how long the browser keeps it; None until it is closed, as on a shared device."""
        left = self.ends_at - clock.now()
        return int(left.total_seconds()) if left > ON_A_SHARED_DEVICE else None


async def open_session(
    tx: Transaction,
    person_id: int,
    membership_id: int,
    role: Role,
    browser: Browser,
    *,
    shared: bool = False,
    at_most_until: datetime | None = None,
    password: str | None = None,
) -> Opened:
    """A new session with a new id; whatever the browser came with is deleted, and never taken over.

    password: the hash against which the person's password was checked, for who signs in with one.

    Raises:
        NotFound: they may sign in no more, or chose another password while this one was checked.
    """
    token, now, lasts = new_token(), clock.now(), lasting(role)
    ends_at = now + (min(lasts.in_all, ON_A_SHARED_DEVICE) if shared else lasts.in_all)
    if at_most_until:
        ends_at = min(ends_at, at_most_until)
    values = {"person_id": person_id, "membership_id": membership_id, "device": browser.device, "created_at": now}
    times = {"seen_at": now, "idle_until": min(now + lasts.idle, ends_at), "ends_at": ends_at}
    row = {"token_hash": hashed(token), **values, **times}
    # The person's row is locked: whoever changes a password ends all sessions, and must find this one or be found by it.
    allowed = select(*(literal(value, Session.__table__.c[name].type) for name, value in row.items())).where(
        Person.id == person_id, Person.disabled_at.is_(None), *([Person.password == password] if password else [])
    )
    opened = insert(Session).from_select(list(row), allowed.with_for_update(read=True, of=Person))
    if (await tx.scalar(opened.returning(Session.id))) is None:
        raise NotFound
    # Person first, sessions after: in the order of whoever ends all sessions, so that neither waits for the other.
    if browser.session:
        await tx.execute(delete(Session).where(Session.token_hash == hashed(browser.session)))
    return Opened(token, role, ends_at)


async def ends_at(tx: Transaction, actor: Actor) -> datetime:
    """When the session ends that this is asked from; one that takes its place lasts no longer, as on a shared device.

    Raises:
        NotFound: it has ended meanwhile.
    """
    return (await tx.take(Session, Session.id == actor.session_id)).ends_at


async def end_all(tx: Transaction, person_id: int, *, but: int | None = None) -> None:
    """Sign somebody out everywhere, or everywhere else."""
    theirs = delete(Session).where(Session.person_id == person_id)
    await tx.execute(theirs if but is None else theirs.where(Session.id != but))


async def forget_links(tx: Transaction, person_id: int) -> None:
    """Whoever asked for a link before the password changed may be the one against whom it was changed."""
    await tx.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)))


async def touch(found: Asking) -> None:
    """Somebody is still there; of two requests at once, one says so."""
    now = clock.now()
    until = min(now + lasting(found.role).idle, found.ends_at)
    unchanged = Session.id == found.session_id, Session.seen_at == found.seen_at
    async with write() as tx:
        await tx.execute(update(Session).where(*unchanged).values(seen_at=now, idle_until=until))


async def sign_out(actor: Actor) -> None:
    """End the session that this is asked from."""
    async with write() as tx:
        await tx.execute(delete(Session).where(Session.id == actor.session_id))


async def end_one(actor: Actor, session_id: int) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: it ended before, or is somebody else's.
    """
    async with write() as tx:
        mine = Session.id == session_id, Session.person_id == actor.person_id
        gone = (await tx.execute(delete(Session).where(*mine).returning(Session.id))).first()
        if gone is None:
            raise NotFound


async def end_others(actor: Actor) -> None:
    """Sign out everywhere else."""
    async with write() as tx:
        await end_all(tx, actor.person_id, but=actor.session_id)


async def switch(actor: Actor, membership_id: int, browser: Browser) -> Opened:
    """Work in another of one's roles, in a new session that lasts no longer than this one would have.

    Raises:
        NotFound: it is not one's own, or not any more.
    """
    now = clock.now()
    async with write() as tx:
        person = await tx.take(Person, Person.id == actor.person_id)  # first, as whoever ends all sessions does
        mine = Membership.id == membership_id, Membership.person_id == actor.person_id, Membership.starts_at <= now
        held = await tx.take(Membership, *mine)
        if held.ends_at is not None and held.ends_at <= now:
            raise NotFound
        until = await ends_at(tx, actor)
        opened = await open_session(tx, actor.person_id, held.id, held.role, browser, at_most_until=until)
        await history.record(tx, actor, "person.switch", person.ref, moved=(actor.role, held.role))
    return opened
