"""The pages of offers and places, as the people who use them see them."""

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.core.db import read
from internships.core.models import Job, JobState
from internships.core.writing import write
from internships.placements.actions.approving import approve
from internships.reserves.models import Position
from tests.placements.world import crowd, proposed, world


@pytest.fixture
async def three(new_person, reserve, ingrid):
    """Three people want one seat, and a run has placed the first."""
    people = await crowd(new_person, Role.APPLICANT, 3)
    there = await world(reserve.id, [1], [(who, [0]) for who in people])
    await proposed(there, ingrid)
    return there, people


@pytest.fixture
async def offered(three, ingrid):
    there, people = three
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    return there, people


async def test_staff_see_who_gets_what_before_they_approve(three, as_ingrid):
    there, _people = three

    response = await as_ingrid.get(f"/matching/runs/{there.run.ref}/approve")

    assert response.status_code == 200
    assert "Approve and send 3 letters" in response.text
    assert response.text.count("An answer without an offer") == 2


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
    missing = await first.post("/offer/accept", data={})
    answer = await first.post("/offer/accept", data={"sure": "yes"})
    again = await first.post("/offer/accept", data={"sure": "yes"})
    after = await first.get("/offer")

    assert "You are offered a place" in offer.text
    assert missing.status_code == 422
    assert answer.status_code == again.status_code == 303
    assert "The place is yours" in after.text


async def test_a_decline_needs_a_reason_and_keeps_what_was_typed(offered, signed_in):
    _there, people = offered
    first, second = await signed_in(people[0]), await signed_in(people[1])

    missing = await first.post("/offer/decline", data={"text": "My grandmother is ill."})
    answer = await first.post("/offer/decline", data={"reason": "health_or_family", "stay": "no"})

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


async def test_an_answered_offer_has_no_clock_any_more(offered, signed_in):
    _there, people = offered
    first = await signed_in(people[0])

    await first.post("/offer/accept", data={"sure": "yes"})

    async with read() as db:
        waiting = (await db.execute(select(Job.kind).where(Job.state == JobState.WAITING))).scalars().all()
    assert "placements.expire" not in waiting
