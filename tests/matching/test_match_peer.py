"""Where it can express the market, the PyPI package `matching` must find the same places."""

import warnings
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from internships.matching.loop import settle, settle_within
from internships.matching.rules import Market

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from matching.games import HospitalResident


def strict_lists(chance: Random) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """Lists in which both sides rank each other, as that package demands, and nobody's is empty."""
    positions = [f"p{n}" for n in range(chance.randint(2, 6))]
    wishes = {
        f"a{n}": chance.sample(positions, chance.randint(1, len(positions))) for n in range(chance.randint(6, 20))
    }
    rankings = {p: [a for a in wishes if p in wishes[a]] for p in positions}
    for ranking in rankings.values():
        chance.shuffle(ranking)
    rankings = {p: ranking for p, ranking in rankings.items() if ranking}
    return wishes, rankings, {p: chance.randint(1, len(ranking)) for p, ranking in rankings.items()}


@given(st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_it_places_everybody_where_the_other_does(seed):
    wishes, rankings, seats = strict_lists(Random(seed))
    scores = {(p, a): -index for p, ranking in rankings.items() for index, a in enumerate(ranking)}

    ours = Market(applicants=wishes, scores=scores, seats=seats).match("any").places

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = HospitalResident.create_from_dictionaries(wishes, rankings, seats)
        theirs = {str(resident): str(hospital) for hospital, held in game.solve().items() for resident in held}
    assert {a: p for a, p in ours.items() if p} == theirs


@given(st.integers(0, 2**40))
@settings(max_examples=100, deadline=None)
def test_without_limits_both_loops_come_to_the_same_end(seed):
    chance = Random(seed)
    room = [chance.randint(0, 3) for _ in range(4)]
    lists = [chance.sample(range(4), chance.randint(0, 4)) for _ in range(12)]
    points = [[chance.randint(-2, 2) for _ in asked] for asked in lists]

    assert settle(lists, points, room) == settle_within(lists, points, [[counter] for counter in range(4)], room)
