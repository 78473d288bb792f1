"""The trace is chained in the order in which it was written, whoever else is at it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from internships.accounts.rules import CLOCK
from internships.core import clock as core_clock
from internships.core import history
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write


@pytest.fixture
def written(database):
    """So many steps, each so long ago: `await written(ago, ago, …)`."""

    async def make(*ago):
        rows = [{**history.row(CLOCK, "test.step", "0123456789"), "at": core_clock.now() - each} for each in ago]
        async with write() as tx:
            await tx.execute(insert(History), rows)

    return make


async def sealed(most=1000):
    async with write() as tx:
        return await history.seal(tx, most)


async def chain():
    """How many steps are sealed, once each seal was held against what it should be."""
    async with write() as tx:
        steps = (await tx.scalars(select(History).order_by(History.id))).all()
        previous = ""
        for number, step in enumerate(steps):
            if step.seal is None:
                assert all(later.seal is None for later in steps[number:])
                return number
            assert step.seal == history.seal_of(previous, step)
            previous = step.seal
        return len(steps)


async def test_steps_are_sealed_one_after_the_other_in_several_goes(written):
    await written(*[timedelta(hours=1)] * 5)

    assert [await sealed(most=2) for _ in range(4)] == [2, 2, 1, 0]

    assert await chain() == 5


async def test_what_is_still_on_its_way_is_waited_for(written, clock):
    """The second step was begun before the first one, and got its number after it."""
    await written(timedelta(hours=1), timedelta(seconds=119), timedelta(seconds=121))

    assert await sealed() == 1
    assert await chain() == 1

    clock.shift(timedelta(minutes=1))
    assert await sealed() == 2
    assert await chain() == 3


async def test_two_workers_at_once_make_one_chain(written):
    await written(*[timedelta(hours=1)] * 4)

    async with write() as tx:
        await history.seal(tx, most=2)
        other = asyncio.create_task(sealed())
        await asyncio.wait([other], timeout=0.3)  # it has begun, and waits for us

    assert await other == 2
    assert await chain() == 4


async def test_looking_for_new_steps_reads_no_old_ones(written):
    await written(*[timedelta(hours=1)] * 3)
    await sealed()
    async with read() as db:
        is_sqlite = db.dialect.name == "sqlite"
        # As a database with many steps would do it.
        await db.execute(text("SELECT 1" if is_sqlite else "SET enable_seqscan = off"))
        said = history.UNSEALED.compile(db.sync_engine, compile_kwargs={"literal_binds": True})
        explained = await db.execute(text(f"{'EXPLAIN QUERY PLAN' if is_sqlite else 'EXPLAIN'} {said}"))
        plan = "\n".join(str(row[-1]) for row in explained)
        if not is_sqlite:
            await db.execute(text("RESET enable_seqscan"))

    assert "ix_history_unsealed" in plan
