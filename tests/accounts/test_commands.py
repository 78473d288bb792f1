"""`internships admin create`."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from internships.accounts import passwords
from internships.accounts.actions.people import create_admin
from internships.accounts.commands import admin
from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.core.db import read

GOOD = "seven herons over wet slate"


def run_create(url, *arguments, typed):
    """Run the command as an operator does."""
    command = [sys.executable, "-c", "from internships.cli import main; main()", "admin", "create", *arguments]
    surroundings = os.environ | {"DATABASE_URL": url, "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(command, input=typed, env=surroundings, capture_output=True, text=True, check=False)


async def test_the_first_administrator_is_made_on_the_command_line(databases):
    url = await databases.another(migrated=True)

    made = run_create(url, "Ada@Example.org", "--name", "Ada Admin", "--password-stdin", typed=f"{GOOD}\n")

    assert made.returncode == 0, made.stderr
    assert "ada@example.org is an administrator now." in made.stdout
    assert GOOD not in made.stdout + made.stderr


async def test_the_administrator_signs_in(visitor):
    assert await create_admin("ada@example.org", "Ada Admin", GOOD) is True

    response = await visitor.post("/sign-in", data={"email": "ada@example.org", "password": GOOD})

    assert response.headers["location"] == "/en/people"


async def test_somebody_known_keeps_their_account(amina, as_amina, visitor):
    assert await create_admin(amina.actor.email, "Other Name", GOOD) is False
    assert await create_admin(amina.actor.email, "Other Name", GOOD) is False

    assert (await as_amina.get("/account")).status_code == 303
    async with read() as db:
        roles = (await db.scalars(select(Membership.role).where(Membership.person_id == amina.actor.person_id))).all()
        person = (await db.execute(select(Person.full_name, Person.password))).one()
    assert roles == [Role.APPLICANT, Role.ADMIN]
    assert person.full_name == "Amina Okello"
    assert await passwords.fits(person.password, GOOD)


@pytest.mark.parametrize(
    ("email", "typed", "words"),
    [
        ("ada@example.org", "short", "15 to 200 characters"),
        ("ada@example.org", "", "15 to 200 characters"),
        ("ada@example.org", "passwordpassword", "easy to guess"),
        ("ada.lovelace@example.org", "ada.lovelace@example.org", "easy to guess"),
        ("no address", GOOD, "an e-mail address such as name@example.org was expected"),
    ],
)
def test_what_will_not_do_is_said_with_exit_code_2(email, typed, words):
    said = CliRunner().invoke(admin, ["create", email, "--password-stdin"], input=f"{typed}\n")

    assert said.exit_code == 2
    assert words in said.output
