"""The call that is being read, and the parts of a file that every reader sees."""

from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.applications.models import Application, Experience, LanguageSkill, Study
from internships.applications.queries.documents import CLEAN
from internships.applications.rules import ExperienceKind
from internships.core.db import one_or_none
from internships.core.gathered import gathered, rows_as
from internships.cycles.models import Cycle
from internships.cycles.queries import COLUMNS, Call
from internships.cycles.rules import Level
from internships.reviews.rules import LOOKED_AT

CURRENT = select(func.max(Cycle.id)).where(Cycle.state.in_(sorted(LOOKED_AT))).correlate(None).scalar_subquery()
"""The newest call whose files are read, or were."""


CALL = select(*COLUMNS).where(Cycle.id == CURRENT)


async def current(db: AsyncConnection) -> Call | None:
    """The call that is being read; None when there is none yet."""
    return await one_or_none(Call, db, CALL)


STUDIES = gathered(
    select(
        Study.title, Study.institution, Study.country, Study.isced_field, Study.from_year, Study.to_year, Study.finished
    ).where(Study.application_id == Application.id),
    of=Application,
)
LANGUAGES = gathered(
    select(LanguageSkill.code, LanguageSkill.level).where(LanguageSkill.application_id == Application.id),
    of=Application,
)
EXPERIENCE = gathered(
    select(
        Experience.kind, Experience.title, Experience.organisation, Experience.country,
        Experience.from_year, Experience.to_year, Experience.text,
    ).where(Experience.application_id == Application.id),
    of=Application,
)  # fmt: skip
DOCUMENTS = CLEAN


class Studied(Struct, frozen=True):
    title: str
    institution: str
    country: str
    isced_field: str
    from_year: int
    to_year: int | None
    finished: bool


class Speaks(Struct, frozen=True):
    code: str
    level: Level


class Did(Struct, frozen=True):
    kind: ExperienceKind
    title: str
    organisation: str
    country: str | None
    from_year: int
    to_year: int | None
    text: str


Cells = list[list[Any]]


def studies(cells: Cells) -> list[Studied]:
    """The latest first."""
    return sorted(rows_as(Studied, cells), key=lambda study: (-study.from_year, study.title))


def languages(cells: Cells) -> list[Speaks]:
    """The best first."""
    return sorted(rows_as(Speaks, cells), key=lambda skill: (-skill.level.rank, skill.code))


def experience(cells: Cells) -> list[Did]:
    """The latest first."""
    return sorted(rows_as(Did, cells), key=lambda did: (-did.from_year, did.title))
