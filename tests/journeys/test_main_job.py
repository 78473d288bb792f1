"""The whole main job in real Chromium, on the real reserves: from registering to a placement that stands."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import select

from internships import worker
from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.core import clock as time_now
from internships.core.db import read
from internships.cycles.models import Cycle
from internships.placements.models import Placement
from internships.reserves.models import Position, PositionLanguage
from internships.sample.actions.filling import fill, written
from internships.sample.calendar import Phase
from tests.site.conftest import sessions

EMAIL = "amina.okello@example.org"
WHY = "I grew up where herders and foresters share one mountain, and I want to learn how others keep the peace."


async def send_by(page: Page, button: Locator) -> None:
    """Press a button that sends a form, and wait until what comes of it is shown, with script or without."""
    async with page.expect_response(lambda response: response.request.method == "POST") as answered:
        await button.click()
    response = await answered.value
    if (target := response.headers.get("hx-location")) is not None:
        await page.wait_for_url(f"**{target}")
    await page.wait_for_load_state()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


async def press(page: Page, name: str) -> None:
    """Press a button by its words."""
    await send_by(page, page.get_by_role("button", name=name, exact=True).first)


async def follow(page: Page, name: str) -> None:
    """Follow a link by its words."""
    await page.get_by_role("link", name=name, exact=True).first.click()
    await page.wait_for_load_state()


async def all_work() -> None:
    """Let the worker do everything that is due."""
    while await worker.once():
        pass


async def wanted() -> tuple[list[str], dict[str, str]]:
    """Three positions, the first of them at Tomás's reserve, and the languages that they need."""
    async with read() as db:
        host = select(Membership.reserve_id).join(Person, Person.id == Membership.person_id)
        mine = await db.scalar(host.where(Person.email == "host-a@example.org", Membership.role == Role.HOST))
        first = select(Position.id, Position.ref).order_by(Position.reserve_id != mine, Position.id).limit(3)
        positions = (await db.execute(first)).all()
        needs = select(PositionLanguage.code, PositionLanguage.level).where(PositionLanguage.required.is_(True))
        spoken = (await db.execute(needs.where(PositionLanguage.position_id.in_([p.id for p in positions])))).all()
    return [position.ref for position in positions], {"en": "B1", **{code: "C1" for code, _level in spoken}}


async def register(page: Page, letter_to) -> None:
    await page.goto("/en/register")
    await page.get_by_label("E-mail address").fill(EMAIL)
    await press(page, "Continue")
    letter = await letter_to(EMAIL)
    await page.goto(re.search(r"http\S+", letter.body).group(0))
    await page.get_by_label("Full name, as in your passport").fill("Amina Okello")
    await page.get_by_label("Password (optional)").fill("seven quiet herons over snow")
    await press(page, "Create my account")


async def fill_in(page: Page, refs: list[str], languages: dict[str, str]) -> None:
    await page.goto("/en/application")
    await press(page, "Start my application")
    await page.goto("/en/application/about")
    await page.get_by_label("Day").fill("27")
    await page.get_by_label("Month").fill("March")
    await page.get_by_label("Year").fill("2001")
    await page.get_by_label("Which nationality do you have?").fill("Kenya")
    await page.get_by_label("In which country do you live?").fill("Kenya")
    await page.get_by_label("In which town or village?").fill("Nanyuki")
    await press(page, "Save and continue")
    await expect(page.locator("main")).to_contain_text("You were born on 27 March 2001.")
    await press(page, "Save and continue")
    await page.goto("/en/application/studies/new")
    await page.locator("input[name=isced_level][value='7']").check()
    await page.get_by_label("What is the degree or course called?").fill("Master in Forest Ecology")
    await page.get_by_label("Which field is it?").fill("Biology")
    await page.get_by_label("Where do you study, or have you studied?").fill("University of Nairobi")
    await page.get_by_label("In which country is it?").fill("Kenya")
    await page.locator("input[name=finished][value=no]").check()
    await page.get_by_label("In which year did you start?").fill("2024")
    await page.get_by_label("In which year did you finish, or do you expect to?").fill("2027")
    await press(page, "Save and continue")
    await finished(page, "studies")
    for code, level in languages.items():
        await page.goto("/en/application/languages/new")
        await page.locator("#f-code").fill(code)
        await page.locator(f"input[name=level][value={level}]").check()
        await press(page, "Save and continue")
    await finished(page, "languages")
    await page.goto("/en/application/experience")
    await press(page, "I have no experience yet")
    await page.goto("/en/application/motivation")
    await page.get_by_label("English").check()
    await page.locator("#f-motivation").fill(WHY)
    await page.locator("#f-use_after").fill("I will start a herders' school at home.")
    await press(page, "Save and continue")
    for ref in refs:
        await page.goto(f"/en/positions/{ref}")
        await press(page, "Add to my choices")
        if await page.locator("#f-motivation").count() == 0:
            await page.goto("/en/application/choices")
            await page.get_by_role("link", name=re.compile("Write|Why|motivation", re.IGNORECASE)).last.click()
        await page.locator("#f-motivation").fill(f"{WHY} ({ref})")
        await press(page, "Save and continue")


async def finished(page: Page, section: str) -> None:
    await page.goto(f"/en/application/{section}")
    await page.locator("input[name=finished][value=yes]").check()
    await press(page, "Save and continue")


async def send(page: Page) -> str:
    await page.goto("/en/application/check")
    await page.get_by_label("My answers are true, and I wrote the texts myself.").check()
    await press(page, "Send my application")
    await expect(page).to_have_url(re.compile("/application/sent"))
    return re.search(r"\b[0-9A-HJKMNP-TV-Z]{10}\b", await page.locator("main").inner_text()).group(0)


async def screen(page: Page, ref: str) -> None:
    await page.goto("/en/screening")
    await page.goto(f"/en/screening/{ref}")
    await press(page, "Eligible")
    await expect(page.locator("body")).to_contain_text("Undo")


async def assign(page: Page) -> None:
    await page.goto("/en/assignments")
    await page.get_by_role("button", name="Preview an even distribution").click()
    await expect(page.get_by_role("button", name=re.compile("^Assign"))).to_be_visible()
    await send_by(page, page.get_by_role("button", name=re.compile("^Assign")))


async def review(page: Page) -> None:
    await page.goto("/en/reviews")
    await follow(page, "Open the next file")
    await page.locator("input[name=tie][value=no]").check()
    await press(page, "Continue")
    for criterion in await page.locator("fieldset:has(input[name^=points_])").all():
        await criterion.locator("input[value='4']").check()
    await page.get_by_label("What should the programme know?").fill("Knows her birds.")
    await send_by(page, page.locator("#finish"))
    await expect(page.locator("main")).to_contain_text("80")


async def rate(page: Page, position: str) -> None:
    await page.goto(f"/en/host/positions/{position}")
    await page.get_by_role("link", name=re.compile("Amina Okello")).first.click()
    await page.wait_for_load_state()
    await page.locator("input[name=tie][value=no]").check()
    await press(page, "Continue")
    await send_by(page, page.locator("#shortlist"))
    await page.locator("input[name=answer]").first.check()
    await send_by(page, page.locator("#save"))


async def seal(page: Page) -> None:
    await page.goto("/en/matching/rules/lottery")
    await page.get_by_label("The text").fill("snow on the pass, 12 October")
    await press(page, "Seal the lottery")


async def match(page: Page) -> None:
    await page.goto("/en/matching")
    await page.get_by_label("Name of the run").fill("The one that counts")
    await press(page, "Run the match")
    await all_work()
    await page.reload()
    await follow(page, "Look at the approval")
    await page.get_by_label("I have looked at the result and its reasons, and I approve it in my name").check()
    await send_by(page, page.get_by_role("button", name=re.compile("^Approve and send")))
    await expect(page.locator("main")).to_contain_text("places are held")


async def sign_in(page: Page) -> None:
    await page.goto("/en/offer")
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.get_by_label("E-mail address").first.fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill("seven quiet herons over snow")
    await press(page, "Sign in")
    await expect(page).to_have_url(re.compile("/offer"))


async def accept(page: Page) -> None:
    await page.goto("/en/why")
    await expect(page.locator("main")).to_contain_text("Download my certificate")
    await page.goto("/en/offer")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are offered a place")
    await follow(page, "Accept the place")
    await page.get_by_label("I will take this place").check()
    await press(page, "Accept the place")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The place is yours")


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
async def test_from_registering_to_a_placement_that_stands(javascript, new_page, letter_to, clock):
    await fill(written(7, 0, Phase.OPEN, time_now.now(), "!"), lambda _done, _of: None)
    refs, languages = await wanted()
    amina = await new_page(javascript=javascript, width=360)

    async def enter(name: str) -> Page:
        """Weeks pass between the steps, so everybody signs in anew for theirs."""
        return await new_page((await sessions())[name], javascript=javascript)

    await register(amina, letter_to)
    await fill_in(amina, refs, languages)
    reference = await send(amina)
    await seal(await enter("staff-a"))
    async with read() as db:
        closes, rates = (await db.execute(select(Cycle.closes_at, Cycle.rate_by))).one()
    clock.move_to(closes + timedelta(hours=1))
    await all_work()
    await screen(await enter("staff-a"), reference)
    await assign(await enter("staff-a"))
    await review(await enter("reviewer-a"))
    await rate(await enter("host-a"), refs[0])
    clock.move_to(rates + timedelta(hours=1))
    await all_work()
    await match(await enter("staff-a"))
    await sign_in(amina)
    await accept(amina)

    async with read() as db:
        placed = (await db.execute(select(Position.ref).join(Placement, Placement.position_id == Position.id))).all()
    assert [position.ref for position in placed] == [refs[0]]
    ingrid = await enter("staff-a")
    await ingrid.goto(f"/en/applications/{reference}")
    for told in ("Sent", "offer"):
        await expect(ingrid.locator("main")).to_contain_text(re.compile(told, re.IGNORECASE))
