"""The pages of offers and places, as the people who use them see them."""

import re

import pytest
from sqlalchemy import delete, select, update

from internships import worker
from internships.accounts.rules import Role
from internships.applications.models import Choice
from internships.core.db import read
from internships.core.models import Job, JobState
from internships.core.writing import write
from internships.matching.actions import runs
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.models import Offer
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState
from internships.reviews.models import Rating
from tests.placements.world import crowd, proposed, world


@pytest.fixture
async def three(new_person, reserve, ingrid):
    """Three people want one seat, and a run has placed the first."""
    people = await crowd(new_person, Role.APPLICANT, 3)
    there = await world(reserve.id, [1], [(who, [0]) for who in people])
    await proposed(there, ingrid)
    return there, people


async def newest():
    """The offer that a page speaks of, as its form says it."""
    async with read() as db:
        return {"offer": await db.scalar(select(Offer.ref).order_by(Offer.id.desc()).limit(1))}


@pytest.fixture
async def offered(three, ingrid):
    there, people = three
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    return there, people


async def test_staff_are_told_when_fewer_people_are_left_than_a_position_needs(new_person, reserve, ingrid, as_ingrid):
    people = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [2], [(who, [0]) for who in people])
    async with write() as tx:
        await tx.execute(update(Position).values(min_seats=2))
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)
    before = await as_ingrid.get("/places")
    async with read() as db:
        offer = await db.scalar(select(Offer.ref).where(Offer.person_id == people[0].actor.person_id))

    await answering.decline(people[0].actor, offer, reason="other", text="", stay_on_lists=False)
    after = await as_ingrid.get("/places")
    place = await as_ingrid.get(f"/places/{there.positions[0].ref}")

    assert "Fewer than its minimum" not in before.text
    assert "Fewer than its minimum of 2" in after.text
    assert "It needs 2 people or more. Left: 1," in place.text
    assert f"/places/{there.positions[0].ref}/close" in place.text


async def test_changed_inputs_are_said_before_anybody_approves(three, as_ingrid):
    there, _people = three
    async with write() as tx:
        await tx.execute(update(Position).where(Position.id == there.positions[0].id).values(seats=7))

    response = await as_ingrid.get(f"/matching/runs/{there.run.ref}/approve")

    assert response.status_code == 200
    assert "has another number of free seats" in response.text
    assert "Approve and send" not in response.text


async def test_after_the_release_a_new_run_only_looks_ahead(three, as_ingrid, ingrid):
    there, _people = three
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    ref = await runs.start(ingrid.actor, name="Afterwards")
    await worker.once()

    desk, run, approval = [
        await as_ingrid.get(path) for path in ("/matching", f"/matching/runs/{ref}", f"/matching/runs/{ref}/approve")
    ]

    for page in (desk, run, approval):
        assert "The results of this call are out" in page.text
    assert "Look at the approval" not in run.text
    assert "Approve and send" not in approval.text


async def test_staff_see_who_gets_what_before_they_approve(three, as_ingrid):
    there, _people = three

    response = await as_ingrid.get(f"/matching/runs/{there.run.ref}/approve")

    assert response.status_code == 200
    assert "Approve and send 3 letters" in response.text
    assert response.text.count("An answer without an offer") == 2


async def test_who_approves_reads_that_somebody_was_not_rated(three, as_ingrid, ingrid):
    there, _people = three
    here = f"/matching/runs/{there.run.ref}/approve"
    before = await as_ingrid.get(here)
    async with write() as tx:
        await tx.execute(
            update(Choice).where(Choice.application_id == there.applications[2].id).values(state="waiting")
        )
        await tx.execute(delete(Rating))
    ref = await runs.start(ingrid.actor, name="Too early")
    await worker.once()

    after = await as_ingrid.get(f"/matching/runs/{ref}/approve")

    assert "not rated yet" not in before.text
    assert "1 candidate is not rated yet. Their letter would say that the host did not rank them." in after.text
    assert "/matching/readiness" in after.text


async def test_a_letter_can_be_read_before_it_goes(three, as_ingrid):
    there, _people = three

    response = await as_ingrid.get(f"/matching/runs/{there.run.ref}/letters/{there.applications[0].ref}")

    assert "You are offered a place: answer by 16 November 2026" in response.text


async def test_approving_without_the_tick_is_sent_back(three, as_ingrid):
    there, _people = three

    response = await as_ingrid.post(f"/matching/runs/{there.run.ref}/approve", data={"version": there.run.version})

    assert response.status_code == 422
    assert "Tick the box to say that you have looked" in response.text


async def test_approving_leads_to_the_places(three, as_ingrid):
    there, _people = three
    said = {"version": there.run.version, "seen": "yes"}

    response = await as_ingrid.post(f"/matching/runs/{there.run.ref}/approve", data=said)
    places = await as_ingrid.get("/places")
    place = await as_ingrid.get(f"/places/{there.positions[0].ref}")

    assert response.status_code == 303
    assert "1 of 1 places are held" in places.text
    assert "Waiting for an answer" in place.text
    assert "Person 02" in place.text


async def test_a_run_whose_inputs_changed_says_what_changed(three, as_ingrid, ingrid):
    there, _people = three
    async with write() as tx:
        (await tx.get_one(Position, there.positions[0].id)).seats = 2

    response = await as_ingrid.post(
        f"/matching/runs/{there.run.ref}/approve", data={"version": there.run.version, "seen": "yes"}
    )

    assert response.status_code == 409
    assert "has another number of free seats" in response.text


async def test_the_person_reads_the_offer_and_accepts_it(offered, signed_in):
    _there, people = offered
    first = await signed_in(people[0])

    offer = await first.get("/offer")
    this = await newest()
    missing = await first.post("/offer/accept", data=this)
    answer = await first.post("/offer/accept", data=this | {"sure": "yes"})
    again = await first.post("/offer/accept", data=this | {"sure": "yes"})
    after = await first.get("/offer")

    assert "You are offered a place" in offer.text
    assert missing.status_code == 422
    assert answer.status_code == again.status_code == 303
    assert "The place is yours" in after.text


async def test_a_decline_needs_a_reason_and_keeps_what_was_typed(offered, signed_in):
    _there, people = offered
    first, second = await signed_in(people[0]), await signed_in(people[1])

    this = await newest()
    missing = await first.post("/offer/decline", data=this | {"text": "My grandmother is ill."})
    answer = await first.post("/offer/decline", data=this | {"reason": "health_or_family", "stay": "no"})

    assert missing.status_code == 422
    assert "Choose the reason that fits best." in missing.text
    assert "My grandmother is ill." in missing.text
    assert answer.status_code == 303
    assert "Declined" in (await first.get("/offer")).text
    assert "You are offered a place" in (await second.get("/offer")).text


async def test_who_waits_sees_how_many_are_before(offered, signed_in):
    _there, people = offered
    third = await signed_in(people[2])

    response = await third.get("/offer")

    assert "You are on a waiting list" in response.text
    assert "1 person is before you" in response.text


async def test_staff_take_back_with_words_or_are_asked_for_them(offered, as_ingrid, signed_in):
    there, people = offered
    place = f"/places/{there.positions[0].ref}"
    page = (await as_ingrid.get(place)).text
    offer = page.split(f"{place}/offers/")[1].split('"')[0]

    wordless = await as_ingrid.post(f"{place}/offers/{offer}", data={"version": "1", "reason": " "})
    stale = await as_ingrid.post(f"{place}/offers/{offer}", data={"version": "9", "reason": "The hut burned down."})
    assert "The hut burned down." in stale.text
    assert "This has changed since you opened the page" in stale.text
    done = await as_ingrid.post(f"{place}/offers/{offer}", data={"version": "1", "reason": "The hut burned down."})

    assert (wordless.status_code, stale.status_code, done.status_code) == (422, 409, 303)
    assert "Say why, in words for the person." in wordless.text
    assert "The hut burned down." in (await (await signed_in(people[0])).get("/offer")).text


@pytest.mark.parametrize("path", ["/offer", "/offer/accept", "/offer/decline"])
async def test_somebody_without_an_offer_gets_a_page(path, as_amina, world_of_none):
    response = await as_amina.get(path, follow_redirects=True)

    assert response.status_code == 200
    assert "You have no offer now" in response.text


@pytest.fixture
async def world_of_none(reserve):
    await world(reserve.id, [1], [])


@pytest.mark.parametrize("people", [1, 3])
async def test_the_places_page_asks_as_often_however_many_there_are(people, new_person, reserve, as_ingrid, statements):
    everybody = await crowd(new_person, Role.APPLICANT, people)
    await world(reserve.id, [1] * people, [(who, [0]) for who in everybody])

    with statements() as asked:
        response = await as_ingrid.get("/places")

    assert response.status_code == 200
    assert len(asked) == 3  # who is asking, the call, and its places


async def test_a_host_sees_who_holds_a_place_with_them_and_nobody_else(
    offered, as_tomas, new_person, new_reserve, signed_in
):
    elsewhere = await new_reserve(name="Ubuntu Valley")
    stranger = await signed_in(await new_person(Role.HOST, "Thandi Dube", reserve_id=elsewhere.id))

    mine, theirs = await as_tomas.get("/host/places"), await stranger.get("/host/places")

    assert "Person 00" in mine.text
    assert "Person 01" not in mine.text
    assert "Person 00" not in theirs.text


async def test_a_page_below_an_entry_that_is_in_the_menu_itself_is_marked_once(as_tomas):
    response = await as_tomas.get("/host/places")

    menu = re.search(r'<nav class="main-menu".*?</nav>', response.text, re.DOTALL).group(0)
    assert re.findall(r'aria-current="page">([^<]*)<', menu) == ["Who is coming"]


async def test_an_answered_offer_has_no_clock_any_more(offered, signed_in):
    _there, people = offered
    first = await signed_in(people[0])

    await first.post("/offer/accept", data=await newest() | {"sure": "yes"})

    async with read() as db:
        waiting = (await db.execute(select(Job.kind).where(Job.state == JobState.WAITING))).scalars().all()
    assert "placements.expire" not in waiting


async def test_an_offers_deadline_is_in_the_zone_of_the_call_and_names_it(offered, as_ingrid):
    there, _people = offered

    for path in ("/places", f"/places/{there.positions[0].ref}"):
        text = (await as_ingrid.get(path)).text
        assert "23:59" in text
        assert "Central European Standard Time (UTC+01:00)" in text
        assert "Times are in your zone: Coordinated Universal Time (UTC+00:00)." in text


async def test_a_closed_position_says_so_first_and_promises_nothing(offered, as_ingrid):
    there, _people = offered
    async with write() as tx:
        position = await tx.get_one(Position, there.positions[0].id)
        position.state = PositionState.CLOSED
        position.held = 0

    text = (await as_ingrid.get(f"/places/{there.positions[0].ref}")).text

    assert text.index("Closed") < text.index("This position is closed: it takes nobody any more.")
    assert text.index("This position is closed") < text.index("Offers and placements")
    assert "A freed place goes" not in text
    assert "0 free" not in text


@pytest.fixture
async def by_two(new_person, reserve, ingrid):
    """A run of a call that asks for two approvals."""
    people = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1], [(who, [0]) for who in people], needs_second_approval=True)
    await proposed(there, ingrid)
    return there


async def test_two_people_approve_and_each_page_says_whose_turn_it_is(by_two, ingrid, new_person, signed_in):
    here = f"/matching/runs/{by_two.run.ref}/approve"
    as_ingrid = await signed_in(ingrid)
    as_chen = await signed_in(await new_person(Role.STAFF, "Chen Wei"))
    said = {"version": by_two.run.version, "seen": "yes"}

    before = await as_ingrid.get(here)
    first = await as_ingrid.post(here, data=said)
    hers, his = await as_ingrid.get(here), await as_chen.get(here)
    late = await as_chen.post(here, data=said)

    assert "Approve as the first of two" in before.text
    assert "Approve and send" not in before.text
    assert first.status_code == 303
    assert "The second approval is for another person." in hers.text
    assert "Approve" not in hers.text.split("</h1>")[1].split("Who gets which letter")[0].replace("Approved", "")
    for page in (his, late):
        assert f"{ingrid.actor.name} approved this run first" in page.text
        assert "Approve and send 2 letters" in page.text
    assert late.status_code == 409
    again = await as_chen.post(here, data=said | {"version": by_two.run.version + 1})
    assert again.status_code == 303


async def test_who_comes_second_reads_who_approved(three, as_ingrid, new_person, signed_in):
    there, _people = three
    here = f"/matching/runs/{there.run.ref}/approve"
    as_chen = await signed_in(await new_person(Role.STAFF, "Chen Wei"))
    said = {"version": there.run.version, "seen": "yes"}
    await as_ingrid.post(here, data=said)

    late = await as_chen.post(here, data=said)

    assert late.status_code == 409
    assert "Ingrid" in late.text.split("approved this run on")[0][-80:]
    assert "That was while you looked at it. Each letter is written once." in late.text
    assert "Approve and send" not in late.text
