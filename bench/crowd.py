"""The people of `load.py`: the sample's real call, and one finished file of it copied as often as needed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar.connection import ASGIConnection
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from internships.accounts.models import Membership, Person, Session
from internships.applications.models import Application, Choice, Experience, LanguageSkill, Study
from internships.core.ids import hashed
from internships.core.settings import settings
from internships.reviews.models import Review
from internships.web import csrf

HIGH = 10_000_000
"""Where the numbers of copies begin."""
PARTS = (Study, LanguageSkill, Experience, Choice)
READ = 25
"""So many files the reviewer has been given."""
SIGNED_IN = {"staff": "staff-a@example.org", "reviewer": "reviewer-a@example.org"}


def sample() -> None:
    """An empty database with the real reserves, the sample call and a few people."""
    for command in (["migrate"], ["demo", "--applicants", "30", "--phase", "open"]):
        ours = [sys.executable, "-m", "internships", *command]
        subprocess.run(ours, env={**os.environ, "INTERNSHIPS_DEV": "1"}, check=True, stdout=subprocess.DEVNULL)


def token(of: object) -> str:
    """The session of somebody."""
    return f"a session of this measurement and of nothing else: {of}".replace(" ", "-").replace(":", "")


def form_token(of: object) -> str:
    """What a form of theirs carries."""
    cookie = f"{csrf.cookie_name('session')}={token(of)}".encode()
    scope: Any = {"type": "http", "headers": [(b"cookie", cookie)], "state": {"actor": of}}
    return csrf.token(ASGIConnection(scope))


async def _copies(db: AsyncConnection, table: Any, where: str, times: int, **changed: str) -> None:
    """The rows of a table that fit, so many times more; `t` is the row and `k.i` the number of the copy."""
    name = table.__tablename__
    new = {"id": f"{HIGH} + t.id * 100000 + k.i"} | changed
    if "ref" in table.__table__.columns:
        new["ref"] = f"substr(cast(10000000000 + {new['id']} AS varchar(11)), 2)"
    columns = [column.name for column in table.__table__.columns]
    chosen = ", ".join(new.get(column, f"t.{column}") for column in columns)
    await db.execute(
        text(
            f"INSERT INTO {name} ({', '.join(columns)}) "
            f"WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < {times}) "
            f"SELECT {chosen} FROM {name} t, k WHERE {where}"
        )
    )


async def crowd(size: int, *, sent: bool) -> list[str]:
    """So many people with finished files, signed in; the references of their files."""
    engine = create_async_engine(settings().async_url)
    async with engine.begin() as db:
        finished = "FROM application a WHERE a.submitted_at IS NOT NULL AND EXISTS (SELECT 1 FROM study s WHERE s.application_id = a.id)"
        file, person = (await db.execute(text(f"SELECT a.id, a.person_id {finished} ORDER BY a.id LIMIT 1"))).one()
        numbered = f"{HIGH} + k.i"
        names = {"email": "'copy' || k.i || '@example.org'", "folded_name": "t.folded_name || ' ' || k.i"}
        await _copies(db, Person, f"t.id = {person}", size, id=numbered, **names)
        await _copies(db, Membership, f"t.person_id = {person}", size, id=numbered, person_id=numbered)
        state = {} if sent else {"state": "'draft'", "submitted_at": "NULL"}
        file_is = {"id": numbered, "person_id": numbered, "folded_name": names["folded_name"]}
        await _copies(db, Application, f"t.id = {file}", size, **file_is, **state)
        for part in PARTS:
            await _copies(db, part, f"t.application_id = {file}", size, application_id=numbered)
        await _sign_in(db, size)
        await _assign(db)
        if db.dialect.name == "sqlite":
            await db.execute(text("ANALYZE"))
        found = await db.execute(text(f"SELECT ref FROM application WHERE id > {HIGH} ORDER BY id"))
        refs = [row.ref for row in found]
    if engine.dialect.name == "postgresql":
        async with engine.connect() as alone:
            await (await alone.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    await engine.dispose()
    return refs


async def _sign_in(db: AsyncConnection, size: int) -> None:
    now = datetime.now(UTC)
    ends = now + timedelta(hours=2)
    people: dict[object, tuple[int, int]] = {n: (HIGH + n, HIGH + n) for n in range(1, size + 1)}
    for role, email in SIGNED_IN.items():
        asked = text("SELECT p.id, m.id FROM person p JOIN membership m ON m.person_id = p.id WHERE p.email = :email")
        people[role] = tuple((await db.execute(asked, {"email": email})).all()[0])
    rows = [
        {"token_hash": hashed(token(of)), "person_id": person, "membership_id": membership, "created_at": now,
         "seen_at": now + timedelta(hours=1), "idle_until": ends, "ends_at": ends}
        for of, (person, membership) in people.items()
    ]  # fmt: skip
    await db.execute(insert(Session), rows)


async def _assign(db: AsyncConnection) -> None:
    asked = text("SELECT id FROM person WHERE email = :email")
    reviewer = (await db.execute(asked, {"email": SIGNED_IN["reviewer"]})).scalar_one()
    now = datetime.now(UTC)
    rows = [
        {"id": HIGH + n, "application_id": HIGH + n, "person_id": reviewer, "assigned_by": reviewer, "assigned_at": now}
        for n in range(1, READ + 1)
    ]
    await db.execute(insert(Review), rows)
