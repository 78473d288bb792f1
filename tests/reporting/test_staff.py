"""The staff's start page, the steps of a call by hand, and those that the clock takes."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.core import jobs
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.models import History, Job, JobState
from internships.core.reasons import say_reason, with_name
from internships.core.settings import settings
from internships.core.writing import write
from internships.cycles import actions
from internships.cycles.models import Cycle
from internships.cycles.rules import State
from internships.matching.words import RUN_BECAUSE
from internships.placements.actions.approving import approve
from internships.placements.words import EXPIRES_BECAUSE
from internships.worker import HANDLERS
from tests.conftest import NOW
from tests.placements.world import crowd, proposed, world


async def state_of(call):
    async with read() as db:
        return await db.scalar(select(Cycle.state).where(Cycle.id == call.id))


async def done(what):
    async with read() as db:
        rows = await db.execute(select(History.what, History.role, History.from_state, History.to_state))
        return [row for row in rows.fetchall() if row.what == what]


async def planned():
    async with read() as db:
        rows = await db.execute(select(Job.kind, Job.run_at).where(Job.state == JobState.WAITING))
        return rows.fetchall()


async def test_the_start_page_says_what_waits_and_for_how_long(as_ingrid, new_call):
    call = await new_call()
    async with write() as tx:
        await jobs.later_all(tx, actions.clocks(call.ref, call.state, call.opens_at, call.closes_at))

    text = (await as_ingrid.get("/staff")).text

    assert "Applications to screen" in text
    assert "The call closes" in text
    assert "16 January 2027" in text or "16 Jan 2027" in text


async def test_what_happens_by_itself_says_why_in_the_language_of_the_reader(as_ingrid, ingrid, new_call):
    call = await new_call()
    async with write() as tx:
        await jobs.later_all(tx, actions.clocks(call.ref, call.state, call.opens_at, call.closes_at))
        await jobs.later_all(tx, [jobs.planned("placements.expire", subject="x", why=EXPIRES_BECAUSE)])
        why = with_name(RUN_BECAUSE, "Ingrid")
        await jobs.later_all(tx, [jobs.planned("matching.run", subject="y", why=why)])

    english = (await as_ingrid.get("/staff")).text
    french = (await as_ingrid.get(f"{settings().site}/fr/staff")).text

    for sentence in ("A call closes at its deadline.", str(say_reason(EXPIRES_BECAUSE))):
        assert sentence in english
    assert "Ingrid asked for a run of the match" in english
    assert "because:" not in english
    assert "An offer that is not answered" not in french


async def test_the_start_page_stands_without_a_call(as_ingrid):
    assert "There is no call yet." in (await as_ingrid.get("/staff")).text
    assert "There is no call yet." in (await as_ingrid.get("/staff/call")).text


@pytest.mark.parametrize("path", ["/staff", "/staff/call", "/staff/call/announce"])
async def test_it_is_for_staff_alone(as_tomas, as_ravi, as_amina, visitor, path):
    for stranger in (as_tomas, as_ravi, as_amina):
        assert (await stranger.get(path)).status_code == 403
    assert (await visitor.get(path)).status_code == 303


@pytest.mark.parametrize("path", ["/staff", "/staff/call"])
async def test_three_statements_are_enough(as_ingrid, new_call, statements, path):
    await new_call()

    with statements() as asked:
        await as_ingrid.get(path)

    assert len(asked) == 3


async def test_a_call_is_announced_and_then_opens_and_closes_by_itself(as_ingrid, new_call, clock):
    call = await new_call(
        state=State.OPEN_TO_HOSTS, opens_at=NOW + timedelta(days=2), closes_at=NOW + timedelta(days=9)
    )

    page = await as_ingrid.get("/staff/call/announce")
    response = await as_ingrid.post("/staff/call/announce", data={"version": str(call.version)})

    assert "It opens by itself at its date." in page.text
    assert response.status_code == 303
    assert await state_of(call) == State.ANNOUNCED
    assert await planned() == [("cycles.open", NOW + timedelta(days=2))]

    clock.move_to(NOW + timedelta(days=2), tick=False)
    assert await jobs.run_due(HANDLERS) == 1
    assert await state_of(call) == State.OPEN

    clock.move_to(NOW + timedelta(days=9) - timedelta(seconds=1), tick=False)
    assert await jobs.run_due(HANDLERS) == 0
    clock.shift(timedelta(seconds=1))
    assert await jobs.run_due(HANDLERS) == 1
    assert await state_of(call) == State.CLOSED
    assert await planned() == []
    assert await done("call.close") == [("call.close", "clock", "open", "closed")]


async def test_opened_by_hand_it_is_open_from_then_on(as_ingrid, visitor, new_call):
    call = await new_call(state=State.ANNOUNCED, opens_at=NOW + timedelta(days=2))
    async with write() as tx:
        await jobs.later_all(tx, actions.clocks(call.ref, call.state, call.opens_at, call.closes_at))

    await as_ingrid.post("/staff/call/open", data={"version": str(call.version)})

    assert "Start your application" in (await visitor.get("/")).text
    assert [kind for kind, _at in await planned()] == ["cycles.close"]
    assert await done("call.open") == [("call.open", "staff", "announced", "open")]
    assert "Ingrid Solberg" in (await as_ingrid.get("/staff/call")).text


async def test_a_deadline_that_was_moved_is_waited_for(new_call, clock):
    call = await new_call(closes_at=NOW + timedelta(days=1))
    async with write() as tx:
        await jobs.later_all(tx, actions.clocks(call.ref, call.state, call.opens_at, call.closes_at))
    async with write() as tx:
        (await tx.take(Cycle, Cycle.id == call.id)).closes_at = NOW + timedelta(days=3)

    clock.move_to(NOW + timedelta(days=1), tick=False)
    await jobs.run_due(HANDLERS)

    assert await state_of(call) == State.OPEN
    assert await planned() == [("cycles.close", NOW + timedelta(days=3))]


async def test_the_clock_does_nothing_twice(new_call, clock):
    call = await new_call()
    clock.move_to(call.closes_at, tick=False)

    assert [await actions.reach(call.ref, "close") for _ in range(2)] == ["Done.", "It was done already."]
    assert len(await done("call.close")) == 1


@pytest.mark.parametrize(
    ("state", "verb", "status"),
    [
        (State.OPEN, "close", 404),
        (State.IN_SELECTION, "release_results", 404),
        (State.OPEN, "announce", 409),
        (State.DRAFT, "nonsense", 404),
    ],
)
async def test_what_is_not_open_is_refused_and_changes_nothing(as_ingrid, new_call, state, verb, status):
    call = await new_call(state=state)

    response = await as_ingrid.post(f"/staff/call/{verb}", data={"version": str(call.version)})

    assert response.status_code == status
    assert await state_of(call) == state


async def test_results_are_not_released_by_a_button(ingrid, new_call):
    call = await new_call(state=State.IN_SELECTION)

    with pytest.raises(Refused):
        await actions.move(ingrid.actor, call.ref, "release_results", call.version)


async def test_who_presses_second_is_told(as_ingrid, new_call):
    call = await new_call(state=State.DRAFT)
    sent = {"version": str(call.version)}

    first = await as_ingrid.post("/staff/call/invite_hosts", data=sent)
    second = await as_ingrid.post("/staff/call/announce", data=sent)
    wrong = await as_ingrid.post("/staff/call/announce", data={"version": "x"})

    assert [answer.status_code for answer in (first, second, wrong)] == [303, 409, 409]
    assert await state_of(call) == State.OPEN_TO_HOSTS


async def test_a_call_whose_deadline_has_passed_is_not_announced(as_ingrid, new_call):
    call = await new_call(
        state=State.OPEN_TO_HOSTS, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1)
    )

    response = await as_ingrid.post("/staff/call/announce", data={"version": str(call.version)})

    assert response.status_code == 409
    assert "The deadline of this call has passed." in response.text


async def test_a_proposed_run_that_waits_for_approval_is_the_next_step(as_ingrid, ingrid, new_person, reserve):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])])
    before = (await as_ingrid.get("/staff")).text
    run = await proposed(there, ingrid)
    text = (await as_ingrid.get("/staff")).text
    await approve(ingrid.actor, run.ref, version=run.version)
    after = (await as_ingrid.get("/staff")).text

    assert "Next: run the match" in before
    assert "Runs that wait for approval" in text
    assert "Next: look at the proposed run" in text
    assert 'href="/en/matching"' in text
    assert ">Runs that wait for approval</a>" in text
    assert ">Runs that wait for approval</a>" not in after
    assert "Offers without an answer" in after


async def test_a_run_approved_by_one_person_waits_for_the_second(as_ingrid, ingrid, new_person, reserve):
    people = await crowd(new_person, Role.APPLICANT, 1)
    there = await world(reserve.id, [1], [(people[0], [0])], needs_second_approval=True)
    run = await proposed(there, ingrid)
    await approve(ingrid.actor, run.ref, version=run.version)

    assert "Runs that wait for a second approval" in (await as_ingrid.get("/staff")).text


async def test_what_nobody_waits_for_is_not_listed_and_said_in_a_line(as_ingrid, new_call):
    await new_call()

    text = (await as_ingrid.get("/staff")).text

    assert "Nothing waits for you" in text
    assert re.search(r"Nothing waits in: [^<]*Applications to screen", text)
    assert 'id="queues"' not in text


async def test_the_next_dates_of_the_call_are_there_and_those_that_passed_say_so(as_ingrid, new_call):
    await new_call(
        state=State.IN_SELECTION, opens_at=NOW - timedelta(days=90), closes_at=NOW - timedelta(days=20),
        rate_by=NOW - timedelta(days=2, hours=1), zone="Etc/GMT+12",
    )  # fmt: skip

    text = (await as_ingrid.get("/staff")).text
    dates = re.search(r'<table id="dates".*?</table>', text, re.DOTALL)[0]

    assert "Reviews and ratings until" in dates
    assert "Passed 2 days ago" in dates
    assert "Results" in dates
    assert "anywhere on Earth" in text
    assert "Opens" not in dates


async def test_the_page_of_the_call_keeps_to_the_zone_of_the_call_and_says_where_it_does_not(
    as_ingrid, ingrid, new_call
):
    call = await new_call(state=State.DRAFT, zone="Etc/GMT+12", closes_at=NOW + timedelta(days=9))
    await actions.move(ingrid.actor, call.ref, "invite_hosts", call.version)
    async with write() as tx:
        (await tx.take(Person, Person.id == ingrid.actor.person_id)).zone = "Africa/Nairobi"

    text = (await as_ingrid.get("/staff/call")).text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text.split("<main")[1]))

    # Nairobi is 15 hours ahead of the zone of the call: 9:30 in UTC is 21:30 of the day before, and 12:30.
    assert "Times on this page are in the zone of the call: anywhere on Earth (UTC-12:00)." in text
    assert "10 November 2026, 21:30" in text
    assert "In your time zone: 11 November 2026, 12:30" in text
    assert "1 November 2026, 21:30" in text  # when hosts were invited, in the list of what was done
    assert "2 November 2026, 12:30" not in text
    assert "Times are in your zone" not in text
