"""Letters leave once, in the person's language, whatever the other side does."""

import asyncio
import email
import email.policy
import os
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from internships.core import clock as core_clock
from internships.core import mail
from internships.core.faults import Refused
from internships.core.models import Letter, LetterState
from internships.core.outbox import Envelope, post, take_back
from internships.core.settings import settings
from internships.core.writing import write

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def put(database):
    """Put a letter into the outbox."""

    async def make(n=0, locale="en", **more):
        letter = Envelope(
            "accounts/password_changed",
            f"letter:{n}",
            None,
            f"p{n}@example.org",
            locale,
            about="ABC",
            cause="a.b",
            **more,
        )
        async with write() as tx:
            await post(tx, letter)

    return make


async def kept(n=0):
    async with write() as tx:
        return (await tx.scalars(select(Letter).where(Letter.key == f"letter:{n}"))).one()


def read_mail(text):
    return email.message_from_string(text, policy=email.policy.default)


async def test_a_letter_has_a_text_and_an_html_part(mail_server, put):
    await put()

    await mail.send_due()

    sent = read_mail(mail_server.taken[0])
    assert sent["To"] == "p0@example.org"
    assert sent["Subject"] == "Your password has changed"
    assert sent["Auto-Submitted"] == "auto-generated"
    text, html = sent.get_body(("plain",)).get_content(), sent.get_body(("html",)).get_content()
    address = f"{settings().site}/en/reset"
    assert address in text
    assert f'<a href="{address}">' in html
    assert '<html lang="en" dir="ltr">' in html
    letter = await kept()
    assert (letter.state, letter.subject, letter.attempts) == (LetterState.SENT, "Your password has changed", 1)
    assert address in letter.body


async def test_a_letter_is_in_the_persons_language(mail_server, put):
    await put(locale="ar")

    await mail.send_due()

    html = read_mail(mail_server.taken[0]).get_body(("html",)).get_content()
    assert '<html lang="ar" dir="rtl">' in html
    assert "/ar/reset" in html


async def test_the_html_holds_nothing_that_loads_or_runs(mail_server, put):
    await put()

    await mail.send_due()

    html = read_mail(mail_server.taken[0]).get_body(("html",)).get_content()
    for sign in ("<img", "<script", "<link", "<style", "url(", "src="):
        assert sign not in html


async def test_a_letter_waits_for_its_time(mail_server, put, clock):
    await put(not_before=core_clock.now() + timedelta(minutes=10))

    assert await mail.send_due() == 0
    clock.shift(timedelta(minutes=10))

    assert await mail.send_due() == 1


async def test_a_decision_that_is_taken_back_takes_its_letter_with_it(mail_server, put, clock):
    await put(not_before=core_clock.now() + timedelta(minutes=10))

    async with write() as tx:
        await take_back(tx, "ABC", "a.b")

    clock.shift(timedelta(hours=1))
    assert await mail.send_due() == 0
    assert (await kept()).state == LetterState.CANCELLED


async def test_the_same_letter_is_not_written_twice(put):
    await put()

    with pytest.raises(IntegrityError):
        await put()


async def test_a_letter_stays_unwritten_with_its_cause(database, mail_server):
    letter = Envelope("accounts/password_changed", "letter:0", None, "p@example.org", "en")

    async def refused():
        async with write() as tx:
            await post(tx, letter)
            raise Refused

    with pytest.raises(Refused):
        await refused()
    assert await mail.send_due() == 0


async def test_a_server_that_is_away_is_tried_again_later_and_later(mail_server, put, clock, monkeypatch):
    mail_server.refuses = "451 come back later"
    await put()
    waits = []
    while (letter := await kept()).state == LetterState.WAITING:
        clock.move_to(letter.not_before)
        await mail.send_due()
        waits.append((await kept()).not_before - core_clock.now())

    minutes = [wait / timedelta(minutes=1) for wait in waits[:-1]]
    assert minutes[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert set(minutes[9:]) == {240}
    assert timedelta(days=2, hours=20) < sum(waits[:-1], timedelta()) <= timedelta(days=3)
    assert letter.state == LetterState.DEAD
    assert "come back later" in letter.last_error


async def test_a_mailbox_that_does_not_exist_is_not_tried_again(mail_server, put):
    mail_server.refuses = "550 no such mailbox"
    await put()

    await mail.send_due()

    letter = await kept()
    assert (letter.state, letter.attempts) == (LetterState.DEAD, 1)
    assert "no such mailbox" in letter.last_error


async def test_a_server_that_never_answers_is_given_up(mail_server, put, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.05)
    mail_server.takes = 0.2
    await put()

    await mail.send_due()

    letter = await kept()
    assert letter.state == LetterState.WAITING
    assert "Timeout" in letter.last_error
    await asyncio.sleep(0.2)


async def test_when_the_answer_is_lost_the_second_try_is_the_same_message(mail_server, put, clock):
    mail_server.loses_answers = 1
    await put()

    await mail.send_due()
    assert (await kept()).state == LetterState.WAITING
    clock.shift(timedelta(minutes=1))
    await mail.send_due()

    first, second = map(read_mail, mail_server.taken)
    assert first["Message-ID"] == second["Message-ID"]
    assert (await kept()).state == LetterState.SENT


async def test_four_workers_at_once_send_each_letter_once(mail_server, put):
    for n in range(12):
        await put(n)

    async def work():
        while await mail.send_due():
            pass

    await asyncio.gather(*(work() for _ in range(4)))

    receivers = sorted(read_mail(text)["To"] for text in mail_server.taken)
    assert receivers == sorted(f"p{n}@example.org" for n in range(12))


async def test_a_worker_that_died_is_replaced_when_its_lease_ends(mail_server, put, clock):
    await put()
    (dead_one,) = await mail.claim()

    assert await mail.send_due() == 0
    clock.shift(mail.LEASE + timedelta(seconds=1))
    assert await mail.send_due() == 1

    # Should the first one be alive after all, it changes nothing any more.
    await mail._failed(dead_one, OSError("too late"))
    assert (await kept()).state == LetterState.SENT
    assert len(mail_server.taken) == 1


async def test_a_template_that_fails_keeps_the_letter(mail_server, put):
    await put()
    async with write() as tx:
        await tx.execute(update(Letter).values(kind="accounts/nowhere"))

    await mail.send_due()

    letter = await kept()
    assert letter.state == LetterState.WAITING
    assert "TemplateNotFound" in letter.last_error


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: all@example.org", "a@example.org, b@example.org"])
async def test_an_address_can_not_add_receivers(mail_server, put, address):
    await put()
    async with write() as tx:
        await tx.execute(update(Letter).values(address=address))

    await mail.send_due()

    assert not any("all@example.org" in text or "b@example.org" in text for text in mail_server.taken)
    assert (await kept()).state == LetterState.WAITING


async def test_letters_wait_where_no_mail_server_is_set(put, monkeypatch):
    monkeypatch.setenv("INTERNSHIPS_DEV", "0")
    monkeypatch.setenv("INTERNSHIPS_SECRET", "for-a-test-" * 4)
    settings.cache_clear()
    await put()

    assert await mail.send_due() == 0

    monkeypatch.undo()
    settings.cache_clear()
    assert (await kept()).state == LetterState.WAITING


async def worker_on(url):
    surroundings = os.environ | {"DATABASE_URL": url, "INTERNSHIPS_LOG_LEVEL": "error"}
    command = [sys.executable, "-c", "from internships.cli import main; main(['worker'])"]
    surroundings["PYTHONPATH"] = ":".join(sys.path)
    return await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=asyncio.subprocess.DEVNULL)


async def test_a_worker_that_is_killed_loses_no_letter_and_doubles_none(databases, mail_server):
    url = await databases.another(migrated=True)
    engine = create_async_engine(settings().model_copy(update={"database_url": url}).async_url)
    row = {"kind": "accounts/password_changed", "locale": "en", "context": {}, "written_at": LONG_AGO, "cause": ""}
    rows = [
        row | {"key": f"letter:{n}", "ref": f"REF{n:07}", "address": f"p{n}@example.org", "not_before": LONG_AGO}
        for n in range(8)
    ]
    async with engine.begin() as db:
        await db.execute(Letter.__table__.insert(), rows)

    mail_server.takes = 60.0
    first = await worker_on(url)
    await asyncio.wait_for(mail_server.busy.wait(), 60)
    first.kill()
    await first.wait()
    mail_server.takes = 0.0
    async with engine.begin() as db:
        await db.execute(update(Letter).where(Letter.state == "sending").values(lease_until=LONG_AGO))
    others = [await worker_on(url), await worker_on(url)]
    for _ in range(200):
        await asyncio.sleep(0.1)
        async with engine.connect() as db:
            if set(await db.scalars(select(Letter.state))) == {LetterState.SENT}:
                break
    for worker in others:
        worker.terminate()
    await asyncio.gather(*(worker.wait() for worker in others))
    await engine.dispose()

    receivers = sorted(read_mail(text)["To"] for text in mail_server.taken)
    assert receivers == sorted(f"p{n}@example.org" for n in range(8))
