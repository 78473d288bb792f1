"""The pages of this part, as the application mounts them."""

from litestar.types import ControllerRouterHandler

from internships.accounts.routes import account, again, invitations, letters, links, outbox, people, signing_in
from internships.core.settings import settings

routers: list[ControllerRouterHandler] = [
    signing_in.router,
    again.router,
    links.router,
    account.router,
    people.router,
    invitations.router,
    invitations.invited,
    letters.router,
]
if settings().dev:
    routers.append(outbox.router)
