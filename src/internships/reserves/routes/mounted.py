"""The pages of this part that the application mounts."""

from litestar.types import ControllerRouterHandler

from internships.reserves.routes import calls

routers: list[ControllerRouterHandler] = [calls.home, calls.show]
