"""The loop itself: deferred acceptance over whole numbers. Everything else is preparation.

People are numbered from the luckiest on. `lists[who]` are the counters where this person asks, the dearest first, and
`points[who]` stands beside it: the more the better there. Both functions say at which counter each stands in the end.
"""

from collections import Counter
from collections.abc import Sequence
from heapq import heappop, heappush, heapreplace
from itertools import chain

WHO = 2**32 - 1
LOWEST, HIGHEST = -(2**200), 2**200
NOWHERE = -1

Table = Sequence[Sequence[int]]


def merit_of(point: int, who: int) -> int:
    """One number that orders everybody, more is better: the points above, below them the luck, which names who."""
    return (point << 32) + WHO - who


def whose(merit: int) -> int:
    return ~merit & WHO


def settle(lists: Table, points: Table, room: Sequence[int]) -> list[int]:
    """Everybody asks in turn; the last in a counter's order leaves for a better one, and goes on with the own list.

    An empty seat is held by nobody, who is worse than all; where there are no seats, somebody better than all has it.
    The merits here have only as much place for luck as there are people: small numbers are quicker.
    """
    people = len(lists)
    stands = [NOWHERE] * people
    asking = [*map(zip, lists, points)]
    queues = [[LOWEST] * seats or [HIGHEST] for seats in _used(room, lists)]  # merits, the last in order on top
    floors = [queue[0] for queue in queues]  # with fewer points nobody gets in any more
    unluckiest = people - 1
    for newcomer in range(people):
        who = newcomer
        while True:
            for counter, point in asking[who]:  # from where this person was before
                if point >= floors[counter]:
                    merit = point * people + unluckiest - who
                    queue = queues[counter]
                    if merit > queue[0]:
                        break
            else:
                break  # asked everywhere
            stands[who] = counter
            last = heapreplace(queue, merit)
            if last == LOWEST:
                break  # the seat was empty
            floors[counter] = queue[0] // people
            who = unluckiest - last % people
            stands[who] = NOWHERE
    return stands


def _used(room: Sequence[int], lists: Table) -> Sequence[int]:
    """The seats, but where there are far more than people, no more of them than anybody asks for."""
    if sum(room) <= 4 * len(lists):
        return room
    asked = Counter(chain.from_iterable(lists))
    return [min(seats, asked[counter]) for counter, seats in enumerate(room)]


def settle_within(lists: Table, points: Table, circles: Table, room: Sequence[int]) -> list[int]:
    """The same where counters lie in circles that have limits of their own, the one inside the other.

    `circles[counter]` are the circles around it: itself, then ever larger ones. The smallest full circle decides: if
    everybody in it is better, the newcomer goes on; else its last leaves, and no larger circle holds more than before.
    """
    stands, merits = [NOWHERE] * len(lists), [LOWEST] * len(lists)
    asking = [*map(zip, lists, points)]
    queues: list[list[int]] = [[] for _ in room]  # some have left since
    inside = [0] * len(room)
    newcomers = list(range(len(lists) - 1, -1, -1))
    while newcomers:
        who = newcomers.pop()
        for counter, point in asking[who]:
            merit = merit_of(point, who)
            full = next((circle for circle in circles[counter] if inside[circle] == room[circle]), NOWHERE)
            if full != NOWHERE:
                queue = queues[full]
                while queue and not _is_inside(queue[0], full, merits, stands, circles):
                    heappop(queue)
                if not queue or merit < queue[0]:
                    continue
                last = whose(queue[0])
                newcomers.append(last)
                for circle in circles[stands[last]]:
                    inside[circle] -= 1
                stands[last], merits[last] = NOWHERE, LOWEST
            stands[who], merits[who] = counter, merit
            for circle in circles[counter]:
                inside[circle] += 1
                heappush(queues[circle], merit)
            break
    return stands


def _is_inside(merit: int, circle: int, merits: Sequence[int], stands: Sequence[int], circles: Table) -> bool:
    who = whose(merit)
    return merits[who] == merit and circle in circles[stands[who]]
