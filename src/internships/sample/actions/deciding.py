"""The last phases of the sample call, by the same actions that people use: a run, its approval, and the answers."""

from collections.abc import Callable
from random import Random
from typing import Final

from sqlalchemy import select

from internships.accounts.models import Membership, Person
from internships.accounts.rules import Actor, Role
from internships.core import history, jobs
from internships.core.db import read
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import CYCLE
from internships.cycles.rules import State as CycleState
from internships.matching.actions import runs
from internships.matching.jobs import JOBS
from internships.matching.models import MatchRun
from internships.placements.actions.answering import accept, decline
from internships.placements.actions.approving import approve
from internships.placements.models import Offer
from internships.placements.rules import OfferState
from internships.sample.calendar import Phase
from internships.sample.figures import percent, pick

ANSWERED_SO_FAR: Final = 0.6
NOT_YET: Final = "applicant-a@example.org"
"""Keeps the offer open, so that whoever tries the program can answer one."""
REASONS: Final = ("other_offer", "costs", "dates", "private")
_DECLINES: Final = percent("offer_declined")


async def decide(seed: int, phase: Phase, progress: Callable[[int, int], None]) -> None:
    """Run the match, approve it and answer the offers, as far as the phase has come."""
    staff = await _actor(Role.STAFF)
    ref = await runs.start(staff, name="First run")
    await jobs.run_due(JOBS)
    if not phase.has_match:
        return
    await _approve(await _actor(Role.STAFF, "staff-b@example.org"), ref)
    rng = Random(f"{seed}/answers")  # noqa: S311 -- the same seed has to give the same answers
    left: set[str] = set()
    while waiting := [offer for offer in await _issued() if offer[0] not in left]:
        for done, (offer, actor) in enumerate(waiting, start=1):
            if phase is Phase.OFFERS and (actor.email == NOT_YET or rng.random() > ANSWERED_SO_FAR):
                left.add(offer)
            else:
                await _answer(rng, offer, actor)
            progress(done, len(waiting))
    if phase is Phase.PLACED:
        await _start_placements(staff)


async def _answer(rng: Random, offer: str, actor: Actor) -> None:
    if actor.email != NOT_YET and rng.random() < _DECLINES:
        await decline(actor, offer, reason=pick(rng, REASONS), text="", stay_on_lists=rng.random() < 0.5)
    else:
        await accept(actor, offer)


async def _actor(role: Role, email: str = "staff-a@example.org") -> Actor:
    asked = (
        select(Person.id, Membership.id, Person.full_name, Person.email, Person.locale)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.email == email, Membership.role == role)
    )
    async with read() as db:
        person, membership, name, address, locale = (await db.execute(asked)).one()
    return Actor(person, role, None, membership, name=name, email=address, locale=locale)


async def _approve(staff: Actor, ref: str) -> None:
    async with read() as db:
        version = (await db.execute(select(MatchRun.version).where(MatchRun.ref == ref))).scalar_one()
    await approve(staff, ref, version=version)


async def _issued() -> list[tuple[str, Actor]]:
    """The offers that wait for an answer, and who may give it."""
    asked = (
        select(Offer.ref, Person.id, Person.full_name, Person.email, Person.locale)
        .join(Person, Person.id == Offer.person_id)
        .where(Offer.state == OfferState.ISSUED)
        .order_by(Offer.id)
    )
    async with read() as db:
        found = (await db.execute(asked)).all()
    return [
        (ref, Actor(person, Role.APPLICANT, name=name, email=email, locale=locale))
        for ref, person, name, email, locale in found
    ]


async def _start_placements(staff: Actor) -> None:
    async with write() as tx:
        cycle = await tx.take(Cycle)
        before = cycle.state
        cycle.state = CycleState(CYCLE.move("start_placements", staff.role, before).to)
        moved = (before, cycle.state)
        await history.record(tx, staff, "call.start_placements", cycle.ref, moved=moved)
