"""A page of one offer, still open in a tab, answers no other offer that came meanwhile."""

import re

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.core.db import read
from internships.placements.actions import answering
from internships.placements.actions.approving import approve
from internships.placements.models import Offer
from internships.placements.rules import OfferState
from tests.placements.world import crowd, proposed, world

NO = {"reason": "dates", "stay": "yes", "text": "The dates of this one are in my exams."}


@pytest.fixture
async def another(new_person, reserve, ingrid, signed_in):
    """Her tab shows an offer; staff take it back, the first choice is freed, and so she is offered that one."""
    ahead, herself = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1, 1], [(ahead, [0]), (herself, [0, 1])])
    await proposed(there, ingrid)
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    her = await signed_in(herself)
    tab = {}
    for verb in ("accept", "decline"):
        shown = (await her.get(f"/offer/{verb}")).text
        tab[verb] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    async with read() as db:
        refs = {row.person_id: row.ref for row in await db.execute(select(Offer.person_id, Offer.ref))}
    await answering.revoke(ingrid.actor, refs[herself.actor.person_id], version=1, reason="The hut burned down.")
    await answering.decline(ahead.actor, refs[ahead.actor.person_id], reason="dates", text="", stay_on_lists=False)
    return her, tab


async def states():
    async with read() as db:
        return list(await db.scalars(select(Offer.state).order_by(Offer.id)))


async def test_a_yes_to_an_offer_that_was_taken_back_accepts_no_other(another):
    her, tab = another
    before = await states()

    sent = await her.post("/offer/accept", data=tab["accept"] | {"sure": "yes"})
    now = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', sent.text))
    meant = await her.post("/offer/accept", data=now | {"sure": "yes"})

    assert before[-1] == OfferState.ISSUED
    assert sent.status_code == 409
    assert "This is another offer than the one that you looked at." in sent.text
    assert "Position 0" in sent.text
    assert not re.search(r'name="sure"[^>]* checked', sent.text)
    assert meant.status_code == 303
    assert (await states())[-1] == OfferState.ACCEPTED


async def test_a_no_to_it_declines_no_other_and_keeps_what_was_typed(another):
    her, tab = another

    sent = await her.post("/offer/decline", data=tab["decline"] | NO)

    assert sent.status_code == 409
    assert "This is another offer than the one that you looked at." in sent.text
    assert NO["text"] in sent.text
    assert (await states())[-1] == OfferState.ISSUED


@pytest.mark.parametrize("verb", ["accept", "decline"])
async def test_an_answer_to_an_offer_that_is_gone_is_told_that_there_is_none(another, verb):
    her, tab = another
    await her.post("/application/withdraw", data={})

    sent = await her.post(f"/offer/{verb}", data=tab[verb] | NO | {"sure": "yes"}, follow_redirects=True)

    assert "There is no offer to answer any more." in sent.text


async def test_an_offer_is_not_taken_back_at_the_address_of_another_place(new_person, reserve, ingrid, as_ingrid):
    first, other = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1, 1], [(first, [0]), (other, [1])])
    await proposed(there, ingrid)
    await approve(ingrid.actor, there.run.ref, version=there.run.version)
    place, elsewhere = (f"/places/{position.ref}" for position in there.positions)
    offer = (await as_ingrid.get(place)).text.split(f"{place}/offers/")[1].split('"')[0]

    sent = await as_ingrid.post(f"{elsewhere}/offers/{offer}", data={"version": "1", "reason": "The hut burned down."})
    await answering.accept(first.actor, offer)
    placement = (await as_ingrid.get(place)).text.split(f"{place}/placements/")[1].split('"')[0]
    again = await as_ingrid.post(f"{elsewhere}/placements/{placement}", data={"version": "1", "reason": "It burned."})

    assert sent.status_code == again.status_code == 404
    async with read() as db:
        assert await db.scalar(select(Offer.state).where(Offer.ref == offer)) == OfferState.ACCEPTED
