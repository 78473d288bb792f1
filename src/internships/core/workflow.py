"""The life of a thing as one table of moves; buttons, permissions and pictures are made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from internships.core.faults import Refused
from internships.core.i18n import lazy as _


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which state, by whom, and what follows.

    letter: the letter that goes out once the undo has run out.
    clock:  the verb that happens by itself when nobody acts.
    undo:   the verb that takes it back.
    """

    verb: str
    from_: frozenset[StrEnum] | set[StrEnum]
    to: StrEnum
    by: frozenset[StrEnum] | set[StrEnum]
    letter: str | None = None
    clock: str | None = None
    undo: str | None = None


class Workflow:
    """A table of moves that has been checked; one that contradicts itself does not load."""

    def __init__(self, name: str, *moves: Move) -> None:
        self.name = name
        self.moves = moves
        self._by_verb = {move.verb: move for move in moves}
        self._check()

    def _check(self) -> None:
        if len(self._by_verb) != len(self.moves):
            message = f"{self.name}: a verb stands twice"
            raise ValueError(message)
        kinds = {type(state) for move in self.moves for state in (*move.from_, move.to)}
        if len(kinds) != 1:
            message = f"{self.name}: states of {len(kinds)} kinds"
            raise ValueError(message)
        for move in self.moves:
            if not move.from_ or not move.by:
                message = f"{self.name}.{move.verb}: from where, and by whom?"
                raise ValueError(message)
            if move.undo and not (move.to in self[move.undo].from_ and self[move.undo].to in move.from_):
                message = f"{self.name}.{move.verb}: {move.undo} does not lead back"
                raise ValueError(message)
            if move.clock and move.to not in self[move.clock].from_:
                message = f"{self.name}.{move.verb}: the clock can't {move.clock} from {move.to}"
                raise ValueError(message)

    def __getitem__(self, verb: str) -> Move:
        if verb not in self._by_verb:
            message = f"{self.name} has no verb {verb}"
            raise ValueError(message)
        return self._by_verb[verb]

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    @property
    def states(self) -> list[StrEnum]:
        """Every state of this life, in the order of their definition."""
        return list(type(self.moves[0].to))

    def open_to(self, role: StrEnum, state: StrEnum) -> list[Move]:
        """What this role may do from here: the buttons of the page."""
        return [move for move in self.moves if role in move.by and state in move.from_]

    def allows(self, verb: str, role: StrEnum, state: StrEnum) -> bool:
        """Whether this role may do this from here."""
        move = self[verb]
        return role in move.by and state in move.from_

    def move(self, verb: str, role: StrEnum, state: StrEnum) -> Move:
        """The move, if it is open.

        Raises:
            Refused: not from this state, or not by this role.
        """
        if not self.allows(verb, role, state):
            raise Refused(_("This is not possible any more: it has changed since you opened the page."))
        return self[verb]

    def drawing(self) -> str:
        """The picture of this life for docs/, as a Mermaid state diagram."""
        entered = {move.to for move in self.moves}
        left = {state for move in self.moves for state in move.from_}
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in self.states if state in left - entered or state == self.states[0]]
        for move in self.moves:
            who = ", ".join(sorted(move.by))
            lines += [f"    {state} --> {move.to}: {move.verb} ({who})" for state in sorted(move.from_)]
        lines += [f"    {state} --> [*]" for state in self.states if state in entered - left]
        return "\n".join(lines) + "\n"
