"""`internships demo`: an empty database is filled with the real reserves and with invented people."""

import asyncio
from collections.abc import Callable

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from internships.accounts.passwords import hash_now
from internships.core import clock, db
from internships.core.settings import settings
from internships.sample import cast
from internships.sample.actions.deciding import decide
from internships.sample.actions.filling import NotEmpty, fill, written
from internships.sample.calendar import Phase


def fill_and_tell(applicants: int, seed: int, phase: Phase, *, if_empty: bool) -> None:
    """Fill the database and print who can sign in; the program ends in words when it may not.

    if_empty: leave a database that has people in it as it is, without complaint.
    """
    if not settings().dev:
        message = "sample people are only for trying out: set INTERNSHIPS_DEV=1"
        raise click.ClickException(message)
    told = Console(stderr=True)
    if not told.is_terminal:  # A log shows no bars; without a line it would look as if nothing went on.
        click.echo(f"Making a sample of {applicants} applicants; it takes some seconds ...")
    try:
        with Progress(console=told, transient=True) as bar:
            asyncio.run(_fill(applicants, seed, phase, bar))
    except NotEmpty as found:
        if not if_empty:
            message = "the database is not empty; sample people go into an empty one only"
            raise click.ClickException(message) from None
        click.echo("The database is not empty and is kept as it is.")
        if not found.by_us:
            return
    else:
        click.echo(f"{applicants} sample people apply; the call is in the phase “{phase.value}”.")
    _tell()


async def _fill(applicants: int, seed: int, phase: Phase, bar: Progress) -> None:
    db.connect(settings())
    try:
        writing = bar.add_task("Inventing people", total=None)
        ledger = written(seed, applicants, phase, clock.now(), hash_now(cast.PASSWORD))
        bar.update(writing, total=1, completed=1)
        await fill(ledger, _shown(bar, "Keeping rows"))
        if phase not in {Phase.OPEN, Phase.REVIEW}:
            await decide(seed, phase, _shown(bar, "Answering offers"))
    finally:
        await db.disconnect()


def _shown(bar: Progress, words: str) -> Callable[[int, int], None]:
    task = bar.add_task(words, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)


def _tell() -> None:
    """Who can sign in."""
    console = Console()
    console.print(f"Who can sign in, all with the password [b]{cast.PASSWORD}[/b]:", highlight=False)
    people = Table("Address", "Role", "Name")
    for somebody in cast.applicants(clock.today()):
        people.add_row(somebody.email, "applicant", Text(somebody.name.readable))
    for member in cast.MEMBERS:
        people.add_row(member.email, member.role.value, Text(member.name.readable))
    console.print(people)
    click.echo(f"The letters that it writes: {settings().site}/dev/outbox")
