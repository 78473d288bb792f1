"""The connections to the database."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from internships.accounts.rules import Role
from internships.core import db as core_db
from internships.core.db import engines, read
from internships.core.faults import Busy
from internships.core.models import Job
from internships.core.settings import settings
from internships.core.writing import write


@pytest.mark.only("postgresql")
async def test_a_page_is_not_lost_when_the_server_has_closed_a_connection_meanwhile(database):
    async with read() as db:
        process = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    async with write() as tx:
        await tx.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    await asyncio.sleep(0.05)

    async with read() as db:
        another = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    assert another != process


@pytest.mark.only("postgresql")
async def test_a_value_that_no_column_takes_spoils_no_later_page(database):
    """The driver refuses it between two messages to the server, which would otherwise run out of time waiting."""
    for _ in range(settings().pool):
        async with read() as db:
            await db.execute(text("SET statement_timeout = 50"))
    for _ in range(settings().pool):
        with pytest.raises(DBAPIError, match="out of int64 range"):
            async with read() as db:
                await db.execute(select(Job.id).where(Job.id == 2**70))
    await asyncio.sleep(0.2)

    for _ in range(settings().pool):
        async with read() as db:
            assert await db.scalar(text("SELECT 1")) == 1


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("where", ["/nowhere", "no-such-host.invalid"])
async def test_a_database_that_is_not_there_is_waited_for(database, monkeypatch, where):
    for name in ("read", "write"):
        monkeypatch.setattr(core_db._Engines, name, getattr(core_db._Engines, name))  # put back after the test
    core_db.connect(settings().model_copy(update={"database_url": f"postgresql://somebody@/internships?host={where}"}))

    for connected in (read, write):
        with pytest.raises(Busy):
            async with connected() as db:
                await db.execute(text("SELECT 1"))

    await core_db.disconnect()


@pytest.mark.parametrize("engine", [0, 1], ids=["to read", "to write"])
async def test_rows_columns_and_counts_come_back_from_both_engines(database, engine):
    async with engines()[engine].connect() as db:
        none = await db.execute(text("SELECT 1 AS one WHERE 1 = 0"))
        some = await db.execute(text("SELECT 1 AS one, 'two' AS two UNION ALL SELECT 3, 'four' ORDER BY 1"))

        assert list(none.keys()) == ["one"]
        assert none.first() is None
        assert [row._asdict() for row in some] == [{"one": 1, "two": "two"}, {"one": 3, "two": "four"}]


async def test_a_change_says_how_many_rows_it_changed(new_person, database):
    await new_person(Role.STAFF, "Ada Lund")
    await new_person(Role.STAFF, "Bela Kiss")

    async with write() as tx:
        changed = await tx.execute(text("UPDATE person SET theme = 'dark'"))
        returned = await tx.execute(text("UPDATE person SET theme = 'light' RETURNING id"))

        assert changed.rowcount == len(returned.all()) >= 2


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("engine", [0, 1], ids=["to read", "to write"])
async def test_no_statement_is_compiled(database, engine):
    """Where its figures are old, the server believes a page's statement to be dear, and compiles it for two seconds."""
    async with engines()[engine].connect() as db:
        assert await db.scalar(text("SHOW jit")) == "off"
