"""The desk in real Chromium: walked by a person, with the script and without, and looked at by axe."""

from pathlib import Path

import pytest
from sqlalchemy import select

from internships import worker
from internships.matching.models import MatchRun
from tests.desk.conftest import kept

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
ASK_AXE = """async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})).violations
    .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + n.failureSummary).join(" | "))"""


@pytest.mark.parametrize("javascript", [True, False])
async def test_ingrid_names_a_run_and_reads_its_result(new_page, ingrid, market, javascript):
    page = await new_page(ingrid, javascript=javascript)
    await page.goto("/en/matching")

    await page.get_by_role("button", name="Run the match").click()
    await page.get_by_text("Give the run a name").first.wait_for()
    await page.get_by_label("Name of the run").fill("Before the meeting")
    await page.get_by_role("button", name="Run the match").click()
    await page.locator("#run-progress").wait_for()
    for landmark in ("banner", "main", "contentinfo"):
        assert await page.get_by_role(landmark).is_visible()
    assert await page.get_by_text("The run was asked for.").is_visible()
    await worker.once()
    if not javascript:
        await page.get_by_role("link", name="Look again").click()
    await page.get_by_role("heading", name="2 of 3 people have a place").wait_for()
    await page.get_by_role("link", name="By person").click()
    await page.get_by_role("link", name="Mei").click()

    assert await page.get_by_role("heading", name="Mei").is_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(new_page, ingrid, market, made, language, width, dark):
    await made()
    ((ref,),) = await kept(select(MatchRun.ref))
    person, position = market.applications["Mei"].ref, market.positions["Glacier"].ref
    page = await new_page(ingrid, width=width, dark=dark, language=language)
    run = f"/matching/runs/{ref}"
    paths = [
        "/matching", "/matching/readiness", "/matching/rules/limits", "/matching/rules/reserved",
        "/matching/rules/minimums", f"/matching/rules/pairs?person={person}", "/matching/rules/lottery", "/contests",
        run, f"{run}/people", f"{run}/people/{person}", f"{run}/positions", f"{run}/positions/{position}",
        f"{run}/limits", f"{run}/proof", f"{run}/picture", f"{run}/try?person={person}",
        f"{run}/try?kind=seats&position={position}&number=2", f"{run}/what-if", "/how-places-are-given",
    ]  # fmt: skip
    found = {}
    for path in paths:
        await page.goto(f"/{language}{path}")
        await page.evaluate(AXE)
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if violations := [*await page.evaluate(ASK_AXE), *(["scrolls sideways"] if wide else [])]:
            found[path] = violations

    assert found == {}
