"""What came of an application, on the page of the application itself; and what withdrawing gives up."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.core.db import read
from internships.core.models import Letter
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.models import Offer, Placement
from internships.placements.rules import OfferState
from tests.placements.world import crowd, proposed, world


@pytest.fixture
async def offered(new_person, reserve, ingrid):
    """Three people want one seat: the first was offered it, the others wait."""
    people = await crowd(new_person, Role.APPLICANT, 3)
    there = await world(reserve.id, [1], [(who, [0]) for who in people])
    await proposed(there, ingrid)
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    return people


@pytest.fixture
async def browsers(offered, signed_in):
    return [await signed_in(person) for person in offered]


async def yes():
    """What the page sends to accept the first offer."""
    return {"sure": "yes", "offer": (await offers(Offer.ref))[0].ref}


async def offers(*columns):
    async with read() as db:
        return (await db.execute(select(*columns).order_by(Offer.id))).all()


async def test_an_open_offer_is_said_with_its_date_on_the_page_of_the_application(browsers, statements):
    with statements() as asked:
        page = (await browsers[0].get("/application")).text

    assert len(asked) <= 3
    assert page.count("You are offered a place") == 1
    assert "Position 0" in page
    assert "Answer before" in page
    assert "16 November 2026" in page
    assert "Read the offer and answer it" in page
    assert "You were offered a place" in page  # the timeline
    assert page.count("Results are out") == 1
    assert "There is an answer" not in page


async def test_a_waiting_list_is_said_and_so_is_a_place_that_was_accepted(browsers, clock):
    assert "You are on 1 waiting list" in (await browsers[1].get("/application")).text

    clock.shift(timedelta(days=2))
    await browsers[0].post("/offer/accept", data=await yes())
    page = (await browsers[0].get("/application")).text

    assert "The place is yours" in page
    accepted = page.split("You accepted the place")[1].split("</li>")[0]
    assert "4 November 2026" in accepted
    assert "Answer before" not in page


async def test_what_was_declined_or_came_from_the_waiting_list_is_in_the_timeline(browsers):
    await browsers[0].post("/offer/decline", data={"reason": "dates", "stay": "no", "offer": (await yes())["offer"]})

    assert "You have declined the place" in (await browsers[0].get("/application")).text
    assert "You declined the place" in (await browsers[0].get("/application")).text
    assert "You were offered a place" in (await browsers[1].get("/application")).text


async def test_an_offer_whose_date_has_passed_is_not_shown_as_open(browsers, clock):
    for _visit in range(3):  # often enough to stay signed in
        clock.shift(timedelta(days=5))
        page = (await browsers[0].get("/application")).text

    assert "The date to answer your offer has passed" in page
    assert "Answer before" not in page


@pytest.mark.parametrize("accepts", [True, False])
async def test_withdrawing_names_the_place_that_it_gives_up(browsers, accepts, statements):
    if accepts:
        await browsers[0].post("/offer/accept", data=await yes())

    with statements() as asked:
        page = (await browsers[0].get("/application/withdraw")).text
    waiting = (await browsers[1].get("/application/withdraw")).text

    assert len(asked) <= 3
    assert f"You give up the place that you {'have accepted' if accepts else 'are offered'}" in page
    assert "Position 0" in page
    assert "You give up" not in waiting


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize("worked", [True, False])
async def test_after_withdrawing_no_place_is_theirs_before_and_after_the_worker_came_by(browsers, accepts, worked):
    if accepts:
        await browsers[0].post("/offer/accept", data=await yes())
    await browsers[0].post("/application/withdraw", data={})
    if worked:
        await answering.free_what_was_withdrawn()

    offer, file = (await browsers[0].get("/offer")).text, (await browsers[0].get("/application")).text

    for page in (offer, file):
        assert "You have withdrawn your application" in page
        assert "The place is yours" not in page
        assert "Taken back" not in page
        assert "cancelled" not in page
    assert 'href="/en/offer/accept"' not in offer
    assert ("You are offered a place" in (await browsers[1].get("/application")).text) == worked


async def test_who_has_withdrawn_cannot_accept_in_another_window(browsers):
    await browsers[0].post("/application/withdraw", data={})

    response = await browsers[0].post("/offer/accept", data=await yes())

    assert response.status_code == 409
    async with read() as db:
        assert (await db.execute(select(Placement.id))).all() == []


async def test_who_withdraws_gets_the_letter_about_that_and_none_that_a_place_was_taken(browsers, offered):
    await browsers[0].post("/offer/accept", data=await yes())
    await browsers[0].post("/application/withdraw", data={})
    await answering.free_what_was_withdrawn()

    mine = Letter.person_id == offered[0].actor.person_id
    async with read() as db:
        kinds = (await db.execute(select(Letter.kind).where(mine).order_by(Letter.id))).scalars().all()

    assert kinds[-1] == "applications/withdrawn"
    assert "placements/cancelled" not in kinds
    assert await offers(Offer.state) == [(OfferState.REVOKED,), (OfferState.ISSUED,)]


async def test_who_has_withdrawn_is_on_no_waiting_list(browsers):
    await browsers[1].post("/application/withdraw", data={})

    assert "You are on a waiting list" not in (await browsers[1].get("/offer")).text
