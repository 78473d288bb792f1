"""The positions that a person would take, in their order, with a motivation for each."""

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, case, delete, func, insert, select, update

from internships.accounts.rules import Actor
from internships.applications.actions.opening import Opened, not_overtaken, opened
from internships.applications.models import Choice
from internships.core.faults import NotFound, Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.reserves.models import Position
from internships.reserves.rules import State as PositionState

ASIDE = 1000
"""Ranks are unique at every moment; while they change, all stand this much higher."""


class ListFull(Refused):
    """The call takes no more choices."""


class _Offered(Struct, frozen=True):
    id: int
    most: int
    count: int
    already: int


_FILE: BindParameter[int] = bindparam("file")
_OFFERED = (
    select(
        Position.id,
        Cycle.choices_max,
        select(func.count()).where(Choice.application_id == _FILE).scalar_subquery(),
        select(func.count()).where(Choice.application_id == _FILE, Choice.position_id == Position.id).scalar_subquery(),
    )
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(
        Position.ref == bindparam("position"),
        Position.cycle_id == bindparam("cycle"),
        Position.state == PositionState.PUBLISHED,
    )
)


async def choose(actor: Actor, position: str) -> bool:
    """Add a position as the last choice; whether it is new in the list.

    Raises:
        NotFound: this call has no such position, or the person no file for it.
        ListFull: the list has as many as the call takes.
    """
    async with write() as tx:
        file = await opened(tx, actor)
        bound = {"file": file.id, "cycle": file.cycle_id, "position": position}
        row = (await tx.execute(_OFFERED, bound)).first()
        if row is None:
            raise NotFound
        offered = _Offered(*row)
        if offered.already:
            return False
        if offered.count >= offered.most:
            raise ListFull(_("Your list is full. Remove a position before you add another one."))
        added = {"application_id": file.id, "position_id": offered.id, "rank": offered.count + 1, "ref": new_ref()}
        await tx.execute(insert(Choice).values(**added))
    return True


async def _set_aside(tx: Transaction, file: Opened) -> list[str]:
    """Lift every rank out of the way; the references in their order."""
    lifted = update(Choice).where(Choice.application_id == file.id).values(rank=Choice.rank + ASIDE)
    rows = await tx.execute(lifted.returning(Choice.ref, Choice.rank).execution_options(synchronize_session=False))
    return [ref for ref, _rank in sorted(rows.all(), key=lambda row: row[1])]


async def _in_order(tx: Transaction, file: Opened, refs: list[str]) -> None:
    """Give ranks from 1 on."""
    if refs:
        places = case({ref: place for place, ref in enumerate(refs, start=1)}, value=Choice.ref)
        ranked = update(Choice).where(Choice.application_id == file.id).values(rank=places)
        await tx.execute(ranked.execution_options(synchronize_session=False))


async def place(actor: Actor, ref: str, to: int) -> None:
    """Move a choice to a place in the list; the others make room. Twice is the same as once.

    Raises:
        NotFound: it is not in the person's list.
    """
    async with write() as tx:
        file = await opened(tx, actor)
        refs = await _set_aside(tx, file)
        if ref not in refs:
            raise NotFound
        refs.remove(ref)
        refs.insert(max(to, 1) - 1, ref)
        await _in_order(tx, file, refs)


async def drop(actor: Actor, ref: str) -> bool:
    """Take a choice out; whether it was there. Dropping it twice is the same as once."""
    async with write() as tx:
        file = await opened(tx, actor)
        refs = await _set_aside(tx, file)
        there = ref in refs
        if there:
            await tx.execute(delete(Choice).where(Choice.ref == ref, Choice.application_id == file.id))
        await _in_order(tx, file, [each for each in refs if each != ref])
    return there


async def say_why(actor: Actor, ref: str, motivation: str, *, seen: str) -> str:
    """Save the motivation for a choice, finished or not; its new mark.

    Raises:
        NotFound: it is not in the person's list.
    """
    async with write() as tx:
        file = await opened(tx, actor)
        here = Choice.ref == ref, Choice.application_id == file.id
        kept = (await tx.execute(select(Choice.motivation).where(*here))).scalar_one_or_none()
        if kept is None:
            raise NotFound
        mark = not_overtaken(seen, {"motivation": kept}, {"motivation": motivation})
        saved = update(Choice).where(*here).values(motivation=motivation, version=Choice.version + 1)
        await tx.execute(saved.execution_options(synchronize_session=False))
    return mark
