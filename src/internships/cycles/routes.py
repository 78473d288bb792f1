"""Where pages of this part are; `routers` is what the application mounts."""

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from internships.core.i18n import LANGUAGES
from internships.web.allow import anyone
from internships.web.pages import Asked, page

A_MINUTE = 60


@get("/help", name="public.help", guards=[anyone])
async def helping(request: Asked) -> Response[str]:
    return page(request, "public/help.html", public_for=A_MINUTE, languages=list(LANGUAGES.values()))


@get("/privacy", name="public.privacy", guards=[anyone])
async def privacy(request: Asked) -> Response[str]:
    return page(request, "public/privacy.html", public_for=A_MINUTE)


@get("/accessibility", name="public.accessibility", guards=[anyone])
async def accessibility(request: Asked) -> Response[str]:
    return page(request, "public/accessibility.html", public_for=A_MINUTE)


routers: list[ControllerRouterHandler] = [helping, privacy, accessibility]
