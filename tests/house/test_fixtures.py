"""The ground that all other tests stand on."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text

from internships.accounts.models import Person
from internships.accounts.rules import Role
from internships.core import clock as core_clock
from internships.core import history
from internships.core.db import read
from internships.core.models import History
from internships.core.writing import write


@pytest.mark.parametrize("time", ["first", "second"])
async def test_what_a_test_writes_the_next_one_does_not_find(time, ingrid):
    async with write() as tx:
        await history.record(tx, ingrid.actor, "person.invite", ingrid.ref)

    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 1
        assert await db.scalar(select(func.max(Person.id))) == 1
        assert await db.scalar(select(func.count()).select_from(History)) == 1


async def test_the_trace_can_not_be_emptied(ingrid):
    async with write() as tx:
        await history.record(tx, ingrid.actor, "person.invite", ingrid.ref)

    with pytest.raises(Exception, match="only added to"):
        async with write() as tx:
            await tx.execute(delete(History))


async def test_time_stands_still_until_it_is_moved(clock):
    before = core_clock.now()

    clock.shift(timedelta(days=3))

    assert core_clock.now() - before == timedelta(days=3)


async def test_statements_are_counted_without_begin_and_commit(new_person, statements):
    with statements() as asked:
        async with write() as tx:
            await tx.execute(text("SELECT 1"))
        async with read() as db:
            await db.execute(text("SELECT 2"))

    assert asked == ["SELECT 1", "SELECT 2"]


def test_a_plain_test_reaches_the_same_loop(new_person, run):
    somebody = run(new_person(Role.STAFF))

    assert somebody.actor.person_id == 1


@pytest.mark.only("postgresql")
async def test_postgresql_sorts_as_people_do(database):
    async with read() as db:
        names = await db.scalars(
            text("SELECT n FROM (VALUES ('Zoë'), ('Émile'), ('Eve')) AS v(n) ORDER BY n COLLATE \"und-x-icu\"")
        )

    assert list(names) == ["Émile", "Eve", "Zoë"]


async def test_a_visitor_is_answered(visitor):
    response = await visitor.get("/healthz")

    assert response.status_code == 200


async def test_the_site_answers_in_chromium(new_page):
    page = await new_page()

    response = await page.goto("/healthz")

    assert response
    assert response.status == 200


@pytest.mark.parametrize(
    ("who", "name"),
    [("amina", "Amina Okello"), ("tomas", "Tomás Quispe"), ("ravi", "Ravi Thapa"), ("ingrid", "Ingrid Solberg")],
)
async def test_the_cast_is_signed_in(who, name, people, signed_in):
    browser = await signed_in(people[who])

    response = await browser.get("/account")

    assert response.status_code == 200
    assert name in response.text


@pytest.fixture
def people(amina, tomas, ravi, ingrid):
    return {"amina": amina, "tomas": tomas, "ravi": ravi, "ingrid": ingrid}


async def test_a_form_is_sent_with_its_token_and_not_without(as_amina):
    without = await as_amina.post("/sign-out", headers={"X-CSRF-Token": "made up"})
    with_it = await as_amina.post("/sign-out")

    assert without.status_code == 400
    assert with_it.status_code == 303


async def test_an_address_that_the_site_gave_is_followed(as_amina):
    away = await as_amina.get("/account")
    given = await as_amina.get("/en/account")

    assert given.request.url == away.request.url


async def test_amina_is_signed_in_in_chromium_with_script_and_without(new_page, amina):
    for javascript in (True, False):
        page = await new_page(amina, javascript=javascript, width=360)

        await page.goto("/en/account")

        assert "Amina Okello" in await page.content()
