"""Calls, positions and files for the tests: plain functions that write what they are asked for and nothing else."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.applications.rules import ExperienceKind, Section, State
from internships.core import clock
from internships.core.text import folded
from internships.core.writing import write
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import Level, ReasonKind
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, Travel
from internships.reserves.rules import State as PositionState
from tests.cast import Known

LISTED = {
    ReasonKind.NOT_ELIGIBLE: [("too_old", "You are older than the call allows")],
    ReasonKind.COMPLETION: [("no_studies", "Your studies are not clear")],
    ReasonKind.WITHDRAWAL: [("other_plans", "I have other plans"), ("health", "For my health")],
}


async def new_call(**more: Any) -> Cycle:
    """A call that takes applications for another 5 days, with a reason or two of each kind."""
    now = clock.now()
    given: dict[str, Any] = {
        "slug": "2027",
        "name": {"en": "Internships 2027"},
        "summary": {"en": "In the mountains."},
        "state": CycleState.OPEN,
        "zone": "Etc/GMT+12",
        "opens_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=5),
        "rate_by": now + timedelta(days=90),
        "results_on": (now + timedelta(days=120)).date(),
        "starts_on": (now + timedelta(days=200)).date(),
        "age_min": 18,
        "age_max": 35,
        "age_on": date(now.year + 1, 6, 1),
        "min_isced_level": 6,
        "languages": [["en", "B1"], ["fr", "B1"]],
        "nationalities": None,
        "contact": "call@example.org",
    }
    async with write() as tx:
        call = Cycle(**given | more)
        tx.add(call)
        await tx.flush()
        reasons = [
            {"cycle_id": call.id, "kind": kind, "code": code, "place": place, "label": {"en": label}}
            for kind, listed in LISTED.items()
            for place, (code, label) in enumerate(listed, start=1)
        ]
        await tx.execute(insert(Reason), reasons)
    return call


async def new_position(
    call: Cycle,
    reserve: Reserve,
    title: str = "Counting condors",
    *,
    needs: dict[str, Level] | None = None,
    **more: Any,
) -> Position:
    """A published position with two seats; `needs` are the languages that it requires."""
    given: dict[str, Any] = {
        "slug": folded(title).replace(" ", "-"),
        "cycle_id": call.id,
        "reserve_id": reserve.id,
        "state": PositionState.PUBLISHED,
        "folded_title": folded(title),
        "theme": "biodiversity",
        "seats": 2,
        "season_start": "05-01",
        "season_end": "09-30",
        "weeks_min": 8,
        "weeks_max": 12,
        "hours_per_week": 35,
        "mode": Mode.ON_SITE,
        "field_level": FieldLevel.MODERATE,
        "accommodation": Accommodation.PROVIDED_FREE,
        "travel": Travel.NONE,
        "driving_licence": False,
        "with_minors": False,
        "isced_fields": ["0522"],
        "sdgs": [15],
    }
    async with write() as tx:
        position = Position(**given | more)
        tx.add(position)
        await tx.flush()
        words = {"title": title, "summary": "Outdoors.", "tasks": ["Count"], "outcomes": ["Knowing birds"]}
        tx.add(PositionText(position_id=position.id, language="en", origin=Origin.ORIGINAL, **words))
        for code, level in (needs or {}).items():
            tx.add(PositionLanguage(position_id=position.id, code=code, level=level, required=True))
    return position


async def new_draft(person: Known, call: Cycle, **more: Any) -> Application:
    """A file that was started and holds nothing yet."""
    now = clock.now()
    given: dict[str, Any] = {
        "person_id": person.actor.person_id,
        "cycle_id": call.id,
        "folded_name": folded(f"{person.actor.name} {person.actor.email}"),
        "created_at": now,
        "saved_at": now,
    }
    async with write() as tx:
        draft = Application(**given | more)
        tx.add(draft)
    return draft


ANSWERS: dict[str, Any] = {
    "born_on": date(2001, 3, 27),
    "nationality": "KE",
    "residence": "TZ",
    "town": "Arusha",
    "phone": "+255 (0)754 000 000",
    "isced_level": 7,
    "motivation": "I grew up below a mountain whose snow is going.",
    "motivation_language": "en",
    "use_after": "I would teach it at home.",
    "done": [Section.STUDIES, Section.LANGUAGES, Section.EXPERIENCE],
}


async def complete_draft(person: Known, call: Cycle, positions: list[Position], **more: Any) -> Application:
    """A draft in which nothing is missing: it chooses the positions in their order."""
    draft = await new_draft(person, call, **ANSWERS | more)
    async with write() as tx:
        tx.add(
            Study(
                application_id=draft.id, institution="University of Arusha", country="TZ", title="Master in Ecology",
                isced_level=7, isced_field="0522", from_year=2024, to_year=2026, finished=False,
            )
        )  # fmt: skip
        tx.add_all(
            [
                LanguageSkill(application_id=draft.id, code="sw", level=Level.NATIVE),
                LanguageSkill(application_id=draft.id, code="en", level=Level.C1),
            ]
        )
        tx.add(
            Experience(
                application_id=draft.id, kind=ExperienceKind.VOLUNTEERING, title="Bird counts", organisation="Nature club",
                country="TZ", from_year=2023, to_year=None, text="Every winter.",
            )
        )  # fmt: skip
        for rank, position in enumerate(positions, start=1):
            tx.add(Choice(application_id=draft.id, position_id=position.id, rank=rank, motivation=f"My number {rank}."))
    return draft


async def submitted(person: Known, call: Cycle, positions: list[Position], **more: Any) -> Application:
    """A file that was sent; `state=State.ELIGIBLE` and others give it a later state."""
    sent: dict[str, Any] = {"state": State.SUBMITTED, "submitted_at": clock.now()}
    return await complete_draft(person, call, positions, **sent | more)
