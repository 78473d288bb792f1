"""Where every change begins: one transaction, committed on leaving, rolled back on raising."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Table, TextClause, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from internships.core import clock
from internships.core.db import Base, Versioned, busy, engines
from internships.core.faults import Busy, NotFound, Stale
from internships.core.models import RequestKey

Model = TypeVar("Model", bound=Base)


class Transaction(AsyncSession):
    """A session that knows how to take the one row that is to change."""

    async def take(
        self, kind: type[Model], *where: ColumnElement[bool], version: int | None = None, **bound: Any
    ) -> Model:
        """Lock and return the one row; a second taker waits until the first has committed.

        Raises:
            NotFound: no such row, or not visible to the actor.
            Stale: `version` was given and somebody saved in between.
        """
        found = await self.find(kind, *where, **bound)
        if found is None:
            raise NotFound
        if version is not None and isinstance(found, Versioned) and found.version != version:
            raise Stale
        return found

    async def find(self, kind: type[Model], *where: ColumnElement[bool], **bound: Any) -> Model | None:
        """Lock and return the one row, or None."""
        asked = select(kind).where(*where).with_for_update(of=kind).execution_options(populate_existing=True)
        return (await self.scalars(asked, bound)).one_or_none()

    def _insert(self, kind: type[Base]) -> Any:
        """An insert that can say what happens when the row is there already; each database has its own."""
        into = postgresql.insert if self.get_bind().dialect.name == "postgresql" else sqlite.insert
        return into(cast("Table", kind.__table__))

    async def put(
        self, kind: type[Model], rows: list[dict[str, Any]], *key: str, among: TextClause | None = None
    ) -> None:
        """Insert rows, or overwrite those that have the same key, in one statement.

        among: which rows the key is unique for, when that is not all of them.
        """
        if rows:
            asked = self._insert(kind)
            overwritten = {name: asked.excluded[name] for name in rows[0] if name not in key}
            put = asked.on_conflict_do_update(index_elements=key, index_where=among, set_=overwritten)
            await self.execute(put, rows)

    async def put_new(self, kind: type[Model], row: dict[str, Any], *key: str) -> None:
        """Insert a row unless one with the same key is there; `find` then gets whichever it is."""
        await self.execute(self._insert(kind).values(row).on_conflict_do_nothing(index_elements=key))

    async def first_time(self, key: str) -> bool:
        """Whether this one-time key of a form is new; a second sending gets the first one's result."""
        if not key:
            return True
        new = self._insert(RequestKey).values(key=key, at=clock.now()).on_conflict_do_nothing().returning(RequestKey.id)
        return (await self.scalar(new)) is not None


@asynccontextmanager
async def write() -> AsyncIterator[Transaction]:
    """One transaction: leaving commits, raising rolls back.

    Raises:
        Stale: somebody saved the same row in between.
        Busy: the database can't take it now; nothing was kept.
    """
    _, engine = engines()
    try:
        async with Transaction(engine, expire_on_commit=False, autoflush=False) as tx, tx.begin():
            yield tx
    except StaleDataError as error:
        raise Stale from error
    except (DBAPIError, PoolTimeout, OSError) as error:
        if busy(error):
            raise Busy from error
        raise
