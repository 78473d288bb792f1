"""The answers of a run: of one person, at one position, and pages of both."""

from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, Integer, Select, String, and_, bindparam, case, exists, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.applications.models import Application
from internships.core.db import every
from internships.core.faults import NotFound
from internships.core.i18n import speaking
from internships.matching.answers import PLACED, WAITS
from internships.matching.models import Verdict
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import TITLE

RUN: BindParameter[int] = bindparam("run")
REF: BindParameter[str] = bindparam("ref")
PAGE = 25


class Answer(Struct, frozen=True):
    """The answer to one choice of one person."""

    application: str
    name: str
    position: str
    title: str
    reserve: str
    rank: int
    kind: str
    detail: dict[str, Any]
    place: int | None

    @property
    def is_placed(self) -> bool:
        return self.kind in PLACED

    @property
    def waits(self) -> bool:
        return self.kind in WAITS and self.place is not None


_ANSWERS = (
    select(
        Application.ref, Person.full_name, Position.ref, TITLE, Reserve.name,
        Verdict.rank, Verdict.kind, Verdict.detail, Verdict.place,
    )
    .join(Application, Application.id == Verdict.application_id)
    .join(Person, Person.id == Application.person_id)
    .join(Position, Position.id == Verdict.position_id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Verdict.run_id == RUN)
)  # fmt: skip
_OF_PERSON = _ANSWERS.where(Application.ref == REF).order_by(Verdict.rank)
_AT_POSITION = _ANSWERS.where(Position.ref == REF).order_by(
    Verdict.place.is_(None), Verdict.place, Verdict.rank, Application.folded_name
)
_ALL = _ANSWERS.order_by(Application.folded_name, Application.id, Verdict.rank)


async def of_person(db: AsyncConnection, run_id: int, application: str) -> list[Answer]:
    """All answers to one person, by rank.

    Raises:
        NotFound: the run has none for them.
    """
    return _some(await every(Answer, db, _OF_PERSON, {"run": run_id, "ref": application, "spoken": speaking()}))


async def at_position(db: AsyncConnection, run_id: int, position: str) -> list[Answer]:
    """Everybody who chose a position: in its order, then those who are not in it.

    Raises:
        NotFound: nobody did, or there is no such position.
    """
    return _some(await every(Answer, db, _AT_POSITION, {"run": run_id, "ref": position, "spoken": speaking()}))


def _some(found: list[Answer]) -> list[Answer]:
    if not found:
        raise NotFound
    return found


async def all_of(db: AsyncConnection, run_id: int) -> list[Answer]:
    """Every answer of a small run, for the picture."""
    return await every(Answer, db, _ALL, {"run": run_id, "spoken": speaking()})


_of_theirs = aliased(Verdict)
_HAS_PLACE = exists(
    select(_of_theirs.id).where(
        _of_theirs.run_id == RUN, _of_theirs.application_id == Application.id, _of_theirs.kind.in_(PLACED)
    )
)


def _people(*where: Any) -> Select[Any]:
    """A page of people by name, with all their answers."""
    theirs = exists(select(_of_theirs.id).where(_of_theirs.run_id == RUN, _of_theirs.application_id == Application.id))
    place = tuple_(Application.folded_name, Application.ref)
    after = place > tuple_(bindparam("after", type_=String()), bindparam("after_ref", type_=String()))
    page = (
        select(Application.id)
        .where(theirs, after, *where)
        .order_by(Application.folded_name, Application.ref)
        .limit(PAGE + 1)
        .subquery()
    )
    asked = _ANSWERS.add_columns(Application.folded_name).join(page, page.c.id == Application.id)
    return asked.order_by(Application.folded_name, Application.ref, Verdict.rank)


class PersonLine(Struct, frozen=True):
    """A person of a run with all answers."""

    ref: str
    name: str
    folded: str
    answers: list[Answer]

    @property
    def placed(self) -> Answer | None:
        return next((answer for answer in self.answers if answer.is_placed), None)


_EVERYBODY, _WITHOUT = _people(true()), _people(~_HAS_PLACE)


async def people(
    db: AsyncConnection, run_id: int, *, without_place: bool, after: str = "", after_ref: str = ""
) -> tuple[list[PersonLine], bool]:
    """A page of the people of a run, by name, and whether there are more."""
    bound = {"run": run_id, "after": after, "after_ref": after_ref, "spoken": speaking()}
    rows = (await db.execute(_WITHOUT if without_place else _EVERYBODY, bound)).all()
    found: dict[str, PersonLine] = {}
    for *cells, folded in rows:
        answer = Answer(*cells)
        line = found.setdefault(answer.application, PersonLine(answer.application, answer.name, folded, []))
        line.answers.append(answer)
    return list(found.values())[:PAGE], len(found) > PAGE


class PositionLine(Struct, frozen=True):
    """A position of a run in numbers."""

    ref: str
    title: str
    reserve: str
    asked: int
    placed: int
    first_choice: int
    waiting: int
    elsewhere: int


def _counted(*where: Any) -> Any:
    return func.coalesce(func.sum(case((and_(*where), 1), else_=0)), 0).cast(Integer)


_numbers = (
    select(
        Verdict.position_id,
        func.count().label("asked"),
        _counted(Verdict.kind.in_(PLACED)).label("placed"),
        _counted(Verdict.kind.in_(PLACED), Verdict.rank == 1).label("first_choice"),
        _counted(Verdict.kind.in_(WAITS), Verdict.place.is_not(None)).label("waiting"),
        _counted(Verdict.kind == "preferred").label("elsewhere"),
    )
    .where(Verdict.run_id == RUN)
    .group_by(Verdict.position_id)
    .subquery()
)
_POSITIONS = (
    select(
        Position.ref, TITLE, Reserve.name,
        _numbers.c.asked, _numbers.c.placed, _numbers.c.first_choice, _numbers.c.waiting, _numbers.c.elsewhere,
    )
    .join(_numbers, _numbers.c.position_id == Position.id)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .order_by(Reserve.folded_name, Position.folded_title, Position.id)
)  # fmt: skip


async def positions(db: AsyncConnection, run_id: int) -> list[PositionLine]:
    """The positions of a run that anybody chose."""
    return await every(PositionLine, db, _POSITIONS, {"run": run_id, "spoken": speaking()})
