"""SQLite's driver, asked once for each statement: it works in a thread of its own, and every errand to it costs time."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy import make_url
from sqlalchemy.dialects.sqlite.aiosqlite import dialect


class Cursor:
    """What SQLAlchemy asks of a cursor: the statement with all its rows is one errand, and the rest is known by then."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._connection.errand(partial(self._run, sqlite3.Cursor.execute, sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        await self._connection.errand(partial(self._run, sqlite3.Cursor.executemany, sql, parameters))

    def _run(self, how: Callable[..., Any], sql: str, parameters: Sequence[Any], on: sqlite3.Connection) -> None:
        cursor = on.cursor()
        try:
            how(cursor, sql, parameters)
            self._rows = cursor.fetchall()
            # How many rows a statement changed is right once it has given back all of them.
            self.description, self.lastrowid, self.rowcount = cursor.description, cursor.lastrowid, cursor.rowcount
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """There is nothing left to close."""


class Connection(aiosqlite.Connection):
    """aiosqlite's, with that cursor."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """Theirs has to be fetched from the thread."""
        return Cursor(self)

    async def errand(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something in the thread of the connection."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]


def opening(url: str) -> Callable[[], Awaitable[Connection]]:
    """What makes the connections of an engine."""
    (file,), options = dialect().create_connect_args(make_url(url))

    async def opened() -> Connection:
        connection = Connection(partial(sqlite3.connect, file, **options), iter_chunk_size=64)
        # As SQLAlchemy's own: a connection that somebody forgot keeps no process from ending.
        connection._thread.daemon = True
        await connection
        return connection

    return opened
