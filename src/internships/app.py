"""Puts the site together; it and the worker alone know every feature."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from internships import worker
from internships.accounts.routes import again
from internships.accounts.routes import mounted as accounts
from internships.accounts.signed_in import DEPENDENCIES, WhoIsAsking, form_is_ours
from internships.applications.queries import outcome as answers
from internships.applications.queries.adding import instead_of_choosing
from internships.applications.routes import mounted as applications
from internships.core import db, logs
from internships.core.faults import NotFound
from internships.core.settings import settings
from internships.cycles import routes as cycles
from internships.matching.routes import mounted as matching
from internships.navigation import introduce_people
from internships.placements.queries.outcome import outcome
from internships.placements.routes import applicant as placements_of_applicants
from internships.placements.routes import approving as placements_of_runs
from internships.placements.routes import dropping as placements_that_end
from internships.placements.routes import host as placements_of_hosts
from internships.placements.routes import staff as placements_of_staff
from internships.reporting.routes import mounted as reporting
from internships.reserves import adding
from internships.reserves.routes import mounted as reserves
from internships.reviews.routes import mounted as reviews
from internships.web import addresses, allow, errors, health, pages
from internships.web.allow import anyone
from internships.web.body import MOST_BYTES
from internships.web.outer import Outer


@get("/{path:path}", name="web.nowhere", guards=[anyone])
async def nowhere(path: FromPath[str]) -> None:
    """So that an unknown address passes all layers and gets the page of its language and person."""
    raise NotFound


FEATURES = (cycles, accounts, reserves, applications, reviews, matching, reporting)
ROUTERS: list[ControllerRouterHandler] = [
    health.alive,
    health.ready,
    *(router for feature in FEATURES for router in feature.routers),
    placements_of_applicants.router,
    placements_of_staff.router,
    placements_that_end.router,
    placements_of_hosts.router,
    placements_of_runs.router,
    nowhere,
]


@asynccontextmanager
async def running(_app: Litestar) -> AsyncIterator[None]:
    """The database, and the worker when this process carries it."""
    db.connect(settings())
    stopping = asyncio.Event()
    work = asyncio.create_task(worker.work(stopping)) if settings().with_worker else None
    try:
        yield
    finally:
        stopping.set()
        if work is not None:
            await work
        await db.disconnect()


def create_site() -> Litestar:
    """The application without its outermost layer, for those who read its routes.

    Raises:
        NoPolicy: a route does not say who may use it.
    """
    logs.set_up()
    site = Litestar(
        route_handlers=ROUTERS,
        middleware=[WhoIsAsking],
        guards=[addresses.numbers_fit],
        before_request=form_is_ours,
        dependencies=DEPENDENCIES,
        exception_handlers=errors.HANDLERS,
        lifespan=[running],
        openapi_config=None,
        request_max_body_size=MOST_BYTES,
        debug=False,
        logging_config=None,
    )
    allow.listed(site)
    addresses.learn(site)
    pages.set_up()
    introduce_people()
    answers.introduce(outcome)
    adding.introduce(instead_of_choosing)
    allow.keep_what_was_sent(again.keep)
    return site


def create_app() -> Outer:
    """The whole site, for the server."""
    return Outer(create_site(), settings())
