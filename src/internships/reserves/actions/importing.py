"""Reserves and positions taken over from a table: everything in one transaction, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from msgspec import Struct
from sqlalchemy import Table, bindparam, delete, insert, select, update

from internships.core import history
from internships.core.i18n import gettext as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.reserves.columns import language_values, position_values, reserve_values, text_values
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rows import PositionRow, ReserveRow
from internships.reserves.tables import BadCell, Numbered

T = TypeVar("T")
Progress = Callable[[int], None]
AT_ONCE: Final = 200
_FOR_GOOD: Final = frozenset({"slug", "cycle_id", "state"})


class Known(Struct, frozen=True):
    """A row that is there already."""

    id: int
    ref: str


class Imported(Struct, frozen=True):
    """What was kept, and what could not be."""

    added: int = 0
    changed: int = 0
    bad: Sequence[BadCell] = ()


async def import_reserves(
    doer: history.Doer, rows: Sequence[Numbered[ReserveRow]], progress: Progress, *, keep: bool
) -> Imported:
    """Keep these reserves; one that is known by its id is changed."""
    if not keep:
        return Imported()
    async with write() as tx:
        known = _by_slug(await tx.execute(select(Reserve.slug, Reserve.id, Reserve.ref)))
        values = [(numbered.row.id, reserve_values(numbered.row)) for numbered in rows]
        return await _keep(tx, doer, Reserve.__table__, "reserve", values, known, progress)


async def import_positions(
    doer: history.Doer,
    rows: Sequence[Numbered[PositionRow]],
    call: str | None,
    progress: Progress,
    *,
    keep: bool,
    partial: bool,
) -> Imported:
    """Keep these positions in a call, the newest when none is named; one that is known by its id is changed.

    A position of an unknown reserve is bad, and so is one with fewer places than are held or than its minimum; then
    nothing is kept, unless what is good shall be kept all the same.
    """
    async with write() as tx:
        cycle_id = await _call(tx, call)
        reserves = dict((await tx.execute(select(Reserve.slug, Reserve.id))).all())
        kept_of = Position.slug, Position.id, Position.ref, Position.held, Position.min_seats
        found = (await tx.execute(select(*kept_of).where(Position.cycle_id == cycle_id))).all()
        known = _by_slug((slug, number, ref) for slug, number, ref, *_seats in found)
        bad = list(_misfits(rows, reserves, {slug: seats for slug, _number, _ref, *seats in found}))
        wrong = {cell.row for cell in bad}
        good = [numbered.row for numbered in rows if numbered.number not in wrong]
        if not keep or (bad and not partial):
            return Imported(bad=bad)
        values = [(row.id, position_values(row, cycle_id, reserves[row.reserve_id])) for row in good]
        kept = await _keep(tx, doer, Position.__table__, "position", values, known, progress)
        await _say(tx, cycle_id, good)
        return Imported(kept.added, kept.changed, bad)


class UnknownCall(Exception):
    """There is no such call; its text says so in one line."""


async def _call(tx: Transaction, slug: str | None) -> int:
    found: int | None = await tx.scalar(
        select(WORKED_ON) if slug is None else select(Cycle.id).where(Cycle.slug == slug)
    )
    if found is None:
        raise UnknownCall(
            _("There is no call yet.") if slug is None else _("There is no call %(slug)s.") % {"slug": slug}
        )
    return found


def _misfits(
    rows: Iterable[Numbered[PositionRow]], reserves: dict[str, int], seats: dict[str, list[int]]
) -> Iterator[BadCell]:
    """What the database would not take; seats: of each position, how many are held, and its minimum."""
    for number, row in ((numbered.number, numbered.row) for numbered in rows):
        if row.reserve_id not in reserves:
            yield BadCell(number, "reserve_id", row.reserve_id, _("the id of a reserve that is already known"))
        held, least = seats.get(row.id, (0, 0))
        if row.capacity < held:
            expected = _("at least %(held)s, which are given already") % {"held": held}
            yield BadCell(number, "capacity", str(row.capacity), expected)
        elif row.capacity < least:
            expected = _("at least %(least)s, the minimum that was set for this position") % {"least": least}
            yield BadCell(number, "capacity", str(row.capacity), expected)


def _by_slug(rows: Iterable[tuple[str, int, str]]) -> dict[str, Known]:
    return {slug: Known(number, ref) for slug, number, ref in rows}


async def _keep(
    tx: Transaction,
    doer: history.Doer,
    table: Any,
    what: str,
    rows: Sequence[tuple[str, dict[str, Any]]],
    known: dict[str, Known],
    progress: Progress,
) -> Imported:
    """Insert what is new, change what is known, and leave a trace of each."""
    for some in _batches(rows):
        refs = {slug: known[slug].ref if slug in known else new_ref() for slug, _values in some}
        if new := [values | {"ref": refs[slug]} for slug, values in some if slug not in known]:
            await tx.execute(insert(table), new)
        if old := [_changes(values, known[slug]) for slug, values in some if slug in known]:
            await tx.execute(_change(table, old[0]), old)
        await history.record_all(tx, [history.row(doer, f"{what}.import", ref) for ref in refs.values()])
        progress(len(some))
    changed = sum(slug in known for slug, _values in rows)
    return Imported(len(rows) - changed, changed)


def _changes(values: dict[str, Any], known: Known) -> dict[str, Any]:
    """The life of a known position is not touched: whoever hid it knows why."""
    return {name: value for name, value in values.items() if name not in _FOR_GOOD} | {"known": known.id}


def _change(table: Table, values: dict[str, Any]) -> Any:
    bound: dict[str, Any] = {name: bindparam(name) for name in values if name != "known"}
    counted = bound | {"version": table.c.version + 1}
    return update(table).where(table.c.id == bindparam("known")).values(counted)


async def _say(tx: Transaction, cycle_id: int, rows: Sequence[PositionRow]) -> None:
    """The English words and the languages of these positions, in place of what a former table said."""
    here = select(Position.slug, Position.id).where(Position.cycle_id == cycle_id)
    ids = dict((await tx.execute(here)).all())
    for some in _batches(rows):
        numbers = [ids[row.id] for row in some]
        await tx.execute(
            delete(PositionText).where(PositionText.position_id.in_(numbers), PositionText.language == "en")
        )
        await tx.execute(delete(PositionLanguage).where(PositionLanguage.position_id.in_(numbers)))
        await tx.execute(insert(PositionText), [text_values(row, ids[row.id]) for row in some])
        if languages := [values for row in some for values in language_values(row, ids[row.id])]:
            await tx.execute(insert(PositionLanguage), languages)


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some
