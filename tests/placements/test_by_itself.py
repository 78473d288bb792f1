"""What the worker does about seats without being asked, and what it leaves to people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from internships.accounts.rules import Role
from internships.applications.actions import sending
from internships.applications.models import Application
from internships.core.db import read
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.models import Offer, Placement
from internships.placements.rules import OfferState, PlacementState
from internships.reserves.models import Position
from tests.placements.world import crowd, proposed, world


@pytest.fixture
async def offered(new_person, reserve, ingrid):
    """Two people have the two seats of a position, and a third waits."""
    people = await crowd(new_person, Role.APPLICANT, 3)
    there = await world(reserve.id, [2], [(who, [0]) for who in people])
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    return there, people


async def who_holds():
    """Who has an offer, or has accepted one, by the order of the offers."""
    async with read() as db:
        live = Offer.state.in_([OfferState.ISSUED, OfferState.ACCEPTED])
        return list(await db.scalars(select(Offer.person_id).where(live).order_by(Offer.id)))


async def offer_of(person):
    async with read() as db:
        return await db.scalar(select(Offer.ref).where(Offer.person_id == person.actor.person_id))


async def set_to(model, where, **values):
    async with write() as tx:
        await tx.execute(update(model).where(where).values(**values))


async def test_a_stay_that_has_begun_is_left_to_people_and_holds_up_nobody_elses_seat(offered):
    _there, (began, leaves, waits) = offered
    await answering.accept(began.actor, await offer_of(began))
    mine = Placement.person_id == began.actor.person_id
    await set_to(Placement, mine, state=PlacementState.UNDER_WAY)
    for person in (began, leaves):
        await sending.withdraw(person.actor, code="", words="")

    assert await answering.free_what_was_withdrawn() == 1

    assert await who_holds() == [began.actor.person_id, waits.actor.person_id]
    async with read() as db:
        assert await db.scalar(select(Placement.state).where(mine)) == PlacementState.UNDER_WAY
        assert await db.scalar(select(Application.state).where(Application.person_id == began.actor.person_id))


async def test_in_an_archived_call_a_freed_seat_is_offered_to_nobody(offered, clock):
    there, (first, second, _waits) = offered
    await set_to(Cycle, Cycle.id == there.cycle.id, state=CycleState.ARCHIVED)
    await sending.withdraw(first.actor, code="", words="")

    assert await answering.free_what_was_withdrawn() == 1
    assert await answering.use_the_room() == 0
    clock.shift(timedelta(days=30))
    assert await answering.expire(await offer_of(second)) == "expired"

    assert await who_holds() == []
    async with read() as db:
        assert await db.scalar(select(Position.held)) == 0
