"""Small values that a browser carries for us and can't change: notices, the way back after signing in."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from typing import Any

from internships.core.settings import settings


def signed(purpose: str, value: Any) -> str:
    """The value with a seal, for one purpose."""
    body = urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
    return f"{body}.{_seal(purpose, body)}"


def unsigned(purpose: str, text: str) -> Any:
    """The value, or None when it was not sealed by us for this purpose."""
    body, _, seal = text.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(purpose, body).encode()):
        return None
    try:
        return json.loads(urlsafe_b64decode(body.encode()))
    except (Error, ValueError):
        return None


def _seal(purpose: str, body: str) -> str:
    digest = hmac.digest(settings().signing_key, f"{purpose}:{body}".encode(), sha256)
    return urlsafe_b64encode(digest[:18]).decode()
