""" "Save and come back later" never refuses: what was typed is there again, complete or not, in every browser."""

import html
import re

import pytest
from sqlalchemy import select

from internships.applications.models import Application, Study
from internships.core.db import read
from tests.applications.test_answering import ABOUT, field

LATER = {"then": "later"}
STUDY = {"isced_level": "7", "title": "Ecology", "isced_field": "Forestry", "institution": "University of Arusha",
         "country": "TZ", "finished": "no", "from_year": "2024", "to_year": "2027"}  # fmt: skip


async def of_draft(*columns):
    async with read() as db:
        return (await db.execute(select(*columns))).all()


def state_of(tasks, label):
    return re.search(rf">{label}</a>.*?<strong[^>]*>([^<]*)</strong>", tasks, re.DOTALL)[1]


PAGES = [
    ("about", "About you", {"town": "Goma"}),
    ("about", "About you", {"born_day": "27"}),
    ("about", "About you", ABOUT),  # the date of birth was not read back yet
    ("about", "About you", {"residence": "Congo", "born_day": "31", "born_month": "2", "phone": "none"}),
    ("studies/new", "Your studies", {"title": "Ecology", "from_year": "soon"}),
    ("languages/new", "Your languages", {"code": "congo"}),
    ("experience/new", "Your experience", {"text": "Every winter.\nAnd in spring."}),
    ("motivation", "Your motivation", {"motivation": "Half a sentence"}),
    ("motivation", "Your motivation", {"use_after": "x" * 3001}),
]


@pytest.mark.parametrize(("path", "label", "typed"), PAGES)
async def test_what_was_typed_is_there_again_and_the_section_is_begun(as_amina, draft, path, label, typed, statements):
    with statements() as asked:
        response = await as_amina.post(f"/application/{path}", data=typed | LATER)
    tasks = (await as_amina.get("/application")).text
    page = html.unescape((await as_amina.get(f"/application/{path}")).text)

    assert response.headers["location"] == "/en/application"
    assert len(asked) <= 5
    assert "Saved. Come back when you like" in tasks
    assert state_of(tasks, label) == "In progress"
    for name, value in typed.items():
        kept = re.search(rf'name="{name}"[^>]*?(value="([^"]*)"|>\n(.*?)</textarea>)', page, re.DOTALL)
        assert (kept[2] or kept[3]) == value


async def test_the_sentence_on_the_task_list_promises_no_more(as_amina, draft):
    assert "Save each page before you leave it, complete or not" in (await as_amina.get("/application")).text


async def test_nothing_typed_begins_nothing(as_amina, draft):
    await as_amina.post("/application/about", data=LATER)

    assert state_of((await as_amina.get("/application")).text, "About you") == "Not started"


async def test_once_the_page_is_complete_nothing_is_kept_aside(as_amina, draft):
    await as_amina.post("/application/about", data={"town": "Goma"} | LATER)
    await as_amina.post("/application/about", data=ABOUT | {"read_back": "2001-03-27"})

    assert await of_draft(Application.begun) == [({},)]
    assert state_of((await as_amina.get("/application")).text, "About you") == "Completed"


async def test_an_entry_that_was_begun_is_in_the_list_and_becomes_one(as_amina, draft):
    await as_amina.post("/application/studies/new", data={"title": "Ecology"} | LATER)
    assert "Begun, not complete yet" in (await as_amina.get("/application/studies")).text

    await as_amina.post("/application/studies/new", data=STUDY)

    assert "Begun, not complete yet" not in (await as_amina.get("/application/studies")).text
    assert await of_draft(Study.title) == [("Ecology",)]
    assert 'value="Ecology"' not in (await as_amina.get("/application/studies/new")).text


async def test_an_entry_that_was_begun_can_be_removed(as_amina, draft):
    await as_amina.post("/application/studies/new", data={"title": "Ecology"} | LATER)

    await as_amina.post("/application/studies/new/remove")

    assert await of_draft(Application.begun) == [({},)]
    assert state_of((await as_amina.get("/application")).text, "Your studies") == "Not started"


async def test_a_change_that_was_begun_leaves_the_entry_as_it_stands(as_amina, ready):
    [(ref,)] = await of_draft(Study.ref)
    at = f"/application/studies/{ref}"
    seen = field((await as_amina.get(at)).text, "version")

    await as_amina.post(at, data=STUDY | LATER | {"title": "Glaciology", "from_year": "", "version": seen})

    assert await of_draft(Study.title) == [("Master in Ecology",)]
    assert 'value="Glaciology"' in (await as_amina.get(at)).text
    listed = (await as_amina.get("/application/studies")).text
    assert "You have begun to change this and not finished." in listed
    await as_amina.post(at, data=STUDY | {"title": "Glaciology", "version": seen})
    assert await of_draft(Study.title) == [("Glaciology",)]
    assert "You have begun to change" not in (await as_amina.get("/application/studies")).text


async def test_what_cannot_be_kept_is_named(as_amina, draft):
    await as_amina.post("/application/about", data={"town": "Go\x07ma", "phone": "+243 1"} | LATER)

    tasks = (await as_amina.get("/application")).text
    assert "Saved, but for what can’t be kept: Town where you live." in tasks
    assert 'value="+243 1"' in (await as_amina.get("/application/about")).text


async def test_what_the_database_cannot_hold_comes_back_as_browsers_show_it(as_amina, draft):
    await as_amina.post("/application/about", data={"town": "Go\x00ma"} | LATER)

    assert 'value="Go\N{REPLACEMENT CHARACTER}ma"' in (await as_amina.get("/application/about")).text


async def test_after_the_deadline_nothing_is_put_aside(as_amina, call, draft, clock):
    clock.move_to(call.closes_at)

    response = await as_amina.post("/application/about", data={"town": "Goma"} | LATER)

    assert response.status_code == 409
    assert "Goma" in response.text
