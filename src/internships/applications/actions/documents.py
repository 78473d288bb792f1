"""Giving, replacing and removing documents; the content is in the store before, and the worker looks at it afterwards."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, case, delete, func, insert, select, update

from internships.accounts.rules import Actor
from internships.applications.actions.opening import Opened, opened
from internships.applications.document_words import TOO_MANY, TOO_MANY_OF_KIND
from internships.applications.documents import DOCUMENT, Asked, DocumentKind, DocumentState, traced
from internships.applications.models import Document
from internships.core import clock, history, jobs
from internships.core.faults import NotFound, Refused
from internships.core.files import store
from internships.core.files.kinds import MOST_BYTES_IN_ALL, MOST_FILES, Media
from internships.core.files.store import Kept
from internships.core.i18n import Lazy
from internships.core.ids import new_ref
from internships.core.writing import Transaction, write


class NoRoom(Refused):
    """The file has as many documents as it takes."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(words)
        self.words = words


class Handed(Struct, frozen=True):
    """What somebody sent, and where it is kept already."""

    name: str
    media: Media
    kept: Kept

    def as_received(self, now: datetime) -> dict[str, Any]:
        """The columns of a document that nobody has looked at yet."""
        return {
            "name": self.name, "media": self.media, "given_size": self.kept.size, "given_sha256": self.kept.sha256,
            "key": self.kept.key, "size": self.kept.size, "sha256": self.kept.sha256, "state": DocumentState.RECEIVED,
            "because": None, "given_at": now, "checked_at": None,
        }  # fmt: skip


_OF_FILE = Document.application_id == bindparam("file")
_SAME = case((Document.given_sha256 == bindparam("sent"), 1), else_=0)
_ROOM = select(
    func.count(),
    func.coalesce(func.sum(Document.given_size), 0),
    func.coalesce(func.sum(case((Document.kind == bindparam("of_kind", type_=Document.kind.type), 1), else_=0)), 0),
    func.coalesce(
        func.sum(
            case(
                (
                    (Document.kind == bindparam("of_kind", type_=Document.kind.type))
                    & (Document.state != DocumentState.REFUSED),
                    _SAME,
                ),
                else_=0,
            )
        ),
        0,
    ),
).where(_OF_FILE)


async def give(actor: Actor, asked: Asked, handed: Handed) -> None:
    """Add a document; the same file sent twice, also at the same time, is there once.

    Raises:
        Closed: the file can't be changed any more.
        NoRoom: there are as many, or as large ones, as it takes.
    """
    async with write() as tx:
        file = await opened(tx, actor)
        bound = {"file": file.id, "sent": handed.kept.sha256, "of_kind": asked.kind}
        count, size, of_kind, same = (await tx.execute(_ROOM, bound)).one()
        if not same:
            if of_kind >= asked.most:
                raise NoRoom(TOO_MANY_OF_KIND)
            if count >= MOST_FILES or size + handed.kept.size > MOST_BYTES_IN_ALL:
                raise NoRoom(TOO_MANY)
            ref = new_ref()
            values = {"ref": ref, "application_id": file.id, "kind": asked.kind}
            await tx.execute(insert(Document).values(**values, **handed.as_received(clock.now())))
            await _note(tx, actor, file, "give", ref, asked.kind, moved=(None, DocumentState.RECEIVED))
            await jobs.later_all(tx, [to_check(ref, handed.kept.key)])
    if same:
        await store.drop(handed.kept.key)


def to_check(ref: str, key: str) -> dict[str, Any]:
    """The job that looks at one content of a document."""
    why = "Every file that is given is looked at before others may open it."
    return jobs.planned("documents.check", subject=ref, why=why, key=f"documents.check:{key}", payload={"key": key})


class _Standing(Struct, frozen=True):
    id: int
    kind: DocumentKind
    state: DocumentState
    key: str
    given_sha256: str


_STANDS = select(Document.id, Document.kind, Document.state, Document.key, Document.given_sha256).where(
    Document.ref == bindparam("document"), _OF_FILE
)


async def replace(actor: Actor, ref: str, handed: Handed) -> None:
    """Put another file in the place of one; the same one again changes nothing.

    Raises:
        Closed: the file can't be changed any more.
        NotFound: the person has no such document, or has removed it.
    """
    async with write() as tx:
        file = await opened(tx, actor)
        row = (await tx.execute(_STANDS, {"document": ref, "file": file.id})).first()
        if row is None:
            raise NotFound
        old = _Standing(*row)
        is_same = old.given_sha256 == handed.kept.sha256 and old.state != DocumentState.REFUSED
        if not is_same:
            DOCUMENT.move("replace", actor.role, old.state)
            changed = update(Document).where(Document.id == old.id).values(**handed.as_received(clock.now()))
            await tx.execute(changed.execution_options(synchronize_session=False))
            moved = traced(old.state), DocumentState.RECEIVED
            await _note(tx, actor, file, "replace", ref, old.kind, moved=moved)
            await jobs.later_all(tx, [to_check(ref, handed.kept.key)])
    await store.drop(handed.kept.key if is_same else old.key)


async def remove(actor: Actor, ref: str) -> bool:
    """Take a document out; whether it was there. Removing it twice is the same as once."""
    async with write() as tx:
        file = await opened(tx, actor)
        gone = delete(Document).where(Document.ref == ref, Document.application_id == file.id)
        row = (await tx.execute(gone.returning(Document.key, Document.kind))).first()
        if row is None:
            return False
        await _note(tx, actor, file, "remove", ref, row.kind)
    await store.drop(row.key)
    return True


async def _note(
    tx: Transaction,
    actor: Actor,
    file: Opened,
    verb: str,
    ref: str,
    kind: DocumentKind,
    moved: tuple[str | None, str] | None = None,
) -> None:
    """The trace says which kind of document, not what it is called: names of files tell on people."""
    detail = {"document": kind.value}
    await history.record(tx, actor, f"document.{verb}", ref, file=file.ref, moved=moved, detail=detail)
