"""How fast the match is, against two packages, OR-Tools' flow and a loop in C: `python bench/matching.py [sizes …]`.

Everybody gets the same market. Times are the best of several, of one processor's work, with the garbage collector at
rest as `timeit` has it for the loops alone, and at work for everything that the product does. A package is asked at
most once for a size, and not at sizes where it would take minutes.
"""

import ctypes
import gc
import importlib
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path = [place for place in sys.path if place != str(Path(__file__).parent)]  # else `matching` would be this file

from internships.matching.ledger import opened  # noqa: E402
from internships.matching.loop import settle  # noqa: E402
from internships.matching.rules import Market  # noqa: E402

PACKAGES_UP_TO = 1_000
FLOW_UP_TO = 10_000
C_LOOP = r"""
/* The same loop: each counter keeps its held merits as a heap, the last in order on top. */
#include <stdint.h>
#include <stdlib.h>
static void down(int64_t *h, int n, int i, int64_t v) {
    for (int c; (c = 2 * i + 1) < n; i = c) {
        if (c + 1 < n && h[c + 1] < h[c]) c++;
        if (v <= h[c]) break;
        h[i] = h[c];
    }
    h[i] = v;
}
static void up(int64_t *h, int i, int64_t v) {
    for (int p; i && v < h[p = (i - 1) / 2]; i = p) h[i] = h[p];
    h[i] = v;
}
void settle(int people, int counters, const int *start, const int *lists, const int *points, const int *room,
            int *stands) {
    int *at = malloc(people * sizeof *at), *held = calloc(counters, sizeof *held), *base = malloc(counters * sizeof *base);
    int total = 0;
    for (int c = 0; c < counters; c++) base[c] = total, total += room[c];
    int64_t *heaps = malloc((total ? total : 1) * sizeof *heaps);
    for (int w = 0; w < people; w++) at[w] = start[w], stands[w] = -1;
    for (int newcomer = 0; newcomer < people; newcomer++)
        for (int who = newcomer; who >= 0;) {
            int next = -1;
            for (; at[who] < start[who + 1]; at[who]++) {
                int c = lists[at[who]];
                int64_t *h = heaps + base[c], merit = (int64_t)points[at[who]] * 4294967296LL + (4294967295LL - who);
                if (held[c] < room[c]) { up(h, held[c]++, merit); stands[who] = c; at[who]++; break; }
                if (room[c] && merit > h[0]) {
                    next = (int)(4294967295LL - (h[0] & 4294967295LL));
                    down(h, held[c], 0, merit);
                    stands[who] = c; stands[next] = -1; at[who]++; break;
                }
            }
            who = next;
        }
    free(at); free(held); free(base); free(heaps);
}
"""


@dataclass
class Drawn:
    """One market as plain dicts and lists."""

    applicants: dict[str, list[str]]
    scores: dict[tuple[str, str], int]
    seats: dict[str, int]


def drawn(people: int, *, skewed: bool) -> Drawn:
    """Lists of 10 to 20; a seat for half of the people; skewed, the most popular position is asked n times the n-th."""
    chance = random.Random(people)
    positions = [f"p{n}" for n in range(max(25, people // 25))]
    popularity = [1 / n for n in range(1, len(positions) + 1)]
    applicants: dict[str, list[str]] = {}
    for n in range(people):
        length = chance.randint(10, 20)
        if skewed:
            choices = list(dict.fromkeys(chance.choices(positions, popularity, k=5 * length)))[:length]
        else:
            choices = chance.sample(positions, length)
        applicants[f"a{n}"] = choices
    scores = {(p, a): chance.randint(0, 100) for a, choices in applicants.items() for p in choices}
    return Drawn(applicants, scores, dict.fromkeys(positions, people // len(positions) // 2))


def best(work: Callable[[], object], times: int, *, resting: bool = False) -> float:
    """Seconds of the processor for the fastest of some runs."""
    found = []
    for _ in range(times):
        gc.collect()
        if resting:
            gc.disable()
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
        gc.enable()
    return min(found)


def compiled() -> ctypes.CDLL | None:
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    folder = Path(tempfile.mkdtemp())
    (folder / "loop.c").write_text(C_LOOP)
    built = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", folder / "loop.so", folder / "loop.c"]
    subprocess.run(built, check=True)
    return ctypes.CDLL(str(folder / "loop.so"))


def in_c(
    library: ctypes.CDLL, lists: list[list[int]], points: list[list[int]], room: list[int]
) -> Callable[[], list[int]]:
    start = [0]
    for asked in lists:
        start.append(start[-1] + len(asked))

    def array(values: list[int]) -> ctypes.Array[ctypes.c_int]:
        return (ctypes.c_int * len(values))(*values)

    flat = array([c for asked in lists for c in asked]), array([p for row in points for p in row])
    starts, rooms, stands = array(start), array(room), array([0] * len(lists))

    def run() -> list[int]:
        library.settle(len(lists), len(room), starts, *flat, rooms, stands)
        return stands

    return run


def rankings(market: Drawn) -> dict[str, list[str]]:
    """For the packages, which know no ties: each position's people, best first."""
    found: dict[str, list[str]] = {p: [] for p in market.seats}
    for position, person in market.scores:
        found[position].append(person)
    for position, people in found.items():
        people.sort(key=lambda person: -market.scores[position, person])
    return found


def by_matching(market: Drawn) -> Callable[[], object]:
    games = importlib.import_module("matching.games")
    ranked = rankings(market)
    residents = {a: choices for a, choices in market.applicants.items() if choices}

    def run() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return games.HospitalResident.create_from_dictionaries(residents, ranked, market.seats).solve()

    return run


def by_algmatch(market: Drawn) -> Callable[[], object]:
    problem = importlib.import_module("algmatch").HospitalResidentsProblem
    person = {a: n for n, a in enumerate(market.applicants, 1)}
    position = {p: n for n, p in enumerate(market.seats, 1)}
    document = {
        "residents": {person[a]: [position[p] for p in choices] for a, choices in market.applicants.items()},
        "hospitals": {
            position[p]: {"capacity": market.seats[p], "preferences": [person[a] for a in ranking]}
            for p, ranking in rankings(market).items()
        },
    }
    return lambda: problem(dictionary=document).get_stable_matching()


def by_flow(market: Drawn) -> Callable[[], object]:
    """The rank-weighted optimum, which is another question: the least sum of ranks of the most people."""
    flow = importlib.import_module("ortools.graph.python.min_cost_flow")
    person = {a: n for n, a in enumerate(market.applicants, 1)}
    position = {p: len(person) + n for n, p in enumerate(market.seats, 1)}
    sink = len(person) + len(position) + 1

    def run() -> object:
        net = flow.SimpleMinCostFlow()
        for a, choices in market.applicants.items():
            net.add_arc_with_capacity_and_unit_cost(0, person[a], 1, 0)
            for rank, p in enumerate(choices):
                net.add_arc_with_capacity_and_unit_cost(person[a], position[p], 1, rank)
        for p, seats in market.seats.items():
            net.add_arc_with_capacity_and_unit_cost(position[p], sink, seats, 0)
        net.set_node_supply(0, len(person))
        net.set_node_supply(sink, -len(person))
        return net.solve_max_flow_with_min_cost()

    return run


def measured(size: int, *, skewed: bool, library: ctypes.CDLL | None) -> None:
    market = drawn(size, skewed=skewed)
    times = 60 if size <= 1_000 else 5 if size <= 10_000 else 3
    made = lambda: Market(applicants=market.applicants, scores=market.scores, seats=market.seats)  # noqa: E731

    def whole() -> None:
        outcome = made().match("bench")
        outcome.verdicts()
        outcome.proof()

    ledger = opened(made(), "bench")
    lists, points = [list(row) for row in ledger.lists], [list(row) for row in ledger.points]
    product = best(lambda: made().match("bench"), times)
    print(f"\n{size:,} applicants, {'popularity-skewed' if skewed else 'uniform'}, {len(market.scores):,} choices")
    _line("product: Market(…).match()", product, product)
    _line("product: with all verdicts and the proof", best(whole, times), product)
    _line("product: the loop alone", best(lambda: settle(lists, points, ledger.room), times, resting=True), product)
    if library is None:
        print("  C loop: no cc on this machine")
    else:
        run = in_c(library, lists, points, list(ledger.room))
        assert list(run()) == settle(lists, points, ledger.room), "the loop in C must come to the same end"
        _line("C: the loop alone", best(run, times), product)
    for name, limit, build in (
        ("matching", PACKAGES_UP_TO, by_matching),
        ("algmatch", PACKAGES_UP_TO, by_algmatch),
        ("OR-Tools flow, another goal", FLOW_UP_TO, by_flow),
    ):
        _peer(name, limit, build, market, size, product)


def _peer(
    name: str, limit: int, build: Callable[[Drawn], Callable[[], object]], market: Drawn, size: int, product: float
) -> None:
    if size > limit:
        print(f"  {name + ':':<44} not asked at this size")
        return
    try:
        run = build(market)
    except ImportError as missing:
        print(f"  {name + ':':<44} not installed ({missing})")
        return
    try:
        _line(name, best(run, 1), product)
    except Exception as broken:  # noqa: BLE001  # whatever a package breaks with is its result here
        print(f"  {name + ':':<44} broke with {type(broken).__name__}: {str(broken)[:60]}")


def _line(name: str, seconds: float, product: float) -> None:
    print(f"  {name + ':':<44} {seconds * 1000:10.2f} ms   {seconds / product:8.2f} × the match")


def main() -> None:
    if not all(size.replace("_", "").isdecimal() for size in sys.argv[1:]):
        print(__doc__)
        return
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 50_000]
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    library = compiled()
    for size in sizes:
        for skewed in (False, True):
            measured(size, skewed=skewed, library=library)


if __name__ == "__main__":
    main()
