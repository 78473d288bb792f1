"""A file that a reviewer has open, and those of others' views that come after their own."""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Case, and_, bindparam, case, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.accounts.rules import Actor, Role
from internships.applications.models import Application, Choice, Document
from internships.applications.queries.documents import FILE, OPEN_TO_OTHERS, THIS, File, Given, documents_in
from internships.applications.rules import State as ApplicationState
from internships.core import clock
from internships.core.db import one, one_or_none
from internships.core.faults import NotFound
from internships.core.gathered import gathered, rows_as
from internships.core.i18n import chosen, speaking
from internships.cycles.models import Criterion, Cycle
from internships.cycles.rules import State as CycleState
from internships.cycles.rules import anchored_at
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reviews.models import Conflict, Review, Score
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.queries.owed import MINE, NAME, visible_to
from internships.reviews.rules import State, is_read, may_reopen


class Declaring(Struct, frozen=True):
    """What is known of a file before a tie was denied: whose it is, and nothing else."""

    ref: str
    file: str
    name: str | None
    state: State
    words: str | None
    """What was said of a tie."""


_BY_REF = Review.ref == bindparam("ref")
_MY_WORDS = and_(Conflict.application_id == Review.application_id, Conflict.person_id == Review.person_id)
DECLARING = (
    select(Review.ref, Application.ref, NAME, Review.state, Conflict.text)
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .outerjoin(Conflict, _MY_WORDS)
    .where(*MINE, _BY_REF)
)


async def declaring(db: AsyncConnection, actor: Actor, ref: str) -> Declaring:
    """A file before its content."""
    return await one(Declaring, db, DECLARING, {"ref": ref, **actor.own})


class Scored(Struct, frozen=True):
    """A criterion of the call, with one's own points."""

    code: str
    place: int
    label: dict[str, str]
    weight: int
    scale_max: int
    anchors: dict[str, dict[str, str]]
    points: int | None

    @property
    def name(self) -> str:
        """In the reader's language."""
        return chosen(self.label)[0]

    @property
    def steps(self) -> list[tuple[int, str]]:
        """Every number of points, with the words that the call gives to the lowest, the middle and the highest."""
        anchored = anchored_at(self.scale_max)
        return [(points, chosen(self.anchors.get(anchored.get(points, "")))[0]) for points in range(self.scale_max + 1)]


class Others(Struct, frozen=True):
    """Another reviewer's finished view, without a name."""

    ref: str
    total: float
    comment: str
    points: dict[str, int]


class Wish(Struct, frozen=True):
    """A position that the applicant chose."""

    rank: int
    title: str
    language: str
    reserve: str
    motivation: str


class Opened(Struct, frozen=True):
    """A file as its reviewer reads it, with the form as it stands."""

    ref: str
    file: str
    name: str | None
    state: State
    version: int
    comment: str
    total: float | None
    finished_at: datetime | None
    call_state: CycleState
    application_state: ApplicationState
    zone: str
    rate_by: datetime
    undo_minutes: int
    count: int
    mean: float | None
    spread: float | None
    motivation: str
    motivation_language: str
    use_after: str
    studied: Cells
    speaks: Cells
    did: Cells
    chosen: Cells
    scored: Cells
    said: Cells
    gave: Cells | None

    @property
    def documents(self) -> list[Given]:
        """Those that were checked; in a blind call none, for they have names in them."""
        return documents_in(self.gave or [])

    @property
    def is_open(self) -> bool:
        return is_read(self.call_state, self.application_state)

    @property
    def may_reopen(self) -> bool:
        """Whether its reader can take the finish back."""
        return may_reopen(Role.REVIEWER, self.finished_at, clock.now(), self.undo_minutes)

    @property
    def studies(self) -> list[call.Studied]:
        return call.studies(self.studied)

    @property
    def languages(self) -> list[call.Speaks]:
        return call.languages(self.speaks)

    @property
    def experience(self) -> list[call.Did]:
        return call.experience(self.did)

    @property
    def wishes(self) -> list[Wish]:
        return sorted(rows_as(Wish, self.chosen), key=lambda wish: wish.rank)

    @property
    def criteria(self) -> list[Scored]:
        return sorted(rows_as(Scored, self.scored), key=lambda criterion: criterion.place)

    @property
    def others(self) -> list[Others]:
        """In an order that says nothing of who they are."""
        return others(self.said)


def others(cells: Cells) -> list[Others]:
    """Reviews as gathered, one row for each criterion, in the order of their random references."""
    found: dict[str, Others] = {}
    for ref, total, comment, code, points in cells:
        found.setdefault(ref, Others(ref, total, comment, {})).points[code] = points
    return [found[ref] for ref in sorted(found)]


_CHOSEN = gathered(
    select(Choice.rank, TITLE, TITLE_LANGUAGE, Reserve.name, Choice.motivation)
    .join(Position, Position.id == Choice.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Choice.application_id == Application.id),
    of=Application,
)
_POINTS = (
    select(Score.points)
    .where(Score.criterion_id == Criterion.id, Score.review_id == Review.id)
    .correlate(Criterion, Review)
    .scalar_subquery()
)
_SCORED = gathered(
    select(
        Criterion.code, Criterion.place, Criterion.label, Criterion.weight, Criterion.scale_max, Criterion.anchors,
        _POINTS,
    ).where(Criterion.cycle_id == Cycle.id),
    of=(Cycle, Review),
)  # fmt: skip
_OTHER = aliased(Review)
_SAID = gathered(
    select(_OTHER.ref, _OTHER.total, _OTHER.comment, Criterion.code, Score.points)
    .join(Score, Score.review_id == _OTHER.id)
    .join(Criterion, Criterion.id == Score.criterion_id)
    .where(
        _OTHER.application_id == Review.application_id,
        _OTHER.id != Review.id,
        _OTHER.state == State.FINISHED,
        # Only after one's own: before, it is not there.
        Review.state == State.FINISHED,
    ),
    of=Review,
)


_READING = Review.state.in_([State.IN_PROGRESS, State.FINISHED])


def _after_own(column: Any) -> Case[Any]:
    return case((Review.state == State.FINISHED, column), else_=None)


OPENED = (
    select(
        Review.ref, Application.ref, NAME, Review.state, Review.version, Review.comment, Review.total,
        Review.finished_at, Cycle.state, Application.state, Cycle.zone, Cycle.rate_by, Cycle.undo_minutes,
        Application.review_count, _after_own(Application.review_mean), _after_own(Application.review_spread),
        Application.motivation, Application.motivation_language, Application.use_after,
        call.STUDIES, call.LANGUAGES, call.EXPERIENCE, _CHOSEN, _SCORED, _SAID,
        case((Cycle.blind, None), else_=call.DOCUMENTS),
    )
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(*MINE, _BY_REF, _READING)
)  # fmt: skip


async def opened(db: AsyncConnection, actor: Actor, ref: str) -> Opened | None:
    """A file whose reader has denied a tie; None before that, and after stepping aside.

    What others found is in it once the reader's own review can't be changed by that any more.
    """
    found = await one_or_none(Opened, db, OPENED, {"ref": ref, "spoken": speaking(), **actor.own})
    if found is None or not found.may_reopen:
        return found
    return structs.replace(found, said=[], mean=None, spread=None)


DOCUMENT = (
    select(*FILE)
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(Document, Document.application_id == Application.id)
    .where(*MINE, _BY_REF, _READING, Cycle.blind.is_(False), THIS, OPEN_TO_OTHERS)
)


async def document(db: AsyncConnection, actor: Actor, ref: str, document: str) -> File:
    """A document of a file that one reads, once a tie was denied."""
    return await one(File, db, DOCUMENT, {"ref": ref, "document": document, **actor.own})


CRITERIA = (
    select(_SCORED)
    .select_from(Review)
    .join(Application, Application.id == Review.application_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(visible_to(Role.REVIEWER), _BY_REF)
)


async def criteria(db: AsyncConnection, actor: Actor, ref: str) -> list[Scored]:
    """What the form of a file asks."""
    cells = (await db.execute(CRITERIA, {"ref": ref, **actor.own})).first()
    if cells is None:
        raise NotFound
    return sorted(rows_as(Scored, cells[0]), key=lambda criterion: criterion.place)
