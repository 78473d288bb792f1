"""Stable improvement cycles: where only the lottery stands between people, they may swap for what each wants more.

After Erdil and Ergin (2008). Everybody in a cycle gains, nobody else moves, and no position gets anybody of a worse
band than it refuses. The price: with it, a longer list may pay off, so the match is no longer truthful. Staff decide.
"""

from collections.abc import Mapping
from dataclasses import replace

from internships.matching.loop import NOWHERE
from internships.matching.rules import Outcome
from internships.matching.terms import Block

ADOPTED = "improvement cycles"


def improved(outcome: Outcome) -> tuple[Outcome, list[list[str]]]:
    """The outcome after all cycles, and the cycles: in each, everybody takes the place of the next."""
    cycles: list[list[str]] = []
    now = replace(outcome, adopted=ADOPTED, ledger=outcome.standings.ledger)
    refused: set[tuple[str, str]] = set()
    before = _blocks(now)
    while cycle := _cycle(_would_move_up(now, refused)):
        after = _swapped(now, cycle)
        if _blocks(after) <= before:
            cycles.append(cycle)
            now = after
        else:  # a limit compares people across positions, and would now have to refuse somebody it holds
            refused.add((cycle[0], cycle[1]))
    return (now if cycles else outcome), cycles


def _blocks(outcome: Outcome) -> set[Block]:
    proof = outcome.proof()
    return {*proof.blocking, *(Block("", text) for text in proof.violations)}


def _would_move_up(outcome: Outcome, refused: set[tuple[str, str]]) -> Mapping[str, list[str]]:
    """For each placed person those whose seat they might take: they want it more, and nobody of a better band does."""
    ledger, stands = outcome.standings.ledger, outcome.standings.stands
    holders: dict[int, list[str]] = {}
    for who, here in enumerate(stands):
        holders.setdefault(here, []).append(ledger.people[who])
    graph: dict[str, list[str]] = {}
    for counter, wanting in _first_in_line(outcome).items():
        for who in wanting:
            person = ledger.people[who]
            seats = [other for other in holders.get(counter, ()) if (person, other) not in refused]
            if stands[who] != NOWHERE:
                graph.setdefault(person, []).extend(seats)
    return graph


def _first_in_line(outcome: Outcome) -> dict[int, list[int]]:
    """For each counter those of the best band among all who would rather be there."""
    ledger, stands = outcome.standings.ledger, outcome.standings.stands
    in_teams = {member for team in outcome.market.teams for member in team.members}
    best: dict[int, tuple[int, list[int]]] = {}
    for who, here in enumerate(stands):
        if ledger.people[who] in in_teams:
            continue
        position = None if here == NOWHERE else ledger.counters[here][0]
        for counter, point in zip(ledger.lists[who], ledger.points[who], strict=True):
            if ledger.counters[counter][0] == position:
                break
            if counter not in best or point > best[counter][0]:
                best[counter] = point, [who]
            elif point == best[counter][0]:
                best[counter][1].append(who)
    return {counter: people for counter, (_, people) in best.items()}


def _cycle(graph: Mapping[str, list[str]]) -> list[str]:
    """Some cycle, found depth first without recursion; empty when there is none."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack = [(start, 0)]
        while stack:
            person, turn = stack.pop()
            if turn == 0:
                if person in on_path:
                    return path[on_path[person] :]
                if person in done:
                    continue
                on_path[person] = len(path)
                path.append(person)
            successors = graph.get(person, [])
            if turn < len(successors):
                stack.append((person, turn + 1))
                stack.append((successors[turn], 0))
            else:
                done.add(person)
                del on_path[path.pop()]
    return []


def _swapped(outcome: Outcome, cycle: list[str]) -> Outcome:
    places, reserved = dict(outcome.places), dict(outcome.on_reserved_seat)
    for person, next_one in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        places[person] = outcome.places[next_one]
        reserved.pop(person, None)
        if next_one in outcome.on_reserved_seat:
            reserved[person] = outcome.on_reserved_seat[next_one]
    return replace(outcome, places=places, on_reserved_seat=reserved)
