"""The picture of a small match: people on one side, positions on the other, a line for each choice."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from internships.core.text import folded

SMALL = 40
ROW = 28
WIDTH = 1120
COLUMN = 350


class Linked(Protocol):
    """An answer as the picture needs it."""

    @property
    def application(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def is_placed(self) -> bool: ...


class Mark(NamedTuple):
    """A name at a height."""

    ref: str
    name: str
    y: int
    placed: int


class Line(NamedTuple):
    """From a person to a position."""

    x1: int
    y1: int
    x2: int
    y2: int
    placed: bool


class Picture(NamedTuple):
    people: list[Mark]
    positions: list[Mark]
    lines: list[Line]
    height: int
    rows: list[tuple[str, str, int, bool]]


def picture_of(answers: Sequence[Linked]) -> Picture:
    """Where everything stands; people in the order in which they were given, positions by their titles."""
    people = {answer.application: answer.name for answer in answers}
    titles = {answer.position: answer.title for answer in answers}
    positions = dict(sorted(titles.items(), key=lambda item: (folded(item[1]), item[0])))
    tall = max(len(people), len(positions), 1) * ROW
    left = {ref: _height(index, len(people), tall) for index, ref in enumerate(people)}
    right = {ref: _height(index, len(positions), tall) for index, ref in enumerate(positions)}
    lines = [
        Line(COLUMN, left[a.application], WIDTH - COLUMN, right[a.position], a.is_placed)
        for a in sorted(answers, key=lambda answer: answer.is_placed)
    ]
    placed = [a for a in answers if a.is_placed]
    return Picture(
        [Mark(ref, name, left[ref], sum(a.application == ref for a in placed)) for ref, name in people.items()],
        [Mark(ref, name, right[ref], sum(a.position == ref for a in placed)) for ref, name in positions.items()],
        lines,
        tall,
        [(a.name, a.title, a.rank, a.is_placed) for a in answers],
    )


def _height(index: int, many: int, tall: int) -> int:
    return tall * (2 * index + 1) // (2 * many)
