"""Real Chromium, and the site on a real port of this machine, in the same loop and on the same database as the tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from typing import Any

import pytest
import uvicorn
from litestar.types import ASGIApp
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from internships.core.settings import settings
from internships.web import csrf
from tests import machine
from tests.cast import Known

# This machine may reach nothing but itself, and neither may a page of ours.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Server(uvicorn.Server):
    """Leaves signals to pytest."""

    def capture_signals(self) -> AbstractContextManager[None]:
        return nullcontext()


NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=machine.chromium(), args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture(scope="session")
async def _served(running: ASGIApp, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of the site, served once."""
    from tests.conftest import LISTENING

    config = uvicorn.Config(running, lifespan="off", log_config=None, access_log=False, ws="none")
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[LISTENING]))
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield settings().site
    server.should_exit = True
    await serving


@pytest.fixture
async def new_page(browser: Browser, _served: str, app: ASGIApp) -> AsyncIterator[NewPage]:
    """A page in a browser of its own; addresses may leave out the site: `await page.goto("/en/positions")`.

    `await new_page(amina)` has signed her in; `javascript=False`, `width=360`, `dark=True`, `language="ar"` are options.
    """
    async with AsyncExitStack() as open_ones:

        async def make(person: Known | None = None, **options: Any) -> Page:
            context = await browser.new_context(**_context(_served, **options))
            open_ones.push_async_callback(context.close)
            if person:
                await _sign_in(context, person)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            return page

        yield make


def _context(
    site: str, *, javascript: bool = True, width: int = 1280, dark: bool = False, language: str = "en"
) -> dict[str, Any]:
    return {
        "base_url": site,
        "java_script_enabled": javascript,
        "viewport": {"width": width, "height": 800},
        "color_scheme": "dark" if dark else "light",
        "locale": language,
        "reduced_motion": "reduce",
    }


async def _sign_in(context: BrowserContext, person: Known) -> None:
    cookie = {"name": csrf.cookie_name("session"), "value": person.session, "url": settings().site}
    await context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]
