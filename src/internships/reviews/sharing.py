"""Who reads which file: spread evenly, never to somebody with a tie. Values in, values out."""

import hashlib
from dataclasses import dataclass
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True)
class File:
    """A file with those who can't be given it: they have it, gave it back, or have a tie."""

    id: int
    has: int
    """Readers that it has already."""
    closed_to: frozenset[int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs of file and reader, and how many readers each file still lacks."""

    pairs: list[tuple[int, int]]
    lacking: dict[int, int]

    @property
    def fingerprint(self) -> str:
        """The same for the same pairs: what was previewed is what is assigned."""
        return hashlib.sha256(repr(sorted(self.pairs)).encode()).hexdigest()


def shared_out(files: list[File], loads: dict[int, int], each: int) -> Plan:
    """Give every file `each` readers in all, always to the reader with the fewest files.

    Each file gets its next reader before any gets one more, and those that fewest may read choose first.

    Args:
        files: what is to be read.
        loads: how many files each reader has.
        each: how many readers a file shall have.
    """
    queue = [(load, reader) for reader, load in sorted(loads.items())]
    heapify(queue)
    given: dict[int, set[int]] = {file.id: set() for file in files}
    order = sorted(files, key=lambda file: (len(loads.keys() - file.closed_to), file.id))
    pairs = []
    for turn in range(each):
        for file in order:
            if file.has + len(given[file.id]) > turn:
                continue
            reader = _least_loaded(queue, file.closed_to | given[file.id])
            if reader is not None:
                given[file.id].add(reader)
                pairs.append((file.id, reader))
    short = {file.id: each - file.has - len(given[file.id]) for file in files}
    return Plan(pairs, {file: lack for file, lack in short.items() if lack > 0})


def _least_loaded(queue: list[tuple[int, int]], closed_to: frozenset[int] | set[int]) -> int | None:
    """The reader with the fewest files who may have this one; it counts for them."""
    passed_by = []
    found = None
    while queue and found is None:
        load, reader = heappop(queue)
        if reader in closed_to:
            passed_by.append((load, reader))
        else:
            found = reader
            heappush(queue, (load + 1, reader))
    for entry in passed_by:
        heappush(queue, entry)
    return found
