"""A position's life, and whether a person has what it needs."""

from dataclasses import dataclass
from enum import StrEnum

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow
from internships.cycles.rules import Level


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S, R = State, Role

# fmt: off
POSITION = Workflow(
    "position",
    #    verb             from                              to                    by
    Move("submit",        {S.DRAFT, S.CHANGES_REQUESTED},   S.SUBMITTED,          {R.HOST}),
    Move("ask_changes",   {S.SUBMITTED},                    S.CHANGES_REQUESTED,  {R.STAFF}),
    Move("approve",       {S.SUBMITTED},                    S.APPROVED,           {R.STAFF}),
    Move("refuse",        {S.SUBMITTED},                    S.REFUSED,            {R.STAFF}),
    Move("publish",       {S.APPROVED},                     S.PUBLISHED,          {R.STAFF}),
    Move("close",         {S.PUBLISHED},                    S.CLOSED,             {R.STAFF}),
    Move("withdraw",      {S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, S.APPROVED, S.PUBLISHED}, S.WITHDRAWN, {R.HOST, R.STAFF}),
)
# fmt: on

SHOWN_TO_ALL = frozenset({S.PUBLISHED, S.CLOSED})


class FieldLevel(StrEnum):
    LIGHT = "light"
    MODERATE = "moderate"
    STRENUOUS = "strenuous"


class Mode(StrEnum):
    ON_SITE = "on_site"
    HYBRID = "hybrid"
    REMOTE = "remote"


class Accommodation(StrEnum):
    PROVIDED_FREE = "provided_free"
    PROVIDED_PAID = "provided_paid"
    HELP_FINDING = "help_finding"


class Travel(StrEnum):
    NONE = "none"
    LOCAL_ONLY = "local_only"
    CAPPED = "capped"


class Origin(StrEnum):
    """Where a text comes from; machine text is always labelled."""

    ORIGINAL = "original"
    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a position requires of a person."""

    languages: list[tuple[str, Level]]
    """All of them."""
    min_isced_level: int | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a position needs and a person does not hold: why the pair is barred."""

    what: str
    """language or studies."""
    code: str
    needed: str
    held: str | None


def lacking(needs: Needs, *, isced_level: int | None, languages: dict[str, Level]) -> list[Lack]:
    """What is missing for a position; nothing when the person has all that it needs."""
    found = []
    for code, level in needs.languages:
        held = languages.get(code)
        if held is None or held.rank < level.rank:
            found.append(Lack("language", code, level.value, held.value if held else None))
    if needs.min_isced_level is not None and (isced_level is None or isced_level < needs.min_isced_level):
        held_level = None if isced_level is None else str(isced_level)
        found.append(Lack("studies", "isced", str(needs.min_isced_level), held_level))
    return found
