"""The database: one engine to read, one to write, and the column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from time import monotonic
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Executable
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from internships.core import sqlite
from internships.core.faults import Busy, NotFound
from internships.core.ids import new_ref
from internships.core.settings import Settings

Row = TypeVar("Row", bound=msgspec.Struct)
TRUSTED_FOR = 30.0
"""For so many seconds after its last use, a connection to PostgreSQL is believed to work."""


class Instant(TypeDecorator[datetime]):
    """A moment: aware, in UTC, whichever database keeps it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a naive time was given: {value}"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")
Json: TypeEngine[Any] = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def one_of(choices: type[StrEnum], name: str) -> Enum:
    """States are text with a check, so that adding one is an ordinary migration."""
    return Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
        values_callable=lambda all_of_them: [each.value for each in all_of_them],
    )


class Base(DeclarativeBase):
    """Every table: a number inside, never shown."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012 -- SQLAlchemy's name

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Referred:
    """A row that has an address: ten characters, random, and still no permission."""

    ref: Mapped[str] = mapped_column(String(10), unique=True, default=new_ref)


class Versioned:
    """A row that people edit: who saves second is told."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 -- SQLAlchemy calls it on the class
        return (
            {"version_id_col": cls.__table__.c.version}
            if hasattr(cls, "__table__")
            else {"version_id_col": cls.version}
        )


class _Engines:
    """The two engines of this process, made by `connect`."""

    read: AsyncEngine | None = None
    write: AsyncEngine | None = None


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _seen(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["seen"] = monotonic()


def _still_there(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
    """A server that went away has closed its connections; only one that was long unused is asked for a sign of life."""
    gone = connection.driver_connection.is_closed()
    if not gone and monotonic() - record.info.get("seen", monotonic()) > TRUSTED_FOR:
        try:
            connection.ping()
        except (connection.dbapi.Error, OSError):
            gone = True
    if gone:
        raise DisconnectionError


def connect(of: Settings) -> None:
    """Make the engines; nothing is asked of the database yet."""
    options: dict[str, Any] = {"max_overflow": 0, "pool_timeout": 5, "hide_parameters": not of.dev}
    # Where each statement stands for itself there is nothing to roll back, and no reason to ask for it.
    alone = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "skip_autocommit_rollback": True}
    if of.is_sqlite:
        options["async_creator"] = sqlite.opening(of.async_url)
        read = create_async_engine(of.async_url, pool_size=of.pool, **alone, **options)
        # One writer at a time is SQLite's own rule; waiting in the pool is fairer than waiting on a lock.
        write = create_async_engine(of.async_url, pool_size=1, **options)
        for engine in (read, write):
            event.listen(engine.sync_engine, "connect", _sqlite_pragmas)
        event.listen(write.sync_engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    else:
        limits = {
            "statement_timeout": "5000",
            "lock_timeout": "2000",
            "idle_in_transaction_session_timeout": "30000",
            # Compiling a statement costs seconds where it saves milliseconds: none of ours reads much.
            "jit": "off",
        }
        options |= {"pool_size": of.pool, "connect_args": {"server_settings": limits}}
        read = create_async_engine(of.async_url, **alone, **options)
        write = create_async_engine(of.async_url, **options)
        for engine in (read, write):
            event.listen(engine.sync_engine, "checkout", _still_there)
            event.listen(engine.sync_engine, "checkin", _seen)
    _Engines.read, _Engines.write = read, write


async def disconnect() -> None:
    """Close every connection."""
    for engine in (_Engines.read, _Engines.write):
        if engine is not None:
            await engine.dispose()
    _Engines.read = _Engines.write = None


def engines() -> tuple[AsyncEngine, AsyncEngine]:
    """The engine to read and the engine to write."""
    if _Engines.read is None or _Engines.write is None:
        message = "connect() was not called"
        raise RuntimeError(message)
    return _Engines.read, _Engines.write


def busy(error: Exception) -> bool:
    """Whether waiting and trying again would help: a full pool, a lock, a database that is away."""
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", "") or ""
    return (
        error.connection_invalidated
        or code in {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300"}
        or (isinstance(error, OperationalError) and "locked" in str(error.orig))
    )


@asynccontextmanager
async def read() -> AsyncIterator[AsyncConnection]:
    """A connection that only asks; give it back before a template renders."""
    engine, _ = engines()
    try:
        connection = await engine.connect()
        try:
            yield connection
        except DBAPIError:
            # asyncpg refuses a value that no column takes between two messages; the server would wait for the second, and
            # whoever came next would be told that this statement took too long.
            await connection.invalidate()
            raise
        finally:
            # Nothing is to be undone, so that closing needs no task of its own, as `async with` would make.
            await connection.close()
    except (DBAPIError, PoolTimeout, OSError) as error:
        # An OSError: nobody is there at its address, or its name is not known now.
        if busy(error):
            raise Busy from error
        raise


async def every(
    kind: type[Row], db: AsyncConnection, statement: Executable, bound: Mapping[str, Any] | None = None
) -> list[Row]:
    """All rows as frozen structs, the columns in the order of the fields."""
    return [kind(*row) for row in (await db.execute(statement, dict(bound or {}))).fetchall()]


async def one(
    kind: type[Row], db: AsyncConnection, statement: Executable, bound: Mapping[str, Any] | None = None
) -> Row:
    """The one row.

    Raises:
        NotFound: there is none, or none that this actor may see.
    """
    row = await one_or_none(kind, db, statement, bound)
    if row is None:
        raise NotFound
    return row


async def one_or_none(
    kind: type[Row], db: AsyncConnection, statement: Executable, bound: Mapping[str, Any] | None = None
) -> Row | None:
    """The one row, or None."""
    row = (await db.execute(statement, dict(bound or {}))).first()
    return None if row is None else kind(*row)
