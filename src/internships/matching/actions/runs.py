"""Starting and cancelling a run."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Actor
from internships.core import clock, history, jobs
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.models import Job, JobState
from internships.core.reasons import with_name
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.matching.improving import Goal
from internships.matching.life import RUN, State
from internships.matching.models import MatchRun
from internships.matching.words import RUN_BECAUSE

ONE_AT_A_TIME = _("A run is under way. Wait until it is done, or cancel it.")
NOT_SEALED = _(
    "Seal the lottery first: after the call has closed, a run needs the sealed text, so that ties are broken fairly."
)


async def current_cycle(tx: Transaction) -> Cycle:
    """The call that staff work on: the newest that is not archived, locked for this transaction.

    Raises:
        NotFound: there is none.
    """
    return await tx.take(Cycle, Cycle.id == WORKED_ON)


async def start(actor: Actor, *, name: str, goal: Goal | None = None, once: str = "") -> str:
    """Ask for a run; the worker makes it. The run's reference.

    Raises:
        Refused: another run is at work, or the lottery is not sealed.
    """
    try:
        async with write() as tx:
            return await asked_before(tx, actor, once) or await started(tx, actor, name, goal)
    except IntegrityError:
        raise Refused(ONE_AT_A_TIME) from None


async def asked_before(tx: Transaction, actor: Actor, once: str) -> str:
    """The run that came of the first sending of a form, when this is the second; else nothing."""
    if await tx.first_time(once):
        return ""
    newest = select(MatchRun.ref).where(MatchRun.made_by == actor.person_id).order_by(MatchRun.id.desc()).limit(1)
    return str(await tx.scalar(newest))


async def started(tx: Transaction, actor: Actor, name: str, goal: Goal | None = None) -> str:
    """The same inside a transaction that has more to do."""
    cycle = await current_cycle(tx)
    now = clock.now()
    if now >= cycle.closes_at and not cycle.lottery_text:
        raise Refused(NOT_SEALED)
    ref = new_ref()
    tx.add(
        MatchRun(ref=ref, cycle_id=cycle.id, name=name, improvement=goal or "", made_by=actor.person_id, made_at=now)
    )
    await tx.flush()
    why = with_name(RUN_BECAUSE, actor.name)
    await jobs.later(tx, "matching.run", subject=ref, why=why, payload={"goal": goal} if goal else {})
    await history.record(tx, actor, "run.ask", ref)
    return ref


async def cancel(actor: Actor, ref: str) -> None:
    """Stop a run that has not finished; nothing of its result is kept."""
    async with write() as tx:
        found = await tx.take(MatchRun, MatchRun.ref == ref)
        move = RUN.move("cancel", actor.role, found.state)
        was, found.state, found.finished_at = found.state, State.CANCELLED, clock.now()
        at_work = Job.subject == ref, Job.kind == "matching.run", Job.state.in_([JobState.WAITING, JobState.RUNNING])
        await tx.execute(update(Job).where(*at_work).values(state=JobState.CANCELLED, finished_at=clock.now()))
        await history.record(tx, actor, "run.cancel", ref, moved=(was, move.to))
