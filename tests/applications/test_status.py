"""Where a file stands, as its person reads it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from internships.applications.models import Application
from internships.applications.rules import State
from internships.core import clock as time
from internships.core import history
from internships.core import jobs as work
from internships.core.db import read
from internships.core.models import Job
from internships.core.writing import write
from internships.cycles.rules import State as CycleState
from internships.worker import HANDLERS
from tests.applications.factories import complete_draft, new_call, submitted
from tests.applications.test_sending import file_of, moves


async def told(file, staff, *whats):
    """What staff did, in the trace."""
    async with write() as tx:
        for what, to in whats:
            await history.record(tx, staff.actor, f"application.{what}", file.ref, file=file.ref, moved=(None, to))


async def test_after_sending_the_next_steps_have_their_dates(as_amina, sent, statements):
    with statements() as asked:
        page = (await as_amina.get("/application")).text

    assert len(asked) <= 3
    assert "We are checking your application" in page
    assert "31 January 2027" in page
    assert "2 March 2027" in page
    assert "call@example.org" in page


async def test_a_decision_is_not_told_before_its_undo_has_run_out(as_amina, amina, ingrid, call, positions, clock):
    decided = {
        "state": State.NOT_ELIGIBLE,
        "decided_at": time.now(),
        "reasons": ["too_old"],
        "reason_text": "By a year.",
    }
    file = await submitted(amina, call, positions, **decided)
    await told(file, ingrid, ("turn_away", "not_eligible"))

    early = (await as_amina.get("/application")).text
    assert "We are checking your application" in early
    assert "By a year." not in early
    assert "cannot take part" not in early

    clock.shift(timedelta(minutes=10))
    later = (await as_amina.get("/application")).text
    assert "Your application cannot take part" in later
    assert "You are older than the call allows" in later
    assert "By a year." in later
    assert "Ingrid" not in later


async def test_what_was_taken_back_in_time_never_happened(as_amina, sent, ingrid, clock):
    await told(sent, ingrid, ("turn_away", "not_eligible"), ("recheck", "submitted"))
    clock.shift(timedelta(hours=1))

    page = (await as_amina.get("/application")).text

    assert "cannot take part" not in page
    assert "checking your application again" not in page


async def test_when_results_are_out_the_page_leads_to_the_answer(as_amina, amina):
    call = await new_call(state=CycleState.RESULTS_OUT)
    await submitted(amina, call, [], state=State.ELIGIBLE, decided_at=time.now() - timedelta(days=60))

    page = (await as_amina.get("/application")).text

    assert "You have no offer now" in page
    assert 'href="/en/offer"' in page
    assert "not selected" not in page


@pytest.mark.parametrize("state", State)
async def test_every_state_has_a_page(as_amina, amina, call, positions, state, clock):
    await submitted(amina, call, positions, state=state, completion_until=time.now() + timedelta(days=1))
    clock.shift(timedelta(days=6))

    for path in ("/application", "/application/check", "/application/sent", "/application/withdraw"):
        assert (await as_amina.get(path)).status_code in {200, 303}


async def lapse(ref):
    async with write() as tx:
        await work.later(tx, "applications.lapse", subject=ref)
    (job,) = await work.claim()
    await work.run(job, HANDLERS)
    return job


async def outcome(job):
    async with read() as db:
        return await db.scalar(select(Job.outcome).where(Job.id == job.id))


async def test_a_draft_lapses_when_its_call_has_closed(as_amina, amina, call, ready, clock):
    clock.move_to(call.closes_at)

    assert await outcome(await lapse(ready.ref)) == "It lapsed."

    assert (await file_of(amina)).state == State.LAPSED
    (move,) = await moves("application.lapse")
    assert (move.role, move.from_state, move.person_id) == ("clock", "draft", None)
    assert "Not submitted" in (await as_amina.get("/application")).text


async def test_what_was_sent_does_not_lapse(amina, call, sent, clock):
    clock.move_to(call.closes_at)

    assert await outcome(await lapse(sent.ref)) == "It was sent."
    assert (await file_of(amina)).state == State.SUBMITTED


async def test_a_deadline_that_was_moved_is_waited_for(amina, call, positions):
    draft = await complete_draft(amina, call, positions)

    assert await outcome(await lapse(draft.ref)) == "The deadline was moved."
    assert (await file_of(amina)).state == State.DRAFT


async def test_a_completion_lapses_at_its_instant(amina, call, positions, clock):
    until = call.closes_at + timedelta(days=1)
    file = await submitted(amina, call, positions, state=State.COMPLETION_REQUESTED, asked=True, completion_until=until)
    clock.move_to(until)

    assert await outcome(await lapse(file.ref)) == "It lapsed."
    assert (await file_of(amina)).state == State.LAPSED


async def test_an_unknown_zone_is_never_called_the_readers_own(as_amina, draft):
    async with write() as tx:
        await tx.execute(update(Application).values(residence="UG"))

    page = (await as_amina.get("/application")).text

    assert "In your time zone" not in page
    assert "In UTC:" in page
    assert "/en/account?zone=Africa/Kampala#f-zone" in page
