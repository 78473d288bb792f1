"""What the public pages weigh on the wire, with all real reserves and all positions of a first call."""

import re

import brotli
import pytest
from sqlalchemy import select

from internships.core.db import read
from internships.reserves.models import Position

KILO = 1000
TOTAL, HTML, STYLE, IMAGES, REQUESTS = 60 * KILO, 15 * KILO, 12 * KILO, 15 * KILO, 8
MAP_IMAGES = 25 * KILO
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
NEEDED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


async def weight_of(visitor, path):
    """Bytes in Brotli by kind: what a first visit fetches. Drawings inside the page count as images."""
    page = await visitor.get(path, headers={"Accept-Encoding": "br"})
    assert page.status_code == 200
    drawings = "".join(SVG.findall(page.text))
    weights = {
        "html": len(brotli.compress(SVG.sub("", page.text).encode(), quality=4)),
        "svg": len(brotli.compress(drawings.encode(), quality=4)),
        "wire": int(page.headers["content-length"]),
        "css": 0,
        "js": 0,
    }
    files = set(NEEDED.findall(page.text))
    for file in files:
        kind = file.rsplit(".", 1)[1]
        # Addresses of files have no language.
        answer = await visitor.get(visitor.base_url.join(file), headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200
        weights[kind] += int(answer.headers["content-length"])
        weights["wire"] += int(answer.headers["content-length"])
    weights["requests"] = 1 + len(files)
    return weights


@pytest.mark.parametrize(
    "path",
    ["/", "/calls/2027", "/positions", "/positions/ONE", "/reserves", "/reserves/es-omana-luna", "/map", "/check"],
)
async def test_a_first_visit_is_light(visitor, whole_call, path):
    if path.endswith("ONE"):
        async with read() as db:
            path = f"/positions/{await db.scalar(select(Position.ref).order_by(Position.id).limit(1))}"

    weights = await weight_of(visitor, path)

    assert weights["html"] <= HTML
    assert weights["css"] <= STYLE
    assert weights["js"] == 0
    assert weights["svg"] <= (MAP_IMAGES if path == "/map" else IMAGES)
    assert weights["wire"] <= TOTAL
    assert weights["requests"] <= REQUESTS
