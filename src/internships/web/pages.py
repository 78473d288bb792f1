"""The answers that handlers give: a page, the form sent back, or another address."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import Cookie, State

from internships.core import render
from internships.core.i18n import speaking
from internships.core.settings import settings
from internships.web import addresses, csrf, htmx, static
from internships.web.signed import signed
from internships.web.site import NOTICE, Site

IN_AN_ADDRESS = "/?=&#%:;,@+!$'()*~"
"""What `quote` leaves as it is: an address that is quoted already stays the same."""

Asked = Request[Any, Any, State]


def set_up() -> None:
    """Give templates what only pages know."""
    render.environment().globals.update(url_for=addresses.url_for, static=static.address)


def _rendered(request: Asked, template: str, part: str | None, context: dict[str, Any]) -> str:
    found = render.environment().get_template(template)
    context = {"site": Site(request), **context}
    if part not in found.blocks or not htmx.wants_a_part(request):
        return found.render(context)
    # A block on its own: the same markup that the whole page has, without a second template.
    return "".join(found.blocks[part](found.new_context(context)))


def cookie(name: str, value: str, **kept: Any) -> Cookie:
    """A cookie of ours: for this site alone, unseen by scripts; with max_age it outlives the browser's window."""
    return Cookie(key=name, value=value, path="/", secure=settings().is_https, httponly=True, samesite="lax", **kept)


def page(
    request: Asked,
    template: str,
    *,
    part: str | None = None,
    status: int = 200,
    public_for: int = 0,
    **context: Any,
) -> Response[str]:
    """A template as a page; for htmx only the block `part`, when it is named.

    public_for: for how many seconds anybody may keep it, when nobody is signed in and it holds no form.
    """
    body = _rendered(request, template, part, {"status": status, **context})
    state = request.scope["state"]
    private = not public_for or state.get("actor") or state.get("has_token") or NOTICE in request.cookies
    headers = {
        "Cache-Control": "no-store" if private else f"public, max-age={public_for}",
        "Vary": "HX-Request, HX-Request-Type, Cookie",
        "Content-Language": speaking(),
    }
    response = Response(body, status_code=status, media_type="text/html", headers=headers)
    if visitor := state.get("new_visitor"):
        response.cookies.append(cookie(csrf.cookie_name("visitor"), visitor))
    if NOTICE in request.cookies and not htmx.wants_a_part(request):
        response.cookies.append(cookie(NOTICE, "", max_age=0))
    return response


def sent_back(request: Asked, template: str, *, part: str = "form", **context: Any) -> Response[str]:
    """The form with what was typed and every error, status 422; for htmx the block alone."""
    return page(request, template, part=part, status=422, **context)


def instead(request: Asked, template: str, *, status: int, **context: Any) -> Response[str]:
    """Another page in place of the one that asked; for htmx the whole main part, whatever was to be replaced."""
    response = page(request, template, part="main", status=status, **context)
    if htmx.is_htmx(request):
        response.headers |= {htmx.RETARGET: "#main", htmx.RESWAP: "innerHTML"}
    return response


def go_to(request: Asked, path: str, *, said: object = None, kind: str = "ok") -> Response[str]:
    """On to another page of ours, in the same language; `said` is shown there once.

    Args:
        path: without the language, such as /reviews.
    """
    # A reference from an address may hold anything; a header takes only this.
    target = f"/{speaking()}{quote(path, safe=IN_AN_ADDRESS)}"
    response = (
        Response("", status_code=204, headers={htmx.LOCATION: target})
        if htmx.is_htmx(request)
        else Response("", status_code=303, headers={"Location": target})
    )
    response.headers["Cache-Control"] = "no-store"
    return response if said is None else noticed(response, said, kind)


def noticed(response: Response[str], said: object, kind: str = "warning") -> Response[str]:
    """The answer, with something that the next page says once."""
    response.cookies.append(cookie(NOTICE, signed(NOTICE, [[kind, str(said)]]), max_age=60))
    return response


def text_file(body: str, name: str, kind: str = "application/json") -> Response[str]:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)
