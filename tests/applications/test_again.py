"""A session that ends while somebody writes, in Chromium: signing in leads back to the page with the text."""

import pytest
from playwright.async_api import expect
from sqlalchemy import delete, select

from internships.accounts import passwords
from internships.accounts.models import Person, Session
from internships.applications.models import Application
from internships.core.db import read
from internships.core.writing import write

PASSWORD = "seven herons over wet slate"
TEXT = "Because of the snow,\n\nand the people. نعم"


@pytest.mark.parametrize("javascript", [True, False])
async def test_signing_in_again_leads_back_to_the_page_with_the_text(new_page, amina, draft, javascript):
    async with write() as tx:
        (await tx.get_one(Person, amina.actor.person_id)).password = passwords.hash_now(PASSWORD)
    page = await new_page(amina, width=360, javascript=javascript)
    await page.goto("/en/application/motivation")
    async with write() as tx:
        await tx.execute(delete(Session))
    await page.context.clear_cookies()

    await page.get_by_label("Why do you want").fill(TEXT)
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_text("You were signed out.")).to_be_visible()
    assert "snow" not in page.url
    await page.get_by_label("E-mail address").fill("amina.okello@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    if not javascript:
        await page.get_by_role("button", name="Back to the page with my text").click()

    await expect(page).to_have_title("Your motivation – Mountain internships")
    await expect(page.get_by_label("Why do you want")).to_have_value(TEXT)
    await page.get_by_label("English").check()
    await page.get_by_label("How would you use").fill("At home.")
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_role("heading", name="My application")).to_be_visible()
    async with read() as db:
        assert await db.scalar(select(Application.motivation)) == TEXT
