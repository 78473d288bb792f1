"""The rules of the style sheet and the script: directions, colours, contrast, size, nothing an old phone trips over."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import brotli
import pytest

from internships.core.places import STATIC, TEMPLATES

SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "site.css").read_text("utf-8"), flags=re.DOTALL)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?:left|right|top|bottom)\s*:|"
    r"(?:text-align|float|clear)\s*:\s*(?:left|right)|(?:min-|max-)?(?:width|height)\s*:(?!\s*\d+(?:\.\d+)?rem\)))"
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab|lch|hwb)\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b"
)
TOO_NEW = ["@layer", ":has(", "color-mix(", "light-dark(", "@scope", "@container"]

# (text, ground, ratio): 4.5 for words, 3 for the edges of controls and for the focus ring.
PAIRS = [
    *[
        (text, ground, 4.5)
        for text in ("ink", "soft", "accent", "accent-strong", "bad")
        for ground in ("paper", "sheet", "sunk")
    ],
    *[(text, ground, 4.5) for text in ("ink", "soft", "accent", "accent-strong") for ground in ("wash",)],
    *[("ink", f"{kind}-wash", 4.5) for kind in ("good", "wait", "warn", "bad")],
    *[(kind, f"{kind}-wash", 4.5) for kind in ("good", "wait", "warn", "bad")],
    *[("accent", f"{kind}-wash", 4.5) for kind in ("good", "wait", "warn", "bad")],
    *[("heat-ink", f"heat-{step}", 4.5) for step in range(1, 6)],
    ("ink", "heat-0", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("on-bad", "bad", 4.5),
    ("on-bad", "bad-strong", 4.5),
    ("on-deep", "deep", 4.5),
    ("on-deep-soft", "deep", 4.5),
    ("edge", "paper", 3),
    ("edge", "sheet", 3),
    ("edge", "sunk", 3),
    ("accent", "line", 3),
    ("focus", "focus-ink", 3),
]


def tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\}", SHEET, re.DOTALL)
    assert block, selector
    return dict(re.findall(r"--([\w-]+):\s*(.*?);", block[1]))


LIGHT = tokens(":root")
DARK = {**LIGHT, **tokens(':root[data-theme="dark"]')}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_what_is_read_stands_out_from_its_ground(theme, text, ground, least):
    assert contrast(theme[text], theme[ground]) >= least


def test_the_dark_theme_is_one_whether_chosen_or_by_the_system():
    assert tokens(':root[data-theme="dark"]') == tokens(':root[data-theme="auto"]')


def test_no_direction_is_physical():
    assert PHYSICAL.findall(SHEET) == []


def test_colours_stand_in_the_custom_properties_alone():
    elsewhere = re.sub(r"--[\w-]+:\s*[^;]+;", "", SHEET)

    assert COLOUR.findall(elsewhere) == []


def test_every_custom_property_that_is_used_is_set():
    assert set(re.findall(r"var\(--([\w-]+)", SHEET)) <= set(re.findall(r"--([\w-]+):", SHEET))


def test_an_old_phone_understands_it():
    assert [word for word in TOO_NEW if word in SHEET] == []
    depths = [0]
    for brace in re.findall(r"[{}]", SHEET):
        depths.append(depths[-1] + (1 if brace == "{" else -1))
    inside_media = max(depths) <= 2 and not re.search(r"(?m)^\s*&", SHEET)
    assert inside_media
    assert all(abs(after - before) == 1 for before, after in pairwise(depths))


def test_nothing_is_fetched_from_elsewhere():
    for path in [STATIC / "site.css", STATIC / "site.js", *TEMPLATES.rglob("*.html")]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"url\(|@import|(?:src|href)=\"(?:https?:)?//", text), path


def squeezed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_the_files_are_light():
    assert len(brotli.compress((STATIC / "site.css").read_bytes())) <= 12_000
    assert squeezed(STATIC / "site.css") <= 12_000
    assert squeezed(STATIC / "site.js") <= 6_000
    assert squeezed(STATIC / "site.js") + squeezed(STATIC / "vendor/htmx-4.0.1.min.js") <= 20_000


def test_htmx_is_the_version_that_was_chosen():
    assert "4.0.1" in (STATIC / "vendor/htmx-4.0.1.min.js").read_text("utf-8")
    assert (STATIC / "vendor/htmx-4.0.1.LICENSE.txt").is_file()


def test_every_class_of_the_parts_is_known_to_the_sheet_or_the_script():
    known = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", SHEET))
    written = (TEMPLATES / "components").rglob("*.html")
    used = {
        name
        for path in written
        for value in re.findall(r'class="([^"{}]*)"', path.read_text("utf-8"))
        for name in value.split()
    }

    assert used <= known
