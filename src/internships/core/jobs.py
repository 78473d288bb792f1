"""Work that is done later, by any number of workers: written with its cause, claimed once, repeated when it fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from internships.core import clock
from internships.core.faults import Busy
from internships.core.ids import new_ref
from internships.core.logs import told
from internships.core.models import Job, JobState
from internships.core.writing import Transaction, write

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
RENEWED_EVERY = 20.0
LIVE = text("state = 'waiting'")
"""Among these a key stands once."""
RETRIES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker holds."""

    id: int
    kind: str
    subject: str | None
    payload: dict[str, Any]
    attempts: int
    """Also who holds it: a worker whose lease ended finds another number in the row, and changes nothing."""

    @property
    def mine(self) -> tuple[ColumnElement[bool], ...]:
        """The row, while this worker holds it."""
        return Job.id == self.id, Job.state == JobState.RUNNING, Job.attempts == self.attempts

    async def progress(self, percent: int) -> bool:
        """Say how far it is and keep the lease; False when somebody cancelled it, or another worker has taken it over."""
        async with write() as tx:
            kept = update(Job).where(*self.mine).values(progress=percent, lease_until=clock.now() + LEASE)
            return (await tx.execute(kept.returning(Job.id))).first() is not None


Handler = Callable[[Claimed], Awaitable[str]]


def planned(
    kind: str,
    *,
    at: datetime | None = None,
    subject: str | None = None,
    why: str = "",
    key: str | None = None,
    payload: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The row of a job, for actions that write many at once."""
    now = clock.now()
    return {
        "ref": new_ref(),
        "kind": kind,
        "subject": subject,
        "why": why,
        "key": key,
        "payload": payload or {},
        "state": JobState.WAITING,
        "attempts": 0,
        "outcome": "",
        "run_at": at or now,
        "written_at": now,
    }


async def later(
    tx: Transaction,
    kind: str,
    *,
    at: datetime | None = None,
    subject: str | None = None,
    why: str = "",
    key: str | None = None,
    payload: dict[str, Any] | None = None,
) -> str:
    """Write a job; its reference. With a key, a waiting job of the same key is replaced."""
    row = planned(kind, at=at, subject=subject, why=why, key=key, payload=payload)
    await tx.put(Job, [row], "key", among=LIVE)
    return str(row["ref"])


async def later_all(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write many planned jobs in one statement; their keys are new."""
    if rows:
        await tx.execute(insert(Job), rows)


async def forget(tx: Transaction, *keys: str) -> None:
    """Cancel the waiting jobs of these keys."""
    waiting = Job.key.in_(keys), Job.state == JobState.WAITING
    await tx.execute(update(Job).where(*waiting).values(state=JobState.CANCELLED, finished_at=clock.now()))


async def claim(most: int = 1) -> list[Claimed]:
    """Take due jobs, and those whose worker died; two workers never get the same one."""
    now = clock.now()
    due = or_(
        and_(Job.state == JobState.WAITING, Job.run_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
    chosen = select(Job.id).where(due).order_by(Job.run_at, Job.id).limit(most).with_for_update(skip_locked=True)
    # A CTE is worked out once. PostgreSQL may ask a subquery again for each row, and each time it takes the next ones.
    first = chosen.cte("first")
    taken = (
        update(Job)
        .where(Job.id.in_(select(first.c.id)))
        .values(state=JobState.RUNNING, lease_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.subject, Job.payload, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    async with write() as tx:
        return [Claimed(*row) for row in (await tx.execute(taken)).all()]


async def _finish(job: Claimed, **values: Any) -> None:
    async with write() as tx:
        await tx.execute(update(Job).where(*job.mine).values(lease_until=None, **values))


@asynccontextmanager
async def _kept(job: Claimed) -> AsyncIterator[None]:
    """Renew the lease for as long as the work goes on; it ends by itself when the process dies."""

    over = asyncio.Event()

    async def renew() -> None:
        while True:
            await wait_or_stop(over, RENEWED_EVERY)
            if over.is_set():
                return
            with suppress(Busy):
                async with write() as tx:
                    await tx.execute(update(Job).where(*job.mine).values(lease_until=clock.now() + LEASE))

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        over.set()
        await renewing


async def _again(job: Claimed, outcome: str) -> None:
    """Try it later, unless a newer job of the same key has taken its place meanwhile."""
    try:
        at = clock.now() + RETRIES[job.attempts - 1]
        await _finish(job, state=JobState.WAITING, outcome=outcome, run_at=at)
    except IntegrityError:
        await _finish(job, state=JobState.CANCELLED, outcome=outcome, finished_at=clock.now())


class WorkerDied(Exception):
    """Whoever began it never came to its end, each time."""


async def run(job: Claimed, handlers: Mapping[str, Handler]) -> None:
    """Do one claimed job; what it raises is kept, and it is tried again until it is a dead letter."""
    try:
        if job.attempts > len(RETRIES) + 1:
            raise WorkerDied
        async with _kept(job):
            outcome = await handlers[job.kind](job)
    except Exception as error:
        log.exception("job failed", kind=job.kind, job=job.id, attempts=job.attempts)
        outcome = told(error)
        if job.attempts > len(RETRIES) or job.kind not in handlers:
            await _finish(job, state=JobState.DEAD, outcome=outcome, finished_at=clock.now())
        else:
            await _again(job, outcome)
    else:
        await _finish(job, state=JobState.DONE, outcome=outcome, progress=100, finished_at=clock.now())


async def run_due(handlers: Mapping[str, Handler], most: int = 10) -> int:
    """Do what is due now, one after the other; how many were done."""
    for done in range(most):
        # One at a time: a job that waited behind a long one would be claimed by another worker, too.
        claimed = await claim()
        if not claimed:
            return done
        await run(claimed[0], handlers)
    return most


async def wait_or_stop(stopping: asyncio.Event, seconds: float) -> None:
    """Sleep, but wake at once when asked to stop."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
