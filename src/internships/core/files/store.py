"""Where files are kept: a folder of this machine or a bucket, under random keys that no address shows."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from internships.core.faults import Fault
from internships.core.i18n import lazy as _
from internships.core.settings import settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

Answer = TypeVar("Answer")
log = structlog.get_logger()

SHELVES: Final = [f"{number:02x}" for number in range(256)]
"""The first part of each key: the sweeper goes from shelf to shelf."""
PATIENCE: Final = 20.0
"""Seconds for one file, whatever the client does within."""
TIMES: Final["ClientConfig"] = {"connect_timeout": "2s", "timeout": "10s"}
AGAIN: Final["RetryConfig"] = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=1), "base": 2},
}
PROBE: Final = "probe"
NOT_THERE: Final = (NotFoundError, FileNotFoundError)


class StoreGone(Fault):
    """The store doesn't answer, or has no room; everything else goes on."""

    status = 503
    words = _("Files cannot be kept or opened just now. Everything else works; try again in some minutes.")


class Missing(Exception):
    """The store answers, and has no such file, or another one than was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: where, and how it is known again."""

    key: str
    size: int
    sha256: str


@lru_cache(maxsize=4)
def _opened(address: str) -> LocalStore | S3Store:
    """A folder is made once; one that goes away later is not made again, for it may have been a disk."""
    if address.startswith("s3://"):
        return _bucket()
    folder = Path(address)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder, mkdir=True)


def _bucket(**options: Any) -> S3Store:
    """Keys, region and endpoint come from the AWS_* variables, as with every other program."""
    times: ClientConfig = {**TIMES, "allow_http": True} if settings().dev else TIMES
    return S3Store.from_url(settings().files_at, client_options=times, retry_config=AGAIN, **options)


def _store() -> LocalStore | S3Store:
    address = settings().files_at
    opened = _opened(address)
    if isinstance(opened, LocalStore) and not Path(address).is_dir():
        raise NotADirectoryError(address)
    return opened


def new_key() -> str:
    """Random, and of no meaning: it tells nothing of whose file it is."""
    return f"{secrets.choice(SHELVES)}/{secrets.token_hex(20)}"


def _gone(error: Exception) -> StoreGone:
    log.warning("the store of files does not answer", why=type(error).__name__, said=str(error)[:300])
    return StoreGone(StoreGone.words)


async def _ask(of: Callable[[], Answer]) -> Answer:
    """Wait for the store in a thread of its own, so that nobody else has to.

    Raises:
        StoreGone: it doesn't answer in time, or says no.
        FileNotFoundError: it answers, and has no such file.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(of)
    except NOT_THERE:
        raise
    except (BaseError, OSError) as error:
        raise _gone(error) from error


async def keep(content: bytes) -> Kept:
    """Put a file under a new key, and read it back: it is there before anything speaks of it.

    Raises:
        StoreGone: it could not be kept.
    """
    kept = Kept(new_key(), len(content), sha256(content).hexdigest())
    try:
        await _ask(lambda: _store().put(kept.key, content))
        await fetch(kept)
    except (*NOT_THERE, Missing) as error:
        raise _gone(error) from error
    return kept


async def fetch(kept: Kept) -> bytes:
    """The content, exactly as it was kept.

    Raises:
        StoreGone: the store doesn't answer.
        Missing: it answers, and the file is not there or is another one.
    """
    try:
        content = await _ask(lambda: bytes(_store().get(kept.key).bytes()))
    except NOT_THERE as error:
        await alive()
        raise Missing(kept.key) from error
    if len(content) != kept.size or sha256(content).hexdigest() != kept.sha256:
        raise Missing(kept.key)
    return content


async def drop(key: str) -> None:
    """Forget a file that no row speaks of; when the store doesn't answer, the sweeper comes back to it."""
    with suppress(*NOT_THERE, StoreGone):
        await _ask(lambda: _store().delete(key))


async def alive() -> None:
    """Ask whether the store answers and can be written to.

    Raises:
        StoreGone: it does not.
    """
    try:
        await _ask(lambda: _store().put(PROBE, b""))
    except NOT_THERE as error:
        raise _gone(error) from error


async def is_there(key: str) -> bool:
    """Whether the store has a file.

    Raises:
        StoreGone: the store doesn't answer.
    """
    try:
        await _ask(lambda: _store().head(key))
    except NOT_THERE:
        await alive()
        return False
    return True


async def on_shelf(shelf: str) -> dict[str, datetime]:
    """Every file of a shelf, with when it was put there.

    Raises:
        StoreGone: the store doesn't answer.
    """
    found = await _ask(lambda: _store().list(f"{shelf}/").collect())
    return {each["path"]: each["last_modified"] for each in found}


async def is_private() -> bool:
    """Whether a bucket turns away somebody without a key; a folder is no one else's to begin with.

    A store that doesn't answer has not opened itself to anybody either.
    """
    if not settings().files_at.startswith("s3://"):
        return True
    with suppress(*NOT_THERE, StoreGone):
        await _ask(lambda: _bucket(skip_signature=True).list_with_delimiter())
        return False
    return True
