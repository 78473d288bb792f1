"""Rules of the house that no linter knows."""

import re

import pytest

from internships.core.places import HOME, PACKAGE, TEMPLATES

MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\s(on[a-z]+|hx-on[^\s=]*)\s*=", re.IGNORECASE),
    "a script inside the page": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b"),
    "an address elsewhere": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.IGNORECASE),
}


def test_every_init_is_empty():
    assert [path for path in MODULES if path.name == "__init__.py" and path.read_text().strip()] == []


def test_annotations_stay_values():
    """Litestar and Pydantic read them while the program runs."""
    assert [path for path in MODULES if "from __future__ import annotations" in path.read_text()] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what):
    found = [path.relative_to(HOME).as_posix() for path in PAGES if FORBIDDEN[what].search(path.read_text())]

    assert found == []
