"""Trying a change, keeping it, comparing two runs, and what a result hangs on."""

import json
import re

import pytest
from sqlalchemy import func, select, update

from internships import worker
from internships.applications.models import Application
from internships.applications.rules import State as ApplicationState
from internships.core.writing import write
from internships.matching.document import read_market
from internships.matching.improving import Goal
from internships.matching.life import State
from internships.matching.models import MatchLimit, MatchLock, MatchRun, Verdict
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


async def test_a_form_that_is_sent_twice_changes_the_seats_once_and_asks_for_one_run(as_ingrid, market, made):
    run = await made()
    _, glacier = refs(market)
    sent = {"kind": "seats", "position": glacier, "number": "2", "reason": "The host agreed", "name": "More"}
    once = sent | {"once": "one-and-the-same"}

    first = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=once)
    await worker.once()
    second = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=once)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert await kept(select(Position.seats).where(Position.ref == glacier)) == [(2,)]
    assert await kept(select(func.count()).select_from(MatchRun).where(MatchRun.name == "More")) == [(1,)]


async def test_a_number_that_changed_since_the_run_is_not_changed_again(as_ingrid, market, made):
    """Otherwise two who try at once would add their seats to each other's."""
    run = await made()
    _, glacier = refs(market)
    sent = {"kind": "seats", "position": glacier, "number": "2", "reason": "The host agreed", "name": "More"}
    await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent)
    await worker.once()

    again = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent | {"name": "Once more"})

    assert again.status_code == 422
    assert "has changed since the run" in again.text
    assert 'value="Once more"' in again.text
    assert await kept(select(Position.seats).where(Position.ref == glacier)) == [(2,)]


async def test_a_withdrawal_is_shown_both_ways_and_can_not_be_kept(as_ingrid, market, made):
    """Lena and Tariq have the seats; the lottery decided between them, and Mei waits for the glacier."""
    run = await made()
    tariq, glacier = refs(market, "Tariq")
    holder = next(who for who, at in json.loads(run.result)["matching"].items() if at == glacier)

    shown = await as_ingrid.get(f"/matching/runs/{run.ref}/try", params={"kind": "withdraw", "person": holder})
    sent = {"kind": "withdraw", "person": holder, "reason": "x", "name": "y"}
    kept_it = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent)
    nobody = await as_ingrid.get(f"/matching/runs/{run.ref}/try", params={"kind": "withdraw", "person": "0000000000"})

    assert "Passing the seat on moves" in shown.text
    assert "A match of everybody anew moves" in shown.text
    assert "Keep it and run again" not in shown.text
    assert (kept_it.status_code, nobody.status_code) == (422, 404)
    assert tariq


async def test_a_limit_becomes_what_was_typed(as_ingrid, market, made):
    glacier, forest = (market.positions[name].ref for name in ("Glacier", "Forest"))
    async with write() as tx:
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="Fund", seats=1, over=[glacier, forest]))
    run = await made()
    sent = {"kind": "limit", "limit": "Fund", "number": "2", "reason": "More money", "name": "Wider"}

    first = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent)
    await worker.once()
    second = await as_ingrid.post(f"/matching/runs/{run.ref}/try", data=sent | {"number": "5"})

    assert (first.status_code, second.status_code) == (303, 422)
    assert await kept(select(MatchLimit.seats)) == [(2,)]


async def test_whom_a_try_is_about_is_found_by_name(as_ingrid, new_market, made, statements):
    market = await new_market(
        {"Lena Maric": ["A"], "Léna Duval": ["A", "B"]}, {"A": 1, "B": 1}, {"A": [["Lena Maric"], ["Léna Duval"]]}
    )
    run = await made()
    here = f"/matching/runs/{run.ref}/try"

    with statements() as asked:
        one = (await as_ingrid.get(f"{here}?person=duval")).text
    several = (await as_ingrid.get(f"{here}?person=LENA")).text
    nobody = (await as_ingrid.get(f"{here}?person=Nobody")).text

    assert f'name="person" value="{market.applications["Léna Duval"].ref}"' in one
    assert f'value="{market.positions["A"].ref}"' in one
    assert len(asked) <= 3
    for name in ("Lena Maric", "Léna Duval"):
        assert re.search(rf'type="radio" name="person" value="{market.applications[name].ref}"', several)
    assert "Nobody in this run is called “Nobody”" in nobody


async def test_whom_a_try_is_about_is_looked_for_among_those_of_the_run_however_many_others_are_called_so(
    as_ingrid, new_market, made
):
    names = [f"Chen {letter}" for letter in "ABCDEFGHIJKLMN"]
    market = await new_market({name: ["A"] for name in names}, {"A": 1}, {"A": [names]})
    not_eligible = [market.applications[name].id for name in names[:9] + names[10:12]]
    async with write() as tx:
        left_out = update(Application).where(Application.id.in_(not_eligible))
        await tx.execute(left_out.values(state=ApplicationState.NOT_ELIGIBLE))
    run = await made()

    text = (await as_ingrid.get(f"/matching/runs/{run.ref}/try?person=chen")).text

    for name in ("Chen J", "Chen M", "Chen N"):
        assert re.search(rf'type="radio" name="person" value="{market.applications[name].ref}"', text)
    assert text.count('type="radio" name="person"') == 3


async def test_a_run_that_was_made_before_its_summary_knew_of_swaps_is_still_shown(as_ingrid, market):
    await as_ingrid.post("/matching/runs", data={"name": "Swaps", "goal": Goal.CYCLES})
    await worker.once()
    ((summary, ref),) = await kept(select(MatchRun.summary, MatchRun.ref))
    async with write() as tx:
        older = {name: value for name, value in summary.items() if name not in {"adopted", "gap"}}
        await tx.execute(update(MatchRun).values(summary=older | {"gap": 0.0}))

    page = await as_ingrid.get(f"/matching/runs/{ref}")

    assert page.status_code == 200
    assert "There are none: this is the match itself." in page.text


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


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Goal.CYCLES, "There are none: this is the match itself."),
        (Goal.BEST_SUM, "This run looked for the best sum of everybody's choices"),
        (Goal.MOST_PLACED, "This run looked for the most people placed"),
    ],
)
async def test_another_goal_is_a_run_of_its_own_with_its_answers(as_ingrid, market, goal, said):
    await as_ingrid.post("/matching/runs", data={"name": "Other", "goal": goal})
    await worker.once()

    ((state, improvement, summary, ref),) = await kept(
        select(MatchRun.state, MatchRun.improvement, MatchRun.summary, MatchRun.ref)
    )
    page = await as_ingrid.get(f"/matching/runs/{ref}")

    assert (state, improvement, summary["placed"]) == (State.PROPOSED, goal, 2)
    assert said in page.text.replace("&#39;", "'")
    assert "It was truthful" not in page.text
    assert await kept(select(func.count()).select_from(Verdict)) == [(len(market.choices),)]


async def test_the_exported_inputs_give_the_same_fingerprint(as_ingrid, market, made):
    run = await made()
    exported = (await as_ingrid.get(f"/matching/runs/{run.ref}/inputs.json")).content

    assert read_market(exported).match().fingerprint == run.fingerprint


async def test_what_a_limit_costs_stands_beside_the_two_runs(as_ingrid, market, made):
    glacier, forest = (market.positions[name].ref for name in ("Glacier", "Forest"))
    free = await made()
    async with write() as tx:
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="Fund", seats=1, over=[glacier, forest]))
    bound = await made("With a fund")

    response = await as_ingrid.get(f"/matching/runs/{bound.ref}/compare/{free.ref}")

    assert "1 of 1" in response.text
    assert "Without it 1 more would be placed" in response.text
