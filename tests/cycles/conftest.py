"""Calls for the tests of public pages."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from internships.accounts.rules import CLOCK
from internships.core.reference import TABLES
from internships.core.writing import write
from internships.cycles.models import Criterion, Cycle
from internships.cycles.rules import State
from internships.reserves.actions.importing import import_positions, import_reserves
from internships.reserves.rows import PositionRow, ReserveRow
from internships.reserves.sheets import read_sheet
from internships.reserves.tables import check
from tests.databases import Databases

NewCall = Callable[..., Awaitable[Cycle]]


@pytest.fixture
def new_call(database: Databases) -> NewCall:
    """A call that is open at NOW, until the end of 15 January anywhere on Earth."""

    async def make(**more: Any) -> Cycle:
        given: dict[str, Any] = {
            "slug": "2027",
            "name": {"en": "Call 2027", "fr": "Appel 2027"},
            "summary": {"en": "Seasons in mountain reserves."},
            "state": State.OPEN,
            "zone": "Etc/GMT+12",
            "opens_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
            "closes_at": datetime(2027, 1, 16, 11, 59, tzinfo=UTC),
            "rate_by": datetime(2027, 3, 1, 12, tzinfo=UTC),
            "results_on": date(2027, 4, 1),
            "starts_on": date(2027, 6, 1),
            "age_min": 18,
            "age_max": 35,
            "age_on": date(2027, 1, 15),
            "min_isced_level": 6,
            "languages": [["en", "B1"], ["fr", "B1"]],
        }
        async with write() as tx:
            call = Cycle(**given | more)
            tx.add(call)
            await tx.flush()
            anchors = {
                "low": {"en": "Could be sent anywhere"},
                "mid": {"en": "Named with reasons"},
                "high": {"en": "Close"},
            }
            tx.add(
                Criterion(
                    cycle_id=call.id,
                    code="motivation",
                    place=1,
                    label={"en": "Motivation"},
                    weight=100,
                    anchors=anchors,
                )
            )
        return call

    return make


@pytest.fixture
async def whole_call(new_call: NewCall) -> None:
    """An open call with every real reserve, and every position of the sample."""
    await new_call()

    def rows(name: str, model: Any) -> Any:
        return check(read_sheet(name, (TABLES / name).read_bytes()), model).good

    reserves, positions = rows("reserves.csv", ReserveRow), rows("positions_illustrative.csv", PositionRow)
    await import_reserves(CLOCK, reserves, lambda _done: None, keep=True)
    await import_positions(CLOCK, positions, None, lambda _done: None, keep=True, partial=False)
    assert (len(reserves), len(positions)) == (102, 40)
