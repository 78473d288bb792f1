"""What every page weighs on the wire at the first visit, with its style and its scripts."""

import pytest

from tests.cycles.test_weights import IMAGES, KILO, MAP_IMAGES, REQUESTS, STYLE, weight_of
from tests.site.pages import PAGES
from tests.site.things import things

AT_A_DESK = {"staff-a", "reviewer-a", "host-a", "admin"}
LIGHT = {"wire": 60 * KILO, "html": 15 * KILO, "js": 20 * KILO, "css": STYLE, "svg": IMAGES, "requests": REQUESTS}
AT_DESKS = {"wire": 150 * KILO, "html": 60 * KILO, "js": 35 * KILO, "css": STYLE, "svg": 25 * KILO, "requests": 12}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("phase", sorted({page.phase for page in PAGES}))
async def test_no_page_is_heavier_than_its_readers_can_load(new_site, phase):
    site = await new_site(phase)
    names = await things()
    wrong = []

    for page in PAGES:
        if page.phase != phase or page.status != 200 or page.sent or page.who not in site:
            continue
        path = page.path.format(**names)
        weights = await weight_of(site[page.who], path)
        budget = AT_DESKS if page.who in AT_A_DESK else LIGHT | ({"svg": MAP_IMAGES} if path == "/map" else {})
        wrong += [f"{page.who} {path}: {kind} {weights[kind]}" for kind, most in budget.items() if weights[kind] > most]

    assert not wrong, "\n".join(wrong)
