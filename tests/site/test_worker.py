"""The worker's loop: what can't be done keeps nothing else from being done."""

import asyncio

import pytest
from sqlalchemy import select

from internships import worker
from internships.core.db import read
from internships.core.models import Letter, LetterState


@pytest.fixture
async def at_work(database):
    """Let the worker work until something is so: `await at_work(until)`."""

    async def working(until):
        stopping = asyncio.Event()
        work = asyncio.create_task(worker.work(stopping))
        try:
            for _ in range(500):
                if await until():
                    return
                await asyncio.sleep(0.02)
            pytest.fail("the worker did not get to it in ten seconds")
        finally:
            stopping.set()
            await work

    return working


async def test_a_chore_that_fails_holds_up_neither_letters_nor_other_chores(visitor, at_work, monkeypatch):
    seen = []

    async def fails():
        message = "no luck"
        raise RuntimeError(message)

    async def comes_after():
        seen.append("done")

    monkeypatch.setattr(worker, "CHORES", [fails, *worker.CHORES, comes_after])
    await visitor.post("/register", data={"email": "somebody@example.org"})

    async def has_left():
        async with read() as db:
            return await db.scalar(select(Letter.state)) == LetterState.SENT

    await at_work(has_left)

    assert seen == ["done"]
