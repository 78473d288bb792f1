"""Which positions sample people choose: what they are fit for, what is well known, and why they say they want it."""

from collections.abc import Sequence
from itertools import chain
from random import Random
from typing import Final

from msgspec import Struct

from internships.core.reference import broader, reaches
from internships.reserves.rows import PositionRow
from internships.sample.people import SamplePerson, sentence

MOST: Final = 3


class Wish(Struct, frozen=True):
    """A position in somebody's order, and what they write about it."""

    position: str
    motivation: str


class Offering(Struct, frozen=True):
    """A position as people see it, with how well known it is."""

    row: PositionRow
    reserve: str
    country: str
    fame: float
    fields: frozenset[str]
    """The fields of education that it is about, and those that they belong to."""


def offerings(seed: int, rows: Sequence[PositionRow], reserves: dict[str, tuple[str, str]]) -> list[Offering]:
    """The positions, a few of them known to everybody and most of them to few. `reserves`: name and country by id."""
    order = list(rows)
    Random(f"{seed}/fame").shuffle(order)  # noqa: S311 -- the same seed has to give the same favourites
    return [
        Offering(
            row, *reserves[row.reserve_id], 1 / (place + 2) ** 0.45, frozenset(chain(*map(broader, row.isced_fields)))
        )
        for place, row in enumerate(order)
    ]


def wishes(seed: int, person: SamplePerson, offered: Sequence[Offering]) -> list[Wish]:
    """Up to three positions, the dearest first."""
    rng = Random(f"{seed}/{person.number}/wishes")  # noqa: S311 -- the same seed has to give the same wishes
    weights = [offering.fame * appeal(person, offering) for offering in offered]
    chosen: list[Offering] = []
    wanted = rng.choices((1, 2, MOST), (8, 17, 75))[0]
    while len(chosen) < wanted:
        picked = rng.choices(offered, weights)[0]
        if picked not in chosen:
            chosen.append(picked)
    return [_wish(rng, person, offering) for offering in chosen]


def lacks(person: SamplePerson, row: PositionRow) -> int:
    """How many things the person lacks that the position requires."""
    spoken = sum(not reaches(person.languages.get(need.language), need.level) for need in row.required_languages)
    return spoken + (person.level < row.min_isced_level)


def appeal(person: SamplePerson, offering: Offering) -> float:
    """People mostly choose what they may have, in their field, and away from home."""
    near = sum(part in offering.fields for part in broader(person.field or ""))
    abroad = 0.35 if offering.country == person.nationality else 1.0
    return abroad * (1 + near**2) * 0.06 ** lacks(person, offering.row)


def _wish(rng: Random, person: SamplePerson, offering: Offering) -> Wish:
    text = sentence(rng, person.writes_in, "choice")
    return Wish(offering.row.id, text.format(title=offering.row.title, reserve=offering.reserve, town=person.town))
