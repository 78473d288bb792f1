"""Changing the rules of the match: limits, reserved seats, minimums, pairs, and sealing the lottery.

Each takes the call first, as an approval does: a rule is in the run that is approved, or comes after it.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.core import clock, history
from internships.core.faults import NotFound, Refused
from internships.core.i18n import lazy as _
from internships.core.i18n import speaking
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.matching.actions.runs import current_cycle
from internships.matching.lottery import seal
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve
from internships.matching.rules import BadMarket, Limit, Market
from internships.matching.words import problem
from internships.reserves.models import Position
from internships.reserves.queries import TITLE

HOST_SAID_NO = _(
    "The host has not said that they would take this person. A pair can be fixed once the host has rated them so."
)
BOTH = _("This pair has the opposite entry already. Take that one back first.")
NAME_TAKEN = _("There is another one with this name.")


async def save_limit(
    actor: Actor, ref: str | None, *, name: str, seats: int, over: Sequence[str], version: int | None = None
) -> str:
    """Write a limit anew, or change one. Its reference.

    Raises:
        Refused: it crosses another one, or the name is taken.
    """
    try:
        async with write() as tx:
            cycle = await current_cycle(tx)
            kept = list((await tx.scalars(select(MatchLimit).where(MatchLimit.cycle_id == cycle.id))).all())
            found = next((limit for limit in kept if limit.ref == ref), None)
            if ref is not None:
                found = await tx.take(MatchLimit, MatchLimit.ref == ref, version=version)
            others = [Limit(limit.name, limit.seats, limit.over) for limit in kept if limit is not found]
            await _nest(tx, cycle, [*others, Limit(name, seats, sorted(set(over)))])
            if found is None:
                found = MatchLimit(ref=new_ref(), cycle_id=cycle.id)
                tx.add(found)
            found.name, found.seats, found.over = name, seats, sorted(set(over))
            await history.record(
                tx, actor, "limit.save", found.ref, detail={"name": name, "seats": seats, "over": found.over}
            )
            return found.ref
    except IntegrityError:
        raise Refused(NAME_TAKEN) from None


async def _nest(tx: Transaction, cycle: Cycle, limits: list[Limit]) -> None:
    """Limits lie inside each other or apart; the match itself says which ones cross."""
    rows = await tx.execute(
        select(Position.ref, Position.seats, TITLE).where(Position.cycle_id == cycle.id), {"spoken": speaking()}
    )
    found = {ref: (seats, title) for ref, seats, title in rows}
    try:
        Market(applicants={}, scores={}, seats={ref: seats for ref, (seats, _) in found.items()}, limits=limits)
    except BadMarket as bad:
        raise Refused(problem(bad, {ref: title for ref, (_, title) in found.items()})) from None


async def remove_limit(actor: Actor, ref: str, *, reason: str = "") -> None:
    async with write() as tx:
        await current_cycle(tx)
        found = await tx.take(MatchLimit, MatchLimit.ref == ref)
        await tx.delete(found)
        await history.record(tx, actor, "limit.remove", ref, reason=reason, detail={"name": found.name})


async def _position(tx: Transaction, ref: str, version: int | None = None) -> Position:
    return await tx.take(Position, Position.ref == ref, version=version)


async def reserve_seats(
    actor: Actor, position: str, *, name: str, seats: int, countries: Sequence[str], open_first: bool
) -> None:
    """Keep seats of a position for people who live in some countries.

    Raises:
        Refused: more are kept than the position has, or the name is taken there.
    """
    try:
        async with write() as tx:
            await current_cycle(tx)
            at = await _position(tx, position)
            others = await tx.scalars(select(MatchReserve.seats).where(MatchReserve.position_id == at.id))
            if (kept := seats + sum(others)) > at.seats:
                raise Refused(
                    _("With these, %(kept)s seats would be reserved, and the position has %(seats)s.")
                    % {"kept": kept, "seats": at.seats}
                )
            ref = new_ref()
            tx.add(
                MatchReserve(
                    ref=ref, cycle_id=at.cycle_id, position_id=at.id, name=name, seats=seats,
                    countries=sorted(countries), open_first=open_first,
                )
            )  # fmt: skip
            await history.record(tx, actor, "reserve.add", ref, detail={"position": position, "seats": seats})
    except IntegrityError:
        raise Refused(NAME_TAKEN) from None


async def remove_reserve(actor: Actor, ref: str, *, reason: str = "") -> None:
    async with write() as tx:
        await current_cycle(tx)
        found = await tx.take(MatchReserve, MatchReserve.ref == ref)
        await tx.delete(found)
        await history.record(tx, actor, "reserve.remove", ref, reason=reason, detail={"name": found.name})


async def set_minimum(actor: Actor, position: str, least: int) -> None:
    """Fewer people than this, and the position does not run.

    Raises:
        Refused: it is more than the position has seats.
    """
    async with write() as tx:
        await current_cycle(tx)
        found = await _position(tx, position)
        if least > found.seats:
            raise Refused(_("The position has %(seats)s seats; the minimum can't be more.") % {"seats": found.seats})
        was, found.min_seats = found.min_seats, least
        await history.record(tx, actor, "position.minimum", position, detail={"from": was, "to": least})


async def _choice(tx: Transaction, application: str, position: str) -> tuple[Choice, int]:
    """The choice, and the call that it belongs to."""
    asked = (
        select(Choice, Application.cycle_id)
        .join(Application, Application.id == Choice.application_id)
        .join(Position, Position.id == Choice.position_id)
        .where(Application.ref == application, Position.ref == position, Choice.state != ChoiceState.RELEASED)
    )
    found = (await tx.execute(asked)).one_or_none()
    if found is None:
        raise Refused(_("This person did not choose this position."))
    return found[0], found[1]


async def pair(actor: Actor, kind: str, application: str, position: str, *, reason: str) -> None:
    """Fix a person at a position before the run ("lock"), or rule the two out ("bar").

    Raises:
        Refused: the person did not choose the position, or has such an entry already.
    """
    try:
        async with write() as tx:
            await paired(tx, actor, kind, application, position, reason)
    except IntegrityError:
        raise Refused(_("This person is fixed somewhere already, or the pair is ruled out already.")) from None


async def paired(tx: Transaction, actor: Actor, kind: str, application: str, position: str, reason: str) -> None:
    """The same inside a transaction that has more to do."""
    await current_cycle(tx)
    chosen, cycle_id = await _choice(tx, application, position)
    if kind == "lock" and chosen.state != ChoiceState.ACCEPTABLE:
        raise Refused(HOST_SAID_NO)
    other: type[MatchLock | MatchBar] = MatchBar if kind == "lock" else MatchLock
    here = other.application_id == chosen.application_id, other.position_id == chosen.position_id
    if await tx.scalar(select(other.id).where(*here)):
        raise Refused(BOTH)
    entry = MatchLock() if kind == "lock" else MatchBar()
    entry.cycle_id, entry.application_id, entry.position_id = cycle_id, chosen.application_id, chosen.position_id
    entry.reason, entry.made_by, entry.made_at = reason, actor.person_id, clock.now()
    tx.add(entry)
    await tx.flush()
    await history.record(tx, actor, f"{kind}.add", position, file=application, reason=reason)


async def unpair(actor: Actor, kind: str, application: str, position: str, *, reason: str = "") -> None:
    """Take back what was fixed or ruled out."""
    table: type[MatchLock | MatchBar] = MatchLock if kind == "lock" else MatchBar
    async with write() as tx:
        await current_cycle(tx)
        asked = (
            select(table)
            .join(Application, Application.id == table.application_id)
            .join(Position, Position.id == table.position_id)
            .where(Application.ref == application, Position.ref == position)
        )
        found = (await tx.scalars(asked)).one_or_none()
        if found is None:
            raise NotFound
        await tx.delete(found)
        await history.record(tx, actor, f"{kind}.remove", position, file=application, reason=reason)


async def seal_lottery(actor: Actor, text: str) -> str:
    """Keep the text secret and publish its SHA-256, once; the seal.

    Raises:
        Refused: it is sealed already.
    """
    async with write() as tx:
        cycle = await current_cycle(tx)
        if cycle.lottery_seal:
            raise Refused(_("The lottery is sealed already. Its text can't be changed any more."))
        cycle.lottery_text, cycle.lottery_seal, cycle.lottery_sealed_at = text, seal(text), clock.now()
        await history.record(tx, actor, "lottery.seal", cycle.ref, detail={"seal": cycle.lottery_seal})
        return cycle.lottery_seal
