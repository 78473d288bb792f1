"""Keeping a change that was tried: the rule is written and a new run is asked for, both or neither."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Actor
from internships.core import history, jobs
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.models import Job, JobState
from internships.core.reasons import with_name
from internships.core.writing import Transaction, write
from internships.matching.actions import rules, runs
from internships.matching.life import State
from internships.matching.models import MatchLimit, MatchRun
from internships.matching.whatif import Change, Kind
from internships.matching.words import TRIED_BECAUSE
from internships.reserves.models import Position

CHANGED_SINCE = _("This number has changed since the run that you looked at. Run the match again, and try it there.")


async def keep(actor: Actor, change: Change, was: int, *, reason: str, name: str, once: str = "") -> str:
    """Write the change into the rules and ask for a run. The run's reference; the same one when a form is sent twice.

    Args:
        was: the free seats of the position, or of the limit, that the run was made with.

    Raises:
        Refused: the rule is there already, the number is not what the run was made with, or a run is under way.
    """
    try:
        async with write() as tx:
            if before := await runs.asked_before(tx, actor, once):
                return before
            await _written(tx, actor, change, was, reason)
            return await runs.started(tx, actor, name)
    except IntegrityError:
        raise Refused(_("A run is under way, or this pair has an entry already.")) from None


async def _written(tx: Transaction, actor: Actor, change: Change, was: int, reason: str) -> None:
    if change.kind in {Kind.FIX, Kind.FORBID}:
        kind = "lock" if change.kind == Kind.FIX else "bar"
        await rules.paired(tx, actor, kind, change.person, change.position, reason)
    elif change.kind == Kind.SEATS:
        await _seats(tx, actor, change, was, reason)
    else:
        await _limit(tx, actor, change, was, reason)


async def _seats(tx: Transaction, actor: Actor, change: Change, was: int, reason: str) -> None:
    """People who hold a seat already are not in a run's numbers, so that these are free seats."""
    found = await tx.take(Position, Position.ref == change.position)
    if found.seats - found.held != was:
        raise Refused(CHANGED_SINCE)
    more = (change.number or 0) - was
    if found.seats + more < max(1, found.held, found.min_seats):
        raise Refused(_("The position can't have so few seats: some are taken, or its minimum is higher."))
    found.seats += more
    detail = {"more": more, "seats": found.seats}
    await history.record(tx, actor, "position.seats", found.ref, reason=reason, detail=detail)


async def _limit(tx: Transaction, actor: Actor, change: Change, was: int, reason: str) -> None:
    cycle = await runs.current_cycle(tx)
    found = await tx.take(MatchLimit, MatchLimit.cycle_id == cycle.id, MatchLimit.name == change.limit)
    here = Position.cycle_id == cycle.id, Position.ref.in_(found.over)
    held = await tx.scalar(select(func.coalesce(func.sum(Position.held), 0)).where(*here)) or 0
    if max(0, found.seats - held) != was:
        raise Refused(CHANGED_SINCE)
    detail = {"name": found.name, "from": found.seats, "to": None}
    if change.number is None:
        await tx.delete(found)
    else:
        found.seats = held + change.number
        detail["to"] = found.seats
    await history.record(tx, actor, "limit.loosen", found.ref, reason=reason, detail=detail)


async def ask_sensitivity(actor: Actor, ref: str) -> None:
    """Let the worker find out how far a run hangs on seats, limits and lots.

    Raises:
        Refused: it is at it already.
    """
    async with write() as tx:
        found = await tx.take(MatchRun, MatchRun.ref == ref)
        if found.state not in {State.PROPOSED, State.FIRST_APPROVED, State.APPROVED}:
            raise Refused(_("This run has no result."))
        at_work = Job.subject == ref, Job.kind == "matching.sensitivity"
        live = Job.state.in_([JobState.WAITING, JobState.RUNNING])
        if await tx.scalar(select(Job.id).where(*at_work, live).limit(1)):
            raise Refused(_("This is being worked out already."))
        await jobs.later(tx, "matching.sensitivity", subject=ref, why=with_name(TRIED_BECAUSE, actor.name))
