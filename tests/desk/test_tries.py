"""Trying a change, keeping it, comparing two runs, and what a result hangs on."""

import json

import pytest
from sqlalchemy import func, select

from internships import worker
from internships.matching.document import read_market
from internships.matching.improving import Goal
from internships.matching.life import State
from internships.matching.models import MatchLock, MatchRun, Verdict
from internships.reserves.models import Position
from tests.desk.conftest import kept


def refs(market, person="Mei", position="Glacier"):
    return market.applications[person].ref, market.positions[position].ref


async def test_one_more_seat_shows_who_would_move_and_keeps_nothing(as_ingrid, market, made, statements):
    run = await made()
    _, glacier = refs(market)

    with statements() as asked:
        response = await as_ingrid.get(f"/matching/runs/{run.ref}/try?kind=seats&position={glacier}&number=3")

    assert len(asked) <= 3
    assert "1 more would have a place." in response.text
    assert "Gained" in response.text
    assert await kept(select(Position.seats).where(Position.ref == glacier)) == [(1,)]
    assert await kept(select(func.count()).select_from(MatchRun)) == [(1,)]


async def test_a_fixed_pair_is_kept_as_a_lock_with_its_reason_and_a_new_run(as_ingrid, market, made):
    run = await made()
    mei, glacier = refs(market)
    change = {"kind": "fix", "person": mei, "position": glacier}

    no_reason = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=change | {"name": "With Mei"})
    sent = await as_ingrid.post(
        f"/matching/runs/{run.ref}/try", data=change | {"reason": "Only she speaks Quechua", "name": "With Mei"}
    )
    await worker.once()
    done = await as_ingrid.get(sent.headers["location"])

    assert no_reason.status_code == 422
    assert 'value="With Mei"' in no_reason.text
    assert sent.status_code == 303
    assert await kept(select(MatchLock.reason)) == [("Only she speaks Quechua",)]
    assert "With Mei" in done.text
    ((new,),) = await kept(select(MatchRun.result).where(MatchRun.name == "With Mei"))
    assert json.loads(new)["matching"][mei] == glacier


async def test_a_change_that_contradicts_the_rules_is_said(as_ingrid, market, made):
    run = await made()
    mei, glacier = refs(market)
    tariq, _ = refs(market, "Tariq")
    sent = {"kind": "fix", "person": mei, "position": glacier, "reason": "x", "name": "y"}
    await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent)
    await worker.once()
    ((second,),) = await kept(select(MatchRun.ref).where(MatchRun.name == "y"))

    response = await as_ingrid.get(f"/matching/runs/{second}/try?kind=fix&person={tariq}&position={glacier}")

    assert "2 people are fixed at" in response.text


@pytest.mark.parametrize(
    "query", ["kind=seats", "kind=nonsense", "kind=limit&limit=Andes", "kind=seats&position=x&number=many"]
)
async def test_half_a_question_is_sent_back_in_words(as_ingrid, market, made, query):
    run = await made()

    response = await as_ingrid.get(f"/matching/runs/{run.ref}/try?{query}")

    assert response.status_code == 422
    assert "There is a problem" in response.text


async def test_seats_are_kept_as_a_difference_to_the_positions_own(as_ingrid, market, made):
    run = await made()
    _, glacier = refs(market)
    change = {"kind": "seats", "position": glacier, "number": "2", "reason": "The host agreed", "name": "More"}

    sent = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=change)
    fewer = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=change | {"number": "0"})

    assert sent.status_code == 303
    assert await kept(select(Position.seats).where(Position.ref == glacier)) == [(2,)]
    assert fewer.status_code == 422


async def test_two_runs_are_compared_by_person_input_and_limit(as_ingrid, market, made, statements):
    first = await made()
    _, glacier = refs(market)
    change = {"kind": "seats", "position": glacier, "number": "3", "reason": "The host agreed", "name": "More"}
    await as_ingrid.post(f"/matching/runs/{first.ref}/try", data=change)
    await worker.once()
    ((second,),) = await kept(select(MatchRun.ref).where(MatchRun.name == "More"))

    with statements() as asked:
        response = await as_ingrid.get(f"/matching/runs/{second}/compare/{first.ref}")

    assert len(asked) <= 3
    assert "Glacier has another number of free seats." in response.text
    assert "Gained: 2. Lost: 0." in response.text
    assert (await as_ingrid.get(f"/matching/runs/{second}/compare/0000000000")).status_code == 404


async def test_what_a_result_hangs_on_is_worked_out_by_the_worker(as_ingrid, market, made):
    run = await made()

    asked = await as_ingrid.post(f"/matching/runs/{run.ref}/what-if")
    twice = await as_ingrid.post(f"/matching/runs/{run.ref}/what-if")
    meanwhile = (await as_ingrid.get(f"/matching/runs/{run.ref}/what-if")).text
    await worker.once()
    page = await as_ingrid.get(f"/matching/runs/{run.ref}/what-if")

    assert (asked.status_code, twice.status_code) == (303, 409)
    assert "Work it out" not in meanwhile
    assert "This is being worked out." in meanwhile
    assert "One more seat" in page.text
    assert "2 people always have a place, 1 never" in page.text
    assert await kept(select(MatchRun.version).where(MatchRun.ref == run.ref)) == [(run.version,)]


@pytest.mark.parametrize("goal", list(Goal))
async def test_another_goal_is_a_run_of_its_own_with_its_answers(as_ingrid, market, goal):
    await as_ingrid.post("/matching/runs", data={"name": "Other", "goal": goal})
    await worker.once()

    ((state, improvement, summary, ref),) = await kept(
        select(MatchRun.state, MatchRun.improvement, MatchRun.summary, MatchRun.ref)
    )
    page = await as_ingrid.get(f"/matching/runs/{ref}")

    assert (state, improvement, summary["placed"]) == (State.PROPOSED, goal, 2)
    assert "Goal of this run" in page.text
    assert await kept(select(func.count()).select_from(Verdict)) == [(len(market.choices),)]


async def test_the_exported_inputs_give_the_same_fingerprint(as_ingrid, market, made):
    run = await made()
    exported = (await as_ingrid.get(f"/matching/runs/{run.ref}/inputs.json")).content

    assert read_market(exported).match().fingerprint == run.fingerprint
