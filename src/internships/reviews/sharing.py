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
    """Give every file `each` readers in all, always the reader with the fewest files, then even out what is left.

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
    for turn in range(each):
        for file in order:
            if file.has + len(given[file.id]) > turn:
                continue
            reader = _least_loaded(queue, file.closed_to | given[file.id])
            if reader is not None:
                given[file.id].add(reader)
    _even_out(given, {file.id: file.closed_to for file in files}, {reader: load for load, reader in queue})
    short = {file.id: each - file.has - len(given[file.id]) for file in files}
    pairs = [(file, reader) for file in sorted(given) for reader in sorted(given[file])]
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


def _even_out(given: dict[int, set[int]], closed: dict[int, frozenset[int]], loads: dict[int, int]) -> None:
    """Pass files on from who has most to who has fewest, as long as two readers differ by more than one."""
    while passed := _to_pass_on(given, closed, loads):
        file, heavy, light = passed
        given[file] = given[file] - {heavy} | {light}
        loads[heavy] -= 1
        loads[light] += 1


def _to_pass_on(
    given: dict[int, set[int]], closed: dict[int, frozenset[int]], loads: dict[int, int]
) -> tuple[int, int, int] | None:
    """A new file, who has it, and somebody with fewer files who may have it."""
    by_load = sorted(loads, key=lambda reader: (loads[reader], reader))
    for heavy in reversed(by_load):
        for light in by_load:
            if loads[heavy] - loads[light] < 2:
                break
            for file, readers in given.items():
                if heavy in readers and light not in readers and light not in closed[file]:
                    return file, heavy, light
    return None
