"""The published and assumed figures that sample people are drawn from."""

import re
from collections.abc import Sequence
from random import Random
from typing import Final, TypeVar

from msgspec import Struct

from internships.core.reference import FIELDS, region_of, table

T = TypeVar("T")


class Shares(Struct, frozen=True):
    """Names and their weights, drawn by a number from 0 to 1."""

    names: list[str]
    weights: list[float]

    def at(self, height: float) -> str:
        """The name at a height of the pile, 0 at its foot and 1 at its top."""
        left = height * sum(self.weights)
        for name, weight in zip(self.names, self.weights, strict=True):
            left -= weight
            if left < 0:
                return name
        return self.names[-1]

    def draw(self, rng: Random) -> str:
        return self.at(rng.random())


class Origin(Struct, frozen=True):
    """A country, and what people from there are likely to be called and to speak."""

    iso2: str
    weight: float
    names: str
    first_language: str
    others: list[tuple[str, str, float]]
    """Language, level, and the share of people who have it."""
    speaks_english: bool
    town: str
    zone: str


_POPULATION: Final = [row for row in table("applicant_population") if row["status"] == "assumption"]


def shares(parameter: str) -> Shares:
    """The assumed shares of one parameter, in the order of the table."""
    rows = [row for row in _POPULATION if row["parameter"] == parameter]
    return Shares([row["group"] for row in rows], [float(row["value"]) for row in rows])


def percent(parameter: str) -> float:
    """One assumed percentage as a share from 0 to 1."""
    return next(float(row["value"]) / 100 for row in _POPULATION if row["parameter"] == parameter)


def fields_of(group: str) -> tuple[list[str], list[str]]:
    """The detailed fields that a group of the table mostly has, and the others that it may have."""
    note = next(row["use_in_generator"] for row in _POPULATION if row["group"] == group)
    mostly = re.findall(r"\b\d{4}\b", note)
    common = [field.code for field in FIELDS.values() if field.is_common and len(field.code) == 4]
    if group == "other":
        named = {name[:2] for name in shares("isced_share").names}
        return [], [code for code in common if code[:2] not in named]
    return mostly, [code for code in common if code[:2] == group[:2]] or mostly


def _origin(row: dict[str, str]) -> Origin:
    parts = [part.split(":") for part in row["others"].split(";") if part]
    others = [(part[0], part[1], float(part[2]) / 100) for part in parts if len(part) == 3]
    speaks_english = row["first_language"] == "en" or ["en"] in parts
    return Origin(
        row["iso2"],
        float(row["weight"]),
        row["names"],
        row["first_language"],
        others,
        speaks_english,
        row["town"],
        row["zone"],
    )


ORIGINS: Final = [_origin(row) for row in table("sample_origins")]
REGIONS: Final = shares("nationality_weight")


def of_region(region: str) -> list[Origin]:
    """The countries of one region that sample people come from."""
    return [origin for origin in ORIGINS if region_of(origin.iso2) == region]


def _english_by_birth() -> float:
    """The share of all sample people who come from a country where English is everyday."""
    total = 0.0
    for region, weight in zip(REGIONS.names, REGIONS.weights, strict=True):
        here = of_region(region)
        everyday = sum(origin.weight for origin in here if origin.speaks_english)
        total += weight / sum(REGIONS.weights) * everyday / sum(origin.weight for origin in here)
    return total


def english_elsewhere() -> Shares:
    """English where it is learnt at school, so that the shares of all people together are those of the table."""
    given = shares("english_level")
    everyday = _english_by_birth() * sum(given.weights)
    return Shares(given.names, [given.weights[0] - everyday, *given.weights[1:]])


def pick(rng: Random, things: Sequence[T]) -> T:
    """One of them, each as likely as the other."""
    return things[int(rng.random() * len(things))]
