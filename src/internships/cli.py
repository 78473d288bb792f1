"""The command line: `internships --help`."""

import asyncio
import json
import os
import signal

import click
from sqlalchemy.exc import SQLAlchemyError

from internships.accounts.commands import admin
from internships.core.settings import Settings, WrongSetting, settings
from internships.matching.commands import match
from internships.reporting.commands import call
from internships.reserves.commands import positions, reserves

BAD_INPUT = 2
PHASES = ("open", "review", "matching", "offers", "placed")


class Commands(click.Group):
    """One line for what went wrong outside, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except WrongSetting as wrong:
            raise click.UsageError(str(wrong)) from None
        except (SQLAlchemyError, OSError) as error:
            if settings().log_level == "debug":
                raise
            said = str(getattr(error, "orig", None) or error).splitlines()[0]
            message = f"the database or a file can't be used: {said}"
            raise click.ClickException(message) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="internships")
def main() -> None:
    """The internship programme of the mountain biosphere reserves."""


def _ready(of: Settings) -> None:
    """Stop with one line when the database is not of this version."""
    from internships import schema

    found = asyncio.run(schema.version_of(of))
    if found != schema.head():
        where = "the database has no tables yet" if found is None else f"the database is at version {found}"
        message = f"{where}; run `internships migrate` first"
        raise click.ClickException(message)


def _files_are_private() -> None:
    """Stop with one line when anybody could read the files of applicants."""
    from internships.core.files import store

    if not asyncio.run(store.is_private()):
        message = "INTERNSHIPS_FILES: the bucket can be read by anybody; make it private first"
        raise click.ClickException(message)


@main.command()
@click.option("--with-worker", is_flag=True, help="Run the worker inside, too.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--reload", is_flag=True, help="Start again when a file changes.")
def serve(with_worker: bool, processes: int, reload: bool) -> None:
    """Serve the site at HOST:PORT."""
    of = settings()
    _ready(of)
    _files_are_private()
    if with_worker:
        os.environ["INTERNSHIPS_WITH_WORKER"] = "1"
        settings.cache_clear()
    click.echo(f"Serving {of.site} (Ctrl+C stops)")
    if reload:
        import uvicorn

        # A line for each request would hold the one-time tokens of links.
        uvicorn.run(
            "internships.app:create_app", factory=True, host=of.host, port=of.port, reload=True, access_log=False
        )
        return
    from granian import Granian
    from granian.constants import Interfaces, Loops

    Granian(
        "internships.app:create_app",
        factory=True,
        address=of.host,
        port=of.port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        workers=processes,
        log_enabled=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()


@main.command()
def worker() -> None:
    """Send letters and do what is due, until stopped."""
    from internships.core import db, logs
    from internships.worker import work

    of = settings()
    _ready(of)
    logs.set_up()

    async def run() -> None:
        stopping = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
        db.connect(of)
        try:
            await work(stopping)
        finally:
            await db.disconnect()

    click.echo("Working (Ctrl+C stops)")
    asyncio.run(run())


@main.command()
@click.argument("version", default="head")
def migrate(version: str) -> None:
    """Bring the database to this program's version (or to VERSION)."""
    from internships import schema

    schema.migrate(version)
    click.echo(f"The database is at version {asyncio.run(schema.version_of(settings())) or 'base'}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
def routes(as_json: bool) -> None:
    """List every route and who may use it."""
    from internships.app import create_site
    from internships.web.allow import listed

    found = listed(create_site())
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for entry in found:
        click.echo(f"{entry['method']:6} {entry['path']:60} {', '.join(entry['allow'])}")


@main.command()
def check() -> None:
    """Say whether the settings and the database are fit to serve."""
    of = settings()
    _ready(of)
    _files_are_private()
    from internships.app import create_site
    from internships.core.files import store

    create_site()
    try:
        asyncio.run(store.alive())
    except store.StoreGone:
        message = f"INTERNSHIPS_FILES: {of.files_at} can't be written to"
        raise click.ClickException(message) from None
    click.echo("Settings, database, files and routes are fit to serve.")


@main.command()
@click.option("--applicants", type=click.IntRange(2, 200_000), default=300, show_default=True, help="How many apply.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same people.")
@click.option(
    "--phase", type=click.Choice(PHASES), default="open", show_default=True, help="How far the call has come."
)
@click.option("--if-empty", is_flag=True, help="Keep a database that is not empty as it is, without complaint.")
def demo(applicants: int, seed: int, phase: str, if_empty: bool) -> None:
    """Fill an empty database with the real reserves, a sample call and invented people.

    Only for trying out: it asks for INTERNSHIPS_DEV=1, and prints who can sign in with which password.
    """
    _ready(settings())
    from internships.sample.calendar import Phase
    from internships.sample.demo import fill_and_tell

    fill_and_tell(applicants, seed, Phase(phase), if_empty=if_empty)


@main.group("import")
def import_() -> None:
    """Take over reserves or positions from a CSV or XLSX table, or a call from a JSON document."""
    _ready(settings())


import_.add_command(call)
import_.add_command(reserves)
import_.add_command(positions)
main.add_command(admin)


@main.command()
def lives() -> None:
    """Print the picture of every life, made from the tables of moves."""
    from internships.lives import drawn

    click.echo(drawn(), nl=False)


main.add_command(match)
