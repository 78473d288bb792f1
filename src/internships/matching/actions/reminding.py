"""Reminding those whom people wait for: the hosts of a position, and the reviewers of the call."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select

from internships.accounts.models import Membership, Person
from internships.accounts.queries import IS_LIVE
from internships.accounts.rules import Actor, Role
from internships.applications.models import Application
from internships.applications.rules import State
from internships.core import clock, history, outbox
from internships.core.faults import NotFound, Refused
from internships.core.i18n import lazy as _
from internships.core.models import Letter
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.matching import letters
from internships.matching.actions.runs import current_cycle
from internships.reserves.models import Position
from internships.reviews.models import Review
from internships.reviews.rules import State as Reading


class _Host(NamedTuple):
    person_id: int | None
    address: str
    locale: str
    called: str
    name: str
    rate_by: datetime


async def hosts(actor: Actor, ref: str) -> int:
    """Write one letter to each host of the position's reserve; how many were written.

    Raises:
        NotFound: no such position.
        Refused: they were reminded today, or the reserve has no host.
    """
    async with write() as tx:
        found = await _hosts_of(tx, ref)
        written = [letters.to_rate(_reader(host), ref, host.rate_by) for host in found]
        keys = Letter.key.in_([letter.key for letter in written])
        if await tx.scalar(select(Letter.id).where(keys).limit(1)):
            raise Refused(_("The hosts of this position were reminded today."))
        await outbox.post(tx, *written)
        await history.record(tx, actor, "position.remind", ref, detail={"letters": len(written)})
    return len(written)


async def reviewers(actor: Actor) -> int:
    """Write one letter to each reviewer who has not finished a file; how many were written.

    Raises:
        Refused: they were reminded today, or everybody has finished.
    """
    async with write() as tx:
        cycle = await current_cycle(tx)
        written = [
            letters.to_review(
                letters.Reader(*row[:4]), cycle.ref, cycle.rate_by, cycle.zone, unfinished=row[4], undeclared=row[5]
            )
            for row in (await tx.execute(_REVIEWERS, {"call": cycle.id})).all()
        ]
        if not written:
            raise Refused(_("Every file that was given to a reviewer is finished."))
        today = Letter.about == cycle.ref, Letter.key.in_([letter.key for letter in written])
        if await tx.scalar(select(Letter.id).where(*today).limit(1)):
            raise Refused(_("The reviewers were reminded today."))
        await outbox.post(tx, *written)
        await history.record(tx, actor, "review.remind", cycle.ref, detail={"letters": len(written)})
    return len(written)


_REVIEWERS = (
    select(
        Person.id, Person.email, Person.locale, case((Person.called != "", Person.called), else_=Person.full_name),
        func.count(), func.sum(case((Review.state == Reading.ASSIGNED, 1), else_=0)),
    )
    .select_from(Review)
    .join(Person, Person.id == Review.person_id)
    .join(Application, Application.id == Review.application_id)
    .where(
        Application.cycle_id == bindparam("call"),
        Application.state == State.ELIGIBLE,
        Review.state.in_([Reading.ASSIGNED, Reading.IN_PROGRESS]),
        Person.disabled_at.is_(None),
    )
    .group_by(Person.id)
    .order_by(Person.id)
)  # fmt: skip


async def _hosts_of(tx: Transaction, ref: str) -> list[_Host]:
    asked = (
        select(Person.id, Person.email, Person.locale, Person.called, Person.full_name, Cycle.rate_by)
        .select_from(Position)
        .join(Cycle, Cycle.id == Position.cycle_id)
        .outerjoin(
            Membership,
            (Membership.reserve_id == Position.reserve_id) & (Membership.role == Role.HOST) & IS_LIVE,
        )
        .outerjoin(Person, (Person.id == Membership.person_id) & Person.disabled_at.is_(None))
        .where(Position.ref == ref)
        .order_by(Person.id)
        .distinct()
    )
    rows = (await tx.execute(asked, {"now": clock.now()})).all()
    if not rows:
        raise NotFound
    found = [host for row in rows if (host := _Host(*row)).person_id is not None]
    if not found:
        raise Refused(_("This reserve has no host yet. Invite one first."))
    return found


def _reader(host: _Host) -> letters.Reader:
    return letters.Reader(host.person_id or 0, host.address, host.locale, host.called or host.name)
