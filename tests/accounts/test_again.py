"""Signing in again after the session ended while somebody was typing: back on the page, with the text."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from internships.accounts import jobs
from internships.accounts.models import Session, Unsent
from internships.accounts.rules import UNSENT_FORMS, UNSENT_LASTS, Role
from internships.core.db import read
from internships.core.writing import write
from internships.web.errors import WAY_BACK
from internships.web.signed import unsigned
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOW

NAME = 'Amina "Mina" Okello & <Sons>\nأمينة'


@pytest.fixture
async def page(as_amina, amina_with_password):
    """The page of one's account, open in a browser whose session then ends."""
    shown = (await as_amina.get("/account")).text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    await sign_out_everywhere(as_amina, amina_with_password)
    return fields | {"full_name": "Amina Akello, a new name", "locale": "en", "zone": "Africa/Kampala", "theme": "dark"}


async def sign_out_everywhere(browser, person):
    async with write() as tx:
        await tx.execute(delete(Session).where(Session.person_id == person.actor.person_id))
    browser.cookies.clear()


async def sign_in(browser, address, email="amina.okello@example.org"):
    carried = re.search(r"next=([^&]+)", address).group(1)
    known = {"email": email, "password": PASSWORD, "next": carried}
    return await browser.post("/sign-in", data=known)


def fields_of(shown):
    """What the form of a page would send."""
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown)
    texts = re.findall(r'<textarea hidden name="(\w+)">\n(.*?)</textarea>', shown, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*hidden, *texts]}


async def kept():
    async with read() as db:
        return await db.scalar(select(func.count()).select_from(Unsent))


async def test_after_signing_in_again_the_page_comes_back_with_the_text_and_nothing_is_saved(as_amina, page):
    answer = await as_amina.post("/account", data=page | {"full_name": NAME})
    address = answer.headers["location"]
    assert "Akello" not in address
    assert "What you typed is kept for you." in (await as_amina.get(address)).text

    entered = await sign_in(as_amina, address)
    between = await as_amina.get(entered.headers["location"])
    back = await as_amina.post("/account", data=fields_of(between.text))

    assert html.unescape(re.search(r'name="full_name"[^>]*? value="([^"]*)"', back.text, re.DOTALL).group(1)) == NAME
    assert 'value="dark" checked' in back.text.replace("  ", " ")
    assert "error-summary" not in back.text
    assert "but not saved yet" in back.text
    assert "Akello" not in (await as_amina.get("/account")).text


async def test_a_character_that_no_database_keeps_loses_nothing_of_the_rest(as_amina, page):
    answer = await as_amina.post("/account", data=page | {"full_name": "Amina\x00Akello", "odd\x00": "x"})
    entered = await sign_in(as_amina, answer.headers["location"])
    between = await as_amina.get(entered.headers["location"])

    assert fields_of(between.text)["full_name"] == "Amina\N{REPLACEMENT CHARACTER}Akello"


async def test_somebody_else_who_signs_in_there_sees_nothing_of_it(as_amina, page, new_person):
    answer = await as_amina.post("/account", data=page)
    other = await new_person(Role.APPLICANT, "Bruno Vidal")
    as_amina.plant("session", other.session)

    carried = re.search(r"next=([^&]+)", answer.headers["location"]).group(1)
    seen = await as_amina.get(unsigned(WAY_BACK, carried))

    assert seen.status_code == 303
    assert seen.headers["location"] == "/en/application"
    assert "Akello" not in seen.text


async def test_a_page_of_nobody_known_keeps_the_way_back_alone(visitor):
    answer = await visitor.post("/account", data={"full_name": "Somebody"})

    assert "/sign-in?next=" in answer.headers["location"]
    assert await kept() == 0


async def test_passwords_are_never_kept(as_amina, page):
    await as_amina.post(
        "/account/password", data={"csrf": page["csrf"], "current": "a", "password": "b" * 20, "x": "y"}
    )

    assert await kept() == 0


async def test_a_save_by_itself_keeps_nothing_since_the_text_is_in_the_tab(as_amina, page, htmx):
    answer = await as_amina.post("/account", data=page, headers={**htmx, "X-Autosave": "yes"})

    assert answer.status_code == 401
    assert await kept() == 0


async def test_htmx_is_led_the_same_way(as_amina, page, htmx):
    answer = await as_amina.post("/account", data=page, headers=htmx)

    entered = await sign_in(as_amina, answer.headers["HX-Redirect"])
    between = await as_amina.get(entered.headers["location"])

    assert fields_of(between.text)["full_name"] == "Amina Akello, a new name"


async def test_only_the_newest_forms_wait_and_all_are_gone_after_some_hours(as_amina, page, clock):
    for _ in range(UNSENT_FORMS + 2):
        await as_amina.post("/account", data=page)
    assert await kept() == UNSENT_FORMS

    clock.move_to(NOW.replace(minute=0) + UNSENT_LASTS + timedelta(hours=1))
    await jobs.sweep()

    assert await kept() == 0
