"""Giving documents: one form a kind, kept at once, said in words when it can't be; and taking them out again."""

import asyncio
import os
import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from internships.applications.models import Application
from internships.applications.rules import State
from internships.core import clock as now
from internships.core.files import store
from internships.core.files.kinds import MOST_BYTES, MOST_FILES
from internships.core.settings import settings
from internships.core.writing import write
from internships.cycles.models import Cycle
from tests.applications.factories import complete_draft, new_call, new_draft, new_position, submitted
from tests.applications.giving import GIVE, PDF, give, in_store, kept, traced, work
from tests.papers import a_pdf


async def test_the_list_of_tasks_leads_to_what_the_call_asks_for(as_amina, file):
    tasks = (await as_amina.get("/application")).text
    page = (await as_amina.get(GIVE)).text

    assert "Your documents" in tasks
    assert "Optional" in tasks
    assert "0 of 6 tasks completed" in tasks
    assert "Curriculum vitae (optional)" in page
    assert "PDF, JPEG or PNG, up to 5 MB" in page
    assert "Proof of enrolment" not in page


async def test_a_call_that_asks_for_none_has_no_such_page(as_amina, draft):
    assert "Your documents" not in (await as_amina.get("/application")).text
    assert (await as_amina.get(GIVE)).status_code == 404
    assert (await give(as_amina)).status_code == 404


async def test_a_file_is_kept_at_once_and_shown_with_its_name_size_and_state(as_amina, file):
    response = await give(as_amina, name="My CV.pdf")

    assert response.status_code == 303
    page = (await as_amina.get(GIVE)).text
    assert "My CV.pdf" in page
    assert "1 kB" in page
    assert "We are checking it" in page
    assert 'id="f-cv"' not in page
    assert [row.key for row in await kept()] == list(await in_store())
    assert await traced() == [("document.give", None, "received")]


async def test_the_largest_file_that_is_allowed_goes_through(as_amina, file):
    content = a_pdf()

    response = await give(as_amina, content + bytes(MOST_BYTES - len(content)))

    assert response.status_code == 303


async def test_the_same_file_sent_twice_is_there_once(as_amina, file):
    await asyncio.gather(*(give(as_amina, kind="transcript") for _ in range(3)))

    assert len(await kept()) == 1
    assert len(await in_store()) == 1


async def test_only_one_file_where_one_is_asked_for(as_amina, file):
    await give(as_amina)

    response = await give(as_amina, a_pdf(text="another"))

    assert response.status_code == 422
    assert "as many of these as the call asks for" in response.text
    assert len(await in_store()) == 1


async def test_two_uploads_at_once_do_not_pass_the_limit(as_amina, file):
    for number in range(MOST_FILES - 1):
        await give(as_amina, a_pdf(text=str(number)), kind="transcript")

    answers = await asyncio.gather(*(give(as_amina, a_pdf(text=text), kind="transcript") for text in "abc"))

    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]
    assert len(await kept()) == MOST_FILES
    assert len(await in_store()) == MOST_FILES


async def test_replacing_twice_leaves_the_last_one_alone(as_amina, file):
    await give(as_amina)
    (first,) = await kept()
    where = f"{GIVE}/{first.ref}/replace"
    assert "Which file shall take its place?" in (await as_amina.get(where)).text

    for text in ("second", "third", "third"):
        sent = {"file": (f"{text}.pdf", a_pdf(text=text), PDF)}
        assert (await as_amina.post(where, files=sent)).status_code == 303

    (last,) = await kept()
    assert (last.ref, last.name) == (first.ref, "third.pdf")
    assert await in_store() == {last.key}
    assert [what for what, *_ in await traced()] == ["document.give", "document.replace", "document.replace"]


async def test_a_bad_replacement_leaves_the_old_one(as_amina, file):
    await give(as_amina)
    (first,) = await kept()

    response = await as_amina.post(f"{GIVE}/{first.ref}/replace", files={"file": ("x.exe", b"MZ", PDF)})

    assert response.status_code == 422
    assert 'href="#f-file"' in response.text
    assert (await kept())[0].key == first.key
    assert await in_store() == {first.key}


async def test_removing_asks_first_and_twice_is_the_same_as_once(as_amina, file):
    await give(as_amina)
    (first,) = await kept()
    where = f"{GIVE}/{first.ref}/remove"
    assert "Do you want to remove this document?" in (await as_amina.get(where)).text
    assert await kept()

    assert (await as_amina.post(where)).status_code == 303
    assert (await as_amina.post(where)).status_code == 303

    assert not await kept()
    assert not await in_store()
    assert "No copy" not in (await as_amina.get(GIVE)).text


async def test_a_required_document_stands_in_the_way_of_sending(as_amina, amina, reserve):
    call = await new_call(documents=[["cv", True, 1]])
    await complete_draft(amina, call, [await new_position(call, reserve)])

    before = (await as_amina.get("/application/check")).text
    refused = await as_amina.post("/application/send", data={"declared": "yes"})
    await give(as_amina)
    after = (await as_amina.get("/application/check")).text
    sent = await as_amina.post("/application/send", data={"declared": "yes"})

    assert "Give your curriculum vitae." in before
    assert refused.headers["location"] == "/en/application/check"
    assert "Give your curriculum vitae." not in after
    assert sent.headers["location"] == "/en/application/sent"


async def test_a_sent_file_is_frozen(as_amina, amina, asking, reserve):
    await complete_draft(amina, asking, [await new_position(asking, reserve)])
    await give(as_amina)
    (document,) = await kept()
    await as_amina.post("/application/send", data={"declared": "yes"})

    answers = [
        await give(as_amina, kind="transcript"),
        await as_amina.post(f"{GIVE}/{document.ref}/replace", files={"file": ("x.pdf", a_pdf(text="x"), PDF)}),
        await as_amina.post(f"{GIVE}/{document.ref}/remove"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert await kept() == [document]
    shown = (await as_amina.get("/application/check")).text
    assert "cv.pdf" in shown
    assert "Remove" not in shown
    assert (await as_amina.get(GIVE)).headers["location"] == "/en/application/check"


async def test_completion_opens_it_again_until_its_own_instant(as_amina, amina, asking, reserve, clock):
    until = now.now() + timedelta(days=3)
    more = {"state": State.COMPLETION_REQUESTED, "completion_until": until, "asked": True}
    await submitted(amina, asking, [await new_position(asking, reserve)], **more)

    assert (await give(as_amina)).status_code == 303
    clock.move_to(until)
    assert (await give(as_amina, kind="transcript")).status_code == 409


async def test_when_the_store_is_gone_uploads_say_so_and_the_rest_works(as_amina, file, tmp_path: Path):
    await give(as_amina)
    (document,) = await kept()
    before = os.environ["INTERNSHIPS_FILES"]
    os.environ["INTERNSHIPS_FILES"] = str(tmp_path / "disk")
    settings.cache_clear()
    try:
        await store.alive()
        shutil.rmtree(tmp_path / "disk")

        refused = await give(as_amina, kind="transcript")
        opened = await as_amina.get(f"{GIVE}/{document.ref}/file")
        ready = await as_amina.get(f"{settings().site}/readyz")
        others = [await as_amina.get(path) for path in (GIVE, "/application", "/application/check")]
        await work()
    finally:
        os.environ["INTERNSHIPS_FILES"] = before
        settings.cache_clear()

    assert refused.status_code == 422
    assert "Files cannot be kept just now" in refused.text
    assert opened.status_code == 503
    assert "Files cannot be kept or opened just now" in opened.text
    assert ready.status_code == 503
    assert {page.status_code for page in others} == {200}
    assert [row.state for row in await kept()] == ["received"]


async def test_a_page_costs_two_statements_and_an_upload_few(as_amina, file, statements):
    for text in "abc":
        await give(as_amina, a_pdf(text=text), kind="transcript")

    with statements() as asked:
        await as_amina.get(GIVE)
    with statements() as written:
        await give(as_amina)

    assert len(asked) == 2  # who is asking, and the file with its documents
    assert len(written) == 2 + 5  # and before the upload is read: may it be given?


async def test_what_was_given_stays_when_the_call_asks_no_more(as_amina, file, asking):
    await give(as_amina)
    async with write() as tx:
        await tx.execute(update(Cycle).where(Cycle.id == asking.id).values(documents=[]))

    page = (await as_amina.get(GIVE)).text

    assert "cv.pdf" in page
    assert 'type="file"' not in page


async def test_one_persons_file_is_not_another_persons(as_amina, file, new_person, signed_in, asking):
    await give(as_amina)
    (document,) = await kept()
    other = await new_person("applicant", "Bela Kiss")
    await new_draft(other, asking)
    bela = await signed_in(other)

    for method, page in (("GET", "file"), ("GET", "replace"), ("GET", "remove"), ("GET", "state")):
        assert (await bela.request(method, f"{GIVE}/{document.ref}/{page}")).status_code == 404
    stolen = await bela.post(f"{GIVE}/{document.ref}/replace", files={"file": ("x.pdf", a_pdf(text="x"), PDF)})
    await bela.post(f"{GIVE}/{document.ref}/remove")

    assert stolen.status_code == 404
    assert await kept() == [document]


async def test_a_withdrawn_file_can_be_read_and_not_changed(as_amina, file):
    await give(as_amina)
    (document,) = await kept()
    async with write() as tx:
        withdrawn = update(Application).values(state=State.WITHDRAWN, submitted_at=now.now())
        await tx.execute(withdrawn)

    assert (await give(as_amina, kind="transcript")).status_code == 409
    assert "cv.pdf" in (await as_amina.get("/application/check")).text
    assert (await as_amina.get(f"{GIVE}/{document.ref}/file")).status_code == 200
