"""Giving documents in tests, and what is kept of them."""

from typing import Any

import httpx
from sqlalchemy import select

from internships import worker
from internships.applications.models import Document
from internships.core.db import read
from internships.core.files import store
from internships.core.models import History
from tests.papers import a_pdf
from tests.visitor import Visitor

PDF = "application/pdf"
GIVE = "/application/documents"


async def give(
    somebody: Visitor, content: bytes | None = None, name: str = "cv.pdf", declared: str = PDF, kind: str = "cv"
) -> httpx.Response:
    """Send one file as a browser does."""
    sent = {kind: (name, a_pdf() if content is None else content, declared)}
    return await somebody.post(f"{GIVE}?kind={kind}", files=sent)


async def work() -> None:
    """Whatever the worker has to do now."""
    while await worker.once():
        pass


async def kept() -> list[Any]:
    """The rows of documents."""
    async with read() as db:
        return list((await db.execute(select(Document).order_by(Document.id))).all())


async def in_store() -> set[str]:
    """The keys of all files, on those shelves that hold any."""
    return {key for shelf in store.SHELVES for key in await store.on_shelf(shelf)}


async def traced() -> list[tuple[str, str | None, str | None]]:
    """What the trace has of documents."""
    asked = select(History.what, History.from_state, History.to_state).where(History.what.like("document.%"))
    async with read() as db:
        return [tuple(row) for row in (await db.execute(asked.order_by(History.id))).all()]
