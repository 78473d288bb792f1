"""A call with three positions, and Amina's file for it."""

import shutil
from pathlib import Path

import pytest

from internships.applications.models import Application
from internships.core.settings import settings
from internships.cycles.models import Cycle
from internships.cycles.rules import Level
from internships.reserves.models import Position, Reserve
from tests.applications.factories import complete_draft, new_call, new_draft, new_position, submitted
from tests.cast import Known


@pytest.fixture
async def call(database) -> Cycle:
    return await new_call()


@pytest.fixture
async def positions(call: Cycle, reserve: Reserve) -> list[Position]:
    """The third one needs Spanish, which Amina does not speak."""
    return [
        await new_position(call, reserve, "Counting condors"),
        await new_position(call, reserve, "Mapping meadows"),
        await new_position(call, reserve, "Talking with herders", needs={"es": Level.B2}),
    ]


@pytest.fixture
async def draft(amina: Known, call: Cycle) -> Application:
    return await new_draft(amina, call)


@pytest.fixture
async def ready(amina: Known, call: Cycle, positions: list[Position]) -> Application:
    """Amina's draft with nothing missing: it chooses the first two positions."""
    return await complete_draft(amina, call, positions[:2])


@pytest.fixture
async def sent(amina: Known, call: Cycle, positions: list[Position]) -> Application:
    return await submitted(amina, call, positions[:2])


def emptied() -> None:
    """Tests clean the database, not the store."""
    for shelf in Path(settings().files_at).glob("??"):
        shutil.rmtree(shelf)


@pytest.fixture
async def asking(database) -> Cycle:
    """A call that asks for a curriculum vitae, and takes up to 20 pages of a transcript; no file is in the store yet."""
    emptied()
    return await new_call(documents=[["cv", False, 1], ["transcript", False, 20]])


@pytest.fixture
async def file(amina: Known, asking: Cycle) -> Application:
    """Amina's draft for that call."""
    return await new_draft(amina, asking)
