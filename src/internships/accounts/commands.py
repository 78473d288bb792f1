"""`internships admin create`: the first administrator, who then invites everybody else."""

import asyncio
import sys

import click

from internships.accounts import passwords
from internships.accounts.actions.people import create_admin
from internships.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, email_key
from internships.core import db
from internships.core.settings import settings


@click.group()
def admin() -> None:
    """Look after the accounts of those who run this site."""


def _address(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    try:
        return email_key(typed)
    except ValueError:
        message = f"an e-mail address such as name@example.org was expected, {typed!r} was found"
        raise click.BadParameter(message) from None


@admin.command()
@click.argument("email", callback=_address)
@click.option("--name", default="", help="Full name; it can be changed on the account page.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create(email: str, name: str, password_stdin: bool) -> None:
    """Make EMAIL an administrator with a password, which is asked for on the terminal.

    Somebody who has an account keeps it, gets the new password and is signed out everywhere.
    """
    name = name.strip() or email.partition("@")[0]
    password = _password(email, name, from_stdin=password_stdin)

    async def run() -> bool:
        db.connect(settings())
        try:
            return await create_admin(email, name, password)
        finally:
            await db.disconnect()

    is_new = asyncio.run(run())
    click.echo(f"{email} is an administrator now" + ("." if is_new else ", with the account that they had."))
    click.echo(f"Sign in at {settings().site}/sign-in")


def _password(email: str, name: str, *, from_stdin: bool) -> str:
    """The password, refused in words when it is too short, too long or too easy to guess.

    Raises:
        UsageError: it came from standard input and won't do; on the terminal it is asked for again.
    """
    while True:
        typed = (
            sys.stdin.readline().rstrip("\r\n")
            if from_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        )
        fault = None
        if not SHORTEST_PASSWORD <= len(typed) <= LONGEST_PASSWORD:
            fault = f"a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters was expected"
        elif passwords.easy_now(typed, (email, name)):
            fault = "this password is easy to guess; take several words that do not belong together"
        if fault is None:
            return typed
        if from_stdin:
            raise click.UsageError(fault)
        click.echo(fault, err=True)
