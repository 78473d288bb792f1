"""Work that is done later: once, by whoever is there, again when it fails."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from internships.core import clock as core_clock
from internships.core import jobs
from internships.core.db import read
from internships.core.models import Job, JobState
from internships.core.writing import write


@pytest.fixture
def plan(database):
    """Write a job down; its reference."""

    async def make(kind="test.note", **more):
        async with write() as tx:
            return await jobs.later(tx, kind, **more)

    return make


@pytest.fixture
def done():
    return []


@pytest.fixture
def handlers(done):
    async def note(job):
        done.append(job.payload.get("n"))
        await asyncio.sleep(0)
        return "noted"

    async def fail(job):
        done.append(job.attempts)
        message = "no luck"
        raise RuntimeError(message)

    return {"test.note": note, "test.fail": fail}


async def kept(ref):
    async with write() as tx:
        return (await tx.scalars(select(Job).where(Job.ref == ref))).one()


async def test_a_job_runs_when_its_hour_has_come(plan, handlers, done, clock):
    ref = await plan(at=core_clock.now() + timedelta(hours=1), payload={"n": 1})

    assert await jobs.run_due(handlers) == 0
    clock.shift(timedelta(hours=1))
    assert await jobs.run_due(handlers) == 1

    job = await kept(ref)
    assert done == [1]
    assert (job.state, job.outcome, job.progress) == (JobState.DONE, "noted", 100)


async def test_workers_at_once_do_each_job_once(plan, handlers, done):
    for n in range(12):
        await plan(payload={"n": n})

    async def work():
        while await jobs.run_due(handlers):
            pass

    await asyncio.gather(*(work() for _ in range(4)))

    assert sorted(done) == list(range(12))


@pytest.mark.only("postgresql")
async def test_no_more_is_claimed_than_asked_for_when_the_database_believes_the_table_to_be_small(plan):
    """It then asks for the rows to take once for each row of the table."""
    await plan()
    async with read() as db:
        await db.execute(text("VACUUM ANALYZE job"))
    for _ in range(11):
        await plan()

    assert len(await jobs.claim()) == 1


async def test_what_fails_is_tried_again_until_it_is_a_dead_letter(plan, handlers, done, clock):
    ref = await plan("test.fail")
    waits = []
    while (job := await kept(ref)).state == JobState.WAITING:
        waits.append(job.run_at - core_clock.now())
        clock.move_to(job.run_at)
        await jobs.run_due(handlers)

    assert done == [1, 2, 3, 4, 5, 6]
    assert waits[1:] == jobs.RETRIES
    assert job.state == JobState.DEAD
    assert job.outcome == "RuntimeError: no luck"


async def test_a_kind_that_nobody_knows_is_dead_at_once(plan, handlers):
    ref = await plan("test.unknown")

    await jobs.run_due(handlers)

    assert (await kept(ref)).state == JobState.DEAD


async def test_a_worker_that_died_is_replaced_when_its_lease_ends(plan, handlers, done, clock):
    ref = await plan(payload={"n": 1})
    (held,) = await jobs.claim()

    assert await jobs.run_due(handlers) == 0
    clock.shift(jobs.LEASE + timedelta(seconds=1))
    assert await jobs.run_due(handlers) == 1

    # Should the first one be alive after all, it changes nothing any more.
    assert await held.progress(50) is False
    assert (await kept(ref)).progress == 100
    assert done == [1]


async def test_who_has_lost_a_job_to_another_worker_says_nothing_more_of_it(plan, clock):
    ref = await plan()
    (first,) = await jobs.claim()
    clock.shift(jobs.LEASE + timedelta(seconds=1))
    (second,) = await jobs.claim()

    assert await second.progress(10) is True
    assert await first.progress(90) is False
    assert (await kept(ref)).progress == 10


async def test_a_long_job_keeps_its_lease(plan, monkeypatch, clock):
    monkeypatch.setattr(jobs, "RENEWED_EVERY", 0.01)
    ref = await plan("test.long")

    async def long(job):
        for _ in range(3):
            clock.shift(jobs.LEASE - timedelta(seconds=1))
            await asyncio.sleep(0.05)
            assert await jobs.claim() == []
        return "at last"

    await jobs.run_due({"test.long": long})

    assert (await kept(ref)).outcome == "at last"


async def test_a_job_that_kills_its_worker_each_time_is_given_up(plan, handlers, done, clock):
    ref = await plan(payload={"n": 1})
    for _ in range(len(jobs.RETRIES) + 1):
        assert len(await jobs.claim()) == 1
        clock.shift(jobs.LEASE + timedelta(seconds=1))

    await jobs.run_due(handlers)

    assert done == []
    assert (await kept(ref)).state == JobState.DEAD


async def test_a_newer_job_takes_the_place_of_the_same_one_that_waits(plan, handlers, done):
    await plan(key="offer.expire:A", payload={"n": 1})
    new = await plan(key="offer.expire:A", payload={"n": 2})

    await jobs.run_due(handlers)

    assert done == [2]
    async with read() as db:
        assert (await db.execute(select(Job.ref, Job.state))).all() == [(new, JobState.DONE)]


async def test_what_fails_gives_way_to_a_newer_one(plan, handlers, done):
    old = await plan("test.again", key="offer.expire:A")

    async def again(job):
        async with write() as tx:
            await jobs.later(tx, "test.note", key="offer.expire:A", payload={"n": 2})
        message = "after all"
        raise RuntimeError(message)

    await jobs.run_due(handlers | {"test.again": again})
    await jobs.run_due(handlers)

    assert (await kept(old)).state == JobState.CANCELLED
    assert done == [2]


async def test_a_job_can_be_forgotten(plan, handlers, done):
    await plan(key="offer.expire:A")

    async with write() as tx:
        await jobs.forget(tx, "offer.expire:A")

    assert await jobs.run_due(handlers) == 0


async def test_somebody_can_stop_a_job_that_says_how_far_it_is(plan):
    ref = await plan("test.long")
    said = []

    async def long(job):
        said.append(await job.progress(10))
        async with write() as tx:
            (await tx.take(Job, Job.ref == ref)).state = JobState.CANCELLED
        said.append(await job.progress(20))
        return "stopped"

    await jobs.run_due({"test.long": long})

    assert said == [True, False]
    assert (await kept(ref)).state == JobState.CANCELLED
