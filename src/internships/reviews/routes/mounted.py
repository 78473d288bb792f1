"""What the application mounts of this part."""

from litestar.types import ControllerRouterHandler

from internships.reviews.routes import assigning, hosting, reviewing

routers: list[ControllerRouterHandler] = [reviewing.router, hosting.router, assigning.router]
