"""Where pages of this part are; `routers` is what the application mounts."""

from litestar.types import ControllerRouterHandler


routers: list[ControllerRouterHandler] = []
