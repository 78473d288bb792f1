"""The documents of a file: how each page lists them, and where the content of one is, for those who may open it."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.rules import Actor, Role
from internships.applications.documents import UNCHECKED, DocumentKind, DocumentState
from internships.applications.models import Application, Document
from internships.applications.queries.mine import Mine, file_in, of_mine, visible_to
from internships.core.db import one
from internships.core.faults import NotFound
from internships.core.files.kinds import Because, Media
from internships.core.files.store import Kept
from internships.core.gathered import gathered, rows_as


class Given(Struct, frozen=True):
    """A document as a page lists it."""

    ref: str
    kind: DocumentKind
    name: str
    media: Media
    given_size: int
    given_at: datetime
    state: DocumentState
    because: Because | None

    @property
    def is_unchecked(self) -> bool:
        return self.state in UNCHECKED

    @property
    def at(self) -> datetime:
        """Inside a list SQLite's instants are bare UTC."""
        return self.given_at if self.given_at.tzinfo else self.given_at.replace(tzinfo=UTC)


_OF_FILE = select(
    Document.ref, Document.kind, Document.name, Document.media, Document.given_size, Document.given_at, Document.state,
    Document.because,
).where(Document.application_id == Application.id)  # fmt: skip
DOCUMENTS = gathered(_OF_FILE, of=Application)
CLEAN = gathered(_OF_FILE.where(Document.state == DocumentState.CLEAN), of=Application)
"""What others than their giver and staff know of."""


def documents_in(cells: list[list[Any]]) -> list[Given]:
    """Gathered documents, kind by kind, the first given first."""
    kinds = list(DocumentKind)
    return sorted(rows_as(Given, cells), key=lambda each: (kinds.index(each.kind), each.given_at, each.ref))


_MINE: Select[Any] = of_mine(DOCUMENTS)


async def of_my_file(db: AsyncConnection, actor: Actor) -> tuple[Mine, list[Given]]:
    """The person's own file with its documents.

    Raises:
        NotFound: they have none.
    """
    row = (await db.execute(_MINE, actor.own)).first()
    if row is None:
        raise NotFound
    _, mine, (cells,) = file_in(tuple(row))
    if mine is None:
        raise NotFound
    return mine, documents_in(cells)


class File(Struct, frozen=True):
    """Where a document's content is, and how it is handed over."""

    key: str
    size: int
    sha256: str
    name: str
    media: Media

    @property
    def kept(self) -> Kept:
        return Kept(self.key, self.size, self.sha256)


FILE = (Document.key, Document.size, Document.sha256, Document.name, Document.media)
THIS = Document.ref == bindparam("document")
OPEN_TO_OTHERS = Document.state == DocumentState.CLEAN
_FILES = select(*FILE).join(Application, Application.id == Document.application_id)
_OWN = _FILES.where(THIS, visible_to(Role.APPLICANT), Document.state != DocumentState.REFUSED)
_FOR_STAFF = _FILES.where(THIS, visible_to(Role.STAFF), OPEN_TO_OTHERS, Application.ref == bindparam("file"))


async def my_file(db: AsyncConnection, actor: Actor, ref: str) -> File:
    """A document of one's own, also while it is being checked."""
    return await one(File, db, _OWN, {"document": ref, **actor.own})


async def file_for_staff(db: AsyncConnection, file: str, ref: str) -> File:
    """A checked document of an application that was sent."""
    return await one(File, db, _FOR_STAFF, {"document": ref, "file": file})
