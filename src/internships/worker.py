"""Runs the jobs: waiting letters, clocks, nightly chores. Any number of these may run beside one another."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from internships.accounts import jobs as accounts
from internships.applications.jobs import listed as applications
from internships.core import clock, history, jobs, mail
from internships.core.faults import Fault
from internships.core.jobs import Handler
from internships.core.writing import write
from internships.cycles import jobs as cycles
from internships.matching import jobs as matching
from internships.placements import jobs as placements

Did = TypeVar("Did")
log = structlog.get_logger()

PAUSE = 1.0
CHORES_EVERY = timedelta(minutes=1)

HANDLERS: dict[str, Handler] = {
    **accounts.JOBS,
    **applications.JOBS,
    **cycles.JOBS,
    **matching.JOBS,
    **placements.JOBS,
}


async def seal_the_trace() -> int:
    """How many steps were sealed."""
    async with write() as tx:
        return await history.seal(tx)


CHORES: list[Callable[[], Awaitable[object]]] = [
    seal_the_trace,
    *accounts.CHORES,
    *applications.CHORES,
    *placements.CHORES,
]
"""What is done from time to time, one after the other."""


async def once() -> int:
    """Send and do what is due now; how much there was."""
    return await mail.send_due() + await jobs.run_due(HANDLERS)


async def work(stopping: asyncio.Event) -> None:
    """Work until asked to stop; a database that is away is waited for."""
    next_chores = clock.now()
    while not stopping.is_set():
        if clock.now() >= next_chores:
            # At each full minute: some chores look at the clock for theirs.
            next_chores = (clock.now() + CHORES_EVERY).replace(second=0, microsecond=0)
            for chore in CHORES:
                await _tried(chore)
        if not await _tried(once):
            await jobs.wait_or_stop(stopping, PAUSE)


async def _tried(step: Callable[[], Awaitable[Did]]) -> Did | None:
    """What came of it; nothing when it failed. It is tried again in its turn, and nothing else waits for that."""
    try:
        return await step()
    except Fault as fault:
        log.warning("worker waits", at=step.__name__, why=type(fault).__name__)
    except Exception:
        log.exception("worker stumbled", at=step.__name__)
    return None
