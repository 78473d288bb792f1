"""Where the keyboard goes on after a rule was saved, and what the title says when it was not."""

import pytest
from playwright.async_api import expect


@pytest.mark.parametrize("javascript", [True, False])
async def test_after_a_saved_rule_the_word_about_it_has_the_focus(new_page, ingrid, market, javascript):
    page = await new_page(ingrid, javascript=javascript)
    await page.goto("/en/matching/rules/minimums")

    await page.get_by_role("button", name="Save the minimum").wait_for()
    await page.locator("select[name=position]").select_option(market.positions["Glacier"].ref)
    await page.locator("input[name=least]").fill("1")
    await page.get_by_role("button", name="Save the minimum").click()

    saved = page.locator(".notice", has_text="The minimum was saved.")
    await expect(saved).to_be_visible()
    await expect(saved).to_be_focused()


async def test_the_title_begins_with_the_error_with_script_too(new_page, ingrid, market):
    page = await new_page(ingrid)
    await page.goto("/en/matching/rules/limits")

    await page.get_by_role("button", name="Save the limit").click()

    await expect(page.locator("#error-summary")).to_be_focused()
    assert (await page.title()).startswith("Error:")
