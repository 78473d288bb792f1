"""The pages of this part that the application mounts."""

from litestar.types import ControllerRouterHandler

from internships.reserves.routes import calls, lists, showing

routers: list[ControllerRouterHandler] = [
    calls.home,
    calls.show,
    lists.positions,
    lists.reserves,
    showing.position,
    showing.reserve,
    showing.on_the_map,
]
