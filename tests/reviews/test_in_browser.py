"""Scoring and rating in Chromium, with the script and without."""

import pytest
from playwright.async_api import expect

from internships.reviews.rules import State


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_reviewer_scores_and_goes_on(new_page, ravi, new_file, new_review, javascript):
    first, second = await new_file("Amina Okello"), await new_file("Bao Nguyen")
    review = await new_review(first, ravi, State.ASSIGNED)
    await new_review(second, ravi, State.ASSIGNED)
    page = await new_page(ravi, javascript=javascript)

    await page.goto(f"/en/reviews/{review.ref}")
    await page.get_by_label("No, I have no tie").check()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("What should the programme know?").fill("Knows her birds.")
    await page.get_by_role("button", name="Finish and open the next").click()
    await expect(page.locator("#error-summary")).to_contain_text("Give points for “Motivation”.")
    await expect(page.get_by_label("What should the programme know?")).to_have_value("Knows her birds.")
    for criterion in ("Motivation", "Fit of studies"):
        await page.get_by_role("group", name=criterion).get_by_role("radio").nth(3).check(force=True)
    await page.get_by_role("button", name="Finish and open the next").click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Bao Nguyen")
    await expect(page.get_by_text("The review is finished.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_host_rates_one_and_then_everyone(new_page, tomas, position, new_file, no_tie, javascript):
    files = [await new_file("Amina Okello"), await new_file("Bao Nguyen")]
    await no_tie(tomas, *files)
    page = await new_page(tomas, javascript=javascript)

    await page.goto(f"/en/host/candidates/{files[0].choice.ref}")
    await page.get_by_label("Would not host").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#error-summary")).to_contain_text("Choose a reason.")
    await page.get_by_label("If you would not, why?").select_option("field")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("The rating is saved.")).to_be_visible()
    await page.goto(f"/en/host/positions/{position.ref}/rate")
    await page.get_by_label("Bao Nguyen: First choice").check()
    await page.get_by_role("button", name="Save all ratings").click()

    await expect(page.get_by_text("1 rating was saved.")).to_be_visible()
    await expect(page.get_by_role("row", name="Bao Nguyen")).to_contain_text("First choice")


async def test_a_host_rates_everyone_on_a_phone_without_moving_the_list_sideways(
    new_page, tomas, position, new_file, no_tie
):
    await no_tie(tomas, await new_file("Amina Okello"))
    page = await new_page(tomas, javascript=False, width=360)

    await page.goto(f"/en/host/positions/{position.ref}/rate")
    region = page.locator(".table-region")
    assert await region.evaluate("it => it.scrollWidth <= it.clientWidth")
    words = "it => getComputedStyle(it.closest('td'), '::before').content"
    assert await page.get_by_label("Amina Okello: First choice").evaluate(words) == '"First choice"'
    await page.get_by_label("Amina Okello: First choice").check()
    await page.get_by_role("button", name="Save all ratings").click()

    await expect(page.get_by_text("1 rating was saved.")).to_be_visible()
    assert await region.evaluate("it => it.scrollWidth <= it.clientWidth")
    await page.goto(f"/en/host/positions/{position.ref}/rate")
    await expect(region.locator(".tag")).to_have_text("First choice")
