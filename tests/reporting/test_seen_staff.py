"""The staff's start page and the call's steps in a real browser: axe finds nothing, nothing scrolls sideways."""

from itertools import product

import pytest

from internships.cycles.rules import State
from tests.cycles.test_seen import ASK_AXE, AXE, RULES, TOO_WIDE


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing_where_staff_begin(new_page, ingrid, new_call, language):
    await new_call(state=State.ANNOUNCED)
    page = await new_page(ingrid, language=language)
    found = {}

    for path in ("/staff", "/staff/call", "/staff/call/open"):
        await page.goto(f"/{language}{path}")
        await page.evaluate(AXE)
        for width, scheme in product([360, 1280], ["light", "dark"]):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            wrong = await page.evaluate(ASK_AXE, RULES)
            if wrong or await page.evaluate(TOO_WIDE):
                found[path, width, scheme] = wrong or "scrolls sideways"

    assert found == {}
