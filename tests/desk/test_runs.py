"""Asking for a run, making it, and what is kept of it: everything or nothing."""

import asyncio
import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from internships import worker
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as Application_
from internships.core import jobs
from internships.core.faults import Fault, Refused
from internships.core.models import Job, JobState
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.matching.actions import runs, teams
from internships.matching.document import market_as_json, read_market
from internships.matching.jobs import JOBS
from internships.matching.life import State
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve, MatchRun, Verdict
from internships.matching.queries.changes import what_changed
from internships.matching.words import because, failed
from internships.reserves.models import Position
from tests.desk.conftest import kept


async def answers(run, market, person):
    """The answers to one person's choices: by position, the kind."""
    names = {position.id: name for name, position in market.positions.items()}
    asked = select(Verdict.position_id, Verdict.kind).where(
        Verdict.run_id == run.id, Verdict.application_id == market.applications[person].id
    )
    return {names[position]: kind for position, kind in await kept(asked)}


async def test_a_run_keeps_an_answer_for_each_choice_and_can_be_repeated_from_its_inputs(market, made):
    run = await made()

    assert run.state == State.PROPOSED
    assert hashlib.sha256(run.inputs.encode()).hexdigest() == run.inputs_sha256
    assert read_market(run.inputs).match().fingerprint == run.fingerprint
    assert await kept(select(func.count()).select_from(Verdict)) == [(len(market.choices),)]
    assert await answers(run, market, "Mei") == {"Glacier": "cut_off"}
    assert run.summary["placed"] == 2
    assert run.summary["stable"]
    assert "Lena" not in run.inputs
    assert market_as_json(read_market(run.inputs))


async def test_what_a_person_lacks_is_said_with_what_is_needed_and_held(new_market, made):
    market = await new_market(
        {"Lena": ["Glacier"], "Tariq": ["Glacier"]},
        {"Glacier": 2},
        {"Glacier": [["Lena", "Tariq"]]},
        needs={"Glacier": ("fr", "B1")},
        speaks={"Lena": ("fr", "A2")},
    )

    await made()

    details = await kept(select(Verdict.kind, Verdict.detail).order_by(Verdict.application_id))
    assert because(*details[0]) == "This position needs French at level B1, and you named level A2."
    assert because(*details[1]) == "This position needs French at level B1, and you did not name that language."
    assert market.cycle.lottery_text


async def test_locks_bars_limits_and_reserved_seats_come_into_the_run(new_market, made, ingrid):
    market = await new_market(
        {
            "Lena": ["Glacier"],
            "Tariq": ["Glacier"],
            "Mei": ["Glacier", "Forest"],
            "Juan": ["Glacier"],
            "Ana": ["Forest"],
        },
        {"Glacier": 3, "Forest": 2},
        {"Glacier": [["Lena"], ["Tariq"], ["Mei"], ["Juan"]], "Forest": [["Mei"], ["Ana"]]},
        lives={"Juan": "PE"},
    )
    by = {
        "cycle_id": market.cycle.id,
        "reason": "as agreed",
        "made_by": ingrid.actor.person_id,
        "made_at": market.cycle.opens_at,
    }
    glacier, forest = market.positions["Glacier"], market.positions["Forest"]
    async with write() as tx:
        tx.add(MatchLock(application_id=market.applications["Mei"].id, position_id=glacier.id, **by))
        tx.add(MatchBar(application_id=market.applications["Lena"].id, position_id=glacier.id, **by))
        tx.add(MatchReserve(cycle_id=market.cycle.id, position_id=glacier.id, name="local", seats=1, countries=["PE"]))
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="fund", seats=0, over=[forest.ref]))

    run = await made()

    assert await answers(run, market, "Mei") == {"Glacier": "locked_here", "Forest": "preferred"}
    assert await answers(run, market, "Lena") == {"Glacier": "not_eligible"}
    assert await answers(run, market, "Juan") == {"Glacier": "placed"}
    assert await answers(run, market, "Ana") == {"Forest": "limit_none"}
    assert read_market(run.inputs).match().fingerprint == run.fingerprint


async def test_a_team_comes_together_or_not_at_all(new_market, made, ingrid):
    market = await new_market(
        {"Lena": ["Glacier", "Forest"], "Tariq": ["Glacier", "Forest"], "Mei": ["Glacier"]},
        {"Glacier": 1, "Forest": 2},
        {"Glacier": [["Lena"], ["Tariq"], ["Mei"]], "Forest": [["Tariq", "Lena"]]},
    )
    await teams.join(ingrid.actor, *(market.applications[name].ref for name in ("Lena", "Tariq")), reason="They asked")

    run = await made()

    assert await answers(run, market, "Lena") == {"Glacier": "placed", "Forest": "preferred"}
    assert (await answers(run, market, "Tariq"))["Forest"] == "placed"
    assert not run.summary["truthful"]


async def test_a_team_without_two_seats_has_no_place(new_market, made, ingrid):
    market = await new_market(
        {"Lena": ["Glacier"], "Tariq": ["Glacier"], "Mei": ["Glacier"]},
        {"Glacier": 1},
        {"Glacier": [["Lena"], ["Tariq"], ["Mei"]]},
    )
    await teams.join(ingrid.actor, *(market.applications[name].ref for name in ("Lena", "Tariq")), reason="They asked")

    run = await made()

    assert await answers(run, market, "Mei") == {"Glacier": "placed"}
    assert run.summary["placed"] == 1


async def test_who_is_not_eligible_any_more_or_gave_a_choice_back_is_not_in_the_run(market, made):
    async with write() as tx:
        lena = Application.id == market.applications["Lena"].id
        await tx.execute(update(Application).where(lena).values(state=Application_.WITHDRAWN))
        given_back = Choice.id == market.choices["Tariq", "Glacier"].id
        await tx.execute(update(Choice).where(given_back).values(state=ChoiceState.RELEASED))

    run = await made()

    assert await answers(run, market, "Lena") == {}
    assert await answers(run, market, "Tariq") == {"Forest": "placed"}
    assert await answers(run, market, "Mei") == {"Glacier": "placed"}


async def test_a_second_run_at_the_same_time_is_refused_in_words(market, ingrid):
    asked = await asyncio.gather(*(runs.start(ingrid.actor, name=f"Run {n}") for n in range(3)), return_exceptions=True)

    refused = [found for found in asked if isinstance(found, Fault)]
    assert len(refused) == 2
    assert all("A run is under way." in str(fault.why) for fault in refused)
    assert await kept(select(func.count()).select_from(MatchRun)) == [(1,)]


async def test_sending_the_form_twice_makes_one_run(market, ingrid):
    first = await runs.start(ingrid.actor, name="First", once="a-key")

    assert await runs.start(ingrid.actor, name="First", once="a-key") == first


async def test_a_cancelled_run_keeps_no_result_even_when_the_worker_was_at_it(market, ingrid):
    ref = await runs.start(ingrid.actor, name="First")
    (job,) = await jobs.claim()

    await runs.cancel(ingrid.actor, ref)
    said = await JOBS["matching.run"](job)

    assert said == "cancelled before it was done"
    assert await kept(select(MatchRun.state, MatchRun.result)) == [(State.CANCELLED, None)]
    assert await kept(select(func.count()).select_from(Verdict)) == [(0,)]
    assert await runs.start(ingrid.actor, name="Second")


class Dying(jobs.Claimed):
    """A job whose worker dies when the match is done and nothing of it is kept yet."""

    async def progress(self, percent):
        if percent == 60:
            raise asyncio.CancelledError
        return await super().progress(percent)


async def test_a_worker_that_dies_leaves_nothing_and_the_next_one_makes_the_run(market, ingrid, clock):
    ref = await runs.start(ingrid.actor, name="First")
    (job,) = await jobs.claim()

    with pytest.raises(asyncio.CancelledError):
        await JOBS["matching.run"](Dying(job.id, job.kind, job.subject, job.payload, job.attempts))
    assert await kept(select(func.count()).select_from(Verdict)) == [(0,)]
    assert await kept(select(MatchRun.state, MatchRun.result)) == [(State.RUNNING, None)]
    clock.shift(61)
    await worker.once()

    assert await kept(select(MatchRun.state).where(MatchRun.ref == ref)) == [(State.PROPOSED,)]
    assert await kept(select(func.count()).select_from(Verdict)) == [(len(market.choices),)]
    assert await kept(select(Job.state)) == [(JobState.DONE,)]


async def test_rules_that_contradict_each_other_fail_the_run_by_name(market, made):
    forest = market.positions["Forest"].ref
    async with write() as tx:
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="twice", seats=2, over=[forest, forest]))

    run = await made()

    assert run.state == State.FAILED
    assert failed(run.failure, {}) == f"“{forest}” stands twice in twice."
    assert run.result is None


async def test_after_the_closing_a_run_needs_the_sealed_lottery(new_market, ingrid):
    await new_market({"Lena": []}, {"Glacier": 1}, {}, lottery_text=None, lottery_seal=None)

    with pytest.raises(Refused) as refused:
        await runs.start(ingrid.actor, name="First")

    assert "Seal the lottery first" in str(refused.value.why)


async def test_the_first_run_after_the_closing_opens_the_lottery_and_a_trial_does_not(new_market, made, clock):
    market = await new_market({"Lena": ["Glacier"]}, {"Glacier": 1}, {"Glacier": [["Lena"]]})
    clock.move_to(market.cycle.closes_at - timedelta(days=1))
    trial = await made("Trial")

    assert trial.lottery != market.cycle.lottery_text
    assert await kept(select(Cycle.lottery_opened_at)) == [(None,)]
    clock.move_to(market.cycle.closes_at)
    counted = await made("Counted")

    assert counted.lottery == market.cycle.lottery_text
    assert (await kept(select(Cycle.lottery_opened_at)))[0][0] is not None
    async with write() as tx:
        assert [change.what for change in await what_changed(tx, trial.id)] == ["lottery"]


async def test_what_changed_since_the_run_is_listed(market, made):
    run = await made()
    async with write() as tx:
        assert await what_changed(tx, run.id) == []
        mei = Application.id == market.applications["Mei"].id
        await tx.execute(update(Application).where(mei).values(state=Application_.WITHDRAWN))
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="Andes", seats=1, over=[market.positions["Forest"].ref]))

    async with write() as tx:
        found = {(change.what, change.about) for change in await what_changed(tx, run.id)}

    assert found == {
        ("applicant_gone", (market.applications["Mei"].ref,)),
        ("ranking_changed", (market.positions["Glacier"].ref,)),
        ("limit_new", ("Andes",)),
    }
    assert json.loads(run.result)["matching"][market.applications["Mei"].ref] is None


class Watched(jobs.Claimed):
    """A job during which staff give a position another seat, just after the inputs were frozen."""

    async def progress(self, percent):
        if percent == 30:
            async with write() as tx:
                (await tx.take(Position, Position.folded_title == "forest")).seats += 1
        return await super().progress(percent)


async def test_an_input_edited_during_the_run_is_not_in_it_and_is_listed(market, ingrid):
    ref = await runs.start(ingrid.actor, name="First")
    (job,) = await jobs.claim()

    await JOBS["matching.run"](Watched(job.id, job.kind, job.subject, job.payload, job.attempts))

    async with write() as tx:
        run = await tx.take(MatchRun, MatchRun.ref == ref)
        found = await what_changed(tx, run.id)
    forest = market.positions["Forest"].ref
    assert run.state == State.PROPOSED
    assert json.loads(run.inputs)["positions"][forest]["capacity"] == 1
    assert [(change.what, change.about) for change in found] == [("seats_changed", (forest,))]
