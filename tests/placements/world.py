"""A small call in the database: positions, eligible people with choices, and a run that places them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from internships import worker
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core import clock
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.matching.actions import runs
from internships.matching.lottery import seal
from internships.matching.models import MatchRun
from internships.reserves.models import Position, PositionText
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, Travel
from internships.reserves.rules import State as PositionState
from internships.reviews.models import Rating
from tests.cast import Known


@dataclass
class World:
    """What a test needs to name."""

    cycle: Cycle
    positions: list[Position]
    applications: list[Application]
    run: MatchRun | None = None


def call(**more: Any) -> Cycle:
    """A call that has closed, in selection."""
    given: dict[str, Any] = {
        "slug": "2027",
        "name": {"en": "Call 2027"},
        "summary": {"en": "Ten weeks in the mountains."},
        "state": CycleState.IN_SELECTION,
        "zone": "Europe/Madrid",
        "opens_at": datetime(2026, 9, 1, tzinfo=UTC),
        "closes_at": datetime(2026, 10, 15, 22, tzinfo=UTC),
        "rate_by": datetime(2026, 11, 20, tzinfo=UTC),
        "results_on": date(2026, 12, 1),
        "starts_on": date(2027, 4, 1),
        "languages": [["en", "B1"]],
        "lottery_text": "snow on the pass",
        "lottery_seal": seal("snow on the pass"),
    }
    return Cycle(**given | more)


def position(cycle: Cycle, reserve_id: int, title: str, seats: int = 1) -> Position:
    """A published position."""
    return Position(
        ref=new_ref(),
        slug=title.lower().replace(" ", "-"),
        cycle_id=cycle.id,
        reserve_id=reserve_id,
        state=PositionState.PUBLISHED,
        folded_title=title.lower(),
        theme="biodiversity",
        seats=seats,
        season_start="05-01",
        season_end="08-31",
        weeks_min=8,
        weeks_max=12,
        hours_per_week=35,
        mode=Mode.ON_SITE,
        field_level=FieldLevel.MODERATE,
        accommodation=Accommodation.PROVIDED_FREE,
        travel=Travel.NONE,
        driving_licence=False,
        with_minors=False,
        isced_fields=[],
        sdgs=[],
    )


async def application(tx: Transaction, cycle: Cycle, person: Known, choices: list[Position], tier: int) -> Application:
    """An eligible application whose hosts rate the person alike everywhere."""
    now = clock.now()
    made = Application(
        ref=new_ref(),
        person_id=person.actor.person_id,
        cycle_id=cycle.id,
        state=ApplicationState.ELIGIBLE,
        folded_name=person.actor.name.lower(),
        created_at=now,
        saved_at=now,
        submitted_at=now - timedelta(days=30),
        decided_at=now - timedelta(days=20),
        done=[],
        reasons=[],
    )
    tx.add(made)
    await tx.flush()
    for rank, wished in enumerate(choices, 1):
        choice = Choice(
            application_id=made.id, position_id=wished.id, rank=rank, state=ChoiceState.ACCEPTABLE, ref=new_ref()
        )
        tx.add(choice)
        await tx.flush()
        judged = {"rated_by": person.actor.person_id, "rated_at": now}
        tx.add(Rating(choice_id=choice.id, position_id=wished.id, tier=tier, **judged))
    await tx.flush()
    return made


async def world(reserve_id: int, seats: list[int], wishes: list[tuple[Known, list[int]]], **more: Any) -> World:
    """Positions with so many seats, and people with the numbers of the positions they chose."""
    async with write() as tx:
        cycle = call(**more)
        tx.add(cycle)
        await tx.flush()
        positions = [position(cycle, reserve_id, f"Position {n}", s) for n, s in enumerate(seats)]
        tx.add_all(positions)
        await tx.flush()
        for made in positions:
            text = {"title": made.slug.replace("-", " ").capitalize(), "summary": "", "tasks": [], "outcomes": []}
            tx.add(PositionText(position_id=made.id, language="en", origin=Origin.ORIGINAL, **text))
        applications = [
            # The hosts like whoever is named first best; from the ninth on they are tied.
            await application(tx, cycle, who, [positions[n] for n in wished], tier=min(number, 9))
            for number, (who, wished) in enumerate(wishes, 1)
        ]
    return World(cycle, positions, applications)


async def proposed(there: World, maker: Known) -> MatchRun:
    """A run of the match, made by the worker from what the database holds."""
    ref = await runs.start(maker.actor, name="Run 1")
    await worker.once()
    async with write() as tx:
        there.run = await tx.take(MatchRun, MatchRun.ref == ref)
    return there.run


async def crowd(new_person: Any, role: Any, size: int) -> list[Known]:
    """So many people."""
    return [await new_person(role, f"Person {n:02}") for n in range(size)]
