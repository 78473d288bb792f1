"""A host drops out: what would follow is shown first, approved by name, and done at once or not at all."""

import asyncio
import re

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.core.db import read
from internships.core.faults import Fault, Refused
from internships.core.models import History, Job, JobState, Letter
from internships.core.writing import write
from internships.matching.models import MatchLimit, MatchLock
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.actions.dropping import ProposalChanged, close
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.queries.repair import proposal
from internships.placements.rules import OfferState, PlacementState, WaitingState
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState
from tests.placements.world import crowd, proposed, world

WHY = "The hut burned down."


async def all_of(*columns):
    async with read() as db:
        return [tuple(row) for row in await db.execute(select(*columns).order_by(columns[0].class_.id))]


async def offers():
    """Each offer that counts: who, and the number of the position."""
    found = await all_of(Offer.person_id, Offer.position_id, Offer.state)
    return {(who, at) for who, at, state in found if state in {OfferState.ISSUED, OfferState.ACCEPTED}}


async def would_follow(there, number=0):
    async with read() as db:
        return await proposal(db, there.positions[number].ref)


@pytest.fixture
def given(new_person, reserve, ingrid):
    """A call whose run is approved: seats of the positions, and who wants which of them."""

    async def make(seats, *wishes, limits=()):
        people = await crowd(new_person, Role.APPLICANT, len(wishes))
        there = await world(reserve.id, seats, list(zip(people, wishes, strict=True)))
        async with write() as tx:
            for number, (most, over) in enumerate(limits):
                refs = [there.positions[n].ref for n in over]
                tx.add(
                    MatchLimit(
                        ref=f"L1M1T0000{number}", cycle_id=there.cycle.id, name=f"Limit {number}", seats=most, over=refs
                    )
                )
        run = await proposed(there, ingrid)
        await approve(ingrid.actor, run.ref, version=run.version)
        return there, people

    return make


async def closed(ingrid, there, number=0):
    now = await would_follow(there, number)
    await close(ingrid.actor, there.positions[number].ref, version=now.version, seen=now.seen, reason=WHY)


async def test_who_loses_a_place_is_offered_a_free_seat_at_another_choice(given, ingrid):
    there, people = await given([1, 1, 1], [0, 1], [2], [0])
    ids, at = [who.actor.person_id for who in people], [position.id for position in there.positions]

    await closed(ingrid, there)

    assert await offers() == {(ids[0], at[1]), (ids[1], at[2])}
    assert [row[1:] for row in await all_of(Position.id, Position.state, Position.held)] == [
        (PositionState.CLOSED, 0),
        (PositionState.PUBLISHED, 1),
        (PositionState.PUBLISHED, 1),
    ]
    assert await all_of(Waiting.state) == [(WaitingState.LEFT,)]
    said = [what for (what,) in await all_of(History.what)]
    assert said[-4:] == ["offer.revoke", "waiting.leave", "offer.issue", "position.close"]
    assert {reason for what, reason in (await all_of(History.what, History.reason)) if what == "position.close"} == {
        WHY
    }
    letters = [kind for kind, person in await all_of(Letter.kind, Letter.person_id) if person == ids[0]]
    assert letters == ["placements/offered", "placements/revoked", "placements/offered"]
    waiting = [key for key, state in await all_of(Job.key, Job.state) if state == JobState.WAITING and key]
    assert len([key for key in waiting if key.startswith("offer.expire:")]) == 2


async def test_a_placement_is_cancelled_with_its_offer(given, ingrid):
    there, people = await given([1, 1], [0, 1])
    [(offer,)] = await all_of(Offer.ref)
    await answering.accept(people[0].actor, offer)

    await closed(ingrid, there)

    assert await all_of(Placement.state) == [(PlacementState.CANCELLED,)]
    assert await all_of(Offer.state, Offer.reason_text) == [(OfferState.REVOKED, WHY), (OfferState.ISSUED, "")]


async def test_nobody_elsewhere_is_moved_and_the_match_of_everybody_is_set_beside(given, ingrid):
    there, people = await given([1, 1, 1], [0, 1], [1, 2])
    second = people[1].actor.person_id

    now = await would_follow(there)
    await closed(ingrid, there)

    assert now.least._asdict() == {"keep": 1, "moved": 0, "elsewhere": 0, "without": 1, "new": 0}
    assert now.anew._asdict() == {"keep": 0, "moved": 1, "elsewhere": 1, "without": 0, "new": 0}
    assert await offers() == {(second, there.positions[1].id)}


@pytest.mark.parametrize(("most", "to"), [(1, None), (2, 1)], ids=["full", "with room"])
async def test_a_limit_is_kept(given, ingrid, most, to):
    there, people = await given([1, 1, 1], [0, 1], [2], limits=[(most, [1, 2])])

    await closed(ingrid, there)

    found = {at for who, at in await offers() if who == people[0].actor.person_id}
    assert found == ({there.positions[to].id} if to else set())


async def test_a_seat_that_the_closing_makes_free_under_a_limit_goes_to_who_waits_for_it(given, ingrid):
    there, people = await given([1, 1], [0], [1], limits=[(1, [0, 1])])
    [(_first, placed_at)] = await offers()
    other = 1 if placed_at == there.positions[0].id else 0

    await closed(ingrid, there, 1 - other)

    assert await offers() == {(people[other].actor.person_id, there.positions[other].id)}
    assert await all_of(Waiting.state) == [(WaitingState.OFFERED,)]


async def test_an_offer_that_was_declined_is_not_made_again(given, ingrid):
    there, people = await given([1, 1], [0, 1], [0])
    [(offer,)] = await all_of(Offer.ref)
    await answering.decline(people[0].actor, offer, reason="dates", text="", stay_on_lists=True)

    now = await would_follow(there, 1)

    assert (now.holders, now.offers) == ([], {})


async def test_what_staff_fixed_before_the_run_does_not_hold_the_closing_up(given, ingrid):
    there, people = await given([1, 1], [0, 1])
    async with write() as tx:
        made = {"made_by": ingrid.actor.person_id, "made_at": there.cycle.closes_at, "reason": "Her thesis"}
        pair = {"application_id": there.applications[0].id, "position_id": there.positions[0].id}
        tx.add(MatchLock(cycle_id=there.cycle.id, **pair, **made))

    await closed(ingrid, there)

    assert await offers() == {(people[0].actor.person_id, there.positions[1].id)}


async def test_a_stay_that_has_begun_is_ended_first(given, ingrid):
    there, people = await given([1], [0])
    [(offer,)] = await all_of(Offer.ref)
    await answering.accept(people[0].actor, offer)
    async with write() as tx:
        (await tx.take(Placement, Placement.cycle_id == there.cycle.id)).state = PlacementState.UNDER_WAY

    with pytest.raises(Refused):
        await closed(ingrid, there)

    assert await all_of(Position.state) == [(PositionState.PUBLISHED,)]


async def test_two_staff_at_once_close_it_once(given, ingrid, new_person):
    there, people = await given([1, 1], [0, 1])
    other = await new_person(Role.STAFF, "Astrid Holm")
    now = await would_follow(there)
    ref = there.positions[0].ref

    done = await asyncio.gather(
        *(close(who.actor, ref, version=now.version, seen=now.seen, reason=WHY) for who in (ingrid, other)),
        return_exceptions=True,
    )

    assert sorted(isinstance(one, Fault) for one in done) == [False, True]
    assert await offers() == {(people[0].actor.person_id, there.positions[1].id)}
    assert len(await all_of(Offer.id)) == 2


async def test_a_decline_elsewhere_at_the_same_moment_loses_no_seat(given, ingrid):
    there, people = await given([1, 1], [0, 1], [1])
    mine = dict(await all_of(Offer.person_id, Offer.ref))
    now = await would_follow(there)
    no = answering.decline(
        people[1].actor, mine[people[1].actor.person_id], reason="dates", text="", stay_on_lists=False
    )
    shut = close(ingrid.actor, there.positions[0].ref, version=now.version, seen=now.seen, reason=WHY)

    done = await asyncio.gather(no, shut, return_exceptions=True)

    assert all(one is None or isinstance(one, int | ProposalChanged) for one in done)
    held = dict(await all_of(Position.id, Position.held))
    live = [at for _who, at in await offers()]
    assert held == {position.id: live.count(position.id) for position in there.positions}


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text).group(1)


async def test_staff_see_what_follows_and_close_with_a_reason(given, as_ingrid):
    there, _people = await given([1, 1], [0, 1], [0])
    at = f"/places/{there.positions[0].ref}"

    place = await as_ingrid.get(at)
    shown = await as_ingrid.get(f"{at}/close")
    seen = {name: hidden(shown.text, name).replace("&gt;", ">") for name in ("version", "proposal")}
    wordless = await as_ingrid.post(f"{at}/close", data=seen)
    done = await as_ingrid.post(f"{at}/close", data={**seen, "reason": WHY, "looked": "yes"})
    after = await as_ingrid.get(at)
    again = await as_ingrid.get(f"{at}/close")

    assert f"{at}/close" in place.text
    assert "Person 00" in shown.text
    assert "Position 1" in shown.text
    assert "1 person leaves the waiting list" in shown.text
    assert wordless.status_code == 422
    assert "Say why, in words for the people concerned." in wordless.text
    assert "Tick the box to say that you have looked at what follows." in wordless.text
    assert done.status_code == 303
    assert "This position is closed: it takes nobody any more." in after.text
    assert "This position is closed already" in again.text


async def test_a_proposal_that_is_not_true_any_more_is_refused_with_a_list(given, as_ingrid):
    there, people = await given([1, 1], [0, 1])
    at = f"/places/{there.positions[0].ref}/close"
    shown = (await as_ingrid.get(at)).text
    seen = {name: hidden(shown, name).replace("&gt;", ">") for name in ("version", "proposal")}
    [(offer,)] = await all_of(Offer.ref)
    await answering.accept(people[0].actor, offer)

    refused = await as_ingrid.post(at, data={**seen, "reason": WHY, "looked": "yes"})

    assert refused.status_code == 409
    assert "It is different for:" in refused.text
    assert "Person 00" in refused.text.split("It is different for:")[1].split("</ul>")[0]
    assert WHY in refused.text
    assert await all_of(Position.state, Position.state) == [(PositionState.PUBLISHED,) * 2] * 2
    assert await all_of(Placement.state) == [(PlacementState.PLANNED,)]


async def test_closing_is_for_staff(given, as_tomas, visitor):
    there, _people = await given([1], [0])
    at = f"/places/{there.positions[0].ref}/close"

    assert (await as_tomas.get(at)).status_code in {403, 404}
    assert (await as_tomas.post(at, data={})).status_code in {403, 404}
    assert (await visitor.get(at)).status_code == 303
