"""What every test may ask for: a database, the running app, visitors, the clock, and the statements that were asked."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import hypothesis
import pytest
import time_machine
from litestar.types import ASGIApp
from sqlalchemy import event

for name in [name for name in os.environ if name.startswith("INTERNSHIPS_") or name in {"HOST", "DATABASE_URL"}]:
    del os.environ[name]
os.environ["INTERNSHIPS_DEV"] = "1"
# Bound before anything is imported, so that links in letters and the browser's address agree, and no second run takes it.
LISTENING = socket.socket()
LISTENING.bind(("127.0.0.1", 0))
os.environ["PORT"] = str(LISTENING.getsockname()[1])

from internships.app import create_app  # noqa: E402
from internships.core import db  # noqa: E402
from internships.core.settings import settings  # noqa: E402
from tests import postgres  # noqa: E402
from tests.databases import Databases, PostgreSQL, SQLite  # noqa: E402
from tests.visitor import Visitor  # noqa: E402

pytest_plugins = ["tests.cast", "tests.browser"]

Value = TypeVar("Value")
Statements = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

# One fixture for all examples is meant: what an example leaves behind, the next one must live with.
shared = [hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=shared, derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    # Being told to stop is like Ctrl-C: fixtures still put away what they started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    config.addinivalue_line("markers", "only(database): for what this kind of database alone can show")


def pytest_unconfigure() -> None:
    LISTENING.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks no database runs once, with SQLite; bin/test counts what drives a browser."""
    kind = config.getoption("--database")
    chosen, others = [], []
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in fixtures:
            item.user_properties.append(("browser", "yes"))
        only = item.get_closest_marker("only")
        wanted = {only.args[0]} if only else {"sqlite", "postgresql"} if "databases" in fixtures else {"sqlite"}
        (chosen if kind in wanted else others).append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=others)


@pytest.fixture(scope="session")
async def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Databases]:
    """The databases of this run: `another(migrated=…)` gives the address of one that nobody else uses."""
    if request.config.getoption("--database") == "sqlite":
        made: Databases = SQLite(tmp_path_factory.mktemp("databases"))
        await made.prepare()
        yield made
        await made.close()
        return
    with postgres.running() as server:
        made = PostgreSQL(server)
        await made.prepare()
        yield made
        await made.close()


@pytest.fixture(scope="session")
async def running(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ASGIApp]:
    """The app, started once, with a folder of its own for files."""
    os.environ["INTERNSHIPS_FILES"] = str(tmp_path_factory.mktemp("files"))
    os.environ["DATABASE_URL"] = databases.address("main")
    settings.cache_clear()
    outer = create_app()
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In one task from start to end, as anyio wants it; a fixture's two halves are two tasks.
        async with outer.app.lifespan():  # type: ignore[attr-defined] -- Litestar stands behind the outer layer
            started.set()
            await over.wait()

    living = asyncio.create_task(live())
    await asyncio.wait([living, asyncio.create_task(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        await living
    yield outer
    over.set()
    await living


@pytest.fixture
async def database(databases: Databases, running: ASGIApp) -> AsyncIterator[Databases]:
    """The main database, connected (`read()`, `write()`) and empty; whatever the test writes is gone after it."""
    before = asyncio.all_tasks()
    yield databases
    # When one of many that were started together fails, the test is over and the others are still writing.
    ours = asyncio.current_task()
    if left := {task for task in asyncio.all_tasks() - before if task is not ours}:
        await asyncio.wait(left, timeout=10)
    await databases.clean()


@pytest.fixture
def app(database: Databases, running: ASGIApp) -> ASGIApp:
    """The whole site, with an empty database behind it."""
    return running


@pytest.fixture
async def visitor(app: ASGIApp) -> AsyncIterator[Visitor]:
    """Somebody who has not signed in."""
    async with Visitor(app) as somebody:
        yield somebody


@pytest.fixture
def htmx() -> dict[str, str]:
    """The headers of a request that htmx sends."""
    return {"HX-Request": "true", "Accept": "text/html"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at NOW; `clock.shift(timedelta(days=1))` and `clock.move_to(...)` move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def statements(database: Databases) -> Statements:
    """What is asked of the database meanwhile, besides BEGIN and COMMIT: `with statements() as asked: ...`."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        asked: list[str] = []

        def heard(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
                asked.append(statement)

        both = [engine.sync_engine for engine in db.engines()]
        for engine in both:
            event.listen(engine, "before_cursor_execute", heard)
        try:
            yield asked
        finally:
            for engine in both:
                event.remove(engine, "before_cursor_execute", heard)

    return listening


@pytest.fixture
async def run() -> Callable[[Awaitable[Value]], Value]:
    """Runs a coroutine from a plain test, in the loop that the app lives in: for hypothesis, which knows no async."""
    loop = asyncio.get_running_loop()
    return loop.run_until_complete
