"""Where hosts see who was offered a place with them, and who is coming."""

from litestar import Response, Router, get

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.core.db import read
from internships.placements.queries import places
from internships.placements.words import OFFER_KINDS, OFFERS
from internships.web.allow import only
from internships.web.pages import Asked, page


@get("/", name="placements.coming")
async def coming(request: Asked, actor: SignedIn) -> Response[str]:
    async with read() as db:
        people = await places.coming(db, actor)
    return page(request, "placements/coming.html", people=people, states=OFFERS, kinds=OFFER_KINDS)


router = Router("/host/places", route_handlers=[coming], guards=[only(Role.HOST)])
