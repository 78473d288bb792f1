"""What sample people are called: in their own script, with one name or several, and in Latin letters beside it."""

from random import Random
from typing import Final

from msgspec import Struct

from internships.core.reference import table
from internships.sample.figures import pick

Both = tuple[str, str]


class Name(Struct, frozen=True):
    """A full name as in the passport, its spelling in Latin letters where it has another script, and the given name."""

    full: str
    latin: str | None
    given: str

    @property
    def readable(self) -> str:
        return self.latin or self.full


class _Customs(Struct, frozen=True):
    pattern: str
    given: dict[str, list[Both]]
    family: list[Both]


def _both(text: str) -> Both:
    own, _, latin = text.partition("|")
    return own, latin or own


def _read(row: dict[str, str]) -> _Customs:
    female, male = ([_both(name) for name in row[column].split(";")] for column in ("female", "male"))
    given = {"female": female, "male": male}
    return _Customs(row["pattern"], given, [_both(name) for name in row["family"].split(";")])


_CUSTOMS: Final = {row["names"]: _read(row) for row in table("sample_names")}


def name(rng: Random, customs: str, gender: str) -> Name:
    """A name by the customs of a place; a person who states no gender has any of them."""
    here = _CUSTOMS[customs]
    form = gender if gender in here.given else pick(rng, ("female", "male"))
    given, family, family2 = pick(rng, here.given[form]), pick(rng, here.family), pick(rng, here.family)
    own, latin = (
        here.pattern.format(given=given[at], family=_formed(family[at], form), family2=_formed(family2[at], form))
        for at in (0, 1)
    )
    if own == latin:
        return Name(own, None, given[0])
    # Scripts written without spaces still get one between the parts in Latin letters.
    latin = latin if " " in latin or "{family}" not in here.pattern else f"{family[1]} {given[1]}"
    return Name(own, latin, given[0])


def _formed(family: str, form: str) -> str:
    """A family name with its ending for women, or without it."""
    stem, bracket, rest = family.partition("(")
    if not bracket:
        return family
    ending, _, tail = rest.partition(")")
    return f"{stem}{ending if form == 'female' else ''}{tail}"
