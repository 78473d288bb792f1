"""What a host can see of candidates: names first, content once a tie was denied."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Case, Select, and_, bindparam, case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice, Document
from internships.applications.queries.documents import FILE, OPEN_TO_OTHERS, THIS, File, Given, documents_in
from internships.applications.rules import ChoiceState
from internships.core.db import every, one
from internships.core.i18n import speaking
from internships.cycles.models import Cycle
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reviews.models import Conflict, Rating
from internships.reviews.queries import call
from internships.reviews.queries.call import Cells
from internships.reviews.queries.positions import MINE, MY_WORD, PLACE_COLUMNS, STANDS, Place


class Candidate(Struct, frozen=True):
    """A line of the table of candidates; what follows `has_tie` is there only once a tie was denied."""

    ref: str
    name: str
    has_tie: bool | None
    """None: nothing was said of a tie yet."""
    state: ChoiceState | None
    version: int
    tier: int | None
    reason: str | None
    mean: float | None
    spread: float | None
    studied: Cells | None
    speaks: Cells | None

    @property
    def is_read(self) -> bool:
        return self.has_tie is False

    @property
    def answer(self) -> str:
        """As the form sends it."""
        return str(self.tier) if self.tier else "no" if self.state == ChoiceState.NOT_ACCEPTABLE else ""

    @property
    def studies(self) -> list[call.Studied]:
        return call.studies(self.studied or [])

    @property
    def languages(self) -> list[call.Speaks]:
        return call.languages(self.speaks or [])


def _untied(column: Any) -> Case[Any]:
    """Content comes after the word that there is no tie; before that, it is not there."""
    return case((Conflict.has_tie.is_(False), column), else_=None)


_REVIEWED = and_(Application.review_count > 0, Application.review_count >= Cycle.min_reviews)


def _once_in(column: Any) -> Case[Any]:
    """What reviewers found, when as many have read the file as the call wants."""
    return case((and_(Conflict.has_tie.is_(False), _REVIEWED), column), else_=None)


def _of_candidates(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Choice)
        .join(Position, Position.id == Choice.position_id)
        .join(Reserve, Reserve.id == Position.reserve_id)
        .join(Application, Application.id == Choice.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .outerjoin(Conflict, MY_WORD)
        .outerjoin(Rating, Rating.choice_id == Choice.id)
        .where(MINE, STANDS)
    )


CANDIDATES = (
    _of_candidates(
        Choice.ref, Person.full_name, Conflict.has_tie, _untied(Choice.state), Choice.version, _untied(Rating.tier),
        _untied(Rating.reason), _once_in(Application.review_mean), _once_in(Application.review_spread),
        _untied(call.STUDIES), _untied(call.LANGUAGES),
    )
    .where(Position.ref == bindparam("ref"))
    .order_by(Person.folded_name, Choice.id)
)  # fmt: skip


async def candidates(db: AsyncConnection, actor: Actor, ref: str) -> list[Candidate]:
    """Everybody who wishes for a position of mine and was admitted, by name."""
    return await every(Candidate, db, CANDIDATES, {"ref": ref, **actor.own})


class Known(Struct, frozen=True):
    """A candidate before the content: the name, the position, and what was said of a tie."""

    ref: str
    name: str
    has_tie: bool | None
    words: str | None
    position: str
    title: str
    language: str


KNOWN = _of_candidates(
    Choice.ref, Person.full_name, Conflict.has_tie, Conflict.text, Position.ref, TITLE, TITLE_LANGUAGE
).where(Choice.ref == bindparam("ref"))


async def known(db: AsyncConnection, actor: Actor, ref: str) -> Known:
    """A candidate, by name only."""
    return await one(Known, db, KNOWN, {"ref": ref, "spoken": speaking(), **actor.own})


class Read(Struct, frozen=True):
    """A candidate as the host reads them: this wish alone, neither its rank nor any other."""

    place: Place
    ref: str
    name: str
    called: str
    residence: str | None
    state: ChoiceState
    version: int
    wish: str
    motivation: str
    motivation_language: str
    use_after: str
    tier: int | None
    reason: str | None
    note: str | None
    mean: float | None
    spread: float | None
    studied: Cells
    speaks: Cells
    did: Cells
    gave: Cells

    @property
    def documents(self) -> list[Given]:
        """Those that were checked."""
        return documents_in(self.gave)

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
    def answer(self) -> str:
        """As the form sends it."""
        return str(self.tier) if self.tier else "no" if self.state == ChoiceState.NOT_ACCEPTABLE else ""


READ_ONE = _of_candidates(
    *PLACE_COLUMNS, Choice.ref, Person.full_name, Person.called, Application.residence, Choice.state, Choice.version,
    Choice.motivation, Application.motivation, Application.motivation_language, Application.use_after,
    Rating.tier, Rating.reason, Rating.note, _once_in(Application.review_mean), _once_in(Application.review_spread),
    call.STUDIES, call.LANGUAGES, call.EXPERIENCE, call.DOCUMENTS,
).where(Choice.ref == bindparam("ref"), Conflict.has_tie.is_(False))  # fmt: skip


async def read_one(db: AsyncConnection, actor: Actor, ref: str) -> Read | None:
    """A candidate with whom there is no tie; None before that was said, and after a tie was."""
    row = (await db.execute(READ_ONE, {"ref": ref, "spoken": speaking(), **actor.own})).first()
    return None if row is None else Read(Place(*row[: len(PLACE_COLUMNS)]), *row[len(PLACE_COLUMNS) :])


DOCUMENT = (
    _of_candidates(*FILE)
    .join(Document, Document.application_id == Application.id)
    .where(Choice.ref == bindparam("ref"), Conflict.has_tie.is_(False), THIS, OPEN_TO_OTHERS)
)


async def document(db: AsyncConnection, actor: Actor, ref: str, document: str) -> File:
    """A document of a candidate with whom there is no tie."""
    return await one(File, db, DOCUMENT, {"ref": ref, "document": document, **actor.own})


_UNJUDGED = [ChoiceState.WAITING, ChoiceState.SHORTLISTED]
_LEFT = aliased(Choice)
_TO_JUDGE = (
    select(Choice.ref)
    .join(Application, Application.id == Choice.application_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Conflict, MY_WORD)
    .where(
        STANDS,
        Choice.position_id == _LEFT.position_id,
        Choice.id != _LEFT.id,
        Choice.state.in_(_UNJUDGED),
        or_(Conflict.id.is_(None), Conflict.has_tie.is_(False)),
    )
    .order_by(Person.folded_name, Choice.id)
    .limit(1)
    .correlate(_LEFT)
    .scalar_subquery()
)
NEXT = (
    select(Position.ref, _TO_JUDGE)
    .join(_LEFT, _LEFT.position_id == Position.id)
    .where(MINE, _LEFT.ref == bindparam("ref"))
)


class Onward(Struct, frozen=True):
    """Where to go from a candidate: the position, and who is to be judged next."""

    position: str
    candidate: str | None


async def next_candidate(db: AsyncConnection, actor: Actor, ref: str) -> Onward:
    """The next one to judge for the same position."""
    return await one(Onward, db, NEXT, {"ref": ref, **actor.own})
