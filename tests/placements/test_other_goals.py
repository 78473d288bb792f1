"""A run that looked for the best sum of choices: it may be approved, by somebody who says that they know whom it passes over."""

import pytest
from sqlalchemy import select

from internships import worker
from internships.accounts.rules import Role
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.models import History
from internships.core.writing import write
from internships.matching.actions import runs
from internships.matching.improving import Goal
from internships.matching.models import MatchRun
from internships.placements.actions.approving import PassesOver, approve
from internships.placements.models import Offer
from tests.placements.world import crowd, world


@pytest.fixture
async def passing_over(new_person, reserve, ingrid):
    """The dearer person makes room for one who has no other choice, though the host likes the first one better."""
    people = await crowd(new_person, Role.APPLICANT, 2)
    there = await world(reserve.id, [1, 1], [(people[0], [0, 1]), (people[1], [0])])
    ref = await runs.start(ingrid.actor, name="Best sum", goal=Goal.BEST_SUM)
    await worker.once()
    async with write() as tx:
        there.run = await tx.take(MatchRun, MatchRun.ref == ref)
    return there


async def offers():
    async with read() as db:
        return sorted((await db.execute(select(Offer.application_id, Offer.position_id))).all())


async def test_the_pages_of_a_run_say_what_it_looked_for_and_whom_it_passes_over(passing_over, as_ingrid):
    here = f"/matching/runs/{passing_over.run.ref}"

    run, proof, approval = [await as_ingrid.get(f"{here}{side}") for side in ("", "/proof", "/approve")]

    for page in (run, proof, approval):
        assert "looked for the best sum of everybody" in page.text
        assert "breaks the rules" not in page.text
    assert "1 time a person would rather be somewhere and the host would rather have them" in run.text
    assert "It was proved that nothing better exists." in run.text
    assert '<code dir="ltr">internships match --improve best-sum FILE</code>' in run.text
    assert "gives the same fingerprint" not in run.text
    assert "Look at the approval" in run.text
    assert "Whoever approves it says that they know." in proof.text
    assert "Person 00" in proof.text


async def test_it_is_approved_by_who_says_that_they_know(passing_over, as_ingrid):
    there = passing_over
    said = {"version": there.run.version, "seen": "yes"}

    without = await as_ingrid.post(f"/matching/runs/{there.run.ref}/approve", data=said)
    before = await offers()
    approved = await as_ingrid.post(f"/matching/runs/{there.run.ref}/approve", data={**said, "knowing": "yes"})

    assert without.status_code == 422
    assert "Tick the box to say that you know what this goal gives up." in without.text
    assert before == []
    assert approved.status_code == 303
    first, second = there.applications
    assert await offers() == [(first.id, there.positions[1].id), (second.id, there.positions[0].id)]
    async with read() as db:
        told = await db.scalar(select(History.detail).where(History.what == "run.approve"))
    assert told == {"offers": 2, "goal": "best-sum", "passed_over": 1}


async def test_no_other_way_leads_round_the_tick_and_a_broken_rule_is_never_approved(passing_over, ingrid, as_ingrid):
    there = passing_over
    with pytest.raises(PassesOver):
        await approve(ingrid.actor, there.run.ref, version=there.run.version)
    async with write() as tx:
        found = await tx.take(MatchRun, MatchRun.ref == there.run.ref)
        found.summary = {**found.summary, "violations": 1}

    with pytest.raises(Refused, match="breaks the rules"):
        await approve(ingrid.actor, there.run.ref, version=found.version, knowing=True)
    run, approval = [await as_ingrid.get(f"/matching/runs/{there.run.ref}{side}") for side in ("", "/approve")]

    assert "Look at the approval" not in run.text
    assert "This run can't be approved" in run.text.replace("&#39;", "'")
    assert "Approve and send" not in approval.text
    assert await offers() == []


async def test_the_person_who_is_passed_over_reads_why(passing_over, as_ingrid, ingrid, signed_in, new_person):
    there = passing_over
    await approve(ingrid.actor, there.run.ref, version=there.run.version, knowing=True)

    page = await as_ingrid.get(f"/matching/runs/{there.run.ref}/people/{there.applications[0].ref}")

    assert "choices before the order of this host" in page.text


async def test_a_change_to_such_a_run_is_compared_with_the_match_and_not_with_what_the_goal_did(
    passing_over, as_ingrid
):
    there = passing_over
    here = f"/matching/runs/{there.run.ref}/try?kind=seats&position={there.positions[1].ref}&number=2"

    tried = await as_ingrid.get(here)

    assert "What is tried here is compared with the match itself." in tried.text
    assert "Nothing: everybody stays where they are." in tried.text


async def test_the_list_of_runs_names_the_goal(passing_over, as_ingrid):
    assert "Best sum of choices" in (await as_ingrid.get("/matching")).text
