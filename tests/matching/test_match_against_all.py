"""On small markets every thinkable matching is looked at, and the one found must be the best stable one for applicants."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from internships.matching.lottery import in_order
from internships.matching.rules import Bar, Limit, Market, Reserve

PEOPLE = ["a1", "a2", "a3", "a4", "a5"]
POSITIONS = ["p1", "p2", "p3"]
LOTTERY = "drawn for the test"
Places = dict[str, str | None]
Takes = Callable[[Places, str, str], bool]


def markets(*, limits: bool = False, reserves: bool = False) -> st.SearchStrategy[Market]:
    """Drawn from one seed: hypothesis' own small values would rarely fill two circles at once."""
    return st.integers(0, 2**40).map(lambda seed: some_market(Random(seed), limits=limits, reserves=reserves))


def some_market(chance: Random, *, limits: bool, reserves: bool) -> Market:
    people = PEOPLE[: chance.randint(2, 5)]
    pairs = list(product(people, POSITIONS))
    seats = {p: chance.choice([0, 1, 1, 1, 2, 2]) for p in POSITIONS}
    return Market(
        applicants={a: chance.sample(POSITIONS, chance.choice([0, 1, 2, 2, 3, 3])) for a in people},
        scores={(p, a): chance.randint(0, 2) for a, p in pairs if chance.random() < 0.85},
        seats=seats,
        barred={pair: Bar("language", "B1", "A2") for pair in pairs if chance.random() < 0.05},
        limits=nested_limits(chance) if limits else (),
        reserved=reserves_for(chance, people, seats) if reserves else (),
    )


def nested_limits(chance: Random) -> list[Limit]:
    inner = chance.sample(POSITIONS, 2)
    chain = [("one", 1, inner[:1]), ("two", 2, inner), ("all", 3, POSITIONS)]
    return [Limit(name, chance.randint(0, most), over) for name, most, over in chain if chance.random() < 0.6]


def reserves_for(chance: Random, people: list[str], seats: dict[str, int]) -> list[Reserve]:
    return [
        Reserve(
            p, 1, f"group {n}", chance.sample(people, len(people) // 2), chance.choice(["reserved-first", "open-first"])
        )
        for p, size in seats.items()
        for n in range(chance.randint(0, size))
    ]


def wanted(market: Market, person: str) -> list[str]:
    return [p for p in market.applicants[person] if (p, person) in market.scores and (person, p) not in market.barred]


def everything(market: Market) -> Iterator[Places]:
    people = list(market.applicants)
    for places in product(*[[*wanted(market, person), None] for person in people]):
        yield dict(zip(people, places, strict=True))


def order_of(market: Market) -> Callable[[str, str], tuple[int, int]]:
    """In which order a position, and a limit around it, would take people."""
    turn = {person: index for index, person in enumerate(in_order(LOTTERY, market.applicants))}
    bands = {p: sorted({s for (q, _), s in market.scores.items() if q == p}, reverse=True) for p in market.seats}
    return lambda position, person: (bands[position].index(market.scores[position, person]), turn[person])


def chosen_within_limits(market: Market, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The best pairs one after the other, as long as every limit and every position has room."""
    order = order_of(market)
    circles = [([p], n) for p, n in market.seats.items()] + [(list(limit.over), limit.seats) for limit in market.limits]
    kept: list[tuple[str, str]] = []
    for pair in sorted(pairs, key=lambda pair: order(*pair)):
        if all(sum(p in over for p, _ in [*kept, pair]) <= size for over, size in circles if pair[0] in over):
            kept.append(pair)
    return kept


def chosen_seat_by_seat(market: Market, position: str, people: list[str]) -> list[str]:
    """Reserved-first reserves, open seats, open-first reserves, and last whatever the groups left free."""
    order = order_of(market)
    left = sorted(people, key=lambda person: order(position, person))
    reserves = [r for r in market.reserved if r.position == position]
    chosen: list[str] = []

    def take(able: list[str], seats: int) -> int:
        taken = able[:seats]
        chosen.extend(taken)
        for person in taken:
            left.remove(person)
        return seats - len(taken)

    free = sum(take([a for a in left if a in r.members], r.seats) for r in reserves if r.order == "reserved-first")
    take(left[:], market.seats[position] - sum(r.seats for r in reserves))
    free += sum(take([a for a in left if a in r.members], r.seats) for r in reserves if r.order == "open-first")
    take(left[:], free)
    return chosen


def would_change(market: Market, places: Places) -> list[tuple[str, str]]:
    """Each person with each position that they want more than what they have."""
    wishes = []
    for person, place in places.items():
        choices = wanted(market, person)
        wishes += [(p, person) for p in choices[: choices.index(place) if place else None]]
    return wishes


def stable_within_limits(market: Market, places: Places) -> bool:
    held = [(place, person) for person, place in places.items() if place]
    if len(chosen_within_limits(market, held)) < len(held):
        return False
    return not any(pair in chosen_within_limits(market, [*held, pair]) for pair in would_change(market, places))


def stable_seat_by_seat(market: Market, places: Places) -> bool:
    held = {p: [a for a, place in places.items() if place == p] for p in market.seats}
    if any(len(chosen_seat_by_seat(market, p, people)) < len(people) for p, people in held.items()):
        return False
    return not any(a in chosen_seat_by_seat(market, p, [*held[p], a]) for p, a in would_change(market, places))


def assert_best_for_applicants(market: Market, is_stable) -> None:
    outcome = market.match(LOTTERY)

    stable = [places for places in everything(market) if is_stable(market, places)]
    ranks = {a: {p: n for n, p in enumerate([*choices, None])} for a, choices in market.applicants.items()}

    assert outcome.places in stable
    for other in stable:
        assert all(ranks[a][outcome.places[a]] <= ranks[a][other[a]] for a in market.applicants)
    assert outcome.proof().stands
    assert outcome.proof().stable or market.limits


@given(markets())
@settings(max_examples=300, deadline=None)
def test_it_is_the_stable_matching_that_every_applicant_likes_best(market):
    assert_best_for_applicants(market, stable_within_limits)


@given(markets(limits=True))
@settings(max_examples=300, deadline=None)
def test_so_it_is_under_nested_limits(market):
    assert_best_for_applicants(market, stable_within_limits)


@given(markets(reserves=True))
@settings(max_examples=300, deadline=None)
def test_so_it_is_with_reserved_seats_in_either_order(market):
    assert_best_for_applicants(market, stable_seat_by_seat)


@given(markets(limits=True, reserves=True))
@settings(max_examples=300, deadline=None)
def test_limits_and_reserved_seats_together_are_kept_and_nobody_is_passed_over(market):
    outcome = market.match(LOTTERY)

    assert outcome.proof().stands
    for reserve in market.reserved:
        on_it = [
            a
            for a, p in outcome.places.items()
            if p == reserve.position and outcome.on_reserved_seat.get(a) == reserve.name
        ]
        assert len(on_it) <= reserve.seats


@given(markets(limits=True, reserves=True), st.data())
@settings(max_examples=200, deadline=None)
def test_nobody_does_better_with_another_list_than_the_one_they_mean(market, data):
    person = data.draw(st.sampled_from(sorted(market.applicants)))
    other_list = data.draw(st.permutations(POSITIONS))[: data.draw(st.integers(0, 3))]
    meant = [*market.applicants[person]]

    honest = market.match(LOTTERY)
    other = market.but(applicants={person: other_list}).match(LOTTERY)

    order = [*meant, *(p for p in POSITIONS if p not in meant)]
    gained = other.places[person] in meant and (
        honest.places[person] is None or order.index(other.places[person]) < order.index(honest.places[person])
    )
    assert honest.truthful
    assert not gained


@given(markets(limits=True), st.data())
@settings(max_examples=200, deadline=None)
def test_the_proof_finds_what_the_enumeration_finds_in_any_matching(market, data):
    """The proof is not a rubber stamp: given any feasible places, it blocks exactly where they are not stable."""
    found = [
        p
        for p in everything(market)
        if len(chosen_within_limits(market, held := [(q, a) for a, q in p.items() if q])) == len(held)
    ]
    places = data.draw(st.sampled_from(found))

    proof = replace(market.match(LOTTERY), places=places).proof()

    assert not proof.violations
    assert bool(proof.blocking) == (not stable_within_limits(market, places))
