"""The databases of the tests: migrated once, copied where a test needs its own, empty again after each test."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from internships.core.settings import settings
from internships.schema import alembic_config

MIGRATED = "migrated"
MAIN = "main"


up = partial(command.upgrade, revision="head")
down = partial(command.downgrade, revision="base")


async def alembic(address: str, *steps: Callable[[Config], None]) -> None:
    """Let Alembic do something to a database: `up`, `down`, `command.check`."""
    engine = create_async_engine(settings().model_copy(update={"database_url": address}).async_url, poolclass=NullPool)

    def _all(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        for step in steps:
            step(config)

    async with engine.connect() as connection:
        await connection.run_sync(_all)
        await connection.commit()
    await engine.dispose()


class Databases(ABC):
    """What the tests ask of one kind of database."""

    def __init__(self) -> None:
        self._made = 0

    @abstractmethod
    def address(self, name: str) -> str:
        """The address of the database of that name, as DATABASE_URL has it."""

    @abstractmethod
    async def create(self, name: str, like: str | None = None) -> None:
        """Make a database: empty, or with everything that another one holds."""

    @abstractmethod
    async def clean(self) -> None:
        """Put the main database back to how the migrations left it; costs next to nothing when nobody wrote."""

    @abstractmethod
    async def close(self) -> None:
        """Give back what was opened."""

    async def prepare(self) -> str:
        """Make the main database; its address."""
        await self.create(MIGRATED)
        await alembic(self.address(MIGRATED), up)
        await self.create(MAIN, like=MIGRATED)
        return self.address(MAIN)

    async def another(self, *, migrated: bool) -> str:
        """The address of a database that nobody else uses."""
        self._made += 1
        name = f"another_{self._made}"
        await self.create(name, like=MIGRATED if migrated else None)
        return self.address(name)


class SQLite(Databases):
    """Files in one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._template: sqlite3.Connection | None = None
        self._main: sqlite3.Connection | None = None
        self._seen: object = None

    def address(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    async def create(self, name: str, like: str | None = None) -> None:
        if like:
            with (
                closing(sqlite3.connect(self._file(like))) as source,
                closing(sqlite3.connect(self._file(name))) as made,
            ):
                source.backup(made)

    async def prepare(self) -> str:
        address = await super().prepare()
        self._template = sqlite3.connect(self._file(MIGRATED))
        self._main = sqlite3.connect(self._file(MAIN), isolation_level=None)
        self._main.execute("PRAGMA synchronous=OFF")
        self._seen = self._version()
        return address

    def _version(self) -> object:
        """Changes when somebody else has committed."""
        assert self._main
        return self._main.execute("PRAGMA data_version").fetchone()

    async def clean(self) -> None:
        assert self._main
        assert self._template
        if self._version() != self._seen:
            # A backup waits for ever; asking for the lock first fails in five seconds, should a transaction be left open.
            self._main.execute("BEGIN IMMEDIATE")
            self._main.execute("ROLLBACK")
            self._template.backup(self._main)
            self._seen = self._version()

    async def close(self) -> None:
        for connection in (self._main, self._template):
            if connection:
                connection.close()


class PostgreSQL(Databases):
    """Databases of the server that the tests started."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self._server = server
        self._main: asyncpg.Connection | None = None
        self._tables: list[str] = []
        self._seen: object = None

    def address(self, name: str) -> str:
        return self._server.format(name)

    async def create(self, name: str, like: str | None = None) -> None:
        connection = await asyncpg.connect(self.address("postgres"))
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template0'}")
        await connection.close()

    async def prepare(self) -> str:
        address = await super().prepare()
        # Replicas obey no triggers: rows go in any order, and history can be emptied, which nobody else may do.
        settings = {"session_replication_role": "replica", "lock_timeout": "5s", "synchronous_commit": "off"}
        self._main = await asyncpg.connect(address, server_settings=settings)
        tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        self._tables = [name for (name,) in await self._main.fetch(tables) if name != "alembic_version"]
        if written := await self._written():
            message = f"the migrations put rows into {written}: clean() would lose them"
            raise AssertionError(message)
        self._seen = await self._version()
        return address

    async def _version(self) -> object:
        """Changes when anybody has written anything."""
        assert self._main
        return await self._main.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")

    async def _written(self) -> list[str]:
        assert self._main
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in self._tables)
        return [name for (name,) in await self._main.fetch(asked)] if asked else []

    async def clean(self) -> None:
        assert self._main
        if await self._version() == self._seen:
            return
        if written := await self._written():
            emptied = [f"DELETE FROM {name}" for name in written]
            restarted = [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in written]
            await self._main.execute("; ".join(emptied + restarted))
        self._seen = await self._version()

    async def close(self) -> None:
        if self._main:
            await self._main.close()
