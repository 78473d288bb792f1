"""How Alembic reaches the database: the program's own settings, or a connection that the program hands over."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection, event, pool
from sqlalchemy.ext.asyncio import create_async_engine

from internships.core.db import Base, Instant
from internships.core.settings import settings
from internships.schema import ALL

TARGET = Base.metadata

JSON = 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
ID = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
assert ALL  # noqa: S101 -- every table is known once this is imported


def _written(kind: str, item: object, autogen_context: object) -> str | bool:
    """Column types as a migration writes them: without anything of ours, so that it still runs in ten years."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")  # type: ignore[attr-defined]
        return JSON
    return ID if isinstance(item, sa.BigInteger) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TARGET,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_written,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    engine = create_async_engine(settings().async_url, poolclass=pool.NullPool)
    if settings().is_sqlite:
        # Batch migrations rebuild tables; foreign keys are checked again by every later connection.
        event.listen(engine.sync_engine, "connect", lambda c, _r: c.execute("PRAGMA journal_mode=WAL").close())
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    asyncio.run(_online())
