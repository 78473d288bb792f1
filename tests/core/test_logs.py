"""What failed is told to operators without the words of people."""

import asyncio

import pytest
import structlog
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from internships.accounts.models import Person
from internships.core import clock as time
from internships.core import jobs as work
from internships.core import logs
from internships.core.db import read
from internships.core.models import Job
from internships.core.settings import settings
from internships.core.writing import write
from internships.worker import HANDLERS

TYPED = "planted.person@secret.example"


@pytest.fixture
def in_production(monkeypatch):
    """Logs as operators read them from now on: JSON."""
    before = structlog.get_config()
    monkeypatch.setattr(logs, "settings", lambda: settings().model_copy(update={"dev": False}))
    yield logs.set_up
    structlog.configure(**before)


async def _twice_the_same_person(_job):
    row = {"email": TYPED, "full_name": TYPED, "folded_name": TYPED, "created_at": time.now()}
    async with write() as tx:
        await tx.execute(insert(Person), [row | {"ref": "AAAAAAAAAA"}])
        await tx.execute(insert(Person), [row | {"ref": "BBBBBBBBBB"}])


async def _no_such_number(_job):
    async with read() as db:
        await db.execute(text("SELECT * FROM person WHERE created_at = :at OR id = :id"), {"at": TYPED, "id": object()})


async def _not_understood(_job):
    raise ValueError(TYPED)


async def _after_another(_job):
    try:
        await _twice_the_same_person(_job)
    except DBAPIError as error:
        raise RuntimeError("It went wrong") from error


@pytest.mark.parametrize("failing", [_twice_the_same_person, _no_such_number, _not_understood, _after_another])
async def test_what_people_typed_is_in_no_log_and_in_no_job(database, in_production, capsys, failing):
    in_production()
    async with write() as tx:
        await work.later(tx, "failing")
    (job,) = await work.claim()

    await work.run(job, {"failing": failing})

    said = capsys.readouterr()
    async with read() as db:
        outcome = await db.scalar(select(Job.outcome).where(Job.id == job.id))
    assert "job failed" in said.err
    assert failing.__name__ in said.err
    assert "planted" not in (said.err + said.out + outcome).lower()
    assert outcome.split(":")[0].split(" ")[0] in said.err


async def test_what_the_database_found_is_told_by_its_code(database):
    with pytest.raises(DBAPIError) as refused:
        await _twice_the_same_person(None)

    told = logs.told(refused.value)
    assert told in {"IntegrityError SQLITE_CONSTRAINT_UNIQUE", "IntegrityError 23505 uq_person_email"}


@pytest.mark.parametrize("error", [RuntimeError("no luck"), OSError(28, "No space left"), TypeError("one argument")])
def test_what_is_wrong_with_the_program_is_told_in_words(error):
    assert logs.told(error) == f"{type(error).__name__}: {error}"


async def test_two_registrations_at_once_are_one_person(database, in_production, capsys):
    in_production()
    payload = {"purpose": "confirm", "email": TYPED, "locale": "en", "back": None}
    async with write() as tx:
        for _ in range(4):
            await work.later(tx, "accounts.write_link", payload=payload)
    held = [job for _ in range(4) for job in await work.claim()]

    await asyncio.gather(*(work.run(job, HANDLERS) for job in held))

    async with read() as db:
        assert set(await db.scalars(select(Job.outcome))) == {"written"}
        assert len(list(await db.scalars(select(Person.id)))) == 1
    assert TYPED not in capsys.readouterr().err
