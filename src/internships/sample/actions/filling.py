"""Sample people are kept: everything in one transaction, in a database that is empty."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text

from internships.accounts.models import Person
from internships.core.db import Base
from internships.core.models import History
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.reserves.models import Reserve
from internships.reserves.rows import ReserveRow
from internships.sample import cast
from internships.sample.calendar import Calendar, Phase
from internships.sample.choosing import offerings, wishes
from internships.sample.files import release_choices, write_file
from internships.sample.judgement import Judgement
from internships.sample.ledger import Ledger
from internships.sample.people import SamplePerson, person
from internships.sample.programme import Programme, programme, rows

AT_ONCE: Final = 1000
Progress = Callable[[int, int], None]
"""How many rows are kept, of how many."""


class NotEmpty(Exception):
    """Somebody or something is in the database already; `by_us`: it is sample people."""

    def __init__(self, *, by_us: bool) -> None:
        super().__init__()
        self.by_us = by_us


def written(seed: int, count: int, phase: Phase, now: datetime, password: str) -> Ledger:
    """The whole sample programme, as rows that nobody has kept yet."""
    ledger = Ledger(seed, password)
    here = programme(seed, Calendar.of(phase, now), ledger, count)
    known = {row.id: (row.name_en, row.country_iso2) for row in rows("reserves", ReserveRow)}
    offered = offerings(seed, [position.row for position in here.positions.values()], known)
    judgement = Judgement(here)
    for somebody in _everybody(seed, count, here):
        rng = Random(f"{seed}/{somebody.number}/file")  # noqa: S311 -- the same seed has to give the same file
        if (file := write_file(here, rng, somebody, wishes(seed, somebody, offered))) is not None:
            judgement.of(rng, file)
            release_choices(here, file)
    ledger.trace.sort(key=lambda entry: entry["at"])
    return ledger


def _everybody(seed: int, count: int, here: Programme) -> Iterator[SamplePerson]:
    on = here.calendar.closes.date()
    yield from cast.applicants(on)[:count]
    yield from (person(seed, number, on) for number in range(3, count + 1))


async def fill(ledger: Ledger, progress: Progress) -> None:
    """Keep what was written down."""
    batches = list(_batches(ledger))
    total, done = sum(len(some) for _table, some in batches), 0
    async with write() as tx:
        await _see_that_it_is_empty(tx)
        for table, some in batches:
            await tx.execute(insert(table), some)
            done += len(some)
            progress(done, total)
        await _count_on(tx, list(ledger.tables))


async def _see_that_it_is_empty(tx: Transaction) -> None:
    for kind in (Person, Reserve, Cycle):
        if await tx.scalar(select(func.count()).select_from(kind)):
            known = [member.email for member in cast.MEMBERS]
            met = await tx.scalar(select(func.count()).select_from(Person).where(Person.email.in_(known)))
            raise NotEmpty(by_us=met == len(known))


def _batches(ledger: Ledger) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Referred tables before those that refer to them, the trace at the end."""
    trace = Base.metadata.tables[History.__tablename__]
    by_name = {model.__tablename__: all_rows for model, all_rows in ledger.tables.items()}
    kept = [(table, by_name[table.name]) for table in Base.metadata.sorted_tables if table.name in by_name]
    for table, all_rows in [*kept, (trace, ledger.trace)]:
        for start in range(0, len(all_rows), AT_ONCE):
            yield table, all_rows[start : start + AT_ONCE]


async def _count_on(tx: Transaction, models: list[type[Base]]) -> None:
    """Rows came with their numbers; PostgreSQL's counters have to know."""
    if (await tx.connection()).dialect.name != "postgresql":
        return
    for name in (model.__tablename__ for model in models):
        highest = f"(SELECT max(id) FROM {name})"  # noqa: S608 -- a name of our own tables
        await tx.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest})"))
