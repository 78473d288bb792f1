"""A call with positions, people who chose them, and hosts who rated them, for the tests of the desk."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from internships import worker
from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice, LanguageSkill
from internships.applications.rules import ChoiceState, State
from internships.core import clock
from internships.core.db import read
from internships.core.text import folded
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import State as Call
from internships.matching.actions import runs
from internships.matching.lottery import seal
from internships.matching.models import MatchRun
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, Travel
from internships.reserves.rules import State as PositionState
from internships.reviews.models import Rating
from tests.cast import Known
from tests.databases import Databases

LOTTERY = "four swans on the lake, 12 October"
Names = Mapping[str, Sequence[str]]


@dataclass
class Market:
    """What stands in the database, by name."""

    cycle: Cycle
    positions: dict[str, Position]
    applications: dict[str, Application]
    choices: dict[tuple[str, str], Choice]


NewMarket = Callable[..., Awaitable[Market]]


def _cycle(**more: Any) -> Cycle:
    now = clock.now()
    given: dict[str, Any] = {
        "slug": "2027",
        "name": {"en": "Mountain internships 2027", "ar": "تدريب الجبال 2027"},
        "summary": {"en": "For young researchers."},
        "state": Call.IN_SELECTION,
        "zone": "Etc/GMT+12",
        "opens_at": now - timedelta(days=60),
        "closes_at": now - timedelta(days=10),
        "rate_by": now + timedelta(days=5),
        "results_on": date(2026, 12, 1),
        "starts_on": date(2027, 3, 1),
        "languages": [["en", "B1"]],
        "lottery_text": LOTTERY,
        "lottery_seal": seal(LOTTERY),
        "lottery_sealed_at": now - timedelta(days=30),
    }
    return Cycle(**given | more)


def _position(cycle: Cycle, reserve: Reserve, slug: str, seats: int, **more: Any) -> Position:
    given: dict[str, Any] = {
        "theme": "water", "season_start": "03-01", "season_end": "06-30", "weeks_min": 8, "weeks_max": 12,
        "hours_per_week": 35, "mode": Mode.ON_SITE, "field_level": FieldLevel.LIGHT, "travel": Travel.NONE,
        "accommodation": Accommodation.PROVIDED_FREE, "driving_licence": False, "with_minors": False,
        "isced_fields": [], "sdgs": [], "state": PositionState.PUBLISHED,
    }  # fmt: skip
    return Position(
        slug=slug, cycle_id=cycle.id, reserve_id=reserve.id, folded_title=folded(slug), seats=seats, **given | more
    )


def _person(name: str) -> Person:
    now = clock.now()
    email = f"{folded(name).replace(' ', '.')}@example.org"
    return Person(email=email, full_name=name, folded_name=folded(name), created_at=now, confirmed_at=now)


def _application(cycle: Cycle, person: Person, **more: Any) -> Application:
    now = clock.now()
    given: dict[str, Any] = {"state": State.ELIGIBLE, "folded_name": person.folded_name, "isced_level": 6}
    given["decided_at"] = now - timedelta(days=1)
    return Application(
        person_id=person.id, cycle_id=cycle.id, created_at=now, saved_at=now, submitted_at=now, **given | more
    )


@pytest.fixture
def new_market(database: Databases, reserve: Reserve, ingrid: Known) -> NewMarket:
    """People with their choices, positions with their seats, and `tiers[position]` as a host rated them.

    `needs` are languages that a position requires, `speaks` what people named.
    """

    async def make(
        lists: Names,
        seats: Mapping[str, int],
        tiers: Mapping[str, Sequence[Sequence[str]]],
        *,
        needs: Mapping[str, tuple[str, str]] | None = None,
        speaks: Mapping[str, tuple[str, str]] | None = None,
        lives: Mapping[str, str] | None = None,
        minimums: Mapping[str, int] | None = None,
        **call: Any,
    ) -> Market:
        async with write() as tx:
            cycle = _cycle(**call)
            people = {name: _person(name) for name in lists}
            tx.add_all([cycle, *people.values()])
            await tx.flush()
            positions = {
                name: _position(
                    cycle, reserve, folded(name).replace(" ", "-"), size, min_seats=(minimums or {}).get(name, 0)
                )
                for name, size in seats.items()
            }
            applications = {
                name: _application(cycle, person, residence=(lives or {}).get(name)) for name, person in people.items()
            }
            tx.add_all([*positions.values(), *applications.values()])
            tx.add_all(
                [Membership(person_id=p.id, role=Role.APPLICANT, starts_at=clock.now()) for p in people.values()]
            )
            await tx.flush()
            tier_of = {
                (person, at): place
                for at, line in tiers.items()
                for place, tier in enumerate(line, 1)
                for person in tier
            }
            choices = {
                (name, at): Choice(
                    application_id=applications[name].id,
                    position_id=positions[at].id,
                    rank=rank,
                    state=ChoiceState.ACCEPTABLE if (name, at) in tier_of else ChoiceState.WAITING,
                )
                for name, wanted in lists.items()
                for rank, at in enumerate(wanted, 1)
            }
            texts = [
                PositionText(
                    position_id=p.id,
                    language="en",
                    origin=Origin.ORIGINAL,
                    title=name,
                    summary="",
                    tasks=[],
                    outcomes=[],
                )
                for name, p in positions.items()
            ]
            tx.add_all([*choices.values(), *texts])
            await tx.flush()
            if tier_of:
                rows = [
                    {
                        "choice_id": choices[pair].id, "position_id": choices[pair].position_id, "tier": tier, "version": 1,
                        "reason": "", "note": "", "rated_by": ingrid.actor.person_id, "rated_at": clock.now(),
                    }
                    for pair, tier in tier_of.items()
                ]  # fmt: skip
                await tx.execute(insert(Rating), rows)
            for at, (code, level) in (needs or {}).items():
                tx.add(PositionLanguage(position_id=positions[at].id, code=code, level=level, required=True))
            for name, (code, level) in (speaks or {}).items():
                tx.add(LanguageSkill(application_id=applications[name].id, code=code, level=level))
        return Market(cycle, positions, applications, choices)

    return make


@pytest.fixture
async def market(new_market: NewMarket) -> Market:
    """Three people, two positions with one seat each; Lena and Tariq share a tier at the glacier."""
    return await new_market(
        {"Lena": ["Glacier", "Forest"], "Tariq": ["Glacier", "Forest"], "Mei": ["Glacier"]},
        {"Glacier": 1, "Forest": 1},
        {"Glacier": [["Lena", "Tariq"], ["Mei"]], "Forest": [["Tariq"], ["Lena"]]},
    )


Made = Callable[..., Awaitable[MatchRun]]


@pytest.fixture
def made(ingrid: Known) -> Made:
    """A run that Ingrid asked for and the worker made."""

    async def make(name: str = "First") -> MatchRun:
        ref = await runs.start(ingrid.actor, name=name)
        await worker.once()
        async with write() as tx:
            found = (await tx.scalars(select(MatchRun).where(MatchRun.ref == ref))).one()
            tx.expunge(found)
        return found

    return make


async def kept(statement: Any) -> list[Any]:
    """What the database has."""
    async with read() as db:
        return list((await db.execute(statement)).all())
