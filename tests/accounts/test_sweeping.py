"""What has ended is cleared away by itself; and of many who are first, one is."""

import asyncio
import re
from datetime import timedelta

from sqlalchemy import func, select

from internships.accounts.actions.throttle import try_once
from internships.accounts.jobs import sweep
from internships.accounts.models import OneTimeLink, Person, Session, Throttle
from internships.accounts.rules import SIGNING_IN
from internships.core.db import read
from internships.core.faults import TooMany
from tests.visitor import Visitor


async def count(model):
    async with read() as db:
        return await db.scalar(select(func.count()).select_from(model))


async def test_what_has_ended_is_cleared_away(visitor, amina, letter_to, clock):
    await visitor.post("/register", data={"email": "never@example.org"})
    await letter_to("never@example.org")
    assert [await count(model) for model in (Person, Session, OneTimeLink)] == [2, 1, 1]

    clock.shift(timedelta(days=31, minutes=30))
    await sweep()

    assert [await count(model) for model in (Person, Session, OneTimeLink, Throttle)] == [1, 0, 0, 0]


async def test_what_still_counts_stays(visitor, amina, letter_to, clock):
    await visitor.post("/register", data={"email": "soon@example.org"})
    await letter_to("soon@example.org")

    clock.shift(timedelta(minutes=30))
    await sweep()

    assert [await count(model) for model in (Person, Session, OneTimeLink)] == [2, 1, 1]


async def test_of_twenty_who_use_a_link_at_once_one_gets_in(app, visitor, amina, letter_to):
    await visitor.post("/sign-in/link", data={"email": amina.actor.email})
    link = "/link/" + re.search(r"/link/(\S+)", (await letter_to(amina.actor.email)).body).group(1)
    browsers = [Visitor(app) for _ in range(20)]

    answers = await asyncio.gather(*(browser.post(link) for browser in browsers))

    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 19
    for browser in browsers:
        await browser.aclose()


async def test_of_thirty_tries_at_once_ten_are_let_through(database):
    answers = await asyncio.gather(
        *(try_once(SIGNING_IN, "a@example.org", "198.51.100.1") for _ in range(30)), return_exceptions=True
    )

    assert sum(answer is None for answer in answers) == 10
    assert sum(isinstance(answer, TooMany) for answer in answers) == 20


async def test_the_window_slides(database, clock):
    let_through = []
    for minute in range(25):
        for _ in range(3):
            try:
                await try_once(SIGNING_IN, "a@example.org", "198.51.100.1")
            except TooMany:
                continue
            let_through.append(minute)
        clock.shift(timedelta(minutes=1))

    # Where two windows meet, the older one is weighed as if its tries were spread evenly.
    assert all(sum(first <= minute < first + 5 for minute in let_through) <= 12 for first in range(25))
    assert let_through[-1] > 20
