"""Passwords: how they are hashed, by how many threads at most, and which are too easy to guess."""

import asyncio
import os
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from internships.core.faults import Busy, Refused

Answer = TypeVar("Answer")

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
THREADS = os.cpu_count() or 1
MOST_WAITING = 50 * THREADS
HARD_TO_GUESS = 4
"""The highest of zxcvbn's scores: ten thousand million guesses and more."""
MOST_JUDGED = 20
"""Waiting to be judged; judging is plain Python, and more threads would only slow down everything else."""
MOST_READINGS = 48
"""In how many ways the signs of a password may be read as letters; judging takes 4 ms for each, and there can be 736."""
OUR_WORDS = ["mountain", "biosphere", "reserve", "internship", "internships", "unesco", "programme"]


class TooEasy(Refused):
    """A new password that is easy to guess."""


_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
_judge = ThreadPoolExecutor(1, thread_name_prefix="judge")
"""Apart from the hashes, so that nobody who signs in waits behind passwords that are being chosen."""
_waiting: Counter[ThreadPoolExecutor] = Counter()


async def _in_a_thread(work: Callable[[], Answer], threads: ThreadPoolExecutor = _threads) -> Answer:
    """One hash per core at a time, one judgement at a time, and queues that end.

    Raises:
        Busy: more are waiting than can be served within a second.
    """
    if _waiting[threads] >= (MOST_WAITING if threads is _threads else MOST_JUDGED):
        raise Busy
    _waiting[threads] += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, work)
    finally:
        _waiting[threads] -= 1


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


def _with_few_readings(password: str) -> str:
    """The same pattern, with so few signs that stand for letters that it is judged quickly.

    Digits stay, for they make dates and sequences. A word that uses so many different signs for its letters is none
    that is guessed early.
    """
    from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

    signs = [sign for sign in dict.fromkeys(password) if any(sign in by for by in L33T_TABLE.values())]
    while len(enumerate_l33t_subs(relevant_l33t_subtable(password, L33T_TABLE))) > MOST_READINGS:
        last = next(sign for sign in reversed(signs) if not sign.isdecimal())
        signs.remove(last)
        # Any sign will do that stands for nothing else, so that repetitions stay repetitions.
        password = password.replace(last, chr(0x2800 + ord(last)))
    return password


def easy_now(password: str, about: tuple[str, ...] = ()) -> bool:
    """Whether it is a common password, a pattern, or made of words about the person or the programme."""
    # Its word lists take a while to load, and most processes never need them.
    from zxcvbn import zxcvbn

    words = [*OUR_WORDS, *(part for text in about for part in (text, *text.replace("@", " ").split()))]
    # More than 72 characters are beyond guessing unless the first 72 repeat themselves.
    score: int = zxcvbn(_with_few_readings(_composed(password)[:72]), user_inputs=words)["score"]
    return score < HARD_TO_GUESS


async def is_easy(password: str, *about: str) -> bool:
    """The same, beside the other work of this process; ask only for somebody whose tries are counted."""
    return await _in_a_thread(lambda: easy_now(password, about), _judge)
