"""How the site holds when several people use it at once: `python bench/load.py [lists | hour] …`.

lists: 10,000 applications on PostgreSQL, `internships serve` with one process and two connections that ask without a
pause; beside them, in turns, the bare page of `pages.py` in the same server. hour: 2,000 people send their finished
files within 60 seconds, one in ten presses twice; on PostgreSQL and on SQLite, two processes. PostgreSQL keeps what it
has said it keeps (fsync). Nothing is written but temporary files; a run is bounded by counts, about five minutes in all.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from urllib.parse import urlencode

from crowd import READ, crowd, form_token, sample, token
from pages import bare_app, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres

CONNECTIONS, ROUNDS, A_ROUND = 2, 20, 40
SIZE, PEOPLE, SECONDS, TWICE = 10_000, 2_000, 60, 10
postgres.SETTINGS |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def bare_site() -> object:
    """The bare page, for the server."""
    return bare_app(settings().async_url)


@contextmanager
def served(*command: str, processes: int = 1) -> Iterator[int]:
    """A server in processes of its own; its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    surroundings = {**os.environ, "PORT": str(port), "PYTHONPATH": os.pathsep.join(sys.path[:3])}
    command = command or ("-m", "internships", "serve", "--processes", str(processes))
    process = subprocess.Popen([sys.executable, *command], env=surroundings, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(1)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def serve_bare() -> None:
    """What the process of the bare page does."""
    from granian import Granian
    from granian.constants import Interfaces, Loops

    port = int(os.environ["PORT"])
    kind, loop = Interfaces.ASGI, Loops.asyncio
    Granian("load:bare_site", factory=True, port=port, interface=kind, loop=loop, log_enabled=False).serve()


class Browser:
    """One connection that is kept."""

    def __init__(self, port: int, of: object = None) -> None:
        self.port = port
        self.cookie = f"Cookie: session={token(of)}\r\n" if of else ""

    async def ask(self, path: str, sent: dict[str, str] | None = None) -> int:
        """The status of the answer, all of which has been read."""
        if not hasattr(self, "reader"):
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = urlencode(sent) if sent else ""
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if sent else ""
        head = f"{'POST' if sent else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.cookie}{kind}\r\n{body}"
        self.writer.write(head.encode())
        answer = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self.reader.readexactly(int(length or 0))
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        if hasattr(self, "writer"):
            self.writer.close()


async def timed(asking: Awaitable[int], expected: int, waited: list[float]) -> bool:
    """Ask, note the milliseconds; whether it was answered as it should be."""
    begun = time.perf_counter()
    try:
        right = await asking == expected
    except (OSError, asyncio.IncompleteReadError):
        right = False
    waited.append((time.perf_counter() - begun) * 1_000)
    return right


async def asked(browsers: list[Browser], path: str, times: int, waited: list[float]) -> float:
    """Every browser asks without a pause, so often together; the seconds that took."""
    begun = time.perf_counter()

    async def one(browser: Browser) -> None:
        for _ in range(times // len(browsers)):
            assert await timed(browser.ask(path), 200, waited), path

    await asyncio.gather(*(one(browser) for browser in browsers))
    return time.perf_counter() - begun


async def lists(ours: int, bare: int, ref: str) -> None:
    """The pages, in turns."""
    pages: dict[str, tuple[int, object, str]] = {
        "list of applications": (ours, "staff", "/en/applications"),
        f"reading list of {READ}": (ours, "reviewer", "/en/reviews"),
        "one application": (ours, "staff", f"/en/applications/{ref}"),
        "public page of the call": (ours, None, "/en/calls/2027"),
        "home page": (ours, None, "/en/"),
        "bare list": (bare, None, "/"),
    }
    browsers = {name: [Browser(port, of) for _ in range(CONNECTIONS)] for name, (port, of, _) in pages.items()}
    rounds: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in pages}
    for _ in range(ROUNDS + 1):
        for name, (_, _, path) in pages.items():
            waited: list[float] = []
            rounds[name].append((await asked(browsers[name], path, A_ROUND, waited), waited))
    for name, measured in rounds.items():
        kept = sorted(measured[1:], key=lambda each: each[0])  # the first warms up
        print(f"  {name:<25} all rounds: {_said(kept)}; the quietest: {_said(kept[:1])}", flush=True)


def _said(rounds: list[tuple[float, list[float]]]) -> str:
    times = [time for _, waited in rounds for time in waited]
    rate = len(times) / sum(seconds for seconds, _ in rounds)
    return f"p50 {median(times):5.1f} ms, p95 {quantiles(times, n=20)[-1]:5.1f} ms, {rate:4.0f} a second"


async def hour(port: int) -> None:
    """2,000 people send within 60 seconds, then look whether it arrived."""
    waited: list[float] = []
    wrong = 0

    async def person(n: int, at: float) -> None:
        nonlocal wrong
        await asyncio.sleep(at)
        browsers = [Browser(port, n) for _ in range(1 + (n % TWICE == 0))]
        form = {"csrf": form_token(n), "declared": "yes"}
        sent = [timed(browser.ask("/en/application/send", form), 303, waited) for browser in browsers]
        right = await asyncio.gather(*sent)
        arrived = await timed(browsers[0].ask("/en/application/sent"), 200, [])
        wrong += [*right, arrived].count(False)
        for browser in browsers:
            browser.close()

    drawn = random.Random(1)
    begun = time.perf_counter()
    await asyncio.gather(*(person(n, drawn.uniform(0, SECONDS)) for n in range(1, PEOPLE + 1)))
    passed, p95 = time.perf_counter() - begun, quantiles(waited, n=20)[-1]
    print(
        f"  {len(waited):,} sendings of {PEOPLE:,} people in {passed:.0f} s: "
        f"p50 {median(waited):.0f} ms, p95 {p95:.0f} ms, longest {max(waited):.0f} ms, {wrong} errors"
    )
    engine = create_async_engine(settings().async_url)
    async with engine.connect() as db:
        for what, counted in COUNTS.items():
            row = (await db.execute(text(counted))).one()
            print(f"  {what}: {', '.join(f'{value:,}' for value in row)}", flush=True)
    await engine.dispose()


COPIED = "WHERE person_id > 10000000"
COUNTS = {
    "files of theirs sent, still drafts": f"SELECT count(submitted_at), count(*) - count(submitted_at) FROM application {COPIED}",
    "letters to them, people who got one": (
        "SELECT count(*), count(DISTINCT address) FROM letter WHERE address LIKE 'copy%@example.org'"
    ),
    "steps in their traces, files that have one": (
        "SELECT count(*), count(DISTINCT subject) FROM history WHERE what = 'application.submit' AND person_id > 10000000"
    ),
}


def prepared(address: str, size: int, *, sent: bool) -> list[str]:
    """A filled database, which is the one in use from here on."""
    os.environ["DATABASE_URL"] = address
    settings.cache_clear()
    sample()
    return asyncio.run(crowd(size, sent=sent))


def one_hour(name: str, address: str) -> None:
    """The last hour on one kind of database."""
    prepared(address, PEOPLE, sent=False)
    print(f"The last hour, {name}, two processes", flush=True)
    with served(processes=2) as port:
        asyncio.run(hour(port))


def main(which: set[str]) -> None:
    """What was asked for."""
    with postgres.running() as server, tempfile.TemporaryDirectory(prefix="internships-bench-") as folder:

        def made(name: str) -> str:
            subprocess.run(["psql", "-q", server.format("postgres"), "-c", f"CREATE DATABASE {name}"], check=True)
            return server.format(name)

        if "lists" in which:
            refs = prepared(made("lists"), SIZE, sent=True)
            print(f"Under load: {SIZE:,} applications, PostgreSQL, {CONNECTIONS} connections", flush=True)
            with served() as ours, served(__file__, "--serve") as bare:
                asyncio.run(lists(ours, bare, refs[len(refs) // 2]))
        if "hour" in which:
            one_hour("PostgreSQL", made("hour"))
            one_hour("SQLite", f"sqlite:///{folder}/hour.db")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve_bare()
    else:
        main(set(sys.argv[1:]) or {"lists", "hour"})
