"""The lottery that breaks ties: sealed before the deadline, opened at the run, and checkable by anyone."""

import hashlib
from collections.abc import Iterable

NUMBERS = 10**12


def seal(text: str) -> str:
    """What is published beforehand: it binds the programme to the text without telling it."""
    return hashlib.sha256(text.encode()).hexdigest()


def draw(text: str, person: str) -> bytes:
    return hashlib.sha256(f"{text}\n{person}".encode()).digest()


def number(text: str, person: str) -> int:
    """The draw as twelve digits that people can compare; the lower number goes first."""
    return int.from_bytes(draw(text, person)[:8]) * NUMBERS >> 64


def in_order(text: str, people: Iterable[str]) -> list[str]:
    """Everybody, the luckiest first."""
    opened = f"{text}\n".encode()
    sha256 = hashlib.sha256
    drawn = {sha256(opened + person.encode()).digest(): person for person in people}
    return [drawn[lot] for lot in sorted(drawn)]


def line_between(last_in: int, first_out: int) -> int:
    """The roundest number that separates the two, so that a published cut-off is nobody's own number."""
    step = NUMBERS
    while (line := (first_out - 1) // step * step) < last_in and step > 1:
        step //= 10
    return max(line, last_in)
