"""Where pages of this part are; `routers` is what the application mounts."""

from litestar.types import ControllerRouterHandler

from internships.reviews.routes import assigning, hosting, reviewing

routers: list[ControllerRouterHandler] = [reviewing.router, hosting.router, assigning.router]
