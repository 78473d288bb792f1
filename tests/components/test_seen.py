"""The parts in a real browser: seen by axe in both themes and directions, and what the script adds to them."""

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from internships.core.places import STATIC
from internships.web.outer import POLICY
from tests.components.gallery import gallery

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK_AXE = """async (tags) => (await axe.run({runOnly: tags})).violations
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.target).join(" ")}`)"""
SITE = "http://127.0.0.1:9"
Look = Callable[..., Awaitable[Page]]


@pytest.fixture
async def look(browser: Browser) -> AsyncIterator[Look]:
    """A page of parts in the browser, under the site's own policy; `answer` stands in for the server."""
    contexts = []
    complaints: list[str] = []

    async def opened(
        name: str = "gallery",
        way: str = "ltr",
        theme: str = "light",
        size: tuple[int, int] = (1280, 800),
        answer: Callable[[Route], Awaitable[None]] | None = None,
        ends_in: int | None = None,
    ) -> Page:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        contexts.append(context)

        async def serve(route: Route) -> None:
            path = route.request.url.removeprefix(SITE)
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                await route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
            elif path == "/looked-at" and route.request.method == "GET":
                headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
                await route.fulfill(body=gallery(way, theme, page=f"{name}.html", ends_in=ends_in), headers=headers)
            elif answer:
                await answer(route)
            else:
                await route.fulfill(status=404)

        await context.route("**/*", serve)
        page = await context.new_page()
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.on("pageerror", lambda error: complaints.append(error.message))
        await page.goto(f"{SITE}/looked-at")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("way", ["ltr", "rtl"])
@pytest.mark.parametrize("name", ["gallery", "public"])
async def test_axe_finds_nothing(look, name, way, theme, width):
    # So tall that the bar at the foot covers nothing.
    page = await look(name, way, theme, (width, 14_000))
    await page.evaluate(AXE)

    assert await page.evaluate(ASK_AXE, RULES) == []


@pytest.mark.parametrize("way", ["ltr", "rtl"])
@pytest.mark.parametrize("name", ["gallery", "public"])
async def test_the_page_never_scrolls_sideways_on_the_smallest_phone(look, name, way):
    page = await look(name, way, size=(320, 800))

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_date_is_asked_for_on_one_line_of_a_phone(look):
    page = await look(size=(360, 800))

    tops = await page.locator(".date-fields input").evaluate_all("all => all.map(it => it.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert len(set(tops)) == 1


async def test_the_page_still_fits_with_letters_twice_as_big(look):
    page = await look("public", size=(640, 800))
    await page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_list_of_errors_has_the_focus(look):
    page = await look()

    assert await page.evaluate("document.activeElement.className") == "error-summary"


async def test_the_counter_counts_as_the_server_does(look):
    page = await look()

    await page.fill("#f-motivation", "🏔" * 3 + "e\u0301")

    assert await page.text_content("#f-motivation-counter") == "Characters left: 1,496"


async def test_too_much_text_is_said_and_never_cut(look):
    page = await look()

    await page.fill("#f-motivation", "a" * 1502)

    assert await page.text_content("#f-motivation-counter") == "Characters too many: 2"
    assert await page.evaluate("document.querySelector('#f-motivation').value.length") == 1502


async def test_none_of_these_takes_the_other_ticks_away(look):
    page = await look()

    await page.check("#f-experience")
    await page.check("#f-experience-3")

    assert not await page.is_checked("#f-experience")


async def test_two_clicks_send_once(look):
    sent = []

    async def slow(route: Route) -> None:
        sent.append(route.request.url)

    page = await look(answer=slow)
    await page.eval_on_selector("[action='/e'] button", "button => { button.click(); button.click(); }")
    await page.wait_for_timeout(300)

    assert len(sent) == 1


async def test_a_long_text_is_saved_by_itself_and_says_so(look):
    bodies = []

    async def saves(route: Route) -> None:
        bodies.append(route.request.post_data)
        await route.fulfill(status=204, headers={"X-Version": "8"})

    page = await look(answer=saves)
    await page.fill("#f-motivation", "Glaciers")
    await expect(page.locator("#status")).to_contain_text("Saved at")

    assert "Glaciers" in bodies[0]
    assert "once=" not in bodies[0]
    assert await page.evaluate("Object.keys(sessionStorage).length") == 0


async def test_text_that_could_not_be_saved_is_back_after_loading_again(look):
    async def broken(route: Route) -> None:
        await route.abort()

    page = await look(answer=broken)
    await page.fill("#f-motivation", "Glaciers")
    await expect(page.locator("#status")).to_contain_text("Not saved.")
    await page.reload()

    assert await page.input_value("#f-motivation") == "Glaciers"


async def test_signing_out_leaves_no_text_behind(look):
    async def broken(route: Route) -> None:
        await route.abort()

    page = await look(answer=broken)
    await page.fill("#f-motivation", "Glaciers")
    async with page.expect_request("**/accounts.sign_out"):
        await page.evaluate("document.querySelector('[data-clears]').requestSubmit()")
    await page.goto(f"{SITE}/looked-at")

    assert await page.input_value("#f-motivation") == ""


@pytest.mark.parametrize("failure", ["offline", "500"])
async def test_a_failure_on_the_way_is_said_and_can_be_tried_again(look, failure):
    tries = []

    async def failing(route: Route) -> None:
        tries.append(route.request.url)
        await (route.abort() if failure == "offline" else route.fulfill(status=500, body="<p>Broken</p>"))

    page = await look(answer=failing)
    await page.click("#everything .button-main")
    await page.wait_for_selector("#alert p")
    await page.click("#alert button")
    await page.wait_for_selector("#alert p")

    assert "Your text is still on this page." in await page.text_content("#alert")
    assert len(tries) == 2
    assert await page.input_value("#f-motto") == '"><script>alert(1)</script>'


async def test_a_refused_form_is_put_in_place_with_the_focus_on_its_errors(look):
    async def refuses(route: Route) -> None:
        part = gallery().split('<form id="everything"')[1].split("</form>")[0]
        assert route.request.headers["x-csrf-token"] == "token-of-this-page"
        await route.fulfill(status=422, body=f'<form id="everything"{part}</form>', content_type="text/html")

    page = await look(answer=refuses)
    await page.focus("#f-motto")
    async with page.expect_response("**/everything"):
        await page.keyboard.press("Enter")
    await expect(page.locator("#error-summary")).to_be_focused()

    assert await page.text_content("#alert") == ""


async def test_a_key_presses_the_button_that_shows_it(look):
    page = await look()
    await page.evaluate("document.activeElement.blur()")

    async with page.expect_request("**/e") as pressed:
        await page.keyboard.press("1")

    assert (await pressed.value).method == "POST"


async def test_keys_do_nothing_while_somebody_writes(look):
    page = await look()

    await page.focus("#f-mail")
    await page.keyboard.press("1")

    assert await page.input_value("#f-mail") == "1"
    assert page.url.endswith("/looked-at")


async def test_j_and_k_walk_through_the_rows_and_x_ticks_one(look):
    page = await look()
    await page.evaluate("document.activeElement.blur()")

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("x")

    assert await page.is_checked("#tick-K3N82QWX7A")


async def test_the_keys_of_the_page_are_listed(look):
    page = await look()
    await page.evaluate("document.activeElement.blur()")

    await page.keyboard.press("?")

    assert await page.is_visible("dialog#key-help")


async def test_public_pages_load_no_script_and_stay_light(look):
    page = await look("public")

    assert await page.evaluate("document.scripts.length") == 0
    assert len(gallery(page="public.html").encode()) < 30_000


async def test_paper_is_printed_by_day(look):
    page = await look("public", theme="dark")

    await page.emulate_media(media="print")

    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 42, 42)"


async def test_searching_while_one_types_asks_once_and_keeps_the_address(look):
    asked = []

    async def finds(route: Route) -> None:
        asked.append(route.request.url.removeprefix(SITE))
        await route.fulfill(body='<div id="list">No one</div>', content_type="text/html")

    page = await look(answer=finds)
    await page.fill("#search-q", "")
    await page.type("#search-q", "amina", delay=20)
    await expect(page.locator("#list")).to_contain_text("No one")

    assert asked == ["/search?q=amina&state=new"]
    assert page.url.endswith("/search?q=amina&state=new")
    assert await page.evaluate("document.activeElement.id") == "search-q"


async def test_the_end_of_the_session_is_said_and_can_be_put_off(look):
    async def stays(route: Route) -> None:
        await route.fulfill(status=200)

    page = await look(answer=stays, ends_in=121)
    await expect(page.locator("#alert")).to_contain_text("You will be signed out in two minutes.")

    async with page.expect_request(lambda request: request.method == "HEAD"):
        await page.click("#alert button")
