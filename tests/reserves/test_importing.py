"""Reserves and positions taken over from a table: kept once, changed later, and nothing by halves."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from internships.accounts.rules import CLOCK
from internships.core.db import read
from internships.core.models import History
from internships.core.reference import TABLES
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.reserves.actions.importing import UnknownCall, import_positions, import_reserves
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rows import PositionRow, ReserveRow
from internships.reserves.rules import State
from internships.reserves.sheets import read_sheet
from internships.reserves.tables import Numbered, check


def rows_of(name, model):
    return check(read_sheet(name, (TABLES / name).read_bytes()), model).good


RESERVES = rows_of("reserves.csv", ReserveRow)
POSITIONS = rows_of("positions_illustrative.csv", PositionRow)


def with_changes(rows, **changes):
    first, *rest = rows
    return [Numbered(first.number, first.row.model_copy(update=changes)), *rest]


@pytest.fixture
async def call(database):
    async with write() as tx:
        cycle = Cycle(
            slug="2027",
            name={"en": "Call 2027"},
            summary={"en": ""},
            state=CycleState.OPEN,
            zone="UTC",
            opens_at=datetime(2026, 10, 1, tzinfo=UTC),
            closes_at=datetime(2027, 1, 15, tzinfo=UTC),
            rate_by=datetime(2027, 3, 1, tzinfo=UTC),
            results_on=date(2027, 4, 1),
            starts_on=date(2027, 6, 1),
            languages=[["en", "B1"]],
        )
        tx.add(cycle)
    return cycle


@pytest.fixture
def take_over(database):
    async def take(reserves=RESERVES, positions=None, call=None, *, keep=True, partial=False):
        done = 0

        def said(count):
            nonlocal done
            done += count

        if reserves:
            await import_reserves(CLOCK, reserves, said, keep=True)
        if positions is None:
            return done
        return await import_positions(CLOCK, positions, call, said, keep=keep, partial=partial)

    return take


async def count(what):
    async with read() as db:
        return await db.scalar(select(func.count()).select_from(what))


async def test_the_real_reserves_are_kept_and_traced(take_over):
    assert await take_over() == 102

    async with read() as db:
        assert await db.scalar(select(Reserve.name_local).where(Reserve.slug == "al-mk-ohrid-prespa")) == (
            "Ohër-Prespë / Охрид-Преспа"
        )
        traced = select(func.count()).select_from(History).join(Reserve, Reserve.ref == History.subject)
        assert await db.scalar(traced.where(History.what == "reserve.import")) == 102


async def test_a_second_time_changes_what_is_known(take_over):
    await take_over()

    await take_over(with_changes(RESERVES, name_en="Another Name"))

    async with read() as db:
        changed = select(Reserve.name, Reserve.version).where(Reserve.slug == RESERVES[0].row.id)
        assert (await db.execute(changed)).one() == ("Another Name", 2)
    assert await count(Reserve) == 102


async def test_positions_are_published_with_their_words_and_languages(take_over, call):
    imported = await take_over(positions=POSITIONS)

    assert (imported.added, imported.changed, list(imported.bad)) == (40, 0, [])
    async with read() as db:
        assert set(await db.scalars(select(Position.state))) == {State.PUBLISHED}
        asked = select(PositionLanguage.code, PositionLanguage.level, PositionLanguage.required).join(
            Position, Position.id == PositionLanguage.position_id
        )
        needs = (await db.execute(asked.where(Position.slug == "pos-003").order_by(PositionLanguage.code))).all()
        assert needs == [("ast", "A1", False), ("en", "B1", True), ("es", "B1", True)]
    assert await count(PositionText) == 40


async def test_a_second_time_leaves_the_life_of_a_position_alone(take_over, call):
    await take_over(positions=POSITIONS)
    async with write() as tx:
        await tx.execute(update(Position).where(Position.slug == "pos-001").values(state=State.WITHDRAWN))

    imported = await take_over(positions=POSITIONS, call="2027")

    assert (imported.added, imported.changed) == (0, 40)
    async with read() as db:
        assert await db.scalar(select(Position.state).where(Position.slug == "pos-001")) == State.WITHDRAWN
    assert await count(PositionText) == 40


async def test_a_position_of_an_unknown_reserve_keeps_everything_out(take_over, call):
    imported = await take_over(positions=with_changes(POSITIONS, reserve_id="atlantis"))

    assert [(bad.row, bad.column, bad.value) for bad in imported.bad] == [(2, "reserve_id", "atlantis")]
    assert await count(Position) == 0


async def test_in_part_the_good_rows_are_kept(take_over, call):
    imported = await take_over(positions=with_changes(POSITIONS, reserve_id="atlantis"), partial=True)

    assert (imported.added, len(imported.bad)) == (39, 1)
    assert await count(Position) == 39


async def test_places_can_not_fall_below_those_that_are_given(take_over, call):
    await take_over(positions=POSITIONS)
    async with write() as tx:
        await tx.execute(update(Position).where(Position.slug == "pos-001").values(held=2))

    imported = await take_over(positions=with_changes(POSITIONS, capacity=1))

    assert [(bad.column, bad.expected) for bad in imported.bad] == [("capacity", "at least 2, which are given already")]


async def test_only_looking_keeps_nothing(take_over, call):
    imported = await take_over(positions=with_changes(POSITIONS, reserve_id="atlantis"), keep=False, partial=True)

    assert len(imported.bad) == 1
    assert await count(Position) == 0


async def test_positions_need_a_call(take_over):
    with pytest.raises(UnknownCall, match="There is no call yet"):
        await take_over(positions=POSITIONS)
    with pytest.raises(UnknownCall, match="There is no call 1999"):
        await take_over(positions=POSITIONS, call="1999")


@pytest.fixture
async def internships(databases):
    """The program, with a database of its own."""
    address = await databases.another(migrated=True)

    def run(*arguments):
        command = [sys.executable, "-m", "internships", *map(str, arguments)]
        return subprocess.run(
            command, env=os.environ | {"DATABASE_URL": address}, capture_output=True, text=True, check=False
        )

    return run


async def test_the_command_says_what_is_wrong_and_keeps_nothing(internships, tmp_path):
    table = tmp_path / "reserves.csv"
    table.write_text("id,name_en,country_iso2,lat,lon\nes-a,A,ES,,\nes-b,B,UK,99,\n")

    done = internships("import", "reserves", table)

    assert done.returncode == 2
    assert "Nothing was kept: 2 rows, 1 of them bad." in done.stdout
    for said in ("country_iso2", "UK", "lat", "99", "degrees from -90 to 90"):
        assert said in done.stderr
    assert internships("import", "reserves", table, "--partial").stdout == "1 added, 0 changed.\n"


async def test_the_command_takes_over_the_shipped_table(internships):
    done = internships("import", "reserves", TABLES / "reserves.csv")

    assert (done.returncode, done.stdout) == (0, "102 added, 0 changed.\n")


async def test_places_can_not_fall_below_the_minimum_that_staff_have_set(take_over, call):
    await take_over(positions=POSITIONS)
    async with write() as tx:
        await tx.execute(update(Position).where(Position.slug == "pos-001").values(seats=3, min_seats=2))

    imported = await take_over(positions=with_changes(POSITIONS, capacity=1))

    assert [(bad.column, bad.expected) for bad in imported.bad] == [
        ("capacity", "at least 2, the minimum that was set for this position")
    ]
