"""What the worker does with documents: looks at each, once, however often it dies; and keeps store and rows together."""

import asyncio
import os
import re
import signal
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from internships import worker
from internships.applications.jobs import documents
from internships.applications.models import Application, Document
from internships.applications.rules import State
from internships.core import clock as now
from internships.core import jobs
from internships.core.db import read
from internships.core.files import store
from internships.core.models import Job, JobState
from internships.core.places import HOME
from internships.core.writing import write
from tests.applications.giving import GIVE, give, in_store, kept, traced, work
from tests.papers import a_pdf, laid_open, lively
from tests.scanner import scanner

__all__ = ["scanner"]


async def test_a_good_file_becomes_clean_and_only_the_cleaned_one_is_left(as_amina, file):
    await give(as_amina, a_pdf(lively))
    (given,) = await kept()

    await work()

    (clean,) = await kept()
    assert (clean.state, clean.because) == ("clean", None)
    assert await in_store() == {clean.key}
    assert clean.key != given.key
    assert await traced() == [("document.give", None, "received"), ("document.pass", "received", "clean")]
    assert ">Checked<" in (await as_amina.get(GIVE)).text
    back = await as_amina.get(f"{GIVE}/{clean.ref}/file")
    assert b"Launch" not in laid_open(back.content)


async def test_a_bad_file_is_refused_in_words_on_the_page_and_the_list_of_tasks(as_amina, file, letter_to):
    await give(as_amina, b"%PDF-1.7 and nothing else")

    await work()

    (refused,) = await kept()
    assert (refused.state, refused.because) == ("refused", "damaged")
    assert not await in_store()
    page = (await as_amina.get(GIVE)).text
    assert "Not taken" in page
    assert "We could not read this file to its end." in page
    assert "A file was not taken" in (await as_amina.get("/application")).text
    assert "Replace or remove the document that could not be taken." in (await as_amina.get("/application/check")).text
    assert (await as_amina.get(f"{GIVE}/{refused.ref}/file")).status_code == 404
    assert await letter_to("amina.okello@example.org") is None


async def test_somebody_who_has_sent_already_gets_a_letter(as_amina, file, letter_to):
    await give(as_amina, b"%PDF-1.7 and nothing else")
    async with write() as tx:
        await tx.execute(update(Application).values(state=State.SUBMITTED, submitted_at=now.now()))

    letter = await letter_to("amina.okello@example.org")

    assert letter is not None
    assert letter.kind == "applications/document_refused"
    assert "A document could not be taken" in (await as_amina.get("/application")).text


async def test_the_page_asks_again_only_while_a_file_is_checked(as_amina, file, htmx):
    await give(as_amina)
    (document,) = await kept()
    where = f"{GIVE}/{document.ref}/state"

    before = (await as_amina.get(where, headers=htmx)).text
    await work()
    after = (await as_amina.get(where, headers=htmx)).text

    assert "hx-get" in before
    assert "We are checking it" in before
    assert "hx-get" not in after
    assert "Checked" in after
    assert (await as_amina.get(where)).headers["location"] == f"/en{GIVE}"


async def test_what_the_scanner_finds_is_refused(as_amina, file, scanner):
    await give(as_amina)

    async with scanner(answer=b"stream: Eicar FOUND") as heard:
        await work()

    assert heard == [a_pdf()]
    assert [row.because for row in await kept()] == ["infected"]


async def test_while_the_scanner_is_down_files_wait_and_then_go_on(as_amina, file, scanner, clock):
    await give(as_amina)

    async with scanner(listens=False):
        for _ in range(10):
            await work()
            clock.shift(timedelta(minutes=2))
    waiting = [row.state for row in await kept()]
    async with scanner():
        await work()

    assert waiting == ["received"]
    assert [row.state for row in await kept()] == ["clean"]


async def test_a_file_that_is_replaced_while_it_is_checked_is_checked_anew(as_amina, file, scanner):
    await give(as_amina)
    (first,) = await kept()
    async with scanner(answer=None) as heard:
        checking = asyncio.create_task(work())
        while not heard:  # noqa: ASYNC110 -- the scanner has no event for it
            await asyncio.sleep(0.01)
        assert [row.state for row in await kept()] == ["checking"]
        sent = {"file": ("new.pdf", a_pdf(text="new"), "application/pdf")}
        await as_amina.post(f"{GIVE}/{first.ref}/replace", files=sent)
    await checking
    await work()

    (last,) = await kept()
    assert (last.state, last.name) == ("clean", "new.pdf")
    assert await in_store() == {last.key}


async def test_a_file_that_is_removed_while_it_is_checked_leaves_nothing(as_amina, file):
    await give(as_amina)
    (first,) = await kept()
    (job,) = await jobs.claim()
    await as_amina.post(f"{GIVE}/{first.ref}/remove")

    await jobs.run(job, worker.HANDLERS)

    assert not await in_store()
    assert [what for what, *_ in await traced()] == ["document.give", "document.remove"]


async def test_a_worker_that_is_killed_while_it_checks_loses_nothing(as_amina, file, scanner, clock):
    await give(as_amina)
    async with scanner(answer=None) as heard:
        dying = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "internships", "worker", env=dict(os.environ), cwd=HOME, start_new_session=True
        )
        async with asyncio.timeout(60):
            while not heard:  # noqa: ASYNC110 -- the scanner has no event for it
                await asyncio.sleep(0.05)
        os.killpg(dying.pid, signal.SIGKILL)
        await dying.wait()
    left = [row.state for row in await kept()]
    async with read() as db:
        lease = await db.scalar(select(Job.lease_until).where(Job.kind == "documents.check"))
    clock.move_to(lease + timedelta(seconds=1))

    await work()

    assert left == ["checking"]
    (document,) = await kept()
    assert document.state == "clean"
    assert await in_store() == {document.key}
    assert await traced() == [("document.give", None, "received"), ("document.pass", "received", "clean")]


async def swept() -> str:
    """What the sweeping says of what it did."""
    async with write() as tx:
        await jobs.later(tx, "documents.sweep", key="documents.sweep")
    await work()
    async with read() as db:
        newest = select(Job.outcome).where(Job.kind == "documents.sweep").order_by(Job.id.desc()).limit(1)
        return str(await db.scalar(newest))


async def test_the_sweeper_removes_what_no_row_speaks_of_when_it_is_old_enough(as_amina, file, clock):
    await give(as_amina)
    await work()
    orphan = await store.keep(b"nobody's")
    # The store has a clock of its own, which no test can move.
    kept_at = (await store.on_shelf(orphan.key[:2]))[orphan.key]

    clock.move_to(kept_at + timedelta(hours=1))
    young = await swept()
    assert orphan.key in await in_store()
    clock.move_to(kept_at + timedelta(days=2))
    old = await swept()

    assert young.startswith("0 orphans")
    assert old.startswith("1 orphans")
    assert await in_store() == {row.key for row in await kept()}


async def test_the_sweeper_says_so_of_a_document_without_its_file(as_amina, file):
    await give(as_amina)
    await work()
    (document,) = await kept()
    await store.drop(document.key)

    said = await swept()

    assert "1 documents without a file" in said
    assert [(row.state, row.because) for row in await kept()] == [("refused", "lost")]
    assert "which is our fault" in (await as_amina.get(GIVE)).text


async def test_an_empty_store_is_rather_the_wrong_one(as_amina, file):
    for number in range(12):
        await give(as_amina, a_pdf(text=str(number)), kind="transcript")
    await work()
    for row in await kept():
        await store.drop(row.key)

    said = await swept()

    assert "nothing was changed" in said
    assert {row.state for row in await kept()} == {"clean"}


async def test_a_check_that_was_lost_is_asked_for_again(as_amina, file, clock):
    await give(as_amina)
    async with write() as tx:
        await tx.execute(delete(Job))
    clock.shift(timedelta(hours=2))

    said = await swept()
    await work()

    assert "1 checks asked for again" in said
    assert [row.state for row in await kept()] == ["clean"]


async def test_the_sweeping_is_asked_for_once_a_day(database, clock):
    clock.move_to(datetime(2026, 11, 3, 2, 59, tzinfo=UTC))
    for _ in range(5):
        await documents.look_after()
        clock.shift(timedelta(seconds=30))

    async with read() as db:
        waiting = (await db.execute(select(Job.key).where(Job.state == JobState.WAITING))).all()
    assert [key for (key,) in waiting] == ["documents.sweep"]


@pytest.mark.parametrize("change", [{"state": "refused", "because": None}, {"state": "clean", "because": "lost"}])
async def test_the_database_keeps_a_reason_with_each_refusal_alone(as_amina, file, change):
    await give(as_amina)

    with pytest.raises(Exception, match=re.compile("ck_document_because")):
        async with write() as tx:
            await tx.execute(update(Document).values(**change))
