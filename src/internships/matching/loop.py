"""The loop itself: deferred acceptance over whole numbers, with nested ceilings. Everything else is preparation."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush, heapreplace

WHO = 2**32 - 1
LOWEST, HIGHEST = -(2**200), 2**200
NOWHERE = -1


def whose(merit: int) -> int:
    """A merit orders everybody by one number, more is better: the points above, below them the luck, which names who."""
    return ~merit & WHO


def settle(
    offers: Sequence[Iterator[tuple[int, int]]], circles: Sequence[Sequence[int]], room: Sequence[int]
) -> tuple[list[int], list[int]]:
    """At which counter each one stands in the end, and with which merit.

    `offers[who]` yields (counter, merit), the dearest first. `circles[counter]` are the circles around a counter: itself,
    then ever larger ones. The smallest full circle decides: if everybody in it is better, the newcomer goes on to the
    next counter of the list; else the last in its order leaves, and goes on in turn. Nothing else is full because of it.
    """
    stands, merits = [NOWHERE] * len(offers), [LOWEST] * len(offers)
    inside = [0] * len(room)
    queues: list[list[int]] = [[] for _ in room]  # the last in order on top; some may have left since
    bars = [LOWEST if all(room[c] for c in around) else HIGHEST for around in circles]  # below it nobody gets in again
    for newcomer in range(len(offers)):
        who = newcomer
        while who != NOWHERE:
            for counter, merit in offers[who]:
                if merit < bars[counter]:
                    continue
                for full in circles[counter]:
                    if inside[full] == room[full]:
                        break
                else:
                    full = NOWHERE
                    break
                queue = queues[full]
                while merits[~queue[0] & WHO] != queue[0] or full not in circles[stands[~queue[0] & WHO]]:
                    heappop(queue)
                bars[counter] = queue[0]
                if merit > queue[0]:
                    break
            else:
                break  # asked everywhere
            stands[who], merits[who] = counter, merit
            who = NOWHERE
            if full != NOWHERE:
                who = ~queue[0] & WHO
                for circle in circles[stands[who]]:
                    inside[circle] -= 1
                stands[who], merits[who] = NOWHERE, LOWEST
                heapreplace(queue, merit)
            for circle in circles[counter]:
                inside[circle] += 1
                if circle != full:
                    heappush(queues[circle], merit)
    return stands, merits
