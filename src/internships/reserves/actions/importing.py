"""Reserves and positions taken over from a table: everything in one transaction, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from msgspec import Struct
from sqlalchemy import Table, bindparam, delete, insert, select, update

from internships.core import history
from internships.core.i18n import gettext as _
from internships.core.ids import new_ref
from internships.core.reference import region_of
from internships.core.text import folded
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rows import LanguageNeed, PositionRow, ReserveRow
from internships.reserves.rules import Origin, State
from internships.reserves.tables import BadCell, Numbered

T = TypeVar("T")
Progress = Callable[[int], None]
AT_ONCE: Final = 200
_USUAL_WEEK: Final = 35


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
        known = _by_slug((await tx.execute(select(Reserve.slug, Reserve.id, Reserve.ref))).tuples())
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

    A position of an unknown reserve is bad, and so is one with fewer places than are held; then nothing is kept,
    unless what is good shall be kept all the same.
    """
    async with write() as tx:
        cycle_id = await _call(tx, call)
        reserves = dict((await tx.execute(select(Reserve.slug, Reserve.id))).tuples().all())
        here = select(Position.slug, Position.id, Position.ref, Position.held).where(Position.cycle_id == cycle_id)
        found = (await tx.execute(here)).tuples().all()
        known = _by_slug((slug, number, ref) for slug, number, ref, _held in found)
        bad = list(_misfits(rows, reserves, {slug: held for slug, _number, _ref, held in found}))
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
    newest = select(Cycle.id).where(Cycle.state != CycleState.ARCHIVED).order_by(Cycle.opens_at.desc()).limit(1)
    found = await tx.scalar(newest if slug is None else select(Cycle.id).where(Cycle.slug == slug))
    if found is None:
        raise UnknownCall(
            _("There is no call yet.") if slug is None else _("There is no call %(slug)s.") % {"slug": slug}
        )
    return found


def _misfits(
    rows: Iterable[Numbered[PositionRow]], reserves: dict[str, int], held: dict[str, int]
) -> Iterator[BadCell]:
    for number, row in ((numbered.number, numbered.row) for numbered in rows):
        if row.reserve_id not in reserves:
            yield BadCell(number, "reserve_id", row.reserve_id, _("the id of a reserve that is already known"))
        if row.capacity < held.get(row.id, 0):
            expected = _("at least %(held)s, which are given already") % {"held": held[row.id]}
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
        new = [values | {"ref": new_ref()} for slug, values in some if slug not in known]
        old = [values | {"ref": known[slug].ref, "known": known[slug].id} for slug, values in some if slug in known]
        if new:
            await tx.execute(insert(table), new)
        if old:
            await tx.execute(_change(table, old[0]), old)
        await history.record_all(tx, [history.row(doer, f"{what}.import", values["ref"]) for values in new + old])
        progress(len(some))
    changed = sum(slug in known for slug, _values in rows)
    return Imported(len(rows) - changed, changed)


def _change(table: Table, values: dict[str, Any]) -> Any:
    """The life of a known position is not touched: whoever hid it knows why."""
    columns = values.keys() - {"known", "ref", "state", "cycle_id", "slug"}
    changes: dict[str, Any] = {name: bindparam(name) for name in columns} | {"version": table.c.version + 1}
    return update(table).where(table.c.id == bindparam("known")).values(changes)


async def _say(tx: Transaction, cycle_id: int, rows: Sequence[PositionRow]) -> None:
    """The English words and the languages of these positions, in place of what a former table said."""
    here = select(Position.slug, Position.id).where(Position.cycle_id == cycle_id)
    ids = dict((await tx.execute(here)).tuples().all())
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


def reserve_values(row: ReserveRow) -> dict[str, Any]:
    """A row of the table as the columns of a reserve."""
    return {
        "slug": row.id,
        "name": row.name_en,
        "name_local": row.name_local,
        "folded_name": folded(f"{row.name_en} {row.name_local}")[:600],
        "country": row.country_iso2,
        "countries": row.countries_iso2 or [row.country_iso2],
        "kind": row.kind,
        "region": row.unesco_region or region_of(row.country_iso2),
        "mab_network": ";".join(row.mab_network),
        "designated": row.designation_year,
        "lat": row.lat,
        "lon": row.lon,
        "precision": row.coord_precision,
        "area_ha": row.area_ha,
        "elevation_min": row.elev_min_m,
        "elevation_max": row.elev_max_m,
        "local_languages": row.local_languages,
        "working_languages": row.working_languages,
        "theme": row.ecosystem_theme,
        "website": row.website or "",
        "note": row.note,
        "source": row.source,
        "source_url": row.source_url or "",
        "unverified": row.general_knowledge_fields,
        "licence": row.licence_note,
    }


def position_values(row: PositionRow, cycle_id: int, reserve_id: int) -> dict[str, Any]:
    """A row of the table as the columns of a position that everybody may see."""
    return {
        "slug": row.id,
        "cycle_id": cycle_id,
        "reserve_id": reserve_id,
        "state": State.PUBLISHED,
        "folded_title": folded(row.title)[:300],
        "theme": row.theme,
        "seats": row.capacity,
        "season_start": row.season_start,
        "season_end": row.season_end,
        "weeks_min": row.duration_weeks_min,
        "weeks_max": row.duration_weeks_max,
        "hours_per_week": row.hours_per_week or _USUAL_WEEK,
        "mode": row.mode,
        "field_level": row.fieldwork_level,
        "max_altitude": row.max_altitude_m,
        "accommodation": row.accommodation,
        "stipend": row.stipend_per_month,
        "currency": row.stipend_currency or "",
        "travel": row.travel_support,
        "driving_licence": row.driving_licence,
        "with_minors": row.contact_with_minors,
        "host_type": row.host_type,
        "isced_fields": row.isced_fields,
        "min_isced_level": row.min_isced_level or None,
        "sdgs": row.sdgs,
        "illustrative": row.illustrative,
        "disclaimer": row.disclaimer,
    }


def text_values(row: PositionRow, position_id: int) -> dict[str, Any]:
    """The words of a position, which a table has in English."""
    return {
        "position_id": position_id,
        "language": "en",
        "origin": Origin.ORIGINAL,
        "title": row.title,
        "summary": row.summary,
        "tasks": row.tasks,
        "outcomes": row.learning_outcomes,
    }


def language_values(row: PositionRow, position_id: int) -> Iterator[dict[str, Any]]:
    """The languages of a position; one that is required is not desirable as well."""
    wanted: dict[str, tuple[LanguageNeed, bool]] = {need.language: (need, False) for need in row.desirable_languages}
    wanted |= {need.language: (need, True) for need in row.required_languages}
    for code, (need, required) in wanted.items():
        yield {"position_id": position_id, "code": code, "level": need.level, "required": required}
