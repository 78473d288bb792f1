"""Passwords: how they are hashed, by how many threads at most, and which are too easy to guess."""

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from internships.core.faults import Busy

Answer = TypeVar("Answer")

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
THREADS = os.cpu_count() or 1
MOST_WAITING = 50 * THREADS
HARD_TO_GUESS = 4
"""The highest of zxcvbn's scores: ten thousand million guesses and more."""
OUR_WORDS = ["mountain", "biosphere", "reserve", "internship", "internships", "unesco", "programme"]

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
_waiting = 0


async def _in_a_thread(work: Callable[[], Answer]) -> Answer:
    """One hash per core at a time, and a queue that ends.

    Raises:
        Busy: more are waiting than can be served within a second.
    """
    global _waiting  # noqa: PLW0603 -- counted in one event loop
    if _waiting >= MOST_WAITING:
        raise Busy
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1


def _composed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    """A hash that no password fits, for people who do not exist; it costs the same to ask."""
    return HASHER.hash(os.urandom(32))


def _fits(kept: str | None, password: str) -> bool:
    try:
        HASHER.verify(kept or _nobodys(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def hash_now(password: str) -> str:
    """The hash, in this thread: for the command line."""
    return HASHER.hash(_composed(password))


async def hash_of(password: str) -> str:
    """What is kept of a password."""
    return await _in_a_thread(lambda: hash_now(password))


async def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; it takes as long when there is none."""
    return await _in_a_thread(lambda: _fits(kept, password))


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with settings of former days."""
    return HASHER.check_needs_rehash(kept)


def easy_now(password: str, about: tuple[str, ...] = ()) -> bool:
    """Whether it is a common password, a pattern, or made of words about the person or the programme."""
    # Its word lists take a while to load, and most processes never need them.
    from zxcvbn import zxcvbn

    words = [*OUR_WORDS, *(part for text in about for part in (text, *text.replace("@", " ").split()))]
    # More than 72 characters are beyond guessing unless the first 72 repeat themselves.
    score: int = zxcvbn(_composed(password)[:72], user_inputs=words)["score"]
    return score < HARD_TO_GUESS


async def is_easy(password: str, *about: str) -> bool:
    """The same, beside the other work of this process."""
    return await _in_a_thread(lambda: easy_now(password, about))
