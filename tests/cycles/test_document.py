"""A call from a JSON document: every fault named, kept whole or not at all, and firm once people rely on it."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from internships.accounts.rules import CLOCK
from internships.applications.documents import DocumentKind
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.models import History, Job, JobState
from internships.cycles.actions import move, reach, take_over
from internships.cycles.document import BadCall, example, read_call
from internships.cycles.models import Criterion, Cycle, Reason
from internships.cycles.rules import State


def document(**changed):
    text = json.dumps(example(2027) | {"opens_at": "2026-11-10T00:00:00"} | changed)
    return read_call(text.encode(), [kind.value for kind in DocumentKind])


async def kept():
    async with read() as db:
        return (await db.execute(select(Cycle.__table__))).mappings().one()


@pytest.fixture
async def announced(database, ingrid):
    """A call that was taken over and announced; it opens on 10 November."""
    await take_over(CLOCK, document(), keep=True)
    for verb in ("invite_hosts", "announce"):
        call = await kept()
        await move(ingrid.actor, call["ref"], verb, call["version"])


async def test_a_document_is_a_draft_with_its_criteria_and_reasons(database):
    assert await take_over(CLOCK, document(), keep=True)

    call = await kept()
    assert (call["slug"], call["state"], call["documents"]) == (
        "2027",
        State.DRAFT,
        [["cv", False, 1], ["transcript", False, 5]],
    )
    assert call["closes_at"] == datetime(2026, 12, 16, 11, 59, 59, tzinfo=UTC)  # anywhere on Earth
    async with read() as db:
        assert await db.scalar(select(func.sum(Criterion.weight))) == 100
        assert await db.scalar(select(func.count(Reason.id))) == 20
        assert await db.scalar(select(History.what)) == "call.import"


async def test_a_call_that_was_taken_over_can_be_opened(announced, clock):
    clock.move_to(datetime(2026, 11, 10, 12, tzinfo=UTC))
    assert await reach((await kept())["ref"], "open") == "Done."
    assert (await kept())["state"] == State.OPEN


async def test_the_same_document_once_more_changes_nothing(database):
    await take_over(CLOCK, document(), keep=True)
    before = await kept()

    assert not await take_over(CLOCK, document(), keep=True)

    assert await kept() == before
    async with read() as db:
        assert await db.scalar(select(func.count(History.id))) == 1


async def test_trying_keeps_nothing(database):
    assert await take_over(CLOCK, document(), keep=False)
    async with read() as db:
        assert await db.scalar(select(func.count(Cycle.id))) == 0

    await take_over(CLOCK, document(), keep=True)
    await take_over(CLOCK, document(choices_max=5), keep=False)
    assert (await kept())["choices_max"] == 3


async def test_a_draft_may_change_altogether(database):
    await take_over(CLOCK, document(), keep=True)
    criteria = example(2027)["criteria"][:2]
    criteria[0]["weight"], criteria[1]["weight"] = 60, 40

    await take_over(CLOCK, document(criteria=criteria, choices_max=5, age_max=40), keep=True)

    call = await kept()
    assert (call["choices_max"], call["age_max"]) == (5, 40)
    async with read() as db:
        assert list(await db.scalars(select(Criterion.weight).order_by(Criterion.place))) == [60, 40]


@pytest.mark.parametrize("changed", [{"age_max": 30}, {"choices_max": 1}, {"documents": []}, {"zone": "UTC"}])
async def test_what_people_rely_on_changes_no_more(announced, changed):
    before = await kept()

    with pytest.raises(Refused) as no:
        await take_over(CLOCK, document(**changed), keep=True)

    assert next(iter(changed)) in str(no.value.why)
    assert await kept() == before


async def test_a_deadline_is_moved_back_with_its_clock(announced, clock):
    clock.move_to(datetime(2026, 11, 10, 12, tzinfo=UTC))
    await reach((await kept())["ref"], "open")

    await take_over(CLOCK, document(closes_at="2026-12-20T23:59:59"), keep=True)

    async with read() as db:
        waiting = select(Job.kind, Job.run_at).where(Job.state == JobState.WAITING)
        assert [tuple(row) for row in await db.execute(waiting)] == [
            ("cycles.close", datetime(2026, 12, 21, 11, 59, 59, tzinfo=UTC))
        ]
    with pytest.raises(Refused):
        await take_over(CLOCK, document(closes_at="2026-12-10T23:59:59"), keep=True)


async def test_two_at_once_are_one_call(database):
    done = await asyncio.gather(*(take_over(CLOCK, document(), keep=True) for _ in range(6)), return_exceptions=True)

    assert done.count(True) == 1
    assert all(each in {True, False} or isinstance(each, Refused) for each in done)
    async with read() as db:
        assert await db.scalar(select(func.sum(Criterion.weight))) == 100


@pytest.mark.parametrize(
    ("changed", "place", "expected"),
    [
        ({"zone": "Mars"}, "zone", "a time zone such as"),
        ({"name": {"fr": "Appel"}}, "name", 'a text in "en"'),
        ({"name": {"en": "Call", "de": "Ruf"}}, "name", "not in de"),
        ({"opens_at": "soon"}, "opens_at", "valid datetime"),
        ({"opens_at": "9999-12-31T23:59:59"}, "opens_at", "a year from 2000 to 2199"),
        ({"closes_at": "2026-11-09T00:00:00"}, "", "closes_at after opens_at"),
        ({"starts_on": "2027-01-01"}, "", "starts_on not before results_on"),
        ({"age_on": None}, "", "age_on"),
        ({"age_min": 40}, "", "age_min not above age_max"),
        ({"languages": [["xx", "B1"]]}, "languages.0.0", "the code of a language"),
        ({"nationalities": ["Peru"]}, "nationalities.0", "the code of a country"),
        ({"documents": [["passport", True, 1]]}, "documents.0.0", "one of cv, transcript"),
        ({"documents": [["cv", True, 1], ["cv", False, 2]]}, "", "each kind of document once"),
        ({"min_isced_level": 99}, "min_isced_level", "ISCED"),
        ({"choices_max": "3"}, "choices_max", "valid integer"),
        ({"criteria": example(2027)["criteria"][:1]}, "", "add up to 25"),
        ({"criteria": [{**each, "code": "same"} for each in example(2027)["criteria"]]}, "", "same is there twice"),
        ({"reasons": {}}, "", "not_eligible, completion, not_acceptable, withdrawal has none"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(changed, place, expected):
    with pytest.raises(BadCall) as bad:
        document(**changed)

    (fault,) = bad.value.faults
    assert fault[0] == place
    assert expected in fault[2]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"slug": "\\ud800"}', b" " * 1_048_577])
def test_what_is_no_document_is_told_in_words(text):
    with pytest.raises(BadCall):
        read_call(text, ["cv"])


async def test_the_command_takes_over_its_own_example(databases, tmp_path):
    surroundings = os.environ | {"DATABASE_URL": await databases.another(migrated=True)}

    def run(*arguments):
        command = [sys.executable, "-m", "internships", "import", "call", *arguments]
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)

    printed = run("--example")
    (tmp_path / "call.json").write_text(printed.stdout)
    (tmp_path / "bad.json").write_text(printed.stdout.replace('"Etc/GMT+12"', '"Mars"'))

    bad, tried, done = (
        run(*each)
        for each in (
            [str(tmp_path / "bad.json")],
            [str(tmp_path / "call.json"), "--dry-run"],
            [str(tmp_path / "call.json")],
        )
    )
    assert (bad.returncode, tried.returncode, done.returncode) == (2, 0, 0), (bad.stderr, tried.stderr, done.stderr)
    assert "zone" in bad.stderr
    assert "Nothing was kept." in bad.stderr
    assert "would be new" in tried.stdout
    assert "is a draft now" in done.stdout


async def test_staff_see_where_a_call_came_from(announced, as_ingrid):
    assert "Taken over from a file" in (await as_ingrid.get("/staff/call")).text
