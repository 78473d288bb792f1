"""Every public page in a real browser: axe finds nothing, nothing scrolls sideways, and a keyboard gets to the filters."""

from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

from internships.core.db import read
from internships.reserves.models import Position

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK_AXE = """async (tags) => (await axe.run({runOnly: tags})).violations
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.target).join(" ")}`)"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PAGES = [
    "/", "/calls/2027", "/positions", "/positions?month=7&country=XX", "/positions?month=7&q=none", "/reserves",
    "/reserves/es-omana-luna", "/map", "/check", "/help", "/privacy", "/accessibility",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing_on_public_pages(new_page, whole_call, language):
    async with read() as db:
        position = await db.scalar(select(Position.ref).order_by(Position.id).limit(1))
    page = await new_page(language=language)
    found = {}

    for path in [*PAGES, f"/positions/{position}"]:
        await page.goto(f"/{language}{path}")
        await page.evaluate(AXE)
        for width, scheme in product([360, 1280], ["light", "dark"]):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            wrong = await page.evaluate(ASK_AXE, RULES)
            if wrong or await page.evaluate(TOO_WIDE):
                found[path, width, scheme] = wrong or "scrolls sideways"

    assert found == {}


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (360, "en"), (360, "ar"), (768, "en"), (1280, "ar")])
async def test_the_map_shows_the_whole_world_at_once_with_marks_wide_enough_for_a_finger(
    new_page, whole_call, width, language
):
    page = await new_page(javascript=False, width=width, language=language)
    await page.goto(f"/{language}/map")

    targets = await page.locator(".map-target:visible").all()
    boxes = [await target.bounding_box() for target in targets]
    names = [await link.get_attribute("href") for link in await page.locator("svg a:visible").all()]

    assert len(boxes) == len(set(names)) > 10
    assert all(box["width"] >= 24 and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


async def test_somebody_without_script_filters_and_opens_a_position(new_page, whole_call):
    page = await new_page(javascript=False)
    await page.goto("/en/positions")

    await page.get_by_label("Country").select_option(label="Spain")
    await page.get_by_label("Places free").check()
    await page.get_by_role("button", name="Show results").click()
    await page.get_by_role("link", name="Hay-meadow phenology and climate diary").click()

    assert await page.get_by_role("heading", level=1).inner_text() != ""
    await page.get_by_role("link", name="Valles de Omaña y Luna").click()
    assert "Valles de Omaña y Luna" in await page.title()
    assert await page.get_by_text("not verified").count() > 0


async def test_can_i_apply_is_answered_in_words_without_script(new_page, whole_call):
    page = await new_page(javascript=False, width=360)
    await page.goto("/en/check")

    await page.get_by_label("Day").fill("27")
    await page.get_by_label("Month").fill("March")
    await page.get_by_role("textbox", name="Year").fill("2001")
    await page.get_by_label("Master or equivalent").check()
    await page.get_by_label("English (B1)").check()
    await page.get_by_role("button", name="Show me whether I can apply").click()

    assert await page.get_by_role("heading", level=1).inner_text() == "Yes, you can apply"
