"""Where pages of this part are; `routers` is what the application mounts."""

from litestar.types import ControllerRouterHandler

from internships.reporting.routes import desk, filed

routers: list[ControllerRouterHandler] = [desk.router, filed.router]
