"""Static files under names that carry their hash, compressed beforehand, kept by browsers for a year."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli

from internships.core.places import STATIC

FOREVER = b"public, max-age=31536000, immutable"
_SQUEEZED = {".css", ".js", ".svg", ".txt", ".json"}


def takes(accepts: bytes, coding: bytes) -> bool:
    """Whether a browser takes a body in this coding: it is named among those accepted, and with more than nothing."""
    for item in accepts.lower().replace(b" ", b"").split(b","):
        name, _, weight = item.partition(b";q=")
        if name == coding:
            return not weight or weight.strip(b"0.") != b""
    return False


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file with its bodies: as it is, and squeezed where that helps."""

    kind: bytes
    plain: bytes
    brotli: bytes | None
    gzip: bytes | None

    def body_for(self, accepts: bytes) -> tuple[bytes, bytes | None]:
        """The body and its content encoding."""
        if self.brotli is not None and takes(accepts, b"br"):
            return self.brotli, b"br"
        if self.gzip is not None and takes(accepts, b"gzip"):
            return self.gzip, b"gzip"
        return self.plain, None


def _hashed_name(path: Path) -> str:
    digest = sha256(path.read_bytes()).hexdigest()[:12]
    relative = path.relative_to(STATIC)
    return relative.with_name(f"{relative.stem}.{digest}{relative.suffix}").as_posix()


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """site.css → site.0123456789ab.css, for every file."""
    files = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return {path.relative_to(STATIC).as_posix(): _hashed_name(path) for path in files}


@lru_cache(maxsize=1)
def _originals() -> dict[str, str]:
    return {hashed: name for name, hashed in names().items()}


@lru_cache(maxsize=64)
def found(hashed: str) -> StaticFile | None:
    """The file behind a hashed name."""
    name = _originals().get(hashed)
    if name is None:
        return None
    plain = (STATIC / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith("javascript"):
        kind += "; charset=utf-8"
    squeeze = Path(name).suffix in _SQUEEZED
    return StaticFile(
        kind=kind.encode(),
        plain=plain,
        brotli=brotli.compress(plain, quality=11) if squeeze else None,
        gzip=gzip.compress(plain, 9, mtime=0) if squeeze else None,
    )


def address(name: str) -> str:
    """The address of a static file for templates."""
    return f"/static/{names()[name]}"
