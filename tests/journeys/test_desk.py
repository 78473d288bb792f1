"""The desk at full size: 500 people for 40 real positions, run, compared and approved by keyboard, and answered to the end."""

import json
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import func, select

from internships import worker
from internships.accounts.models import Person
from internships.accounts.rules import Actor, Role
from internships.applications.models import Application
from internships.core import clock as time_now
from internships.core.db import read
from internships.matching.actions import rules, runs
from internships.matching.models import MatchLimit, MatchRun
from internships.placements.actions import answering
from internships.placements.jobs import CHORES
from internships.placements.models import Offer, Waiting
from internships.placements.rules import HOLDS_A_SEAT, OfferState, WaitingState
from internships.reserves.models import Position
from internships.sample.actions.deciding import decide
from internships.sample.actions.filling import fill, written
from internships.sample.calendar import Phase
from tests.site.conftest import sessions

FOCUSED = """() => {
    const at = document.activeElement;
    if (!at.matches("a, button, input")) return "";
    return (at.labels?.length ? at.labels[0].innerText : at.innerText).replace(/\\s+/g, " ").trim();
}"""


async def rows(statement):
    async with read() as db:
        return [tuple(row) for row in await db.execute(statement)]


async def tab_to(page: Page, words: str) -> None:
    """Go on with the Tab key until what has the focus says these words."""
    seen = []
    for _press in range(150):
        await page.keyboard.press("Tab")
        seen.append(await page.evaluate(FOCUSED))
        if words in seen[-1]:
            return
    pytest.fail(f"“{words}” is not reached by Tab; reached were {seen}")


async def enter(page: Page, words: str) -> None:
    """Follow a link, or press a button, by keyboard alone."""
    await tab_to(page, words)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def two_runs() -> list[str]:
    """A run, and another one with a limit over the positions where most people went, three below what they got."""
    await fill(written(11, 500, Phase.MATCHING, time_now.now(), "!"), lambda _done, _of: None)
    await decide(11, Phase.MATCHING, lambda _done, _of: None)
    [(staff, name)] = await rows(select(Person.id, Person.full_name).where(Person.email == "staff-a@example.org"))
    ingrid = Actor(staff, Role.STAFF, name=name, email="staff-a@example.org", locale="en")
    [(result,)] = await rows(select(MatchRun.result))
    most = Counter(at for at in json.loads(result)["matching"].values() if at).most_common(10)
    under = {"seats": sum(placed for _ref, placed in most) - 3, "over": [ref for ref, _placed in most]}
    await rules.save_limit(ingrid, None, name="Travel fund", **under)
    await runs.start(ingrid, name="With a travel fund")
    await worker.once()
    return [name for (name,) in await rows(select(MatchRun.name).order_by(MatchRun.id))]


async def read_and_approve(page: Page) -> None:
    """Desk, run, by person, verdict, comparison, approval: without a mouse."""
    await page.goto("/en/matching")
    await enter(page, "With a travel fund")
    await enter(page, "By person")
    somebody = (await page.locator("main table th[scope=row] a").first.inner_text()).strip()
    await enter(page, somebody)
    await expect(page.locator("main table")).to_contain_text("In words")
    await enter(page, "With a travel fund")
    await enter(page, "First run")
    await expect(page.get_by_role("heading", level=1)).to_have_text("From “First run” to “With a travel fund”")
    await expect(page.locator("main")).to_contain_text("The limit “Travel fund” is new.")
    await expect(page.locator("main")).to_contain_text("Lost:")
    await enter(page, "With a travel fund")
    await enter(page, "Look at the approval")
    await tab_to(page, "I have looked at the result")
    await page.keyboard.press("Space")
    await enter(page, "Approve and send")
    await expect(page.locator("main")).to_contain_text("places are held")


async def laws_hold() -> None:
    """Seats are counted right, no limit is exceeded, and nobody holds two."""
    live = Counter()
    for at, person, number in await rows(
        select(Offer.position_id, Offer.person_id, func.count())
        .where(Offer.state.in_(list(HOLDS_A_SEAT)))
        .group_by(Offer.position_id, Offer.person_id)
    ):
        assert number == 1
        live[at] += 1
        live[f"person {person}"] += 1
    assert all(number == 1 for who, number in live.items() if isinstance(who, str))
    seats = await rows(select(Position.id, Position.ref, Position.held, Position.seats))
    assert {at: held for at, _ref, held, _seats in seats} == {at: live[at] for at, *_ in seats}
    assert all(held <= most for _at, _ref, held, most in seats)
    for most, over in await rows(select(MatchLimit.seats, MatchLimit.over)):
        assert sum(held for _at, ref, held, _seats in seats if ref in over) <= most


async def answered(rng: Random, clock) -> int:
    """Everybody who has an offer says no, or lets its date pass; how many did."""
    asked = (
        select(Offer.ref, Offer.answer_by, Person.id, Person.full_name, Person.email)
        .join(Person, Person.id == Offer.person_id)
        .where(Offer.state == OfferState.ISSUED)
        .order_by(Offer.id)
    )
    found = await rows(asked)
    late = [(offer, until) for offer, until, *_ in found if rng.random() < 0.3 or until <= time_now.now()]
    for offer, _until, person, name, email in found:
        if offer not in dict(late):
            actor = Actor(person, Role.APPLICANT, name=name, email=email, locale="en")
            await answering.decline(actor, offer, reason="dates", text="", stay_on_lists=False)
    await laws_hold()
    for offer, until in late:
        clock.move_to(max(until + timedelta(minutes=1), time_now.now()))
        assert await answering.expire(offer) == "expired"
    await laws_hold()
    for chore in CHORES:
        await chore()
    return len(found)


async def still_waiting():
    """Who waits for a place that is free, and has none."""
    asked = (
        select(Position.ref, Waiting.place)
        .join(Position, Position.id == Waiting.position_id)
        .join(Application, Application.id == Waiting.application_id)
        .where(Waiting.state == WaitingState.WAITING, Position.held < Position.seats)
    )
    return await rows(asked)


async def test_five_hundred_people_from_two_runs_to_empty_waiting_lists(new_page, clock):
    assert await two_runs() == ["First run", "With a travel fund"]
    await read_and_approve(await new_page((await sessions())["staff-a"], javascript=False))
    await laws_hold()
    first = await rows(select(func.count()).select_from(Offer))

    rng, rounds = Random(11), []
    while number := await answered(rng, clock):
        rounds.append(number)

    assert [(rounds[0],)] == first
    assert len(rounds) > 3
    assert await still_waiting() == []
