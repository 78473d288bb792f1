"""A call, and positions in it, for the tests of public pages."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from internships.core.text import folded
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import Level
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, State, Travel
from tests.databases import Databases

NewPosition = Callable[..., Awaitable[Position]]


@pytest.fixture
async def open_call(database: Databases) -> Cycle:
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
def new_position(open_call: Cycle, reserve: Reserve) -> NewPosition:
    """A published position: `await new_position("Count condors", seats=2, held=1)`."""

    async def make(
        title: str = "Count condors",
        *,
        languages: tuple[tuple[str, Level, bool], ...] = (("es", Level.B1, True),),
        texts: tuple[tuple[str, Origin, str], ...] = (),
        **more: Any,
    ) -> Position:
        given: dict[str, Any] = {
            "slug": folded(title).replace(" ", "-"),
            "cycle_id": open_call.id,
            "reserve_id": reserve.id,
            "state": State.PUBLISHED,
            "folded_title": folded(title),
            "theme": "biodiversity",
            "seats": 2,
            "season_start": "04-15",
            "season_end": "07-31",
            "weeks_min": 8,
            "weeks_max": 12,
            "hours_per_week": 35,
            "mode": Mode.ON_SITE,
            "field_level": FieldLevel.MODERATE,
            "max_altitude": 3900,
            "accommodation": Accommodation.PROVIDED_FREE,
            "stipend": 450,
            "currency": "EUR",
            "travel": Travel.LOCAL_ONLY,
            "driving_licence": False,
            "with_minors": False,
            "isced_fields": ["0521"],
            "min_isced_level": 6,
            "sdgs": [15],
        }
        async with write() as tx:
            position = Position(**given | more)
            tx.add(position)
            await tx.flush()
            tx.add_all(
                PositionLanguage(position_id=position.id, code=code, level=level, required=required)
                for code, level, required in languages
            )
            tx.add_all(
                PositionText(
                    position_id=position.id, language=language, origin=origin, title=words, summary=f"{words}, daily.",
                    tasks=["Walk"], outcomes=["Learn"],
                )
                for language, origin, words in texts or (("en", Origin.ORIGINAL, title),)
            )  # fmt: skip
        return position

    return make
