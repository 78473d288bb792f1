"""By keyboard alone: Amina tells about herself, and Ingrid checks applications with the keys that the buttons show."""

import re

from playwright.async_api import expect
from sqlalchemy import select

from internships.accounts.rules import Role
from internships.applications.models import Application
from internships.applications.rules import State
from internships.core.db import read
from tests.applications.factories import submitted

FOCUSED = """() => {
    const at = document.activeElement;
    return (at.labels?.[0] ?? at).textContent.replace(/\\s+/g, " ").trim();
}"""
RINGED = "getComputedStyle(document.activeElement).outlineStyle === 'solid'"


async def reach(page, words):
    """Tab until what has the focus is called so; whatever has it on the way can be seen."""
    for _step in range(60):
        await page.keyboard.press("Tab")
        if (await page.evaluate(FOCUSED)).startswith(words):
            assert await page.evaluate(RINGED), f"“{words}” does not show that it has the focus"
            return
    message = f"“{words}” cannot be reached with Tab"
    raise AssertionError(message)


async def states():
    async with read() as db:
        return dict((await db.execute(select(Application.ref, Application.state))).all())


async def test_amina_tells_about_herself(new_page, amina, draft):
    page = await new_page(amina, width=360)
    await page.goto("/en/application")
    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) == "Skip to the main content"
    await page.keyboard.press("Enter")

    await reach(page, "About you")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("About you")
    told = {
        "Day": "27", "Month": "3", "Year": "2001", "Which nationality": "Kenya", "In which country": "Tanzania",
        "In which town": "Arusha",
    }  # fmt: skip
    for question, answer in told.items():
        await reach(page, question)
        await page.keyboard.type(answer)
    await reach(page, "Save and continue")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You were born on 27 March 2001.")).to_be_visible()
    await reach(page, "Save and continue")
    await page.keyboard.press("Enter")

    await expect(page.locator("h1")).to_have_text("My application")
    await expect(page.locator("#done")).to_have_text(re.compile("^1 of 6"))


async def test_ingrid_checks_with_the_keys_that_the_buttons_show(new_page, new_person, ingrid, call, positions):
    files = [await submitted(await new_person(Role.APPLICANT, name), call, positions[:1]) for name in ("Ana", "Bela")]
    page = await new_page(ingrid)
    await page.goto("/en/screening")
    await reach(page, "Check the first one")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Ana")

    await page.keyboard.press("h")
    await expect(page.locator("h1")).to_have_text("Bela")
    await page.keyboard.press("1")
    await expect(page.locator("h1")).not_to_have_text("Bela")

    assert await states() == {files[0].ref: State.SUBMITTED, files[1].ref: State.ELIGIBLE}
