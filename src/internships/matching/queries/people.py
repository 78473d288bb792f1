"""Whom staff mean: an application by its reference, or people of the call by parts of their name, in any order."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.applications.queries.listing import MOST_WORDS
from internships.applications.queries.mine import visible_to
from internships.core.db import every
from internships.core.i18n import speaking
from internships.core.ids import read_ref
from internships.core.text import folded
from internships.core.text import literal as as_written
from internships.cycles.queries import WORKED_ON
from internships.matching.models import MatchRun, Verdict
from internships.matching.queries.runs import NAMED

MOST = 10
"""So many people are asked back; where there are more, more of the name is needed."""
LONGEST = 200
"""So many characters of what was typed are looked at."""


class Meant(Struct, frozen=True):
    """Somebody who may be meant."""

    ref: str
    name: str


def is_ref(typed: str) -> bool:
    """Whether it is a reference as the site writes it, so that no name is looked for."""
    return len(typed) == 10 and read_ref(typed) == typed


def _words(typed: str) -> list[str]:
    words = folded(typed).split()[:MOST_WORDS]
    return words if len("".join(words)) > 1 else []


def fits(typed: str, ref: str, folded_name: str) -> bool:
    """Whether these may be meant; the same rule as that of the statement."""
    words = _words(typed)
    return read_ref(typed) == ref or (bool(words) and all(word in folded_name for word in words))


def ids(side: str = "", *among: ColumnElement[bool]) -> Select[int]:
    """The numbers of those who may be meant, one more than are asked back; `side` tells two questions apart.

    among: who is looked at, before there are enough.
    """
    patterns = [Application.folded_name.like(bindparam(f"{side}word{n}"), escape="\\") for n in range(MOST_WORDS)]
    named = and_(*patterns) | (Application.ref == bindparam(f"{side}ref"))
    here = (
        select(Application.id)
        .where(Application.cycle_id == WORKED_ON, visible_to(Role.STAFF), named, *among)
        .order_by(Application.folded_name, Application.id)
        .limit(MOST + 1)
        .subquery()
    )
    return select(here.c.id)


def asked(typed: str, side: str = "") -> dict[str, str]:
    """What `ids` is asked with. No name is empty, so nobody fits where no word is given."""
    patterns = [f"%{as_written(word)}%" for word in _words(typed)] or [""]
    patterns += ["%"] * (MOST_WORDS - len(patterns))
    return {f"{side}ref": read_ref(typed)} | {f"{side}word{n}": pattern for n, pattern in enumerate(patterns)}


class _Row(Struct, frozen=True):
    ref: str
    name: str
    folded_name: str


_named = NAMED.subquery()
_run = select(MatchRun.id).where(MatchRun.ref == bindparam("run")).scalar_subquery()
_in_the_run = exists().where(Verdict.run_id == _run, Verdict.application_id == Application.id).correlate(Application)
_BOTH = select(_named.c.ref, _named.c.full_name, literal("")).union_all(
    select(Application.ref, Person.full_name, Application.folded_name)
    .join(Person, Person.id == Application.person_id)
    .where(Application.id.in_(ids("", _in_the_run)))
)


async def names_and_meant(
    db: AsyncConnection, run: str, refs: Iterable[str], typed: str
) -> tuple[dict[str, str], list[Meant]]:
    """What people call these applications and positions; and who of a run may be meant, by name. One statement."""
    bound = {"run": run, "refs": sorted(set(refs)), "spoken": speaking(), **asked(typed)}
    rows = await every(_Row, db, _BOTH, bound)
    meant = sorted((row for row in rows if row.folded_name), key=lambda row: (row.folded_name, row.ref))
    return {row.ref: row.name for row in rows}, [Meant(row.ref, row.name) for row in meant]
