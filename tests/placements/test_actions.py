"""Offers: approved all at once, answered once, and never more of them than seats, however many come at a time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Role
from internships.applications.actions import screening
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core import clock, render
from internships.core.db import read
from internships.core.faults import Fault, NotFound, Refused, Stale
from internships.core.i18n import in_language
from internships.core.ids import new_ref
from internships.core.models import History, Letter
from internships.core.reasons import say_reason
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.matching.models import MatchLimit, MatchReserve
from internships.placements.actions import answering
from internships.placements.actions.approving import InputsChanged, approve
from internships.placements.models import Offer, Placement, Waiting
from internships.placements.rules import OfferState
from internships.reserves.models import Position
from internships.reviews.actions import hosting
from internships.reviews.rules import Answer
from tests.placements.world import crowd, proposed, world


async def all_of(column, *where):
    """A column in the order in which its rows were written."""
    async with read() as db:
        return list((await db.execute(select(column).where(*where).order_by(column.class_.id))).scalars())


async def count(table, *where):
    async with read() as db:
        return await db.scalar(select(func.count()).select_from(table).where(*where))


@pytest.fixture
async def approved(new_person, reserve, ingrid):
    """Three people wanted one seat; the first has the offer, the others wait in their order."""
    people = await crowd(new_person, Role.APPLICANT, 3)
    there = await world(reserve.id, [1], [(who, [0]) for who in people])
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    [offer] = await all_of(Offer.ref)
    return there, people, offer


async def test_approving_writes_offers_waiting_lists_letters_and_trace_at_once(approved, ingrid):
    _there, _people, offer = approved

    assert await all_of(Waiting.place) == [2, 3]
    assert sorted(await all_of(Letter.kind)) == ["placements/offered", "placements/results", "placements/results"]
    assert await all_of(Position.held) == [1]
    assert await all_of(Cycle.state) == [CycleState.RESULTS_OUT]
    assert await all_of(History.person_id, History.what == "run.approve") == [ingrid.actor.person_id]
    assert await all_of(History.subject, History.what == "offer.issue") == [offer]


async def test_a_run_whose_inputs_changed_writes_nothing_and_says_what(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])])
    run = await proposed(there, ingrid)
    async with write() as tx:
        (await tx.get_one(Position, there.positions[0].id)).seats = 2

    with pytest.raises(InputsChanged) as refused:
        await approve(ingrid.actor, run.ref, version=run.version)

    assert [change.what for change in refused.value.changes] == ["seats_changed"]
    assert await count(Offer) == await count(Letter) == await count(Waiting) == 0
    assert await all_of(Cycle.state) == [CycleState.IN_SELECTION]


async def test_an_approval_waits_for_a_host_who_is_deciding_and_then_sees_it(new_person, reserve, ingrid, tomas):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])], rate_by=clock.now() + timedelta(days=1))
    run = await proposed(there, ingrid)
    [choice] = await all_of(Choice.ref)

    async with write() as tx:
        await hosting._take(tx, tomas.actor, [choice])
        approving = asyncio.create_task(approve(ingrid.actor, run.ref, version=run.version))
        await asyncio.sleep(0.3)
        assert not approving.done()
        await tx.execute(update(Choice).values(state=ChoiceState.NOT_ACCEPTABLE))

    with pytest.raises(InputsChanged):
        await approving
    assert await count(Offer) == 0


async def test_a_host_who_comes_while_a_run_is_approved_is_told_that_it_is_too_late(new_person, reserve, ingrid, tomas):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])], rate_by=clock.now() + timedelta(days=1))
    run = await proposed(there, ingrid)
    [choice] = await all_of(Choice.ref)

    async with write() as tx:
        await tx.take(Cycle, Cycle.id == there.cycle.id)
        deciding = asyncio.create_task(hosting.decide(tomas.actor, {choice: (1, Answer(ChoiceState.NOT_ACCEPTABLE))}))
        await asyncio.sleep(0.3)
        assert not deciding.done()
        await tx.execute(update(Cycle).values(state=CycleState.RESULTS_OUT))

    with pytest.raises(Refused, match="time for ratings has passed"):
        await deciding
    assert await all_of(Choice.state) == [ChoiceState.ACCEPTABLE]
    assert run


async def test_the_second_approval_is_for_another_person(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])], needs_second_approval=True)
    run = await proposed(there, ingrid)

    assert not await approve(ingrid.actor, run.ref, version=run.version)
    assert await count(Offer) == 0
    with pytest.raises(Refused):
        await approve(ingrid.actor, run.ref, version=run.version + 1)
    other = await new_person(Role.STAFF, "Astrid Holm")
    assert await approve(other.actor, run.ref, version=run.version + 1)

    assert await count(Offer) == 1


async def test_accepting_twice_makes_one_placement(approved):
    _there, people, offer = approved

    await answering.accept(people[0].actor, offer)
    await answering.accept(people[0].actor, offer)

    assert await count(Placement) == 1
    assert await all_of(Letter.kind, Letter.kind == "placements/accepted") == ["placements/accepted"]


async def test_accepting_tells_the_hosts_of_that_reserve_alone(approved, tomas, new_person, new_reserve):
    there, people, offer = approved
    elsewhere = await new_reserve(name="Ubuntu Valley")
    await new_person(Role.HOST, "Thandi Dube", reserve_id=elsewhere.id)

    await answering.accept(people[0].actor, offer)

    told = Letter.kind == "placements/host_accepted"
    assert await all_of(Letter.person_id, told) == [tomas.actor.person_id]
    assert await all_of(Letter.about, told) == [there.applications[0].ref]
    assert await all_of(History.file, History.what == "offer.accept") == [there.applications[0].ref]


async def test_a_stranger_cannot_accept(approved):
    _there, people, offer = approved

    with pytest.raises(NotFound):
        await answering.accept(people[1].actor, offer)

    assert await count(Placement) == 0


async def test_a_decline_gives_the_seat_to_the_next_on_the_list(approved):
    _there, people, offer = approved

    await answering.decline(people[0].actor, offer, reason="dates", text="", stay_on_lists=True)

    assert await all_of(Offer.person_id, Offer.state == OfferState.ISSUED) == [people[1].actor.person_id]
    assert await all_of(Position.held) == [1]
    with pytest.raises(Refused):
        await answering.accept(people[0].actor, offer)


async def test_a_freed_reserved_seat_goes_to_the_next_of_its_group(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 5)
    there = await world(reserve.id, [2], [(who, [0]) for who in people])
    async with write() as tx:
        for number in (1, 3, 4):
            (await tx.get_one(Application, there.applications[number].id)).residence = "KE"
        kept = {"cycle_id": there.cycle.id, "position_id": there.positions[0].id}
        tx.add(MatchReserve(ref=new_ref(), name="Local youth", seats=1, countries=["KE", "TZ"], **kept))
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    actors = {who.actor.person_id: who.actor for who in people}

    async def says_no(number: int) -> set[int]:
        person = people[number].actor.person_id
        [ref] = await all_of(Offer.ref, Offer.person_id == person, Offer.state == OfferState.ISSUED)
        await answering.decline(actors[person], ref, reason="dates", text="", stay_on_lists=False)
        live = set(await all_of(Offer.person_id, Offer.state == OfferState.ISSUED))
        return {n for n, who in enumerate(people) if who.actor.person_id in live}

    assert await says_no(1) == {0, 3}  # the second of the group, although somebody else stands before them
    assert await says_no(0) == {2, 3}  # an open seat: the order of the run


async def test_a_seat_that_makes_room_under_a_limit_lets_another_position_go_on(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1, 1], [(who, [number]) for number, who in enumerate(people)])
    async with write() as tx:
        both = [position.ref for position in there.positions]
        tx.add(MatchLimit(ref=new_ref(), cycle_id=there.cycle.id, name="Fund", seats=1, over=both))
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    assert await answering.use_the_room() == 0
    [(offer, holder)] = zip(await all_of(Offer.ref), await all_of(Offer.person_id), strict=True)
    first, other = sorted(people, key=lambda who: who.actor.person_id != holder)

    await answering.decline(first.actor, offer, reason="dates", text="", stay_on_lists=False)

    assert [await answering.use_the_room() for _turn in range(2)] == [1, 0]
    assert await all_of(Offer.person_id, Offer.state == OfferState.ISSUED) == [other.actor.person_id]


async def test_an_offer_expires_at_its_instant_and_moves_on(approved, clock):
    _there, people, offer = approved
    assert await answering.expire(offer) == "not yet"
    [due] = await all_of(Offer.answer_by)

    clock.move_to(due + timedelta(seconds=1))
    with pytest.raises(Refused):
        await answering.accept(people[0].actor, offer)
    assert await answering.expire(offer) == "expired"
    assert await answering.expire(offer) == "answered before"

    assert await all_of(Offer.person_id, Offer.state == OfferState.ISSUED) == [people[1].actor.person_id]


async def test_a_withdrawn_persons_seat_is_freed(approved):
    _there, people, offer = approved
    await answering.accept(people[0].actor, offer)
    async with write() as tx:
        mine = await tx.take(Application, Application.person_id == people[0].actor.person_id)
        mine.state = ApplicationState.WITHDRAWN

    assert await answering.free_what_was_withdrawn() == 1
    assert await answering.free_what_was_withdrawn() == 0

    assert await all_of(Offer.person_id, Offer.state == OfferState.ISSUED) == [people[1].actor.person_id]
    (why,) = await all_of(Offer.reason_text, Offer.reason_text != "")
    with in_language("fr"):
        assert say_reason(why) == "La candidature a été retirée."


async def test_the_hosts_are_told_once_in_their_language_when_somebody_who_accepted_withdraws(
    approved, tomas, new_person, new_reserve, reserve
):
    there, people, offer = approved
    odile = await new_person(Role.HOST, "Odile Marchand", reserve_id=reserve.id, locale="fr")
    elsewhere = await new_reserve(name="Ubuntu Valley")
    await new_person(Role.HOST, "Thandi Dube", reserve_id=elsewhere.id)
    await answering.accept(people[0].actor, offer)
    async with write() as tx:
        mine = await tx.take(Application, Application.person_id == people[0].actor.person_id)
        mine.state = ApplicationState.WITHDRAWN

    for _again in range(2):
        await answering.free_what_was_withdrawn()

    told = Letter.kind == "placements/host_cancelled"
    assert await all_of(Letter.person_id, told) == [tomas.actor.person_id, odile.actor.person_id]
    assert await all_of(Letter.locale, told) == ["en", "fr"]
    assert await all_of(Letter.about, told) == [there.applications[0].ref] * 2
    subject, text, _html = render.letter("placements/host_cancelled", "en", {"name": "Tomás"})
    assert subject == "Somebody who had accepted a place at your reserve will not come"
    assert "/en/host/places" in text


async def test_the_hosts_are_told_when_staff_cancel_a_placement(approved, tomas, ingrid):
    _there, people, offer = approved
    await answering.accept(people[0].actor, offer)
    [placement] = await all_of(Placement.ref)

    await answering.cancel(ingrid.actor, placement, version=1, reason="No visa.")

    assert await all_of(Letter.person_id, Letter.kind == "placements/host_cancelled") == [tomas.actor.person_id]


async def test_nobody_is_told_that_somebody_does_not_come_who_had_not_accepted(approved, tomas):
    _there, people, _offer = approved
    async with write() as tx:
        mine = await tx.take(Application, Application.person_id == people[0].actor.person_id)
        mine.state = ApplicationState.WITHDRAWN

    assert await answering.free_what_was_withdrawn() == 1

    assert await all_of(Letter.id, Letter.kind == "placements/host_cancelled") == []


async def test_staff_take_an_offer_back_with_the_version_they_saw(approved, ingrid):
    _there, people, offer = approved

    with pytest.raises(Stale):
        await answering.revoke(ingrid.actor, offer, version=7, reason="The host has closed.")
    await answering.revoke(ingrid.actor, offer, version=1, reason="The host has closed.")

    assert await all_of(Offer.reason_text, Offer.state == OfferState.REVOKED) == ["The host has closed."]
    assert await all_of(Offer.person_id, Offer.state == OfferState.ISSUED) == [people[1].actor.person_id]


async def test_twenty_who_decline_at_once_give_their_seats_to_twenty_others(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 45)
    there = await world(reserve.id, [10, 10], [(who, [n % 2, (n + 1) % 2]) for n, who in enumerate(people)])
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    refs = dict(zip(await all_of(Offer.ref), await all_of(Offer.person_id), strict=True))
    by_id = {who.actor.person_id: who.actor for who in people}

    async def say_no(ref: str, person_id: int) -> None:
        await answering.decline(by_id[person_id], ref, reason="dates", text="", stay_on_lists=False)

    await asyncio.gather(*(say_no(ref, person_id) for ref, person_id in refs.items()))

    assert await all_of(Position.held) == [10, 10]
    live = await all_of(Offer.person_id, Offer.state == OfferState.ISSUED)
    assert len(live) == len(set(live)) == 20
    assert not set(live) & set(refs.values())


async def test_twenty_takers_of_one_more_seat_get_one_seat(new_person, reserve, ingrid):
    people = await crowd(new_person, Role.APPLICANT, 20)
    there = await world(reserve.id, [1], [(who, [0]) for who in people])
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)

    async with write() as tx:
        (await tx.get_one(Position, there.positions[0].id)).seats = 2

    given = await asyncio.gather(
        *(answering.fill_free_seats(ingrid.actor, there.positions[0].ref) for _ in range(20)), return_exceptions=True
    )

    assert sum(n for n in given if isinstance(n, int)) == 1
    assert all(isinstance(n, int | Fault) for n in given)
    assert await all_of(Position.held) == [2]
    assert await count(Offer) == 2


async def test_the_database_itself_refuses_a_second_live_offer_and_a_seat_too_many(approved):
    there, _people, _offer = approved
    [first] = await all_of(Offer.id)

    async def offer_again() -> None:
        async with write() as tx:
            kept = await tx.get_one(Offer, first)
            left_out = {"id", "ref", "version"}
            tx.add(Offer(**{c.key: getattr(kept, c.key) for c in Offer.__table__.c if c.key not in left_out}))

    async def hold_two_seats() -> None:
        async with write() as tx:
            (await tx.get_one(Position, there.positions[0].id)).held = 2

    with pytest.raises(IntegrityError):
        await offer_again()
    with pytest.raises(IntegrityError):
        await hold_two_seats()

    assert await count(Offer) == 1


async def test_an_admission_can_not_be_taken_back_once_the_results_are_out(approved, ingrid):
    there, _people, _offer = approved
    async with write() as tx:
        file = await tx.take(Application, Application.id == there.applications[0].id)
        file.decided_at = clock.now()

    with pytest.raises(Refused):
        await screening.recheck(ingrid.actor, file.ref, version=file.version, undoes="admit")

    assert await all_of(Application.state, Application.id == file.id) == [ApplicationState.ELIGIBLE]
