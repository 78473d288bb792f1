"""A browser without a window: requests to the running app, cookies kept, forms sent with the token they were given."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import httpx
from litestar.types import ASGIApp

from internships.core.settings import settings
from internships.web import csrf


class Visitor(httpx.AsyncClient):
    """Addresses are written without the language, as handlers know them; `language` is put in front of them."""

    def __init__(self, app: ASGIApp, *, language: str = "en", session: str | None = None) -> None:
        site = settings().site
        super().__init__(
            transport=httpx.ASGITransport(app),  # type: ignore[arg-type] -- Litestar's scope is a narrower dict
            base_url=f"{site}/{language}",
            headers={"Sec-Fetch-Site": "same-origin", "Origin": site},
        )
        if session:
            self.plant("session", session)

    def plant(self, name: str, value: str) -> None:
        """Put a cookie into this browser as if the site had set it."""
        self.cookies.set(csrf.cookie_name(name), value, domain=self.base_url.host)

    async def request(self, method: str, url: Any, **rest: Any) -> httpx.Response:
        """As httpx does it; what is posted carries the form's token, unless the test brings its own."""
        headers = httpx.Headers(rest.pop("headers", None))
        if method == "POST" and csrf.HEADER not in headers and csrf.FIELD not in (rest.get("data") or {}):
            headers[csrf.HEADER] = self.token()
        # An address that the site gave has its language already.
        where = f"{settings().site}{url}" if str(url).startswith(f"/{self.base_url.path.strip('/')}/") else url
        return await super().request(method, where, headers=headers, **rest)

    def token(self) -> str:
        """The token that a page would have given this browser, with a mask of zeros."""
        session, visitor = csrf.cookie_name("session"), csrf.cookie_name("visitor")
        if session not in self.cookies and visitor not in self.cookies:
            self.plant("visitor", "somebody who has seen a form")
        browser = self.cookies.get(session) or self.cookies.get(visitor) or ""
        proof = hmac.digest(settings().signing_key, b"csrf:" + browser.encode(), sha256)
        return urlsafe_b64encode(bytes(csrf.SIZE) + proof).decode()
