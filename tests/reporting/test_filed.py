"""One application as staff see it: what happened to it and about what, and how it came out, with the ways on."""

import re

import pytest
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.applications.rules import ChoiceState
from internships.core.db import read
from internships.matching.actions.rules import pair
from internships.placements.actions.answering import accept
from internships.placements.actions.approving import approve
from internships.placements.models import Offer
from internships.reviews.actions import assigning, hosting
from internships.reviews.actions.hosting import Declared
from internships.reviews.models import Review
from internships.reviews.queries.assigning import shared
from internships.reviews.rules import Answer
from tests.desk.conftest import made, new_market
from tests.placements.world import crowd, proposed, world

__all__ = ["made", "new_market"]


async def trace_of(client, ref):
    """The rows of the trace, as somebody reads them."""
    text = (await client.get(f"/applications/{ref}")).text
    table = re.search(r'<table id="trace-of".*?</table>', text, re.DOTALL)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("<tr>")[2:]]


@pytest.fixture
async def two(new_person, reserve):
    """Two people who want one seat."""
    people = await crowd(new_person, Role.APPLICANT, 2)
    return await world(reserve.id, [1], [(who, [0]) for who in people]), people


async def test_what_a_host_did_names_the_position_and_the_tier(as_ingrid, tomas, new_market):
    market = await new_market({"Lena": ["Glacier"]}, {"Glacier": 1}, {})
    ref = market.choices["Lena", "Glacier"].ref
    await hosting.declare(tomas.actor, {ref: Declared(has_tie=False, words="")})
    await hosting.decide(tomas.actor, {ref: (1, Answer(ChoiceState.ACCEPTABLE, tier=2))})

    rows = await trace_of(as_ingrid, market.applications["Lena"].ref)

    assert any(row.startswith("Put on the short list of a position Glacier") for row in rows)
    assert any(row.startswith("The host would take the person Glacier · Would host") for row in rows)
    assert any(row.startswith("Said whether there is a tie to the person Glacier · There is none") for row in rows)


async def test_giving_and_taking_a_file_names_the_reviewer(as_ingrid, ingrid, ravi, two):
    there, _people = two
    ref = there.applications[0].ref
    async with read() as db:
        plan = (await shared(db, [ravi.ref], [ref], 1)).plan
    await assigning.assign(ingrid.actor, [ravi.ref], [ref], 1, plan.fingerprint)
    async with read() as db:
        review = await db.scalar(select(Review.ref))
    await assigning.unassign(ingrid.actor, ref, review)

    rows = await trace_of(as_ingrid, ref)

    assert [row.split(" Ravi")[0] for row in rows] == ["Given to a reviewer", "Taken from a reviewer"]


async def test_a_fixed_pair_names_the_position_and_leads_to_it(as_ingrid, ingrid, two):
    there, _people = two
    await pair(ingrid.actor, "lock", there.applications[0].ref, there.positions[0].ref, reason="Comes back.")

    text = (await as_ingrid.get(f"/applications/{there.applications[0].ref}")).text

    assert (await trace_of(as_ingrid, there.applications[0].ref))[0].startswith(
        "Fixed at a position before the run Position 0"
    )
    assert f'href="/en/places/{there.positions[0].ref}"' in text


async def test_a_file_shows_its_offer_its_placement_and_the_answer_of_the_run(as_ingrid, ingrid, two):
    there, people = two
    run = await proposed(there, ingrid)
    before = (await as_ingrid.get(f"/applications/{there.applications[0].ref}")).text
    await approve(ingrid.actor, run.ref, version=run.version)
    first, second = [(await as_ingrid.get(f"/applications/{each.ref}")).text for each in there.applications]
    rows = await trace_of(as_ingrid, there.applications[0].ref)

    assert "Nothing was decided yet" in before
    assert "Waiting for an answer" in outcome(first)
    assert f'href="/en/places/{there.positions[0].ref}"' in outcome(first)
    assert f'href="/en/matching/runs/{run.ref}/people/{there.applications[0].ref}"' in outcome(first)
    assert "Placed" in outcome(first)
    assert "Others ranked higher" in outcome(second)
    assert "Waiting list, place 2" in outcome(second)
    assert any(row.startswith("A place was offered Position 0") and "Waiting for an answer" in row for row in rows)

    async with read() as db:
        offer = await db.scalar(select(Offer.ref))
    await accept(people[0].actor, offer)
    placed = outcome((await as_ingrid.get(f"/applications/{there.applications[0].ref}")).text)
    assert "Accepted" in placed
    assert "Planned" in placed


async def test_the_page_asks_as_much_for_two_choices_as_for_one(as_ingrid, ingrid, new_person, reserve, statements):
    people = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1, 1], [(people[0], [0]), (people[1], [0, 1])])
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)

    for application in there.applications:
        with statements() as asked:
            assert (await as_ingrid.get(f"/applications/{application.ref}")).status_code == 200
        assert len(asked) == 3


def outcome(text):
    """The part of the page that says how it came out."""
    return re.search(r'<h2 id="outcome">.*?<h2 ', text, re.DOTALL)[0]
