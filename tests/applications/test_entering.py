"""Studies, languages and experience: add another, change, remove, and say that a section is finished."""

import pytest
from sqlalchemy import func, select

from internships.applications.models import Application, Experience, LanguageSkill, Study
from internships.core.db import read
from tests.applications.test_answering import field

STUDY = {
    "isced_level": "6", "title": "Bachelor in Biology", "isced_field": "biology", "institution": "University of Arusha",
    "country": "TZ", "finished": "yes", "from_year": "٢٠١٩", "to_year": "2022",
}  # fmt: skip
LANGUAGE = {"code": "Kiswahili", "code_pick": "sw", "level": "native"}
EXPERIENCE = {"kind": "work", "title": "Guide", "organisation": "Visitor centre", "from_year": "2020"}
ENTRIES = [("studies", STUDY, Study), ("languages", LANGUAGE, LanguageSkill), ("experience", EXPERIENCE, Experience)]


async def rows(table):
    async with read() as db:
        return (await db.execute(select(table).order_by(table.id))).all()


async def level_of(draft):
    async with read() as db:
        return await db.scalar(select(Application.isced_level).where(Application.id == draft.id))


@pytest.mark.parametrize(("section", "answers", "table"), ENTRIES)
async def test_the_same_form_sent_twice_adds_one(as_amina, draft, statements, section, answers, table):
    sent = answers | {"once": "0123456789"}

    with statements() as asked:
        first = await as_amina.post(f"/application/{section}/new", data=sent)
    second = await as_amina.post(f"/application/{section}/new", data=sent)

    assert first.headers["location"] == second.headers["location"] == f"/en/application/{section}"
    assert len(asked) <= 5
    assert len(await rows(table)) == 1


@pytest.mark.parametrize(("section", "answers", "table"), ENTRIES)
async def test_an_empty_form_says_all_that_is_missing(as_amina, draft, section, answers, table):
    response = await as_amina.post(f"/application/{section}/new", data={})

    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert await rows(table) == []


@pytest.mark.parametrize(("section", "answers", "table"), ENTRIES)
async def test_an_entry_is_changed_and_removed(as_amina, draft, statements, section, answers, table):
    await as_amina.post(f"/application/{section}/new", data=answers)
    (entry,) = await rows(table)
    page = await as_amina.get(f"/application/{section}/{entry.ref}")
    changed = answers | {"title": "Changed", "level": "C1", "version": field(page.text, "version")}
    changed = {name: value for name, value in changed.items() if name in answers or name == "version"}

    with statements() as asked:
        assert (await as_amina.post(f"/application/{section}/{entry.ref}", data=changed)).status_code == 303
    assert len(asked) <= 5
    (after,) = await rows(table)
    assert (getattr(after, "title", "Changed"), getattr(after, "level", "C1")) == ("Changed", "C1")

    assert (await as_amina.get(f"/application/{section}/{entry.ref}/remove")).status_code == 200
    with statements() as asked:
        assert (await as_amina.post(f"/application/{section}/{entry.ref}/remove")).status_code == 303
    assert len(asked) <= 5
    assert (await as_amina.post(f"/application/{section}/{entry.ref}/remove")).status_code == 303
    assert await rows(table) == []


@pytest.mark.parametrize(("section", "answers", "table"), ENTRIES)
async def test_the_entries_of_somebody_else_are_unknown(
    as_amina, draft, signed_in, new_person, call, section, answers, table
):
    stranger = await signed_in(await new_person("applicant", "Another Applicant"))
    await stranger.post("/application/start")
    await stranger.post(f"/application/{section}/new", data=answers)
    (entry,) = await rows(table)

    for path in (f"/application/{section}/{entry.ref}", f"/application/{section}/{entry.ref}/remove"):
        assert (await as_amina.get(path)).status_code == 404
    assert (await as_amina.post(f"/application/{section}/{entry.ref}", data=answers)).status_code == 404
    await as_amina.post(f"/application/{section}/{entry.ref}/remove")
    assert len(await rows(table)) == 1


async def test_the_highest_level_follows_the_studies(as_amina, draft):
    await as_amina.post("/application/studies/new", data=STUDY)
    await as_amina.post("/application/studies/new", data=STUDY | {"isced_level": "7", "isced_field": "Forestry"})
    assert await level_of(draft) == 7

    master = (await rows(Study))[1]
    await as_amina.post(f"/application/studies/{master.ref}/remove")

    assert await level_of(draft) == 6


async def test_a_language_is_there_once(as_amina, draft):
    await as_amina.post("/application/languages/new", data=LANGUAGE)

    response = await as_amina.post("/application/languages/new", data={"code": "Swahili", "level": "B1"})

    assert response.status_code == 422
    assert "You have added this language already" in response.text
    assert len(await rows(LanguageSkill)) == 1


async def test_a_year_before_the_first_is_refused_in_words(as_amina, draft):
    response = await as_amina.post("/application/studies/new", data=STUDY | {"to_year": "2001"})

    assert response.status_code == 422
    assert "Enter a year that is not before the first one." in response.text


async def test_sections_are_finished_when_the_person_says_so(as_amina, draft, statements):
    await as_amina.post("/application/languages/new", data=LANGUAGE)
    assert "In progress" in (await as_amina.get("/application")).text

    assert (await as_amina.post("/application/languages", data={})).status_code == 422
    with statements() as asked:
        response = await as_amina.post("/application/languages", data={"finished": "yes"})

    assert response.headers["location"] == "/en/application"
    assert len(asked) <= 5
    assert "1 of 6 tasks completed" in (await as_amina.get("/application")).text


async def test_no_experience_is_an_answer(as_amina, draft):
    await as_amina.post("/application/experience", data={"finished": "yes", "none": "yes"})

    assert "1 of 6 tasks completed" in (await as_amina.get("/application")).text
    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Experience)) == 0


THIS_YEAR = 2026
DEGREE = {"isced_level": "7", "title": "Ecology", "isced_field": "Forestry", "institution": "University of Arusha",
          "country": "TZ", "finished": "yes", "from_year": "2020", "to_year": "2024"}  # fmt: skip
WORK = {"kind": "work", "title": "Bird counts", "organisation": "Nature club", "from_year": "2020"}
STARTED = "Enter the year you started; it can be this year or an earlier one."
FINISHED = "Enter the year you finished; it can be this year or an earlier one."


@pytest.mark.parametrize(
    ("path", "answers", "words"),
    [
        ("studies", DEGREE | {"from_year": "2027", "to_year": "2028"}, STARTED),
        ("studies", DEGREE | {"to_year": "2027"}, FINISHED),
        ("studies", DEGREE | {"finished": "no", "to_year": "2030"}, None),
        ("studies", DEGREE | {"to_year": "2026"}, None),
        ("experience", WORK | {"from_year": "2035"}, STARTED),
        ("experience", WORK | {"to_year": "2027"}, FINISHED),
        ("experience", WORK, None),
    ],
)
async def test_nobody_started_or_finished_in_a_year_to_come(as_amina, draft, path, answers, words):
    response = await as_amina.post(f"/application/{path}/new", data=answers)

    assert response.status_code == (422 if words else 303), response.text
    assert words is None or response.text.count(words) == 2


@pytest.mark.parametrize(
    ("finished", "words"), [("yes", "2020 to 2024, finished"), ("no", "2020 to 2024, not finished yet")]
)
async def test_whether_a_degree_is_finished_is_shown_in_the_list_and_among_all_answers(
    as_amina, draft, finished, words
):
    await as_amina.post("/application/studies/new", data=DEGREE | {"finished": finished})

    for path in ("studies", "check"):
        assert words in (await as_amina.get(f"/application/{path}")).text


@pytest.mark.parametrize("path", ["/application/studies", "/application/send"])
async def test_what_is_wrong_stands_on_top_of_a_long_page(as_amina, ready, path, htmx):
    for headers in ({}, htmx):
        page = (await as_amina.post(path, data={}, headers=headers)).text
        assert page.index("error-summary-title") < page.index("Ecology")
        assert page.count('id="error-summary"') == 1
