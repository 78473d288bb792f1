"""The worker looks at every document that was given, and keeps store and rows together."""

from datetime import timedelta
from typing import Any, Final

import structlog
from msgspec import Struct
from sqlalchemy import bindparam, select, update

from internships.accounts.models import Person
from internships.accounts.rules import CLOCK
from internships.applications import letters
from internships.applications.actions.documents import to_check
from internships.applications.documents import DOCUMENT, UNCHECKED, DocumentKind, DocumentState, traced
from internships.applications.models import Application, Document
from internships.applications.queries.screening import Reader
from internships.applications.rules import EDITABLE, State
from internships.core import clock, history, outbox
from internships.core import jobs as work
from internships.core.db import every, read
from internships.core.files import clamav, looking, store
from internships.core.files.clamav import ScannerAway
from internships.core.files.kinds import Because, Media, NotTaken
from internships.core.files.store import Kept, Missing, StoreGone
from internships.core.jobs import Claimed, Handler
from internships.core.writing import Transaction, write

log = structlog.get_logger()

AGAIN: Final = timedelta(minutes=1)
"""After so long a file that could not be scanned, or fetched, is tried again."""
SETTLED: Final = timedelta(days=1)
"""A file in the store that no row speaks of for so long is nobody's."""
STUCK: Final = timedelta(hours=1)
MANY: Final = 10


class _Taken(Struct, frozen=True):
    media: Media
    key: str
    size: int
    sha256: str


async def check(job: Claimed) -> str:
    """Look at one content of a document; what was replaced or removed meanwhile is left alone."""
    ref, key = str(job.subject), str(job.payload["key"])
    taken = await _take_up(ref, key)
    if taken is None:
        return "It was replaced, removed or looked at before."
    try:
        content = await store.fetch(Kept(taken.key, taken.size, taken.sha256))
        if await clamav.is_infected(content):
            raise NotTaken(Because.INFECTED)
        cleaned = await store.keep(await looking.cleaned(content, taken.media))
    except (ScannerAway, StoreGone) as away:
        await _put_back(ref, key)
        return f"It waits: {type(away).__name__}."
    except Missing:
        await _refuse(ref, key, Because.LOST)
        return "Its content is gone."
    except NotTaken as refused:
        await _refuse(ref, key, refused.because)
        return f"Not taken: {refused.because}."
    if not await _pass(ref, key, cleaned):
        await store.drop(cleaned.key)
        return "It was replaced or removed meanwhile."
    await store.drop(key)
    return "It is clean."


def _this(ref: str, key: str, *states: DocumentState) -> Any:
    """The document while it still has the content that was looked at."""
    this = update(Document).where(Document.ref == ref, Document.key == key, Document.state.in_(states))
    return this.execution_options(synchronize_session=False)


async def _take_up(ref: str, key: str) -> _Taken | None:
    changed = _this(ref, key, *UNCHECKED).values(state=DOCUMENT["take_up"].to)
    async with write() as tx:
        found = changed.returning(Document.media, Document.key, Document.size, Document.sha256)
        row = (await tx.execute(found)).first()
    return _Taken(*row) if row else None


async def _put_back(ref: str, key: str) -> None:
    async with write() as tx:
        await tx.execute(_this(ref, key, DocumentState.CHECKING).values(state=DOCUMENT["put_back"].to))
        await work.later(tx, **_as_asked(to_check(ref, key)), at=clock.now() + AGAIN)


class _Owned(Struct, frozen=True):
    kind: DocumentKind
    file: str
    state: State
    person_id: int
    called: str
    full_name: str
    email: str
    locale: str


_OWNER = (
    select(
        Document.kind, Application.ref, Application.state, Person.id, Person.called, Person.full_name, Person.email,
        Person.locale,
    )
    .join(Application, Application.id == Document.application_id)
    .join(Person, Person.id == Application.person_id)
    .where(Document.ref == bindparam("document"))
)  # fmt: skip


async def _settle(tx: Transaction, verb: str, ref: str, key: str, values: dict[str, Any]) -> _Owned | None:
    """End the check of one content, with its row in the trace; None when it is not there any more."""
    move = DOCUMENT[verb]
    was = select(Document.state).where(Document.ref == ref).with_for_update()
    before = await tx.scalar(was)
    ended = _this(ref, key, *(DocumentState(state) for state in move.from_))
    done = await tx.execute(ended.values(state=move.to, checked_at=clock.now(), **values).returning(Document.id))
    if before is None or done.first() is None:
        return None
    owner = _Owned(*(await tx.execute(_OWNER, {"document": ref})).one())
    because = values.get("because")
    detail = {"document": owner.kind.value} | ({"because": because.value} if because else {})
    moved = traced(before), move.to
    await history.record(tx, CLOCK, f"document.{verb}", ref, file=owner.file, moved=moved, detail=detail)
    return owner


async def _pass(ref: str, key: str, cleaned: Kept) -> bool:
    async with write() as tx:
        kept = {"key": cleaned.key, "size": cleaned.size, "sha256": cleaned.sha256}
        return await _settle(tx, "pass", ref, key, kept) is not None


async def _refuse(ref: str, key: str, because: Because) -> None:
    """Forget the content; whoever can't see it on the list of tasks any more gets a letter."""
    async with write() as tx:
        owner = await _settle(tx, "refuse", ref, key, {"because": because})
        if owner and owner.state not in EDITABLE:
            reader = Reader(owner.person_id, owner.called or owner.full_name, owner.email, owner.locale)
            await outbox.post(tx, letters.document_refused(reader, owner.file, key))
    await store.drop(key)


class _Known(Struct, frozen=True):
    ref: str
    key: str


_ON_SHELF = select(Document.ref, Document.key).where(
    Document.key.startswith(bindparam("shelf")), Document.state != DocumentState.REFUSED
)
_STILL = select(Document.ref, Document.key).where(
    Document.key == bindparam("key"), Document.state != DocumentState.REFUSED
)
_STUCK = select(Document.ref, Document.key).where(
    Document.state.in_(UNCHECKED), Document.given_at < bindparam("before", type_=Document.given_at.type)
)


async def sweep(job: Claimed) -> str:
    """Files that no row speaks of are removed; a document without its file is said so; a lost check is asked for again."""
    lost: list[_Known] = []
    dropped, count = 0, 0
    for number, shelf in enumerate(store.SHELVES):
        # Rows first: whatever a row speaks of was in the store before.
        async with read() as db:
            known = await every(_Known, db, _ON_SHELF, {"shelf": f"{shelf}/"})
        found = await store.on_shelf(shelf)
        count += len(known)
        lost += [each for each in known if each.key not in found]
        orphans = found.keys() - {each.key for each in known}
        dropped += await _drop_orphans({key for key in orphans if found[key] < clock.now() - SETTLED})
        if number % 32 == 0 and not await job.progress(number * 100 // len(store.SHELVES)):
            return "It was cancelled."
    if len(lost) > MANY and len(lost) * 2 > count:
        # Rather another folder or bucket than so many losses: nothing is done that could not be undone.
        log.error("most documents are not in the store; is INTERNSHIPS_FILES right?", missing=len(lost), of=count)
        return f"{len(lost)} of {count} documents are not in the store; nothing was changed."
    for each in lost:
        await _look_again(each)
    again = await _ask_again()
    return f"{dropped} orphans removed, {len(lost)} documents without a file, {again} checks asked for again."


async def _drop_orphans(keys: set[str]) -> int:
    """Once more against the rows, one by one: there are few."""
    dropped = 0
    for key in keys:
        async with read() as db:
            spoken_of = await every(_Known, db, _STILL, {"key": key})
        if not spoken_of:
            await store.drop(key)
            dropped += 1
    return dropped


async def _look_again(known: _Known) -> None:
    """It may have been replaced while the shelf was read."""
    async with read() as db:
        row = await every(_Known, db, _STILL, {"key": known.key})
    if not row or await store.is_there(known.key):
        return
    log.error("a document has lost its file", document=known.ref)
    await _refuse_lost(known)


async def _refuse_lost(known: _Known) -> None:
    await _take_up(known.ref, known.key)
    await _refuse(known.ref, known.key, Because.LOST)


async def _ask_again() -> int:
    async with read() as db:
        stuck = await every(_Known, db, _STUCK, {"before": clock.now() - STUCK})
    async with write() as tx:
        for each in stuck:
            await work.later(tx, **_as_asked(to_check(each.ref, each.key)))
    return len(stuck)


def _as_asked(job: dict[str, Any]) -> dict[str, Any]:
    return {name: job[name] for name in ("kind", "subject", "why", "key", "payload")}


async def look_after() -> None:
    """Once a day: ask for the sweeping; whichever worker is free does it."""
    now = clock.now()
    if now.hour != 3 or now.minute:
        return
    async with write() as tx:
        await work.later(tx, "documents.sweep", key="documents.sweep", why="Store and rows are held together each day.")


JOBS: dict[str, Handler] = {"documents.check": check, "documents.sweep": sweep}
