"""What-ifs, improvements and the two other goals, against enumeration where it can be done."""

import sys
from dataclasses import replace
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from internships.matching import optimum, sensitivity
from internships.matching.improvements import improved
from internships.matching.improving import Goal, improve
from internships.matching.optimum import Missing, Optimum, best_sum, most_placed
from internships.matching.rules import Limit, Market

PEOPLE = ["a1", "a2", "a3", "a4", "a5"]
POSITIONS = ["p1", "p2", "p3"]


def tied_market(seed: int) -> Market:
    chance = Random(seed)
    return Market(
        applicants={a: chance.sample(POSITIONS, chance.randint(1, 3)) for a in PEOPLE},
        scores={(p, a): chance.randint(0, 1) for p, a in product(POSITIONS, PEOPLE)},
        seats={p: chance.randint(1, 2) for p in POSITIONS},
    )


def ranks(market, places):
    return {a: [*choices, None].index(places[a]) for a, choices in market.applicants.items()}


def fair_by_bands(market):
    """All arrangements in which nobody of a better band is passed over, and no seat that somebody wants stays empty."""
    for chosen in product(*[[*choices, None] for choices in market.applicants.values()]):
        places = dict(zip(market.applicants, chosen, strict=True))
        held = {p: [market.scores[p, a] for a in PEOPLE if places[a] == p] for p in POSITIONS}
        if all(len(held[p]) <= market.seats[p] for p in POSITIONS) and not any(
            len(held[p]) < market.seats[p] or min(held[p]) < market.scores[p, a]
            for a, choices in market.applicants.items()
            for p in choices[: [*choices, None].index(places[a])]
        ):
            yield places


@given(st.integers(0, 2**40))
@settings(max_examples=120, deadline=None)
def test_after_the_improvement_cycles_nobody_can_gain_without_somebody_losing(seed):
    market = tied_market(seed)
    before = market.match("any")

    after, cycles = improved(before)

    fair = list(fair_by_bands(market))
    mine = ranks(market, after.places)
    assert after.places in fair
    assert all(mine[a] <= rank for a, rank in ranks(market, before.places).items())
    for other in fair:
        theirs = ranks(market, other)
        assert theirs == mine or any(theirs[a] > mine[a] for a in PEOPLE)
    assert bool(cycles) == (after.places != before.places)
    assert after.proof().stands


def test_erdil_and_ergin_a_lottery_may_cost_two_people_their_choice():
    """Two would rather swap, and a third whose claim was as good as theirs stood between them only by lot."""
    market = Market(
        applicants={"1": ["y", "x"], "2": ["x", "y"], "3": ["y", "x"]},
        scores={("x", "1"): 2, ("x", "2"): 1, ("x", "3"): 1, ("y", "2"): 2, ("y", "1"): 1, ("y", "3"): 1},
        seats={"x": 1, "y": 1},
    )

    found = {text: market.match(text) for text in "abcdefgh"}
    dearer = {tuple(improved(outcome)[0].places.items()) for outcome in found.values()}

    assert len({tuple(outcome.places.items()) for outcome in found.values()}) == 2
    assert dearer == {(("1", "y"), ("2", "x"), ("3", None))}


@given(st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_the_most_placed_is_the_most_that_fair_arrangements_place(seed):
    market = tied_market(seed)

    found = most_placed(market.match("any"), seconds=10)

    most = max(sum(place is not None for place in places.values()) for places in fair_by_bands(market))
    assert found.proved
    assert found.value == most
    assert found.outcome.proof().stands


@given(st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_the_best_sum_is_the_least_sum_of_ranks_among_the_largest(seed):
    market = tied_market(seed).but(limits=[Limit("all", 4, POSITIONS)])
    outcome = market.match("any")

    found = best_sum(outcome, seconds=10)

    def worth(places):
        held = [place for place in places.values() if place]
        feasible = len(held) <= 4 and all(held.count(p) <= market.seats[p] for p in POSITIONS)
        return feasible, len(held), -sum(ranks(market, places)[a] for a in PEOPLE if places[a])

    every = product(*[[*choices, None] for choices in market.applicants.values()])
    best = max(worth(dict(zip(market.applicants, chosen, strict=True))) for chosen in every)
    assert worth(found.outcome.places) == best
    assert not found.outcome.proof().violations
    assert found.gap == (0, 0)


def test_the_best_sum_counts_choices_as_people_wrote_them():
    """Without its two unranked choices q would look like the second of a, and a would make room for b."""
    market = Market(
        applicants={"a": ["p", "x", "y", "q"], "b": ["p", "r", "q"], "c": ["r"]},
        scores={("p", "a"): 1, ("q", "a"): 1, ("p", "b"): 2, ("r", "b"): 1, ("q", "b"): 1, ("r", "c"): 1},
        seats=dict.fromkeys("pqrxy", 1),
    )

    found = best_sum(market.match("any"), seconds=10)

    assert found.outcome.places == {"a": "p", "b": "q", "c": "r"}


def test_a_cancelled_search_gives_what_it_has():
    seen = []

    found = best_sum(tied_market(1).match("any"), seconds=10, watch=lambda step: bool(seen.append(step)))

    assert len(seen) >= 1
    assert found.outcome is not None


def long_market(people: int = 1000, positions: int = 100) -> Market:
    """A market on which the solver works for a while."""
    chance, names = Random(1), [f"p{n}" for n in range(positions)]
    lists = {f"a{n}": chance.sample(names, 10) for n in range(people)}
    scores = {(p, a): chance.randint(1, 3) for a, choices in lists.items() for p in choices}
    return Market(applicants=lists, scores=scores, seats=dict.fromkeys(names, 2))


def test_a_search_is_watched_before_it_has_found_anything_and_stops_then():
    seen = []

    found = best_sum(long_market().match("any"), seconds=600, watch=lambda step: bool(seen.append(step)))

    assert seen[0].value is None
    assert len(seen) == 1
    assert not found.proved


def test_a_search_is_watched_while_nothing_better_is_found(monkeypatch):
    monkeypatch.setattr(optimum, "LOOK_EVERY", 0.01)  # a fast machine is done within a second
    seen = []

    best_sum(long_market().match("any"), seconds=60, watch=lambda step: seen.append(step) or True)

    values = [step.value for step in seen]
    assert any(before == after is not None for before, after in pairwise(values))
    assert [step.seconds for step in seen] == sorted(step.seconds for step in seen)


def test_what_the_watcher_raises_ends_the_search_and_comes_out():
    def watch(step):
        raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        best_sum(long_market().match("any"), seconds=600, watch=watch)


@pytest.mark.parametrize(
    ("bound", "gap"),
    [
        (3 * 4, (1, 0)),  # one person more, and everybody at the first choice
        (3 * 4 - 3, (1, 0)),  # one person more, whatever that takes
        (2 * 4, (0, 2)),
        (400, (1, 0)),  # no more than there are
    ],
)
def test_the_gap_is_told_in_people_and_steps(bound, gap):
    market = Market(applicants={"a": ["p"], "b": ["p"], "c": ["p"]}, scores={}, seats={"p": 1})
    outcome = replace(market.match("any"), places={"a": "p", "b": "p", "c": None})

    found = Optimum(outcome, value=2 * 4 - 2, bound=bound, proved=False, person=4)

    assert found.gap == gap
    assert found._replace(proved=True).gap == (0, 0)


@pytest.mark.parametrize("goal", list(Goal))
def test_where_another_goal_was_looked_for_nothing_is_called_truthful_though_nobody_moved(goal):
    market = Market(applicants={"a": ["p"]}, scores={("p", "a"): 1}, seats={"p": 1})

    reached = improve(market.match("any"), goal, seconds=5, watch=lambda percent: None)

    assert market.match("any").truthful
    assert reached.outcome.places == {"a": "p"}
    assert not reached.outcome.truthful


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)

    with pytest.raises(Missing, match=r"internships\[optimum\]"):
        best_sum(tied_market(1).match("any"))


@pytest.fixture
def short_of_seats():
    return Market(
        applicants={"a": ["p", "q"], "b": ["p", "q"], "c": ["q"]},
        scores={("p", "a"): 3, ("p", "b"): 2, ("q", "a"): 2, ("q", "b"): 2, ("q", "c"): 1},
        seats={"p": 1, "q": 1},
        limits=[Limit("both", 2, ["p", "q"])],
    ).match("any")


def test_one_more_seat_is_told_for_each_position(short_of_seats):
    watched = []

    p, q = sensitivity.one_more_seat(
        short_of_seats.market.but(limits={"both": None}).match("any"), lambda *at: watched.append(at)
    )

    assert (p.change, p.placed, p.gained, p.lost) == ("p", 1, 2, 0)
    assert (q.change, q.placed, [move.applicant for move in q.moved]) == ("q", 1, ["c"])
    assert watched == [(1, 2), (2, 2)]


def test_a_limit_loosened_or_taken_away_shows_what_it_cost(short_of_seats):
    tight = short_of_seats.market.but(limits={"both": 1}).match("any")

    (looser,) = sensitivity.limits_loosened(tight)
    (gone,) = sensitivity.limits_loosened(tight, by=None)

    assert looser.placed == gone.placed == 1
    assert looser.gained == 1


def test_a_tie_hangs_on_the_lottery_and_a_clear_case_does_not():
    market = Market(
        applicants={"a": ["p"], "b": ["q"], "c": ["q"]},
        scores={("p", "a"): 1, ("q", "b"): 1, ("q", "c"): 1},
        seats={"p": 1, "q": 1},
    )

    chances = sensitivity.lotteries(market, "any", draws=40)

    assert sensitivity.certain(chances) == {"a"}
    assert sum(chances["b"].values()) == 40
    assert chances["b"]["q"] + chances["c"]["q"] == 40
    assert sensitivity.noise(market, "any", draws=20)["a"] == {"p": 20}


def test_after_a_withdrawal_the_chain_and_the_new_match_may_differ_and_both_are_told(short_of_seats):
    after = sensitivity.withdrawal(short_of_seats, "a")

    assert [tuple(move) for move in after.chain] == [("b", "q", "p", True), ("c", None, "q", True)]
    assert {move.applicant for move in after.anew} == {"b", "c"}
    assert after.places == {"b": "p", "c": "q"}


def test_a_cancelled_series_stops_at_once(short_of_seats):
    def stop(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sensitivity.lotteries(short_of_seats.market, "any", 1000, stop)
