"""The outbox: for staff, and for developers."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from internships.core import clock as core_clock
from internships.core.db import read
from internships.core.models import History, Letter, LetterState
from internships.core.outbox import Envelope, post
from internships.core.writing import write


@pytest.fixture
def write_letter(database):
    async def make(n=0, **more):
        context = {"secret": f"token-{n}", "known_before": False}
        letter = Envelope("accounts/sign_in", f"letter:{n}", None, f"p{n}@example.org", "en", context=context, **more)
        async with write() as tx:
            await post(tx, letter)
            return await tx.scalar(select(Letter.ref).where(Letter.key == f"letter:{n}"))

    return make


async def state_of(ref):
    async with read() as db:
        return await db.scalar(select(Letter.state).where(Letter.ref == ref))


async def test_staff_see_what_waits_and_when_it_leaves(as_ingrid, write_letter):
    await write_letter(1)
    await write_letter(2, not_before=core_clock.now() + timedelta(minutes=10))

    page = (await as_ingrid.get("/letters")).text

    assert "p1@example.org" in page
    assert "within a minute" in page
    assert "09:40" in page
    assert "token-1" not in page


async def test_the_link_in_a_letter_is_for_its_reader_alone(as_ingrid, write_letter, letter_to):
    ref = await write_letter(1)

    waiting = (await as_ingrid.get(f"/letters/{ref}")).text
    await letter_to("p1@example.org")
    sent = (await as_ingrid.get(f"/letters/{ref}")).text

    assert "To sign in, open this page" in waiting
    assert "To sign in, open this page" in sent
    assert "token-1" not in waiting + sent


async def test_a_waiting_letter_can_be_kept_here(as_ingrid, ingrid, write_letter, letter_to):
    ref = await write_letter(1)

    assert (await as_ingrid.post(f"/letters/{ref}/cancel")).status_code == 303

    assert (await letter_to("p1@example.org")).state == LetterState.CANCELLED
    assert (await as_ingrid.post(f"/letters/{ref}/cancel")).status_code == 409
    assert (await as_ingrid.post(f"/letters/{ref}/retry")).status_code == 409
    async with read() as db:
        assert (await db.execute(select(History.what, History.person_id))).all() == [
            ("letter.cancel", ingrid.actor.person_id)
        ]


async def test_a_letter_that_has_left_is_not_cancelled(as_ingrid, write_letter, letter_to):
    ref = await write_letter(1)
    await letter_to("p1@example.org")

    assert (await as_ingrid.post(f"/letters/{ref}/cancel")).status_code == 409
    assert await state_of(ref) == LetterState.SENT


async def test_a_dead_letter_is_tried_once_more(as_ingrid, write_letter, letter_to):
    ref = await write_letter(1)
    async with write() as tx:
        dead = {"state": LetterState.DEAD, "last_error": "550 no such mailbox"}
        await tx.execute(update(Letter).where(Letter.ref == ref).values(**dead))
    assert "550 no such mailbox" in (await as_ingrid.get("/letters?state=dead")).text

    await as_ingrid.post(f"/letters/{ref}/retry")

    assert (await letter_to("p1@example.org")).state == LetterState.SENT


@pytest.mark.parametrize("path", ["/letters/0000000000", "/letters/x"])
async def test_an_unknown_letter_is_not_found(as_ingrid, path):
    assert (await as_ingrid.get(path)).status_code == 404


async def test_an_unknown_state_shows_what_waits(as_ingrid, write_letter):
    await write_letter(1)

    response = await as_ingrid.get("/letters?state=nonsense&before=forged.x")

    assert response.status_code == 200
    assert "p1@example.org" in response.text


async def test_the_list_goes_on_and_asks_one_statement(as_ingrid, write_letter, statements):
    for n in range(26):
        await write_letter(n)

    with statements() as asked:
        first = (await as_ingrid.get("/letters")).text
    after = re.search(r"before=([^\"]+)", first).group(1)
    second = (await as_ingrid.get(f"/letters?state=waiting&before={after}")).text

    assert len(asked) == 2
    assert ("p1@example.org" in first, "p0@example.org" in first) == (True, False)
    assert ("p1@example.org" in second, "p0@example.org" in second) == (False, True)


async def test_developers_read_and_click_every_letter(visitor, write_letter):
    ref = await write_letter(1)

    listed = await visitor.get("/dev/outbox")
    shown = await visitor.get(f"/dev/outbox/{ref}")

    assert "p1@example.org" in listed.text
    assert re.search(r'<a href="http://[^"]+/en/link/token-1">', shown.text)
    assert "letter-text" in shown.text


def test_nobody_else_has_a_page_with_all_letters():
    surroundings = {"INTERNSHIPS_SECRET": "for-a-test-" * 4, "PATH": "/usr/bin"}
    listing = [sys.executable, "-c", "from internships.cli import main; main(['routes'])"]

    said = subprocess.run(listing, env=surroundings | _path(), capture_output=True, text=True, check=True)

    assert "/letters" in said.stdout
    assert "/dev/" not in said.stdout


def _path():
    return {"PYTHONPATH": ":".join(sys.path)}
