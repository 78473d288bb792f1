"""Where the keyboard goes on after a step, in a browser."""

from playwright.async_api import expect


async def test_after_a_decision_the_next_name_has_the_focus(new_page, ingrid, sent, new_sent):
    await new_sent("Bela Kiss")
    page = await new_page(ingrid)
    await page.goto(f"/en/screening/{sent.ref}")

    await page.keyboard.press("1")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Bela Kiss")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_after_the_last_decision_the_heading_of_the_queue_has_it(new_page, ingrid, sent):
    page = await new_page(ingrid, javascript=False)
    await page.goto(f"/en/screening/{sent.ref}")

    await page.get_by_role("button", name="Eligible", exact=False).first.click()

    await expect(page.get_by_role("heading", level=1)).to_be_focused()
