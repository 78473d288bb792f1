"""`internships import`: reserves or positions from a table that somebody made in a spreadsheet."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from internships.accounts.rules import CLOCK
from internships.core import db
from internships.core.settings import settings
from internships.reserves.actions.importing import Imported, UnknownCall, import_positions, import_reserves
from internships.reserves.rows import PositionRow, ReserveRow, Row
from internships.reserves.sheets import Unreadable, read_sheet
from internships.reserves.tables import BadCell, Reading, check

R = TypeVar("R", bound=Row)

BAD_INPUT: Final = 2

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what is wrong, keep nothing.")
PARTIAL = click.option("--partial", is_flag=True, help="Keep the good rows even when others are bad.")


@click.command()
@FILE
@DRY_RUN
@PARTIAL
def reserves(file: Path, dry_run: bool, partial: bool) -> None:
    """Take over reserves; one with a known id is changed.

    Every bad row is listed. Nothing is kept when one is bad, unless --partial is given.
    """
    reading = _read(file, ReserveRow)
    keep = not dry_run and (partial or not reading.bad)
    _finish(reading, _run(reading, lambda said: import_reserves(CLOCK, reading.good, said, keep=keep)), keep=keep)


@click.command()
@FILE
@click.option("--call", metavar="NAME", help="The call, such as 2027; the newest when it is left out.")
@DRY_RUN
@PARTIAL
def positions(file: Path, call: str | None, dry_run: bool, partial: bool) -> None:
    """Take over positions, published in a call; one with a known id is changed.

    Every bad row is listed. Nothing is kept when one is bad, unless --partial is given.
    """
    reading = _read(file, PositionRow)
    keep = not dry_run and (partial or not reading.bad)
    try:
        imported = _run(
            reading, lambda said: import_positions(CLOCK, reading.good, call, said, keep=keep, partial=partial)
        )
    except UnknownCall as unknown:
        _stop(str(unknown))
    _finish(reading, imported, keep=keep and (partial or not imported.bad))


def _read(file: Path, model: type[R]) -> Reading[R]:
    try:
        return check(read_sheet(file.name, file.read_bytes()), model)
    except Unreadable as why:
        _stop(f"{file.name}: {why}")


def _run(reading: Reading[R], act: Callable[[Callable[[int], None]], Awaitable[Imported]]) -> Imported:
    async def run(said: Callable[[int], None]) -> Imported:
        db.connect(settings())
        try:
            return await act(said)
        finally:
            await db.disconnect()

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Rows", total=len(reading.good))
        return asyncio.run(run(lambda done: bar.advance(task, done)))


def _finish(reading: Reading[R], imported: Imported, *, keep: bool) -> None:
    bad = sorted([*reading.bad, *imported.bad], key=lambda cell: cell.row)
    _report(bad)
    if keep:
        click.echo(f"{imported.added} added, {imported.changed} changed.")
    else:
        rows = len({cell.row for cell in bad})
        click.echo(f"Nothing was kept: {reading.rows} rows, {rows} of them bad.")
    if bad:
        raise SystemExit(BAD_INPUT)


def _report(bad: Sequence[BadCell]) -> None:
    if not bad:
        return
    table = Table("Row", "Column", "What is there", "What was expected", title="What is wrong", title_justify="left")
    for cell in bad:
        table.add_row(str(cell.row), Text(cell.column), Text(_short(cell.value)), Text(cell.expected))
    Console(stderr=True).print(table)


def _short(value: str) -> str:
    shown = "".join(letter if letter.isprintable() else "�" for letter in value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _stop(why: str) -> NoReturn:
    click.echo(f"Error: {why}", err=True)
    raise SystemExit(BAD_INPUT)
