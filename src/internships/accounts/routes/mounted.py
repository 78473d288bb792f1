"""The pages of this part, as the application mounts them."""

from litestar.types import ControllerRouterHandler

from internships.accounts.routes import account, links, signing_in

routers: list[ControllerRouterHandler] = [signing_in.router, links.router, account.router]
