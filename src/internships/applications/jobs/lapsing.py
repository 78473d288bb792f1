"""A draft, or a completion that was not sent, lapses at its instant: what happens to a file by itself."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from internships.accounts.rules import CLOCK
from internships.applications.models import Application
from internships.applications.rules import APPLICATION, State, may_edit
from internships.applications.words import MOVED_BECAUSE
from internships.core import clock, history
from internships.core import jobs as work
from internships.core.jobs import Claimed, Handler
from internships.core.writing import write
from internships.cycles.models import Cycle


class _Open(Struct, frozen=True):
    id: int
    state: State
    closes_at: datetime
    completion_until: datetime | None


_FILE = (
    select(Application.id, Application.state, Cycle.closes_at, Application.completion_until)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(Application.ref == bindparam("file"))
    .with_for_update(of=Application)
)


async def lapse_drafts(job: Claimed) -> str:
    """Let one file lapse, unless it was sent; when its deadline was moved, look again then."""
    async with write() as tx:
        row = (await tx.execute(_FILE, {"file": job.subject})).first()
        if row is None:
            return "There is no such file."
        file = _Open(*row)
        lapse = APPLICATION["lapse"]
        if file.state not in lapse.from_:
            return "It was sent."
        if may_edit(file.state, clock.now(), file.closes_at, file.completion_until):
            until = file.closes_at if file.state == State.DRAFT else file.completion_until
            again = work.planned(job.kind, at=until, subject=job.subject, why=MOVED_BECAUSE)
            await work.later_all(tx, [again])
            return "The deadline was moved."
        moved = update(Application).where(Application.id == file.id)
        await tx.execute(moved.values(state=lapse.to, version=Application.version + 1))
        await history.record(
            tx, CLOCK, "application.lapse", str(job.subject), file=job.subject, moved=(file.state, lapse.to)
        )
    return "It lapsed."


JOBS: dict[str, Handler] = {"applications.lapse": lapse_drafts}
