"""What the worker does for offers: they expire, withdrawn people's seats are freed, and free ones are given."""

from collections.abc import Awaitable, Callable

from internships.core.jobs import Claimed, Handler
from internships.placements.actions import answering


async def expire(job: Claimed) -> str:
    """An offer's date has come."""
    return await answering.expire(str(job.subject))


JOBS: dict[str, Handler] = {"placements.expire": expire}
CHORES: list[Callable[[], Awaitable[object]]] = [answering.free_what_was_withdrawn, answering.use_the_room]
