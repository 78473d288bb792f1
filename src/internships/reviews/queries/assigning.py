"""What staff see of reviews: who reads how much, which files lack readers, and each file's reviews."""

from collections import Counter
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ScalarSelect, Select, and_, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from internships.accounts.models import Membership, Person
from internships.accounts.queries import IS_LIVE
from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.applications.rules import State as ApplicationState
from internships.core import clock
from internships.core.db import every, one, one_or_none
from internships.core.gathered import gathered, rows_as
from internships.cycles.models import Cycle
from internships.cycles.rules import State as CycleState
from internships.reviews.models import Conflict, Review
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.rules import READ, State
from internships.reviews.sharing import File, Plan, shared_out

PAGE = 50

_IN_CALL = and_(Application.id == Review.application_id, Application.cycle_id == call.CURRENT)
_IS_REVIEWER = exists().where(Membership.person_id == Person.id, Membership.role == Role.REVIEWER, IS_LIVE)


def _how_many(*states: State) -> ScalarSelect[int]:
    counted = select(func.count(Review.id)).join(Application, _IN_CALL)
    return counted.where(Review.person_id == Person.id, Review.state.in_(states)).correlate(Person).scalar_subquery()


_TIES = (
    select(func.count(Conflict.id))
    .join(Application, and_(Application.id == Conflict.application_id, Application.cycle_id == call.CURRENT))
    .where(Conflict.person_id == Person.id, Conflict.has_tie)
    .correlate(Person)
    .scalar_subquery()
)
_LIVE = State.ASSIGNED, State.IN_PROGRESS, State.FINISHED


class Reader(Struct, frozen=True):
    """A reviewer with their load in this call."""

    ref: str
    name: str
    load: int
    not_opened: int
    started: int
    finished: int
    ties: int


_READER = select(
    Person.ref, Person.full_name, _how_many(*_LIVE), _how_many(State.ASSIGNED), _how_many(State.IN_PROGRESS),
    _how_many(State.FINISHED), _TIES,
).where(_IS_REVIEWER, Person.disabled_at.is_(None))  # fmt: skip
READERS = _READER.order_by(Person.folded_name, Person.id)


class Desk(Struct, frozen=True):
    """The call that is being read, and its readers."""

    state: CycleState
    zone: str
    rate_by: datetime
    min_reviews: int
    reviewers: Cells

    @property
    def is_read(self) -> bool:
        return self.state in READ

    @property
    def readers(self) -> list[Reader]:
        return sorted(rows_as(Reader, self.reviewers), key=lambda reader: (-reader.load, reader.name))


DESK = select(Cycle.state, Cycle.zone, Cycle.rate_by, Cycle.min_reviews, gathered(_READER, of=Cycle)).where(
    Cycle.id == call.CURRENT
)


async def desk(db: AsyncConnection) -> Desk | None:
    """The call with everybody who reviews; None when there is no call to read."""
    return await one_or_none(Desk, db, DESK, {"now": clock.now()})


async def readers(db: AsyncConnection) -> list[Reader]:
    """Everybody who reviews, with how much they have."""
    return await every(Reader, db, READERS, {"now": clock.now()})


def _reviews(*states: State) -> ScalarSelect[int]:
    counted = select(func.count(Review.id)).where(Review.application_id == Application.id, Review.state.in_(states))
    return counted.correlate(Application).scalar_subquery()


class Unread(Struct, frozen=True):
    """A file with how many readers it has."""

    id: int
    ref: str
    name: str
    readers: int
    wanted: int
    finished: int
    mean: float | None
    spread: float | None


FILES = (
    select(
        Application.id, Application.ref, Person.full_name, _reviews(*_LIVE), Cycle.min_reviews,
        Application.review_count, Application.review_mean, Application.review_spread,
    )
    .select_from(Application)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(
        Application.cycle_id == call.CURRENT,
        Application.state == ApplicationState.ELIGIBLE,
        Application.id > bindparam("after"),
    )
    .order_by(Application.id)
    .limit(PAGE + 1)
)  # fmt: skip
LACKING = FILES.where(_reviews(*_LIVE) < Cycle.min_reviews)


async def files(db: AsyncConnection, *, only_lacking: bool, after: int) -> list[Unread]:
    """One page of files, and one more when there is a next page."""
    return await every(Unread, db, LACKING if only_lacking else FILES, {"after": after})


class ToShare(Struct, frozen=True):
    """A file for the plan."""

    id: int
    ref: str
    name: str
    wanted: int
    reviews: Cells
    ties: Cells

    def as_file(self) -> File:
        has = sum(1 for _, state in self.reviews if state != State.RECUSED)
        return File(self.id, has, frozenset(person for person, *_ in (*self.reviews, *self.ties)))


class Sharer(Struct, frozen=True):
    """A reviewer for the plan, and for the letter."""

    id: int
    ref: str
    name: str
    email: str
    locale: str
    zone: str
    load: int


TO_SHARE = (
    select(
        Application.id, Application.ref, Person.full_name, Cycle.min_reviews,
        gathered(
            select(Review.person_id, Review.state).where(Review.application_id == Application.id), of=Application
        ),
        gathered(
            select(Conflict.person_id).where(Conflict.application_id == Application.id, Conflict.has_tie),
            of=Application,
        ),
    )
    .select_from(Application)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(Application.cycle_id == call.CURRENT, Application.state == ApplicationState.ELIGIBLE)
)  # fmt: skip
SHARERS = (
    select(Person.id, Person.ref, Person.full_name, Person.email, Person.locale, Person.zone, _how_many(*_LIVE))
    .where(_IS_REVIEWER, Person.disabled_at.is_(None))
    .order_by(Person.folded_name, Person.id)
)


class Shared(Struct, frozen=True):
    """A plan with the names that belong to it."""

    plan: Plan
    files: dict[int, ToShare]
    readers: dict[int, Sharer]

    @property
    def given(self) -> Counter[int]:
        """How many files each reader gets."""
        return Counter(reader for _file, reader in self.plan.pairs)


async def shared(db: AsyncConnection | AsyncSession, reader_refs: list[str], file_refs: list[str], each: int) -> Shared:
    """Who would get what. No files: all that lack readers; no readers: everybody who reviews."""
    wanted: Select[*tuple[Any, ...]] = (
        TO_SHARE.where(Application.ref.in_(file_refs)) if file_refs else TO_SHARE.where(_reviews(*_LIVE) < each)
    )
    asked: Select[*tuple[Any, ...]] = SHARERS.where(Person.ref.in_(reader_refs)) if reader_refs else SHARERS
    found = {file.id: file for file in (ToShare(*row) for row in (await db.execute(wanted)).all())}
    people = {one.id: one for one in (Sharer(*row) for row in (await db.execute(asked, {"now": clock.now()})).all())}
    plan = shared_out(
        [file.as_file() for file in found.values()], {each.id: each.load for each in people.values()}, each
    )
    return Shared(plan, found, people)


class Reviewed(Struct, frozen=True):
    """One review of a file, as staff see it."""

    ref: str
    reviewer: str
    state: State
    total: float | None
    comment: str
    tie: str | None


class FileReviews(Struct, frozen=True):
    """A file with all its reviews."""

    ref: str
    name: str
    state: ApplicationState
    wanted: int
    count: int
    mean: float | None
    spread: float | None
    written: Cells

    @property
    def live(self) -> int:
        """How many read it or have read it."""
        return sum(1 for review in self.reviews if review.state != State.RECUSED)

    @property
    def reviews(self) -> list[Reviewed]:
        return sorted(rows_as(Reviewed, self.written), key=lambda review: review.reviewer)


_REVIEWER = select(Person.full_name).where(Person.id == Review.person_id).correlate(Review).scalar_subquery()
_TIE = (
    select(Conflict.text)
    .where(Conflict.person_id == Review.person_id, Conflict.application_id == Review.application_id, Conflict.has_tie)
    .correlate(Review)
    .scalar_subquery()
)
FILE = (
    select(
        Application.ref, Person.full_name, Application.state, Cycle.min_reviews, Application.review_count,
        Application.review_mean, Application.review_spread,
        gathered(
            select(Review.ref, _REVIEWER, Review.state, Review.total, Review.comment, _TIE).where(
                Review.application_id == Application.id
            ),
            of=Application,
        ),
    )
    .select_from(Application)
    .join(Person, Person.id == Application.person_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .where(Application.ref == bindparam("ref"))
)  # fmt: skip


async def file_reviews(db: AsyncConnection, ref: str) -> FileReviews:
    """A file with all its reviews."""
    return await one(FileReviews, db, FILE, {"ref": ref})
