"""The list of applications: searched, filtered, sorted, and paged by key, so that its cost is that of one page."""

from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application, Choice
from internships.applications.queries.mine import visible_to
from internships.applications.queries.screening import A_PAGE, CURRENT
from internships.applications.rules import State
from internships.core.db import Instant, every
from internships.core.i18n import speaking
from internships.core.ids import read_ref
from internships.core.text import folded, literal
from internships.reserves.models import Position, Reserve
from internships.reserves.queries import SPOKEN, TITLE
from internships.reserves.rules import SHOWN_TO_ALL

MOST_WORDS = 5
"""So many words of a search are looked for; a name seldom has more."""


class Line(Struct, frozen=True):
    """A row of the list."""

    id: int
    ref: str
    full_name: str
    folded_name: str
    state: State
    nationality: str | None
    submitted_at: datetime
    review_count: int


class Wanted(Struct, frozen=True):
    """What is looked for; what is empty is not asked."""

    search: str = ""
    state: State | None = None
    countries: tuple[str, ...] = ()
    position: str = ""
    by_name: bool = False
    descending: bool = True
    after: tuple[str, int] | None = None

    @property
    def conditions(self) -> frozenset[str]:
        """The names of those that are asked; together with the order they choose the statement."""
        asked = {
            self._names: len(self.search) > 1, "state": self.state, "country": self.countries, "position": self.position,
            "after": self.after,
        }  # fmt: skip
        return frozenset(name for name, given in asked.items() if given)

    @property
    def bound(self) -> dict[str, Any]:
        """The values of those conditions."""
        values: dict[str, Any] = {
            self._names: {"ref": read_ref(self.search)}
            | {f"pattern{n}": f"%{literal(word)}%" for n, word in enumerate(self._words)},
            "state": {"in_state": self.state},
            "country": {"countries": list(self.countries)},
            "position": {"position": self.position},
            "after": self._after,
        }
        return {key: value for name in self.conditions for key, value in values[name].items()}

    @property
    def _words(self) -> list[str]:
        """Each has to be in the name, in whatever order they were typed."""
        return folded(self.search).split()[:MOST_WORDS]

    @property
    def _names(self) -> str:
        """The condition for so many words."""
        return f"names{len(self._words)}"

    @property
    def _after(self) -> dict[str, Any]:
        if self.after is None:
            return {}
        key, last = self.after
        return {"after": key if self.by_name else datetime.fromisoformat(key), "after_id": last}


def _named(words: int) -> ColumnElement[bool]:
    patterns = [Application.folded_name.like(bindparam(f"pattern{n}"), escape="\\") for n in range(words)]
    return and_(true(), *patterns) | (Application.ref == bindparam("ref", type_=String()))


_FOUND: dict[str, ColumnElement[bool]] = {
    **{f"names{words}": _named(words) for words in range(MOST_WORDS + 1)},
    "state": Application.state == bindparam("in_state", type_=Application.state.type),
    "country": Application.nationality.in_(bindparam("countries", expanding=True)),
    "position": Application.id.in_(
        select(Choice.application_id)
        .join(Position, Position.id == Choice.position_id)
        .where(Position.ref == bindparam("position"))
    ),
}


@cache
def _listing(conditions: frozenset[str], by_name: bool, descending: bool) -> Select[*tuple[Any, ...]]:
    """The statement for one set of conditions: only what is asked stands in it, so that an index can serve it."""
    key = Application.folded_name if by_name else Application.submitted_at
    place = tuple_(key, Application.id)
    after = tuple_(bindparam("after", type_=String() if by_name else Instant()), bindparam("after_id"))
    where = [_FOUND[name] for name in sorted(conditions - {"after"})]
    if "after" in conditions:
        where.append(place < after if descending else place > after)
    columns = (key.desc(), Application.id.desc()) if descending else (key, Application.id)
    found: Select[*tuple[Any, ...]] = (
        select(
            Application.id, Application.ref, Person.full_name, Application.folded_name, Application.state,
            Application.nationality, Application.submitted_at, Application.review_count,
        )
        .join(Person, Person.id == Application.person_id)
        .where(Application.cycle_id == CURRENT, visible_to(Role.STAFF), *where)
        .order_by(*columns)
        .limit(A_PAGE + 1)
    )  # fmt: skip
    return found


async def applications(db: AsyncConnection, wanted: Wanted) -> list[Line]:
    """Applications that were sent, one more than a page holds."""
    statement = _listing(wanted.conditions, wanted.by_name, wanted.descending)
    return await every(Line, db, statement, wanted.bound)


class Offered(Struct, frozen=True):
    """A position to filter by."""

    ref: str
    title: str | None
    reserve: str

    @property
    def named(self) -> str:
        """With where it is; a position without words is its reserve's."""
        return f"{self.reserve}: {self.title}" if self.title else self.reserve


_POSITIONS = (
    select(Position.ref, TITLE, Reserve.name)
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Position.cycle_id == CURRENT, Position.state.in_(SHOWN_TO_ALL))
    .order_by(func.lower(Reserve.name), Position.id)
)


async def positions(db: AsyncConnection) -> list[Offered]:
    """The positions of the call, by reserve, in the reader's language."""
    return await every(Offered, db, _POSITIONS, {SPOKEN.key: speaking()})
