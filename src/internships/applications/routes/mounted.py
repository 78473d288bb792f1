"""Where pages of this part are; `routers` is what the application mounts."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from internships.applications.routes import checking, choices, documents, entries, file, pages, screening, staff
from internships.applications.routes.surroundings import FAULTS, MINE_ALONE

routers: list[ControllerRouterHandler] = [
    *checking.handlers,
    Router(
        "/application",
        route_handlers=[*file.handlers, *pages.handlers, *entries.handlers, *choices.handlers, *documents.handlers],
        guards=MINE_ALONE,
        exception_handlers=FAULTS,
    ),
    Router("/", route_handlers=choices.from_positions, guards=MINE_ALONE, exception_handlers=FAULTS),
    screening.router,
    staff.router,
]
