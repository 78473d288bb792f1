"""The roles that docker-compose.yml gives to PostgreSQL: the program works as one that can't change a table."""

import asyncio
import os
import subprocess
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from internships.core.places import HOME
from tests import machine
from tests.databases import alembic, up

pytestmark = pytest.mark.only("postgresql")


@pytest.fixture
async def as_program(databases):
    """A connection as the program's role, to a database whose tables the owner made."""
    address = await databases.another(migrated=False)
    parts = urlsplit(address)
    surroundings = os.environ | {
        "PATH": f"{machine.postgresql()}:{os.environ['PATH']}",
        "PGHOST": parse_qs(parts.query)["host"][0],
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": parts.path[1:],
        "APP_PASSWORD": "it's 'quoted' rightly",
    }
    script = [HOME / "deploy/postgres-roles.sh"]
    await asyncio.to_thread(subprocess.run, script, env=surroundings, check=True, capture_output=True)
    await alembic(address, up)
    connection = await asyncpg.connect(address.replace("postgres@", "internships_app@"))
    yield connection
    await connection.close()


async def test_the_program_keeps_rows_but_changes_no_table(as_program):
    inserted = "INSERT INTO request_key (key, at) VALUES ('a key', now()) RETURNING id"

    assert await as_program.fetchval(inserted) == 1
    assert await as_program.fetchval("SELECT count(*) FROM alembic_version") == 1
    for change in ("CREATE TABLE mine (id int)", "DROP TABLE history", "ALTER TABLE history DISABLE TRIGGER ALL"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_program.execute(change)
