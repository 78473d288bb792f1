"""Entries of a file: studies, languages, experience."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from internships.accounts.rules import Actor
from internships.applications import answers
from internships.applications.actions.opening import Opened, change, not_overtaken, opened, without
from internships.applications.models import Experience, LanguageSkill, Study
from internships.applications.rules import Section
from internships.core.faults import NotFound, Refused
from internships.core.i18n import lazy as _
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write


class AlreadyThere(Refused):
    """The same entry stands in the file."""

    words = _("You have added this language already. Change it instead.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of entries and how one of its rows is shown on its page."""

    table: type[Any]
    shown: Callable[[Any], dict[str, str]]


KINDS = {
    Section.STUDIES: Kind(Study, answers.study),
    Section.LANGUAGES: Kind(LanguageSkill, answers.language),
    Section.EXPERIENCE: Kind(Experience, answers.experience),
}


NEW = "new"
"""Stands for the reference of an entry that was begun and is not in the file yet."""


async def _beside(tx: Transaction, section: Section, file: Opened, ref: str) -> None:
    """What the file itself holds of its entries: their highest level of study, and what was left half done of one."""
    values = without(file, f"{section}/{ref}")
    if section == Section.STUDIES:
        highest = select(func.max(Study.isced_level)).where(Study.application_id == file.id)
        values["isced_level"] = highest.scalar_subquery()
    if values:
        await change(tx, file, **values)


async def add(actor: Actor, section: Section, told: Struct, *, once: str) -> None:
    """Add an entry; the same form sent twice adds it once.

    Raises:
        AlreadyThere: a language stands in the file already.
    """
    table = KINDS[section].table
    try:
        async with write() as tx:
            if not await tx.first_time(once):
                return
            file = await opened(tx, actor)
            await tx.execute(insert(table).values(application_id=file.id, ref=new_ref(), **asdict(told)))
            await _beside(tx, section, file, NEW)
    except IntegrityError as error:
        raise AlreadyThere(AlreadyThere.words) from error


async def edit(actor: Actor, section: Section, ref: str, told: Struct, *, seen: str) -> None:
    """Change an entry.

    Raises:
        AlreadyThere: another entry is the same language.
        NotFound: it is not in the person's file.
    """
    kind = KINDS[section]
    here = kind.table.ref == ref
    try:
        async with write() as tx:
            file = await opened(tx, actor)
            kept = (
                await tx.scalars(select(kind.table).where(here, kind.table.application_id == file.id))
            ).one_or_none()
            if kept is None:
                raise NotFound
            not_overtaken(seen, kind.shown(kept), kind.shown(told))
            await tx.execute(update(kind.table).where(here).values(**asdict(told)))
            await _beside(tx, section, file, ref)
    except IntegrityError as error:
        raise AlreadyThere(AlreadyThere.words) from error


async def remove(actor: Actor, section: Section, ref: str) -> bool:
    """Take an entry out; whether it was there. Removing it twice is the same as once."""
    table = KINDS[section].table
    async with write() as tx:
        file = await opened(tx, actor)
        gone = await tx.execute(
            delete(table).where(table.ref == ref, table.application_id == file.id).returning(table.id)
        )
        there = gone.first() is not None or f"{section}/{ref}" in file.begun
        if there:
            await _beside(tx, section, file, ref)
    return there
