"""What staff and the clock do with a call; each step that the clock will do is written down as a job."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import CLOCK, Role
from internships.core import clock, history, jobs
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.document import CallDocument
from internships.cycles.models import Criterion, Cycle, Reason
from internships.cycles.rules import BY_APPROVAL, CYCLE, STILL_CHANGES, State
from internships.cycles.words import CLOSES_BECAUSE, OPENS_BECAUSE


class Mover(Protocol):
    """A person in one role, or the clock."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def role(self) -> Role: ...


def clocks(ref: str, state: State, opens_at: datetime, closes_at: datetime) -> list[dict[str, Any]]:
    """The jobs that open and close a call in this state by themselves, as rows."""
    rows = {
        State.ANNOUNCED: ("cycles.open", opens_at, OPENS_BECAUSE),
        State.OPEN: ("cycles.close", closes_at, CLOSES_BECAUSE),
    }
    if state not in rows:
        return []
    kind, at, why = rows[state]
    return [jobs.planned(kind, at=at, subject=ref, why=why, key=f"{kind}:{ref}")]


async def move(actor: Mover, ref: str, verb: str, version: int) -> None:
    """One step of a call by a person.

    Raises:
        NotFound: there is no such call.
        Refused: not from where it stands, or not without an approved run.
        Stale: somebody moved it since the page was opened.
    """
    async with write() as tx:
        cycle = await tx.take(Cycle, Cycle.ref == ref, version=version)
        CYCLE.move(verb, actor.role, cycle.state)
        if verb in BY_APPROVAL:
            raise Refused(_("Results are released by approving a run of the match, and in no other way."))
        if verb in {"announce", "open"} and cycle.closes_at <= clock.now():
            raise Refused(_("The deadline of this call has passed."))
        await _step(tx, actor, cycle, verb)


async def reach(ref: str, verb: str) -> str:
    """The clock's step: nothing when it was done already, later when the date was moved; what came of it."""
    async with write() as tx:
        cycle = await tx.find(Cycle, Cycle.ref == ref)
        if cycle is None or not CYCLE.allows(verb, CLOCK.role, cycle.state):
            return "It was done already."
        at = cycle.opens_at if verb == "open" else cycle.closes_at
        if at > clock.now():
            await jobs.later_all(tx, clocks(ref, cycle.state, cycle.opens_at, cycle.closes_at))
            return "The date was moved."
        await _step(tx, CLOCK, cycle, verb)
        return "Done."


async def _step(tx: Transaction, actor: Mover, cycle: Cycle, verb: str) -> None:
    before, now = cycle.state, clock.now()
    cycle.state = State(CYCLE[verb].to)
    if verb == "open":
        # Opened by hand before its instant, a call is open from then on: pages and forms go by the instant.
        cycle.opens_at = min(cycle.opens_at, now)
        await jobs.forget(tx, f"cycles.open:{cycle.ref}")
    await jobs.later_all(tx, clocks(cycle.ref, cycle.state, cycle.opens_at, cycle.closes_at))
    await history.record(tx, actor, f"call.{verb}", cycle.ref, moved=(before, cycle.state))


async def take_over(doer: Mover, document: CallDocument, *, keep: bool) -> bool:
    """Write a call as a document has it: a new one as a draft, a known one (by its slug) changed. Whether it is new.

    Args:
        keep: False tries it and keeps nothing.

    Raises:
        Refused: something changes that people rely on already, or somebody else is at work on this call.
    """
    try:
        async with write() as tx:
            cycle = await tx.find(Cycle, Cycle.slug == document.slug)
            if is_new := cycle is None:
                cycle = Cycle(**document.columns())
                tx.add(cycle)
                await tx.flush()
            changed = [] if is_new else await _changed(tx, cycle, document)
            if is_new or "criteria" in changed:
                await _rewritten(tx, Criterion, cycle, document.criterion_rows())
            if is_new or "reasons" in changed:
                await _rewritten(tx, Reason, cycle, document.reason_rows())
            if {"opens_at", "closes_at"} & set(changed):
                await jobs.forget(tx, f"cycles.open:{cycle.ref}", f"cycles.close:{cycle.ref}")
                await jobs.later_all(tx, clocks(cycle.ref, cycle.state, cycle.opens_at, cycle.closes_at))
            if is_new or changed:
                await history.record(tx, doer, "call.import", cycle.ref, detail={"fields": changed})
            if not keep:
                await tx.rollback()
    except IntegrityError:
        raise Refused(_("Somebody else is at work on this call. Try again in a minute.")) from None
    return is_new


async def _changed(tx: Transaction, cycle: Cycle, document: CallDocument) -> list[str]:
    """Put the document's values into the call; the names of those that are others now."""
    new = document.columns()
    listed: dict[str, tuple[type[Criterion | Reason], list[dict[str, Any]]]] = {
        "criteria": (Criterion, document.criterion_rows()),
        "reasons": (Reason, document.reason_rows()),
    }
    changed = [name for name, value in new.items() if getattr(cycle, name) != value]
    changed += [name for name, (kind, rows) in listed.items() if await _kept(tx, kind, cycle, rows[0]) != rows]
    fixed = sorted(set(changed) - STILL_CHANGES[cycle.state]) if cycle.state in STILL_CHANGES else []
    if fixed:
        raise Refused(
            _("People rely on this call already. These can't change any more: %(names)s.") % {"names": ", ".join(fixed)}
        )
    if cycle.state == State.OPEN and document.instant("closes_at") < cycle.closes_at:
        raise Refused(_("The deadline of an open call can be moved back, but not brought forward."))
    for name, value in new.items():
        setattr(cycle, name, value)
    return changed


async def _kept(
    tx: Transaction, kind: type[Criterion | Reason], cycle: Cycle, like: dict[str, Any]
) -> list[dict[str, Any]]:
    columns = [kind.__table__.c[name] for name in like]
    found = await tx.execute(select(*columns).where(kind.cycle_id == cycle.id).order_by(kind.id))
    return [dict(row._mapping) for row in found]


async def _rewritten(tx: Transaction, kind: type[Criterion | Reason], cycle: Cycle, rows: list[dict[str, Any]]) -> None:
    await tx.execute(delete(kind).where(kind.cycle_id == cycle.id))
    await tx.execute(insert(kind), [{**row, "cycle_id": cycle.id} for row in rows])
