"""Every page in Chromium: nothing that axe finds, nothing that the browser complains of, nothing beside the screen."""

import asyncio
from collections import defaultdict
from itertools import chain, product

import pytest
from playwright.async_api import Page

from internships.accounts.rules import Role
from internships.app import create_site
from internships.web.allow import listed
from tests.browser import NewPage
from tests.components.test_seen import AXE
from tests.site.conftest import Sessions
from tests.site.pages import NO_PAGES, PAGES, Shown, pattern
from tests.site.things import things

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What may differ by night: the page is the same, and only its colours change."""
ASK_AXE = """async (rules) => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 150)).join(" ")}`)"""
ASK_SHAPE = """() => ({
    title: document.title.trim(),
    headings: [...document.querySelectorAll("h1")].map((one) => [...one.childNodes]
        .filter((node) => !node.matches?.(".caption")).map((node) => node.textContent).join("").trim()),
    wide: document.documentElement.scrollWidth > innerWidth,
})"""
LOOKS = list(product(("en", "ar"), (360, 1280)))
"""Language and width; each page is looked at by day and by night."""


class Look:
    """One person's browser, and what was wrong on the pages it saw."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(error.message))

    async def at(self, shown: Shown, path: str) -> tuple[str, str, list[str]]:
        """The title of a page, its heading, and all that is wrong with it."""
        self.complaints.clear()
        answer = await self.page.goto(f"/{self.language}{path}")
        assert answer is not None
        status = answer.status
        if shown.sent:
            async with self.page.expect_response(lambda got: got.request.method == "POST") as answered:
                await self.page.locator("main form[method=post] .button-main").first.click()
            status = (await answered.value).status
            await self.page.locator("#error-summary" if status == 422 else "main").wait_for()
        wrong = [] if status == shown.status else [f"answered {status}"]
        wrong += [said for said in self.complaints if f"status of {shown.status} " not in said]
        await self.page.evaluate(AXE)
        wrong += await self.page.evaluate(ASK_AXE, RULES)
        await self.page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {found}" for found in await self.page.evaluate(ASK_AXE, OF_COLOUR)]
        await self.page.emulate_media(color_scheme="light")
        size = self.page.viewport_size
        assert size is not None
        if size["width"] == 360:
            await self.page.set_viewport_size({"width": 320, "height": 800})
        shape = await self.page.evaluate(ASK_SHAPE)
        await self.page.set_viewport_size(size)
        wrong += [f"first headings: {shape['headings']}"] if len(shape["headings"]) != 1 else []
        wrong += ["scrolls sideways"] if shape["wide"] else []
        wrong += ["has no title"] if not shape["title"] else []
        return shape["title"], "".join(shape["headings"]), wrong


async def walk(
    new_page: NewPage, sessions: Sessions, pages: list[tuple[Shown, str]], look: tuple[str, int]
) -> list[str]:
    """All that is wrong on the pages of one phase, in one look."""
    language, width = look
    looks: dict[str, Look] = {}
    titles: dict[tuple[str, str], set[str]] = defaultdict(set)
    wrong: list[str] = []
    for shown, path in pages:
        if shown.who not in looks:
            tab = await new_page(sessions.get(shown.who), width=width, language=language)
            looks[shown.who] = Look(tab, language)
        title, heading, found = await looks[shown.who].at(shown, path)
        titles[shown.who, title].add(heading)
        wrong += [f"{language} {width} {shown.who} {path}: {one}" for one in found]
    return wrong + [
        f"{who}: “{title}” is the title of {pages}" for (who, title), pages in titles.items() if len(pages) > 1
    ]


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("phase", sorted({shown.phase for shown in PAGES}))
async def test_every_page_is_for_everybody(new_sessions, new_person, new_page, phase):
    sessions = await new_sessions(phase)
    sessions["newcomer"] = await new_person(Role.APPLICANT, "Amina Okello")
    names = await things()
    pages = [(shown, shown.path.format(**names)) for shown in PAGES if shown.phase == phase]

    wrong = await asyncio.gather(*(walk(new_page, sessions, pages, look) for look in LOOKS))

    assert not any(wrong), "\n".join(chain(*wrong))


def test_every_address_is_among_the_pages():
    addresses = [entry["path"] for entry in listed(create_site()) if entry["method"] == "GET"]
    shown = [page.path.partition("?")[0] for page in PAGES]

    missing = [
        path for path in addresses if not NO_PAGES.fullmatch(path) and not any(map(pattern(path).fullmatch, shown))
    ]

    assert missing == []
