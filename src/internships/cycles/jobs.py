"""What happens to a call by itself: it opens and closes at its instants."""

from internships.core.jobs import Claimed, Handler
from internships.cycles import actions


async def open_at_its_instant(job: Claimed) -> str:
    """The announced instant has come."""
    return await actions.reach(str(job.subject), "open")


async def close_at_the_deadline(job: Claimed) -> str:
    """The deadline has come."""
    return await actions.reach(str(job.subject), "close")


JOBS: dict[str, Handler] = {"cycles.open": open_at_its_instant, "cycles.close": close_at_the_deadline}
