"""The pages in Chromium: texts that save themselves, errors that take the focus, and everything without JavaScript."""

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from internships.applications.models import Application, Choice
from internships.core.db import read
from internships.core.writing import write
from tests.applications.test_choosing import chosen
from tests.components.test_seen import ASK_AXE, AXE, RULES


async def kept():
    async with read() as db:
        return (await db.execute(select(Application))).one()


async def test_a_text_saves_itself_and_is_sent_afterwards(new_page, amina, draft):
    page = await new_page(amina, width=360)
    await page.goto("/en/application/motivation")

    await page.get_by_label("Why do you want").fill("Because of the snow.")
    await page.get_by_label("How would you use").focus()
    await expect(page.locator(".saved")).to_have_text(re.compile("Saved at"))
    assert (await kept()).motivation == "Because of the snow."

    await page.get_by_label("English").check()
    await page.get_by_label("How would you use").fill("At home.")
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_role("heading", name="My application")).to_be_visible()
    assert (await kept()).use_after == "At home."


async def test_errors_come_into_the_page_and_take_the_focus(new_page, amina, draft):
    page = await new_page(amina)
    await page.goto("/en/application/languages/new")

    await page.get_by_label("Which language is it?").fill("congo")
    await page.get_by_role("button", name="Save and continue").click()

    await expect(page.locator("#error-summary")).to_be_focused()
    await expect(page.get_by_label("Which language is it?")).to_have_value("congo")
    await expect(page).to_have_title("Error: A language that you use – Mountain internships")


async def test_two_windows_are_shown_on_a_page_of_their_own(new_page, as_amina, amina, ready):
    page = await new_page(amina)
    await page.goto("/en/application/motivation")
    seen = await page.locator("input[name=version]").get_attribute("value")
    told = {"motivation_language": "en", "motivation": "The other window.", "use_after": "Much.", "version": seen}
    await as_amina.post("/application/motivation", data=told)

    await page.get_by_label("Why do you want").fill("Mine.")
    await page.get_by_role("button", name="Save and continue").click()

    await expect(page.locator("h1")).to_have_text("Someone saved this page before you")
    await expect(page.locator("h1")).to_be_focused()
    await expect(page).to_have_title("Someone saved this page before you – Mountain internships")
    await expect(page.get_by_text("The other window.")).to_be_visible()
    await page.get_by_role("button", name="Save my text").click()
    await expect(page.get_by_role("heading", name="My application")).to_be_visible()
    assert (await kept()).motivation == "Mine."


async def test_a_file_is_filled_in_and_sent_without_javascript(new_page, amina, call, positions):
    page = await new_page(amina, width=360, javascript=False)
    await page.goto("/en/application")
    await page.get_by_role("button", name="Start my application").click()
    await page.get_by_role("link", name="About you").click()
    await page.get_by_label("Day").fill("27")
    await page.get_by_label("Month").fill("March")
    await page.get_by_label("Year").fill("2001")
    await page.get_by_label("Which nationality").fill("Kenia")
    await page.get_by_label("In which country").fill("Tanzania")
    await page.get_by_label("In which town").fill("Arusha")
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_text("You were born on 27 March 2001.")).to_be_visible()
    await page.get_by_role("button", name="Save and continue").click()

    await page.get_by_role("link", name="Your studies").click()
    await page.get_by_role("link", name="Add a degree").click()
    await page.get_by_label("Master or equivalent").check()
    await page.get_by_label("What is the degree").fill("Ecology")
    await page.get_by_label("Which field").fill("Forestry")
    await page.get_by_label("Where do you study").fill("University of Arusha")
    await page.get_by_label("In which country").fill("TZ")
    await page.get_by_label("Not yet").check()
    await page.get_by_label("In which year did you start").fill("2024")
    await page.get_by_label("In which year did you finish").fill("2026")
    await page.get_by_role("button", name="Save and continue").click()
    await page.get_by_label("Yes, it is complete").check()
    await page.get_by_role("button", name="Save and continue").click()

    await page.get_by_role("link", name="Your languages").click()
    await page.get_by_role("link", name="Add a language").click()
    await page.get_by_label("Which language").fill("English")
    await page.get_by_label("B2:").check()
    await page.get_by_role("button", name="Save and continue").click()
    await page.get_by_label("Yes, it is complete").check()
    await page.get_by_role("button", name="Save and continue").click()

    await page.get_by_role("link", name="Your experience").click()
    await page.get_by_role("button", name="I have no experience yet").click()

    await page.get_by_role("link", name="Your motivation").click()
    await page.get_by_label("English").check()
    await page.get_by_label("Why do you want").fill("Snow.")
    await page.get_by_label("How would you use").fill("At home.")
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.locator("#done")).to_have_text("5 of 6 tasks completed")

    async with write() as tx:
        tx.add(Choice(application_id=(await kept()).id, position_id=positions[0].id, rank=1))
    await page.goto("/en/application/choices")
    await page.get_by_role("link", name="Write your motivation").click()
    await page.get_by_label("Why do you choose it").fill("I know birds.")
    await page.get_by_role("button", name="Save and continue").click()
    await page.get_by_role("link", name="Continue").click()
    await page.get_by_role("link", name="Check your answers and send").click()
    await page.get_by_label("My answers are true").check()
    await page.get_by_role("button", name="Send my application").click()

    await expect(page.get_by_role("heading", name="We have received your application")).to_be_visible()
    assert (await kept()).state == "submitted"


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_pages_are_for_everybody(new_page, amina, ready, language):
    page = await new_page(amina, width=360, language=language, dark=language == "ar")
    first = (await chosen())[0]

    for path in ("", "/about", "/studies", "/languages/new", "/choices", f"/choices/{first.ref}", "/check"):
        await page.goto(f"/{language}/application{path}")
        await page.evaluate(AXE)
        assert await page.evaluate(ASK_AXE, RULES) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


@pytest.mark.parametrize("javascript", [True, False])
async def test_moving_a_choice_stays_where_the_reader_is(new_page, amina, ready, javascript):
    page = await new_page(amina, width=360, javascript=javascript)
    first = (await chosen())[0]
    await page.goto("/en/application/choices")
    await page.locator(f"#down-{first.ref}").scroll_into_view_if_needed()

    await page.locator(f"#down-{first.ref}").click()

    card = page.locator(f"#choice-{first.ref}")
    await expect(card.get_by_role("heading")).to_have_text("2. Counting condors")
    await expect(card).to_be_in_viewport()
    if javascript:
        await expect(page.locator(f"#up-{first.ref}")).to_be_focused()
        await expect(page.locator("#status")).to_have_text("Counting condors is now number 2.")
    assert [choice.rank for choice in await chosen() if choice.ref == first.ref] == [2]


async def test_the_address_on_the_receipt_fits_on_a_phone(new_page, amina, sent):
    page = await new_page(amina, width=320)
    await page.goto("/en/application/sent")

    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
