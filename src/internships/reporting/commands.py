"""`internships import call`: a call from a JSON document."""

import asyncio
import json
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from internships.accounts.rules import CLOCK
from internships.applications.documents import DocumentKind
from internships.core import clock, db
from internships.core.faults import Refused
from internships.core.settings import settings
from internships.cycles.actions import take_over
from internships.cycles.document import BadCall, CallDocument, example, read_call

BAD_INPUT: Final = 2
LONGEST: Final = 60


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Say what is wrong, keep nothing.")
@click.option("--example", "wants_example", is_flag=True, help="Print a call to begin with; keep nothing.")
def call(file: Path | None, dry_run: bool, wants_example: bool) -> None:
    """Take over a call: a new one as a draft, a known one (by its slug) changed.

    Every fault is listed, and nothing is kept when there is one. What people rely on already, such as the rules of a call
    that is open, does not change any more.
    """
    if wants_example:
        click.echo(json.dumps(example(clock.now().year + 1), ensure_ascii=False, indent=2))
        return
    if file is None:
        message = "FILE is missing; --example prints one to begin with"
        raise click.UsageError(message)
    try:
        document = read_call(file.read_bytes(), [kind.value for kind in DocumentKind])
        is_new = asyncio.run(_taken_over(document, keep=not dry_run))
    except BadCall as bad:
        _report(bad)
        raise SystemExit(BAD_INPUT) from None
    except Refused as no:
        click.echo(f"Error: {no.why}", err=True)
        raise SystemExit(BAD_INPUT) from None
    what = "would be new" if is_new else "would be changed"
    done = "is a draft now; staff move it on, at Call" if is_new else "was changed"
    click.echo(f"The call {document.slug} {what if dry_run else done}.")


async def _taken_over(document: CallDocument, *, keep: bool) -> bool:
    db.connect(settings())
    try:
        return await take_over(CLOCK, document, keep=keep)
    finally:
        await db.disconnect()


def _report(bad: BadCall) -> None:
    table = Table("Where", "What is there", "What was expected", title="What is wrong", title_justify="left")
    for place, found, expected in bad.faults:
        shown = found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"
        table.add_row(Text(place), Text(shown), Text(expected))
    Console(stderr=True).print(table)
    click.echo("Nothing was kept.", err=True)
