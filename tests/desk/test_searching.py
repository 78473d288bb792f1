"""Long work of the match beside the loop: it is heard of, and it ends with whoever asked for it."""

import asyncio
import threading

import pytest

from internships.core import jobs
from internships.core.models import Job
from internships.core.writing import write
from internships.matching.jobs import _watched


@pytest.fixture
async def job(database):
    async with write() as tx:
        await jobs.later(tx, "matching.run")
    (claimed,) = await jobs.claim()
    return claimed


@pytest.fixture
def search():
    """Something that goes on until it is told that it is `enough`, and says when it has `ended`; ten seconds at most."""

    class Search:
        enough, ended = threading.Event(), threading.Event()

        def __call__(self, watch):
            try:
                for _ in range(1000):
                    watch(50)
                    if self.enough.wait(0.01):
                        return "found"
                return "nothing"
            finally:
                self.ended.set()

    return Search()


@pytest.mark.only("postgresql")
async def test_a_database_that_is_busy_for_a_moment_does_not_end_a_search(job, search):
    async with write() as tx:
        await tx.take(Job, Job.id == job.id)
        searching = asyncio.create_task(_watched(job, search))
        await asyncio.wait([searching], timeout=3.5)  # a second, and the two that a statement waits for a row
        assert not searching.done()
    search.enough.set()

    assert await searching == "found"


async def test_a_search_that_nobody_waits_for_any_more_ends(job, search):
    searching = asyncio.create_task(_watched(job, search))
    await asyncio.sleep(0.05)

    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching

    assert await asyncio.to_thread(search.ended.wait, 5)
    assert not search.enough.is_set()
