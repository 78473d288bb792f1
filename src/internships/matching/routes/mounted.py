"""Where pages of this part are; `routers` is what the application mounts."""

from litestar.types import ControllerRouterHandler

from internships.matching.routes import contests, desk, rules, runs, teams, tries, why

routers: list[ControllerRouterHandler] = [
    desk.router,
    rules.router,
    teams.router,
    runs.router,
    tries.router,
    contests.router,
    why.router,
    why.public,
]
