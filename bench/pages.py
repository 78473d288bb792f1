"""How much the list of applications costs, beside a bare page of the same rows: `python bench/pages.py [sizes …]`.

For each database and size: a temporary database with that many applications, the whole site in this process, signed in
as staff, through ASGI; and a bare Litestar page that asks SQLAlchemy for the same 25 rows and draws them with Jinja.
Both take turns; a figure is the best of many short rounds, in processor time of this process, garbage collector at work.
Then both are served over a socket by a process each. Nothing is written but temporary files.
"""

import asyncio
import http.client
import os
import platform
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any

HOME = Path(__file__).parent.parent
sys.path[:0] = [str(HOME / "src"), str(HOME)]
os.environ.pop("INTERNSHIPS_DEV", None)  # as it is served: templates are not looked up again
os.environ["INTERNSHIPS_SECRET"] = "a secret of this measurement and of nothing else"

import uvicorn  # noqa: E402
from jinja2 import Environment  # noqa: E402
from litestar import Litestar, Response, get  # noqa: E402
from sqlalchemy import event, insert, select, text  # noqa: E402
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine  # noqa: E402

from internships import schema  # noqa: E402
from internships.accounts.models import Membership, Person, Session  # noqa: E402
from internships.accounts.rules import Role  # noqa: E402
from internships.app import create_app  # noqa: E402
from internships.applications.models import Application  # noqa: E402
from internships.applications.rules import State  # noqa: E402
from internships.core import db  # noqa: E402
from internships.core.faults import Busy  # noqa: E402
from internships.core.ids import hashed, new_ref  # noqa: E402
from internships.core.settings import settings  # noqa: E402
from internships.core.text import folded  # noqa: E402
from internships.cycles.models import Cycle  # noqa: E402
from internships.cycles.rules import State as CycleState  # noqa: E402
from tests import postgres  # noqa: E402

SIZES = [1_000, 10_000, 100_000]
WRITTEN = 10_000
"""So many rows are made one by one; more are copies of them."""
ROUNDS, A_ROUND, WARMING = 80, 6, 30
ASKED = 300
TOKEN = "a session of this measurement and of nothing else"
PATHS = {
    "newest first": "/en/applications",
    "by name": "/en/applications?sort=name",
    "one state": "/en/applications?state=eligible",
    "found by name": "/en/applications?q=mensah",
    "found by nobody": "/en/applications?q=nobody+of+this+name",
}
A_SLOW_PAGE = 0.1
"""In seconds; a page that takes longer is asked for one round."""
GIVEN = ("Amina", "Bela", "Chen", "Dilnoza", "Elif", "Farid", "Gabriela", "Hana", "Ibrahim", "Jia", "Kwame", "Lucía")
FAMILY = ("Okello", "Kiss", "Wang", "Rahimova", "Demir", "Haddad", "Quispe", "Novák", "Traoré", "Li", "Mensah", "Vega")
COUNTRIES = ("KE", "HU", "CN", "UZ", "TR", "LB", "PE", "CZ", "ML", "NP", "GH", "ES")
STATES = (State.SUBMITTED, State.ELIGIBLE, State.ELIGIBLE, State.DRAFT, State.SUBMITTED, State.NOT_ELIGIBLE)


def rows(size: int, now: datetime) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """People and their applications, alike on every run."""
    for n in range(1, size + 1):
        name = f"{GIVEN[n % 12]} {FAMILY[n * 7 // 3 % 12]} {n * 7919 % size}"
        email = f"p{n}@example.org"
        person = {
            "id": n, "ref": new_ref(), "email": email, "full_name": name, "folded_name": folded(f"{name} {email}"),
            "created_at": now, "confirmed_at": now,
        }  # fmt: skip
        state = STATES[n % 6]
        yield person, {
            "id": n, "ref": new_ref(), "person_id": n, "cycle_id": 1, "state": state,
            "folded_name": person["folded_name"], "born_on": date(1995 + n % 10, 1 + n % 12, 1 + n % 28),
            "nationality": COUNTRIES[n % 12], "residence": COUNTRIES[n % 12], "town": "Somewhere", "isced_level": 7,
            "motivation": "I grew up below a mountain whose snow is going. " * 10, "motivation_language": "en",
            "use_after": "I would teach it at home. " * 10, "created_at": now, "saved_at": now,
            "submitted_at": None if state == State.DRAFT else now - timedelta(minutes=n * 31 % 40_000),
        }  # fmt: skip


def call(now: datetime) -> Cycle:
    """The call that all of them are for."""
    return Cycle(
        id=1, slug="2027", name={"en": "Internships 2027"}, summary={"en": "In the mountains."}, zone="UTC",
        state=CycleState.OPEN, opens_at=now - timedelta(days=60), closes_at=now + timedelta(days=9),
        rate_by=now + timedelta(days=60), results_on=now.date() + timedelta(days=90),
        starts_on=now.date() + timedelta(days=150), languages=[["en", "B1"]],
    )  # fmt: skip


async def fill(address: str, size: int) -> None:
    """A member of staff who is signed in, and the applications."""
    now = datetime.now(UTC)
    engine = create_async_engine(address)
    async with async_sessionmaker(engine)() as into, into.begin():
        into.add(call(now))
        made = list(rows(min(size, WRITTEN), now))
        for start in range(0, len(made), 1_000):
            await into.execute(insert(Person), [person for person, _ in made[start : start + 1_000]])
            await into.execute(insert(Application), [file for _, file in made[start : start + 1_000]])
        await multiply(into, size // WRITTEN)
        staff = {"id": size + 1, "email": "staff@example.org", "full_name": "Ingrid Solberg", "folded_name": "ingrid"}
        into.add(Person(**staff, created_at=now, confirmed_at=now))
        await into.flush()
        into.add(Membership(id=1, person_id=size + 1, role=Role.STAFF, starts_at=now))
        await into.flush()
        ends = now + timedelta(hours=12)
        into.add(
            Session(
                token_hash=hashed(TOKEN), person_id=size + 1, membership_id=1, created_at=now,
                seen_at=now + timedelta(hours=1), idle_until=ends, ends_at=ends,
            )
        )  # fmt: skip
    if engine.dialect.name == "postgresql":
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def multiply(into: AsyncSession, times: int) -> None:
    """The rows once more and again, with other references, addresses and people."""
    for model in (Person, Application) if times > 1 else ():
        new = {
            "id": f"t.id + k.i * {WRITTEN}", "person_id": f"t.person_id + k.i * {WRITTEN}",
            "ref": f"substr(cast(10000000000 + t.id + k.i * {WRITTEN} AS varchar(11)), 2)",
            "email": "t.email || cast(k.i AS varchar(9))", "folded_name": "t.folded_name || cast(k.i AS varchar(9))",
        }  # fmt: skip
        columns = [column.name for column in model.__table__.columns]
        chosen = ", ".join(new.get(column, f"t.{column}") for column in columns)
        await into.execute(
            text(
                f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) "
                f"WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < {times - 1}) "
                f"SELECT {chosen} FROM {model.__tablename__} t, k WHERE t.id <= {WRITTEN}"
            )
        )


BARE = Environment(autoescape=True).from_string("""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Applications</title></head><body><h1>Applications</h1><table>
<tr><th>Name</th><th>Reference</th><th>State</th><th>Nationality</th><th>Sent</th><th>Reviews</th></tr>
{% for row in rows %}<tr><td><a href="/applications/{{ row.ref }}">{{ row.full_name }}</a></td><td>{{ row.ref }}</td>
<td>{{ row.state }}</td><td>{{ row.nationality }}</td><td>{{ row.submitted_at.strftime("%b %d, %Y") }}</td>
<td>{{ row.review_count }}</td></tr>{% endfor %}</table></body></html>""")


def bare_app(address: str) -> Litestar:
    """The same rows as somebody writes them on a first day: a session, a query, a template; nobody is signed in."""
    engine = create_async_engine(address)
    sessions = async_sessionmaker(engine)

    @get("/")
    async def index() -> Response[str]:
        async with sessions() as asked_of:
            asked = (
                select(
                    Application.ref, Person.full_name, Application.state, Application.nationality,
                    Application.submitted_at, Application.review_count,
                )
                .join(Person, Person.id == Application.person_id)
                .where(Application.cycle_id == 1, Application.submitted_at.is_not(None))
                .order_by(Application.submitted_at.desc(), Application.id.desc())
                .limit(25)
            )  # fmt: skip
            found = (await asked_of.execute(asked)).all()
        return Response(BARE.render(rows=found), media_type="text/html")

    return Litestar([index], openapi_config=None, logging_config=None, on_shutdown=[engine.dispose])


Ask = Callable[[], Awaitable[int]]


def through_asgi(app: Any, path: str) -> Ask:
    """One request without a socket; its size."""
    where, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": where, "raw_path": where.encode(), "query_string": query.encode(), "root_path": "",
        "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 5),
        "headers": [(b"host", b"127.0.0.1:8000"), (b"cookie", f"session={TOKEN}".encode()), (b"accept", b"text/html")],
    }  # fmt: skip

    async def ask() -> int:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app({**scope, "headers": list(scope["headers"]), "state": {}}, receive, send)
        if sent[0]["status"] == 503:
            raise Busy
        assert sent[0]["status"] == 200, (sent[0], path)
        return sum(len(message.get("body", b"")) for message in sent[1:])

    return ask


@dataclass
class Cost:
    """Processor time of one request in this process, in microseconds; the shortest wait; how big the answer was."""

    micros: float
    waited_ms: float
    size: int


async def compared(asks: dict[str, Ask]) -> dict[str, Cost]:
    """The best round of each, in turns. Rounds are short, so that some of them are undisturbed on a shared machine."""
    sizes, pace = {}, {}
    for name, ask in asks.items():
        taken = []
        for _ in range(WARMING):
            begun = time.perf_counter()
            with suppress(Busy):  # It was stopped: its figures are none, and its wait is the limit.
                sizes[name] = await ask()
            taken.append(time.perf_counter() - begun)
            if sum(taken) > A_SLOW_PAGE * WARMING:
                break
        pace[name] = min(taken)
    best = dict.fromkeys(asks, float("inf"))
    for turn in range(ROUNDS):
        for name, ask in asks.items():
            if name not in sizes or (pace[name] > A_SLOW_PAGE and turn):
                continue
            begun = time.process_time_ns()
            for _ in range(A_ROUND):
                await ask()
            best[name] = min(best[name], (time.process_time_ns() - begun) / A_ROUND / 1_000)
    return {name: Cost(best[name], pace[name] * 1_000, sizes.get(name, 0)) for name in asks}


async def _read(address: str) -> int:
    """How many rows PostgreSQL has read from tables so far."""
    engine = create_async_engine(address)
    async with engine.connect() as connection:
        asked = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
        found = int((await connection.execute(text(asked))).scalar_one())
    await engine.dispose()
    return found


async def rows_read(address: str, app: Any) -> dict[str, int]:
    """Rows that one request reads, for each list; counted when the app's connections have closed."""
    found = {}
    for name, path in PATHS.items():
        before = await _read(address)
        async with app.app.lifespan():
            for _ in range(10):
                with suppress(Busy):
                    await through_asgi(app, path)()
        await asyncio.sleep(0.5)
        found[name] = round((await _read(address) - before) / 10)
    return found


async def statements(app: Any, path: str) -> list[tuple[str, Any]]:
    """What one request asks the database, with its values."""
    asked: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    async with app.app.lifespan():
        event.listen(db.engines()[0].sync_engine, "before_cursor_execute", heard)
        await through_asgi(app, path)()
    return asked


def steps(file: Path, asked: list[tuple[str, Any]]) -> int:
    """How many steps SQLite takes for that, by tens: it does not count rows."""
    taken = count()
    with closing(sqlite3.connect(file)) as beside:
        beside.set_progress_handler(lambda: next(taken) * 0, 10)
        for statement, values in asked:
            beside.execute(statement, values).fetchall()
    return next(taken) * 10


async def measured(address: str, size: int) -> dict[str, Cost]:
    """The figures of one database and size."""
    app = create_app()
    bare = bare_app(address)
    async with app.app.lifespan(), bare.lifespan():  # type: ignore[attr-defined] -- Litestar stands behind the outer layer
        asks = {name: through_asgi(app, path) for name, path in PATHS.items()} | {"bare": through_asgi(bare, "/")}
        found = await compared(asks)
    if settings().is_sqlite:
        read = {name: steps(settings().sqlite_file, await statements(app, path)) for name, path in PATHS.items()}
        what = "steps"
    else:
        read, what = await rows_read(address, app), "rows read"
    for name, cost in found.items():
        ratio = f"{cost.micros / found['bare'].micros:5.2f} x bare"
        touched = f", {read[name]:,.0f} {what}" if name in read else ""
        print(
            f"  {size:>9,}  {name:<15} {cost.micros:9,.0f} µs  {ratio}  {cost.waited_ms:7.1f} ms  {cost.size / 1000:5.1f} kB{touched}",
            flush=True,
        )
    return found


@contextmanager
def served(which: str, address: str) -> Iterator[int]:
    """One of the two in a process of its own; its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    command = [sys.executable, __file__, "--serve", which, str(port)]
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address})
    try:
        for _ in range(200):
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def over_a_socket(address: str, size: int) -> None:
    """What somebody waits for, one request after the other on one connection."""
    with ExitStack() as running:
        asked = {
            name: (http.client.HTTPConnection("127.0.0.1", running.enter_context(served(name, address))), path)
            for name, path in {"ours": PATHS["newest first"], "bare": "/"}.items()
        }
        waited: dict[str, list[float]] = {name: [] for name in asked}
        for turn in range(ASKED + WARMING):
            for name, (connection, path) in asked.items():
                begun = time.perf_counter()
                connection.request("GET", path, headers={"Cookie": f"session={TOKEN}"})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
                if turn >= WARMING:
                    waited[name].append((time.perf_counter() - begun) * 1_000)
    for name, times in waited.items():
        p95 = quantiles(times, n=20)[-1]
        ratio = median(times) / median(waited["bare"])
        print(
            f"  {size:>9,}  {name + ', socket':<14} {median(times):6.2f} ms in the middle, {p95:.2f} ms p95, {ratio:.2f} x bare"
        )


def serve(which: str, port: int) -> None:
    """What the process of `served` does."""
    app: Any = create_app() if which == "ours" else bare_app(settings().async_url)
    uvicorn.run(app, port=port, log_level="error", access_log=False, ws="none")


def one_database(addresses: Callable[[int], str], sizes: list[int]) -> None:
    """All sizes on one kind of database, and how flat that is."""
    first: dict[str, Cost] = {}
    for size in sizes:
        os.environ["DATABASE_URL"] = addresses(size)
        settings.cache_clear()
        schema.migrate()
        asyncio.run(fill(settings().async_url, size))
        found = asyncio.run(measured(settings().async_url, size))
        first = first or found
        if first is not found:
            bare = found["bare"].micros / first["bare"].micros
            grown = (f"{name} {cost.micros / first[name].micros / bare:.2f}" for name, cost in found.items())
            print(f"  {size:>9,}  times {sizes[0]:,}, the bare page being 1: {', '.join(grown)}", flush=True)
        if size == WRITTEN:
            over_a_socket(os.environ["DATABASE_URL"], size)


def main(sizes: list[int]) -> None:
    """Both databases."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {ROUNDS} rounds of {A_ROUND} requests")
    with tempfile.TemporaryDirectory(prefix="internships-bench-") as folder:
        print("SQLite: processor time of a request")
        one_database(lambda size: f"sqlite:///{folder}/{size}.db", sizes)
    with postgres.running() as server:
        print("PostgreSQL: processor time of a request in this process")

        def made(size: int) -> str:
            subprocess.run(["psql", "-q", server.format("postgres"), "-c", f"CREATE DATABASE b{size}"], check=True)
            return server.format(f"b{size}")

        one_database(made, sizes)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        main([int(size.replace("_", "")) for size in sys.argv[1:]] or SIZES)
