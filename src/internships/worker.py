"""Runs the jobs: waiting letters, clocks, nightly chores. Any number of these may run beside one another."""

import asyncio
from datetime import timedelta

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
CHORES = [
    *accounts.CHORES,
    *applications.CHORES,
    *placements.CHORES,
]


async def chores() -> None:
    """What is done from time to time: seal the trace, and what each feature looks after."""
    async with write() as tx:
        await history.seal(tx)
    for chore in CHORES:
        await chore()


async def once() -> int:
    """Send and do what is due now; how much there was."""
    return await mail.send_due() + await jobs.run_due(HANDLERS)


async def work(stopping: asyncio.Event) -> None:
    """Work until asked to stop; a database that is away is waited for."""
    next_chores = clock.now()
    while not stopping.is_set():
        try:
            if clock.now() >= next_chores:
                await chores()
                next_chores = clock.now() + CHORES_EVERY
            done = await once()
        except Fault as fault:
            log.warning("worker waits", why=type(fault).__name__)
            done = 0
        except Exception:
            log.exception("worker stumbled")
            done = 0
        if not done:
            await jobs.wait_or_stop(stopping, PAUSE)
