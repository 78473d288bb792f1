"""What a run of the match costs with its database, from reading the market to the last stored answer: `python bench/run.py`.

For each database: a temporary one with the sample call just before the match, and the job of the worker, again and
again. Both the time that passes and this process's own work are told, each the best of several.
"""

import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).parent.parent
sys.path[:1] = [str(HOME / "src"), str(HOME)]
os.environ["INTERNSHIPS_DEV"] = "1"

from sqlalchemy import delete, func, select  # noqa: E402

from internships import schema  # noqa: E402
from internships.accounts.models import Membership, Person  # noqa: E402
from internships.accounts.rules import Actor, Role  # noqa: E402
from internships.core import clock, db, jobs  # noqa: E402
from internships.core.models import Job  # noqa: E402
from internships.core.settings import settings  # noqa: E402
from internships.core.writing import write  # noqa: E402
from internships.matching.actions import runs  # noqa: E402
from internships.matching.jobs import run  # noqa: E402
from internships.matching.models import MatchRun, Verdict  # noqa: E402
from internships.sample.actions.filling import fill, written  # noqa: E402
from internships.sample.calendar import Phase  # noqa: E402
from tests import postgres  # noqa: E402

PEOPLE = 1_330  # of whom a thousand are eligible
TIMES = 15


async def staff() -> Actor:
    """Somebody who may ask for a run."""
    asked = (
        select(Person.id, Person.full_name, Membership.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.STAFF)
        .limit(1)
    )
    async with db.read() as reading:
        person, name, membership = (await reading.execute(asked)).one()
    return Actor(person_id=person, name=name, membership_id=membership, role=Role.STAFF)


async def once(actor: Actor) -> tuple[float, float]:
    """Milliseconds that passed, and of this process's work, for one run that somebody asked for."""
    await runs.start(actor, name="Measured")
    [job] = await jobs.claim()
    passed, worked = time.perf_counter(), time.process_time()
    await run(job)
    return (time.perf_counter() - passed) * 1_000, (time.process_time() - worked) * 1_000


async def measured() -> None:
    db.connect(settings())
    try:
        await fill(written(1, PEOPLE, Phase.MATCHING, clock.now(), "nobody signs in here"), lambda done, total: None)
        async with write() as tx:
            await tx.execute(delete(Job))
        actor = await staff()
        took = [await once(actor) for _ in range(TIMES)]
        async with db.read() as reading:
            summary = (await reading.execute(select(MatchRun.summary).limit(1))).scalar_one()
            answers = (await reading.execute(select(func.count()).select_from(Verdict))).scalar_one()
    finally:
        await db.disconnect()
    passed, worked = (min(each) for each in zip(*took, strict=True))
    people = summary["applicants"]
    print(f"  {people:,} people, {answers // TIMES:,} choices: {passed:.0f} ms passed, {worked:.0f} ms of work here")


def one_database(address: str) -> None:
    os.environ["DATABASE_URL"] = address
    settings.cache_clear()
    schema.migrate()
    asyncio.run(measured())


def main() -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, the best of {TIMES}")
    with tempfile.TemporaryDirectory(prefix="internships-bench-") as folder:
        print("SQLite")
        one_database(f"sqlite:///{folder}/run.db")
    with postgres.running() as server:
        print("PostgreSQL")
        subprocess.run(["psql", "-q", server.format("postgres"), "-c", "CREATE DATABASE run"], check=True)
        one_database(server.format("run"))


if __name__ == "__main__":
    main()
