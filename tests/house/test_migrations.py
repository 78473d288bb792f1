"""The tables: made, unmade and made again on an empty database, and the same that the models describe."""

import re

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from internships.core.places import HOME
from internships.core.settings import settings
from internships.schema import alembic_config
from tests.databases import alembic, down, up


async def tables(address: str) -> list[str]:
    engine = create_async_engine(settings().model_copy(update={"database_url": address}).async_url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
    await engine.dispose()
    return sorted(names)


async def test_up_down_and_up_again(databases):
    address = await databases.another(migrated=False)

    await alembic(address, up)
    first = await tables(address)
    await alembic(address, down)
    nothing = await tables(address)
    await alembic(address, up)

    assert nothing == ["alembic_version"]
    assert await tables(address) == first


async def test_going_down_leaves_nothing_behind_but_the_version(databases):
    if not databases.address("x").startswith("postgresql"):
        kinds = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
    else:
        kinds = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    address = await databases.another(migrated=False)

    await alembic(address, up, down)

    engine = create_async_engine(settings().model_copy(update={"database_url": address}).async_url)
    async with engine.connect() as connection:
        assert await connection.scalar(text(kinds)) == 0
    await engine.dispose()


async def test_the_models_describe_the_tables_that_the_migrations_make(databases):
    address = await databases.another(migrated=True)

    await alembic(address, command.check)


def test_the_history_of_migrations_is_one_line():
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


@pytest.mark.parametrize("path", sorted((HOME / "alembic/versions").glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_needs_nothing_of_todays_program(path):
    assert not re.search(r"^\s*(from|import) internships", path.read_text(), re.MULTILINE)
