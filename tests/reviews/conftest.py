"""A call in selection with its criteria and reasons, a position of Tomás's reserve, files, and reviews of them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from internships.accounts.rules import Role
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.applications.rules import ChoiceState, ExperienceKind
from internships.applications.rules import State as ApplicationState
from internships.core import clock
from internships.core.text import folded
from internships.core.writing import write
from internships.cycles.models import Criterion, Cycle, Reason
from internships.cycles.rules import Level, ReasonKind
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import Accommodation, FieldLevel, Mode, Origin, Travel
from internships.reserves.rules import State as PositionState
from internships.reviews.models import Conflict, Review
from internships.reviews.rules import State
from tests.cast import Known, NewPerson
from tests.databases import Databases

CRITERIA = {
    "motivation": ("Motivation", "الدافع", 60, "Could be sent anywhere"),
    "fit": ("Fit of studies", "ملاءمة الدراسة", 40, "Little overlap"),
}
REASONS = {"studies": "Other studies are needed", "field": "The field work is too hard"}

NewCall = Callable[..., Awaitable[Cycle]]
NewPosition = Callable[..., Awaitable[Position]]
NewFile = Callable[..., Awaitable["File"]]
NewReview = Callable[..., Awaitable[Review]]


class File:
    """Somebody's application, with its choices by position."""

    def __init__(self, person: Known, application: Application, choices: list[Choice]) -> None:
        self.person = person
        self.application = application
        self.id = application.id
        self.ref = application.ref
        self.choices = choices
        self.choice = choices[0]


@pytest.fixture
def new_call(database: Databases) -> NewCall:
    """A call in selection: `await new_call(blind=True)`."""

    async def make(**more: Any) -> Cycle:
        now = clock.now()
        given: dict[str, Any] = {
            "slug": "2027",
            "name": {"en": "Mountain internships 2027", "ar": "تدريب الجبال 2027"},
            "summary": {"en": "For young researchers."},
            "state": CycleState.IN_SELECTION,
            "zone": "Etc/GMT+12",
            "opens_at": now - timedelta(days=60),
            "closes_at": now - timedelta(days=10),
            "rate_by": now + timedelta(days=5),
            "results_on": (now + timedelta(days=30)).date(),
            "starts_on": (now + timedelta(days=90)).date(),
            "languages": [["en", "B1"]],
        }
        async with write() as tx:
            cycle = Cycle(**given | more)
            tx.add(cycle)
            await tx.flush()
            for place, (code, (english, arabic, weight, low)) in enumerate(CRITERIA.items(), 1):
                anchors = {"low": {"en": low}, "mid": {"en": "Solid"}, "high": {"en": "Outstanding"}}
                label = {"en": english, "ar": arabic}
                tx.add(
                    Criterion(cycle_id=cycle.id, code=code, place=place, label=label, weight=weight, anchors=anchors)
                )
            for place, (code, words) in enumerate(REASONS.items(), 1):
                kind = ReasonKind.NOT_ACCEPTABLE
                tx.add(Reason(cycle_id=cycle.id, kind=kind, code=code, place=place, label={"en": words}))
        return cycle

    return make


@pytest.fixture
async def call(new_call: NewCall) -> Cycle:
    return await new_call()


@pytest.fixture
def new_position(call: Cycle, reserve: Reserve) -> NewPosition:
    """A published position: `await new_position("Counting condors", reserve=elsewhere)`."""

    async def make(title: str = "Counting condors", *, reserve: Reserve = reserve, **more: Any) -> Position:
        given: dict[str, Any] = {
            "theme": "biodiversity", "season_start": "03-01", "season_end": "06-30", "weeks_min": 8, "weeks_max": 12,
            "hours_per_week": 35, "mode": Mode.ON_SITE, "field_level": FieldLevel.LIGHT, "travel": Travel.NONE,
            "accommodation": Accommodation.PROVIDED_FREE, "driving_licence": False, "with_minors": False,
            "isced_fields": [], "sdgs": [], "state": PositionState.PUBLISHED, "seats": 2,
            "slug": folded(f"{title} {reserve.id}").replace(" ", "-"), "folded_title": folded(title),
        }  # fmt: skip
        async with write() as tx:
            position = Position(cycle_id=call.id, reserve_id=reserve.id, **given | more)
            tx.add(position)
            await tx.flush()
            tx.add(PositionLanguage(position_id=position.id, code="es", level=Level.B1, required=True))
            tx.add(
                PositionText(
                    position_id=position.id, language="en", origin=Origin.ORIGINAL, title=title, summary="Birds.",
                    tasks=[], outcomes=[],
                )
            )  # fmt: skip
        return position

    return make


@pytest.fixture
async def position(new_position: NewPosition) -> Position:
    """What Tomás's reserve offers."""
    return await new_position()


@pytest.fixture
def new_file(call: Cycle, position: Position, new_person: NewPerson) -> NewFile:
    """Somebody's admitted application: `await new_file("Amina Okello", positions=[…])`."""

    async def make(
        name: str = "Amina Okello", *, positions: list[Position] | None = None, person: Known | None = None, **more: Any
    ) -> File:
        person = person or await new_person(Role.APPLICANT, name)
        now = clock.now()
        given: dict[str, Any] = {
            "state": ApplicationState.ELIGIBLE,
            "folded_name": folded(name),
            "residence": "KE",
            "isced_level": 7,
            "motivation": "Since I was a child I have counted birds.",
            "motivation_language": "en",
            "use_after": "I shall teach it at home.",
        }
        async with write() as tx:
            application = Application(
                person_id=person.actor.person_id, cycle_id=call.id, created_at=now, saved_at=now, submitted_at=now,
                **given | more,
            )  # fmt: skip
            tx.add(application)
            await tx.flush()
            choices = [
                Choice(application_id=application.id, position_id=wanted.id, rank=rank, motivation=f"Wish {rank}.")
                for rank, wanted in enumerate(positions or [position], 1)
            ]
            tx.add_all(choices)
            tx.add(
                Study(
                    application_id=application.id, institution="University of Nairobi", country="KE",
                    title="MSc Ornithology", isced_level=7, isced_field="0511", from_year=2023, to_year=2025,
                    finished=False,
                )
            )  # fmt: skip
            tx.add(LanguageSkill(application_id=application.id, code="en", level=Level.C1))
            tx.add(LanguageSkill(application_id=application.id, code="sw", level=Level.NATIVE))
            tx.add(
                Experience(
                    application_id=application.id, kind=ExperienceKind.VOLUNTEERING, title="Bird counts",
                    organisation="Nature Kenya", country="KE", from_year=2022, to_year=None, text="Every Saturday.",
                )
            )  # fmt: skip
        return File(person, application, choices)

    return make


@pytest.fixture
async def file(new_file: NewFile, amina: Known) -> File:
    """Amina's."""
    return await new_file(person=amina)


@pytest.fixture
def new_review(ingrid: Known) -> NewReview:
    """A file given to a reviewer: `await new_review(file, ravi, State.IN_PROGRESS)`."""

    async def make(file: File, reviewer: Known, state: State = State.IN_PROGRESS, **more: Any) -> Review:
        async with write() as tx:
            review = Review(
                application_id=file.id, person_id=reviewer.actor.person_id, state=state, assigned_at=clock.now(),
                assigned_by=ingrid.actor.person_id, **more,
            )  # fmt: skip
            tx.add(review)
            if state != State.ASSIGNED:
                tied = state == State.RECUSED
                person, application = reviewer.actor.person_id, file.id
                said = "He is my cousin" if tied else ""
                tx.add(
                    Conflict(
                        person_id=person, application_id=application, has_tie=tied, text=said, declared_at=clock.now()
                    )
                )
        return review

    return make


@pytest.fixture
def no_tie(database: Databases) -> Callable[..., Awaitable[None]]:
    """A host who has denied ties: `await no_tie(tomas, file)`."""

    async def say(host: Known, *files: File, has_tie: bool = False) -> None:
        async with write() as tx:
            tx.add_all(
                Conflict(
                    person_id=host.actor.person_id,
                    application_id=file.id,
                    has_tie=has_tie,
                    text="",
                    declared_at=clock.now(),
                )
                for file in files
            )

    return say


@pytest.fixture
def set_choice(database: Databases) -> Callable[..., Awaitable[None]]:
    """Put a choice into a state, as others would have."""

    async def put(file: File, state: ChoiceState) -> None:
        async with write() as tx:
            choice = await tx.take(Choice, Choice.id == file.choice.id)
            choice.state = state

    return put
