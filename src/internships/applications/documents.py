"""What documents a call asks for, and the life of each: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from internships.accounts.rules import Role
from internships.core.workflow import Move, Workflow


class DocumentKind(StrEnum):
    """What an applicant may be asked to give with the application, in the order of the page."""

    CV = "cv"
    TRANSCRIPT = "transcript"
    ENROLMENT = "enrolment"
    LANGUAGE_EVIDENCE = "language_evidence"


class DocumentState(StrEnum):
    RECEIVED = "received"
    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"


S, R = DocumentState, Role

# fmt: off
DOCUMENT = Workflow(
    "document",
    #    verb         from                      to           by
    Move("take_up",   {S.RECEIVED},             S.CHECKING,  {R.CLOCK}),
    Move("put_back",  {S.CHECKING},             S.RECEIVED,  {R.CLOCK}),
    Move("pass",      {S.CHECKING},             S.CLEAN,     {R.CLOCK}),
    Move("refuse",    {S.CHECKING, S.CLEAN},    S.REFUSED,   {R.CLOCK}),
    Move("replace",   {S.RECEIVED, S.CHECKING, S.CLEAN, S.REFUSED}, S.RECEIVED, {R.APPLICANT}),
)
# fmt: on

UNCHECKED = frozenset({S.RECEIVED, S.CHECKING})
"""Its giver may open it, nobody else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of document that a call asks for: whether it must be there, and how many files it may be."""

    kind: DocumentKind
    required: bool
    most: int


@dataclass(frozen=True, slots=True)
class Held:
    """A document that is in a file."""

    kind: DocumentKind
    state: DocumentState


def asked_in(kept: Sequence[Sequence[Any]]) -> list[Asked]:
    """What a call asks for, as it keeps it: [["cv", required, most], …], in the order of the page."""
    asked = [Asked(DocumentKind(kind), bool(required), int(most)) for kind, required, most in kept]
    return sorted(asked, key=lambda each: list(DocumentKind).index(each.kind))


def traced(state: DocumentState) -> DocumentState:
    """The state as the trace has it: that the worker took a file up or laid it back is no step of its own."""
    return S.RECEIVED if state in UNCHECKED else state
