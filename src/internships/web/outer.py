"""The outermost layer: headers on every answer, HEAD, the language in the path, static files, and who may post."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

import brotli
import structlog

from internships.core import i18n
from internships.core.settings import Settings
from internships.core.text import without_nul
from internships.web import addresses, apart, static

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
NOTHING_ALLOWED = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), usb=(), browsing-topics=()"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", NOTHING_ALLOWED.encode()),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
WITHOUT_LANGUAGE = ("/static/", "/healthz", "/readyz", "/dev/", "/favicon.ico")
ASKED_BY_MACHINES = frozenset({"/healthz", "/readyz"})
"""By whatever name or number they know this process."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Headers = list[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Inner = Callable[[Any, Any, Any], Awaitable[None]]
"""What is wrapped; Litestar names the same things in narrower words."""


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The first value of a header, or nothing."""
    return next((value for key, value in headers if key == name), b"")


def guess_language(headers: Headers) -> str:
    """The language for an address that names none: the cookie's, else the browser's, else English."""
    for pair in header(headers, b"cookie").split(b";"):
        name, _, value = pair.strip().partition(b"=")
        if name == b"language" and value.decode("latin-1") in i18n.LANGUAGES:
            return value.decode("latin-1")
    wished = []
    for place, item in enumerate(header(headers, b"accept-language").decode("latin-1").split(",")[:20]):
        tag, _, weight = item.strip().partition(";q=")
        try:
            wished.append((-float(weight or 1), place, tag.lower()))
        except ValueError:
            continue
    for _weight, _place, tag in sorted(wished):
        for code in i18n.LANGUAGES:
            if tag == code.lower() or tag.split("-")[0] == code.split("-")[0].lower():
                return code
    return i18n.DEFAULT


def comes_from_elsewhere(headers: Headers, site: str) -> bool:
    """Whether a browser says that another site sent this (Fetch Metadata first, then Origin)."""
    fetched = header(headers, b"sec-fetch-site")
    if fetched:
        return fetched not in {b"same-origin", b"none"}
    origin = header(headers, b"origin").decode("latin-1")
    if not origin:
        return False
    host = header(headers, b"host").decode("latin-1")
    try:
        return urlsplit(origin).netloc not in {host, urlsplit(site).netloc}
    except ValueError:
        return True


class Outer:
    """Wraps the whole application, so that no answer goes round it."""

    def __init__(self, app: Inner, of: Settings) -> None:
        self.app = app
        self.of = of
        self.site = of.site
        self.headers = [*HEADERS, STRICT_TRANSPORT] if of.is_https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun: list[Message] = []

        async def noted(message: Message) -> None:
            begun.append(message)
            await send(message)

        accepts = header(scope["headers"], b"accept-encoding")
        answer = self._dressed(noted, drop_body=scope["method"] == "HEAD", accepts=accepts)
        speaks, headers = self._split(scope["path"])[0], list(scope["headers"])
        try:
            await self._answered(scope, receive, answer)
        except Exception as error:
            if begun:
                raise
            incident = secrets.token_hex(4)
            log.exception("unforeseen", incident=incident, route=addresses.told(scope), exc_info=error)
            await self._say(answer, apart.failed(incident), headers, speaks)

    async def _answered(self, scope: Scope, receive: Receive, answer: Send) -> None:
        headers: Headers = list(scope["headers"])
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        if scope["path"] not in ASKED_BY_MACHINES and not self.of.is_called(header(headers, b"host").decode("latin-1")):
            await self._say(answer, apart.NOT_OURS, headers, self._split(scope["path"])[0])
            return
        path = without_nul(scope["path"])
        scope["query_string"] = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
        if path.startswith("/static/") or path == "/favicon.ico":
            await _static(path, headers, answer)
            return
        code, inner = self._split(path)
        if scope["method"] not in SAFE and comes_from_elsewhere(headers, self.site):
            await self._say(answer, apart.FROM_ELSEWHERE, headers, code)
            return
        if code is None:
            code = guess_language(headers)
            if scope["method"] == "GET" and not path.startswith(WITHOUT_LANGUAGE):
                await _redirect(answer, f"/{code}{quote(path)}", scope["query_string"])
                return
        scope["path"] = inner
        scope["raw_path"] = quote(inner).encode()
        scope.setdefault("state", {})
        with i18n.in_language(code):
            await self.app(scope, receive, answer)

    async def _say(self, answer: Send, said: apart.Said, headers: Headers, code: str | None) -> None:
        """A page in the reader's language for a browser, a line for a program, and the line where even the page fails."""
        if b"text/html" not in header(headers, b"accept"):
            await _plain(answer, said.status, said.words)
            return
        language = code or guess_language(headers)
        try:
            body = apart.as_page(said, language, self.site)
        except Exception as error:
            log.exception("no page to say it", status=said.status, exc_info=error)
            await _plain(answer, said.status, said.words)
            return
        kind = (b"content-type", b"text/html; charset=utf-8"), (b"content-language", language.encode())
        kept = (b"cache-control", b"no-store"), (b"vary", b"Accept, Accept-Language, Cookie")
        await _respond(answer, said.status, [*kind, *kept], body)

    @staticmethod
    def _split(path: str) -> tuple[str | None, str]:
        code, slash, rest = path[1:].partition("/")
        if code in i18n.LANGUAGES:
            return code, slash + rest if rest else "/"
        return None, path

    def _dressed(self, send: Send, *, drop_body: bool, accepts: bytes) -> Send:
        """Adds the headers; squeezes a page that comes in one piece."""
        started: list[Message] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"server"]
                present = {name.lower() for name, _ in kept}
                extra = [pair for pair in self.headers if pair[0] not in present]
                started.append({**message, "headers": [*kept, *extra]})
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            if started:
                start = started.pop()
                if not message.get("more_body") and not drop_body:
                    message = _squeezed(start, message, accepts)
                await send(start)
            await send({**message, "body": b""} if drop_body else message)

        return answer


def _squeezed(start: Message, message: Message, accepts: bytes) -> Message:
    """The body in Brotli where the browser takes it and it is text of some length."""
    headers: Headers = list(start["headers"])
    body: bytes = message["body"]
    kind = header(headers, b"content-type")
    if (
        len(body) < 1000
        or not static.takes(accepts, b"br")
        or not kind.startswith((b"text/", b"image/svg", b"application/json"))
    ):
        return message
    if header(headers, b"content-encoding"):
        return message
    small = brotli.compress(body, quality=4)
    headers = [pair for pair in headers if pair[0] != b"content-length"]
    headers += [(b"content-encoding", b"br"), (b"content-length", str(len(small)).encode())]
    headers += [(b"vary", b"Accept-Encoding")]
    start["headers"] = headers
    return {**message, "body": small}


async def _respond(send: Send, status: int, headers: Headers, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _plain(send: Send, status: int, words: str) -> None:
    await _respond(send, status, [(b"content-type", b"text/plain; charset=utf-8")], words.encode())


async def _redirect(send: Send, path: str, query: bytes) -> None:
    target = path.encode() + (b"?" + query if query else b"")
    headers = [(b"location", target), (b"vary", b"Accept-Language, Cookie"), (b"cache-control", b"no-cache")]
    await _respond(send, 302, headers, b"")


async def _static(path: str, headers: Headers, send: Send) -> None:
    name = static.names().get("favicon.svg", "") if path == "/favicon.ico" else path.removeprefix("/static/")
    file = static.found(name)
    if file is None:
        await _plain(send, 404, "There is no such file.")
        return
    body, encoding = file.body_for(header(headers, b"accept-encoding"))
    sent: Headers = [(b"content-type", file.kind), (b"cache-control", static.FOREVER), (b"vary", b"Accept-Encoding")]
    if encoding:
        sent.append((b"content-encoding", encoding))
    await _respond(send, 200, sent, body)
