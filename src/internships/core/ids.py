"""References that people can read out, and tokens that nobody can guess."""

import secrets
from hashlib import sha256

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans("OILU", "011V")


def new_ref() -> str:
    """Ten characters of Crockford's base 32: 50 random bits, no vowels to misread."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(10))


def read_ref(typed: str) -> str:
    """A reference as somebody typed it, with O for 0 and I or L for 1 forgiven, and whatever is in none left out."""
    return "".join(char for char in typed.upper().translate(_HEARD_AS) if char in CROCKFORD)


def new_token() -> str:
    """32 random bytes for a link or a cookie; only `hashed(token)` is ever stored."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a token: its SHA-256, in hexadecimal."""
    return sha256(token.encode()).hexdigest()
