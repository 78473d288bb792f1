"""What staff and the clock do with a call; each step that the clock will do is written down as a job."""

from datetime import datetime
from typing import Any, Protocol

from internships.accounts.rules import CLOCK, Role
from internships.core import clock, history, jobs
from internships.core.faults import Refused
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.rules import BY_APPROVAL, CYCLE, State
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
