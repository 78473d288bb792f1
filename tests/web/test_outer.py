"""The outermost layer: which names the site answers to, what comes from elsewhere, and what happens when it fails itself."""

import httpx
import pytest
import structlog
from litestar import Litestar, get
from litestar.params import FromPath

from internships.core.faults import Busy
from internships.core.settings import Settings, settings
from internships.web import errors, static
from internships.web.outer import HEADERS, Outer

SECRET = "x" * 32


def of(**more):
    """Settings as an operator has them."""
    return Settings(secret=SECRET, **{"dev": False, **more})


async def hello(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def asked(app, path="/en", method="GET", **headers):
    """One request, as it comes from the network."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("internships.example.org", 200),
        ("Internships.Example.org:443", 200),
        ("www.example.org", 200),
        ("evil.example", 400),
        ("internships.example.org:8000", 400),
        ("internships.example.org.evil.example", 400),
        ("127.0.0.1:8000", 400),
        ("localhost", 400),
        ("", 400),
    ],
)
async def test_a_site_answers_to_its_own_names_alone(host, status):
    app = Outer(hello, of(base_url="https://internships.example.org", allowed_hosts="www.example.org, a.example:81"))

    answer = await asked(app, Host=host)

    assert answer.status_code == status
    assert {name.decode() for name, _ in HEADERS} <= set(answer.headers)
    assert (await asked(app, "/healthz", Host=host)).status_code == 200
    assert (await asked(app, "/readyz", Host=host)).status_code == 200


@pytest.mark.parametrize("more", [{}, {"dev": True}, {"dev": True, "base_url": "https://internships.example.org"}])
@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "localhost", "127.0.0.1:9", "[::1]:8000", "[::1]"]
)
async def test_on_ones_own_machine_it_has_the_names_of_that_machine(more, host):
    app = Outer(hello, of(**more))

    assert (await asked(app, Host=host)).status_code == 200
    for other in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1:8000.evil.example", "localhost:x", "[::1"):
        assert (await asked(app, Host=other)).status_code == 400


@pytest.mark.parametrize("origin", ["http://[", "http://]", "null", "http://evil.example", "x", "http://[::1"])
async def test_an_origin_that_is_none_of_ours_is_refused(visitor, origin):
    del visitor.headers["Sec-Fetch-Site"]

    answer = await visitor.post("/sign-in", headers={"Origin": origin})

    assert answer.status_code == 403
    assert {name.decode() for name, _ in HEADERS} <= set(answer.headers)


async def test_the_name_of_another_site_does_not_make_it_ours(visitor):
    del visitor.headers["Sec-Fetch-Site"]

    answer = await visitor.post("/sign-in", headers={"Host": "evil.example", "Origin": "http://evil.example"})

    assert answer.status_code == 400


async def test_what_fails_at_the_outermost_is_said_and_noted():
    async def broken(_scope, _receive, _send):
        raise LookupError

    with structlog.testing.capture_logs() as noted:
        answer = await asked(Outer(broken, settings()), Host=httpx.URL(settings().site).netloc.decode())

    assert answer.status_code == 500
    assert {name.decode() for name, _ in HEADERS} <= set(answer.headers)
    assert [entry["incident"] for entry in noted] == [answer.text.rpartition(" ")[2]]


TOKEN = "one-time-token-of-a-letter"


@get("/link/{token:str}", name="broken")
async def broken(token: FromPath[str]) -> str:
    raise {"busy": Busy, "unforeseen": LookupError}[token.partition(".")[0]]


async def _fails_on_the_way_out(scope, receive, _send):
    await Litestar([broken], exception_handlers=errors.HANDLERS, openapi_config=None)(scope, receive, broken_line)


async def broken_line(_message):
    raise LookupError


@pytest.mark.parametrize("failure", ["busy", "unforeseen"])
@pytest.mark.parametrize("outermost", [False, True])
async def test_what_fails_is_noted_by_its_route_and_never_with_a_token(app, failure, outermost):
    site = Litestar([broken], exception_handlers=errors.HANDLERS, openapi_config=None, logging_config=None)
    inner = _fails_on_the_way_out if outermost else site

    with structlog.testing.capture_logs() as noted:
        answer = await asked(Outer(inner, settings()), f"/en/link/{failure}.{TOKEN}")

    assert answer.status_code == (500 if outermost or failure == "unforeseen" else 503)
    assert {entry["route"] for entry in noted} == {"/link/{token}"}
    assert TOKEN not in repr(noted)


BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "fr-CA,fr;q=0.8,en;q=0.5"}


async def test_a_browser_is_told_in_a_page_of_its_language_that_everything_failed():
    ours = httpx.URL(settings().site).netloc.decode()

    with structlog.testing.capture_logs() as noted:
        answer = await asked(Outer(_broken_inside, settings()), "/nowhere-yet", "POST", Host=ours, **BROWSER)
        arabic = await asked(Outer(_broken_inside, settings()), "/ar/link/x", Host=ours, **BROWSER)

    assert answer.status_code == arabic.status_code == 500
    assert answer.headers["content-language"] == "fr"
    assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="fr" dir="ltr"' in answer.text
    assert '<html lang="ar" dir="rtl"' in arabic.text
    assert "Il y a eu un problème de notre côté" in answer.text
    assert noted[0]["incident"] in answer.text
    assert {name.decode() for name, _ in HEADERS} <= set(answer.headers)


async def _broken_inside(_scope, _receive, _send):
    raise LookupError


@pytest.mark.parametrize(
    ("method", "more", "status", "said"),
    [
        ("GET", {"Host": "evil.example"}, 400, "No site of this name is served here."),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, 403, "This request came from another site."),
    ],
)
async def test_what_the_outermost_refuses_is_a_page_for_browsers_and_a_line_for_programs(method, more, status, said):
    app, ours = Outer(hello, settings()), httpx.URL(settings().site).netloc.decode()

    page = await asked(app, "/en", method, **{"Host": ours, "Accept": "text/html", **more})
    line = await asked(app, "/en", method, **{"Host": ours, "Accept": "application/json", **more})

    assert page.status_code == line.status_code == status
    assert f"<h1>{said}</h1>" in page.text
    assert f'href="{settings().site}/en"' in page.text
    assert line.text == said
    assert "html" in page.headers["content-type"]
    assert "html" not in line.headers["content-type"]


@pytest.mark.parametrize("refused", ["br;q=0", "identity, br; q=0.0", "vibrant"])
async def test_a_page_is_squeezed_for_nobody_who_does_not_take_that(visitor, refused):
    sheet = static.address("site.css")

    for address in ("/", sheet):
        taken = await visitor.get(address, headers={"Accept-Encoding": "gzip;q=0, br;q=0.5"})
        plain = await visitor.get(address, headers={"Accept-Encoding": refused})

        assert taken.headers["content-encoding"] == "br"
        assert "content-encoding" not in plain.headers
