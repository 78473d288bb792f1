"""Cases from the literature and small stories, one table: the market as JSON, and where everybody must be."""

import json
from itertools import pairwise

import pytest

from internships.matching.document import read_market
from internships.matching.rules import Bar, Limit, Market, Reserve, Team

GUSFIELD_IRVING = (
    ["57126843", "23754186", "85146237", "32741685", "72513684", "16758423", "25763481", "38457261"],
    ["53761284", "86357214", "15624873", "87324156", "64738125", "28546371", "75218643", "74152368"],
)


def one_to_one(men, women):
    return {
        "applicants": {f"m{i}": [f"w{w}" for w in row] for i, row in enumerate(men, 1)},
        "positions": {f"w{i}": {"capacity": 1, "ranking": [[f"m{m}"] for m in row]} for i, row in enumerate(women, 1)},
    }


def strict(row):
    return [[name] for name in row.split()]


# fmt: off
CASES = {
    "Gale and Shapley 1962, example 1: everybody's first choice": (
        one_to_one(["123", "231", "312"], ["231", "312", "123"]),
        {"m1": "w1", "m2": "w2", "m3": "w3"},
    ),
    "Gale and Shapley 1962, example 2: one stable matching, nobody's first choice": (
        one_to_one(["1234", "1432", "2134", "4231"], ["4312", "2413", "4123", "3214"]),
        {"m1": "w3", "m2": "w4", "m3": "w1", "m4": "w2"},
    ),
    "Gusfield and Irving 1989, the instance of size 8, man-optimal": (
        one_to_one(*GUSFIELD_IRVING),
        {"m1": "w5", "m2": "w3", "m3": "w8", "m4": "w6", "m5": "w7", "m6": "w1", "m7": "w2", "m8": "w4"},
    ),
    "Roth 1986, rural hospitals: the place that stays half empty": (
        {
            "applicants": {"a": ["city", "rural"], "b": ["city", "rural"], "c": ["city"], "d": ["rural"]},
            "positions": {
                "city": {"capacity": 2, "ranking": strict("c b a")},
                "rural": {"capacity": 3, "ranking": strict("a b d")},
            },
        },
        {"a": "rural", "b": "city", "c": "city", "d": "rural"},
    ),
    "Kamada and Kojima 2015, example 1: a region's ten seats are not lost to a split by halves": (
        {
            "applicants": {f"d{n}": ["h1" if n <= 3 else "h2"] for n in range(1, 11)},
            "positions": {h: {"capacity": 10, "ranking": strict(" ".join(f"d{n}" for n in range(1, 11)))} for h in ("h1", "h2")},
            "limits": [{"name": "region", "seats": 10, "over": ["h1", "h2"]}],
        },
        {f"d{n}": "h1" if n <= 3 else "h2" for n in range(1, 11)},
    ),
    "a limit takes the better band of either position": (
        {
            "applicants": {"a": ["p"], "b": ["q"], "c": ["q"]},
            "positions": {"p": {"capacity": 1, "ranking": strict("a")}, "q": {"capacity": 2, "ranking": strict("b c")}},
            "limits": [{"name": "money", "seats": 2, "over": ["p", "q"]}],
        },
        {"a": "p", "b": "q", "c": None},
    ),
    "a reserved seat goes to the group although others rank higher": (
        {
            "applicants": {"a": ["p"], "b": ["p"], "local": ["p"]},
            "positions": {"p": {"capacity": 2, "ranking": strict("a b local")}},
            "reserved": [{"position": "p", "seats": 1, "name": "local youth", "members": ["local"]}],
        },
        {"a": "p", "b": None, "local": "p"},
    ),
    "open-first leaves the reserved seat to a second of the group": (
        {
            "applicants": {"l1": ["p"], "b": ["p"], "l2": ["p"]},
            "positions": {"p": {"capacity": 2, "ranking": strict("l1 b l2")}},
            "reserved": [{"position": "p", "seats": 1, "name": "youth", "members": ["l1", "l2"], "order": "open-first"}],
        },
        {"l1": "p", "b": None, "l2": "p"},
    ),
    "reserved-first counts the first of the group on the reserved seat": (
        {
            "applicants": {"l1": ["p"], "b": ["p"], "l2": ["p"]},
            "positions": {"p": {"capacity": 2, "ranking": strict("l1 b l2")}},
            "reserved": [{"position": "p", "seats": 1, "name": "youth", "members": ["l1", "l2"]}],
        },
        {"l1": "p", "b": "p", "l2": None},
    ),
    "a reserved seat that nobody of the group wants is open to all": (
        {
            "applicants": {"a": ["p"], "b": ["p"]},
            "positions": {"p": {"capacity": 2, "ranking": strict("a b")}},
            "reserved": [{"position": "p", "seats": 1, "name": "youth", "members": []}],
        },
        {"a": "p", "b": "p"},
    ),
    "a position below its minimum closes, and its people go on": (
        {
            "applicants": {"a": ["p", "q"], "b": ["q"]},
            "positions": {"p": {"capacity": 2, "ranking": strict("a")}, "q": {"capacity": 1, "ranking": strict("a b")}},
            "minimums": {"p": 2},
        },
        {"a": "q", "b": None},
    ),
    "somebody locked in keeps the seat from a better one": (
        {
            "applicants": {"a": ["p"], "b": ["p"]},
            "positions": {"p": {"capacity": 1, "ranking": strict("a b")}},
            "locked": {"b": "p"},
        },
        {"a": None, "b": "p"},
    ),
    "two who may not be put together": (
        {
            "applicants": {"a": ["p", "q"]},
            "positions": {"p": {"capacity": 1, "ranking": strict("a")}, "q": {"capacity": 1, "ranking": strict("a")}},
            "barred": [["a", "p", "a relative works there"]],
        },
        {"a": "q"},
    ),
    "a team goes where both are taken": (
        {
            "applicants": {"t1": [], "t2": [], "s": ["p"]},
            "positions": {"p": {"capacity": 1, "ranking": strict("s t1")}, "q": {"capacity": 2, "ranking": strict("t2 t1")}},
            "teams": [{"members": ["t1", "t2"], "choices": [["p", "q"], ["q", "q"]]}],
        },
        {"t1": "q", "t2": "q", "s": "p"},
    ),
    "a team that cannot both be taken stays out together": (
        {
            "applicants": {"t1": [], "t2": []},
            "positions": {"p": {"capacity": 1, "ranking": strict("t1 t2")}},
            "teams": [{"members": ["t1", "t2"], "choices": [["p", "p"]]}],
        },
        {"t1": None, "t2": None},
    ),
    "a limit may hold other limits": (
        {
            "applicants": {"a": ["p"], "b": ["q"], "c": ["r"]},
            "positions": {p: {"capacity": 1, "ranking": [[a]]} for p, a in (("p", "a"), ("q", "b"), ("r", "c"))},
            "limits": [
                {"name": "Andes", "seats": 2, "over": ["p", "q"]},
                {"name": "Americas", "seats": 0, "over": ["Andes"]},
            ],
        },
        {"a": None, "b": None, "c": "r"},
    ),
}
# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_the_case_comes_out_as_it_must(name):
    document, places = CASES[name]

    outcome = read_market(json.dumps(document)).match("any")

    assert outcome.places == places
    assert outcome.proof().stands


KINDS = {
    "placed": ({}, "a"),
    "preferred": ({"applicants": {"a": ["q", "p"]}}, "a"),
    "cut_off": ({}, "b"),
    "limit": ({"limits": [Limit("money", 1, ["p", "q"])], "seats": {"p": 2}}, "b"),
    "reserved": ({"reserved": [Reserve("p", 1, "youth", ["c"])], "scores": {("p", "c"): 1}}, "b"),
    "not_eligible": ({"barred": {("b", "p"): Bar("language", "B1", "A2")}}, "b"),
    "not_ranked": ({}, "c"),
    "closed": ({"seats": {"p": 2}, "minimums": {"p": 2}, "barred": {("b", "p"): "on leave"}}, "a"),
    "locked": ({"locked": {"c": "p"}}, "a"),
    "unplaced": ({"applicants": {"a": []}}, "a"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_is_given_where_it_is_true(kind):
    changes, person = KINDS[kind]
    market = Market(
        applicants={"a": ["p"], "b": ["p"], "c": ["p"]},
        scores={("p", "a"): 3, ("p", "b"): 2, ("q", "a"): 1},
        seats={"p": 1, "q": 1},
    )

    outcome = market.but(**changes).match("any")

    assert kind in [verdict.kind for verdict in outcome.why(person)]


def test_a_tie_is_told_with_both_numbers():
    market = Market(applicants={"a": ["p"], "b": ["p"]}, scores={("p", "a"): 1, ("p", "b"): 1}, seats={"p": 1})

    outcome = market.match("any")
    (loser,) = [person for person, place in outcome.places.items() if place is None]
    (verdict,) = outcome.why(loser)

    assert verdict.kind == "tie"
    assert verdict.facts["line"] < verdict.facts["number"]


def test_a_member_of_a_team_reads_that_the_seat_was_there_for_one_of_them():
    scores = {("p", "t1"): 1, ("q", "t2"): 1, ("q", "s"): 2}
    market = Market(
        applicants={"t1": [], "t2": [], "s": ["q"]},
        scores=scores,
        seats={"p": 1, "q": 1},
        teams=[Team(("t1", "t2"), [("p", "q")])],
    )

    outcome = market.match("any")

    assert [verdict.kind for verdict in outcome.why("t1")] == ["team"]
    assert [verdict.kind for verdict in outcome.why("t2")] == ["cut_off"]


def test_where_no_arrangement_with_a_team_exists_it_says_so():
    """Klaus and Klijn 2005: one couple and one single, and every arrangement is undone by somebody."""
    market = Market(
        applicants={"t1": [], "t2": [], "s": ["h1", "h2"]},
        scores={("h1", "t1"): 2, ("h1", "s"): 1, ("h2", "s"): 2, ("h2", "t2"): 1},
        seats={"h1": 1, "h2": 1},
        teams=[Team(("t1", "t2"), [("h1", "h2")])],
    )

    outcome = market.match("any")

    assert not outcome.teams_settled
    assert outcome.proof().blocking
    assert not outcome.truthful


def test_closing_goes_from_the_emptiest_and_is_reported_in_order():
    market = Market(
        applicants={"a": ["p", "r"], "b": ["q", "p"], "c": ["q", "p"], "d": ["s"]},
        scores={(p, a): 1 for p in "pqrs" for a in "abcd"},
        seats=dict.fromkeys("pqrs", 3),
        minimums={"p": 3, "q": 3, "s": 2},
    )

    outcome = market.match("any")

    assert set(outcome.closed[:2]) == {"p", "s"}
    assert outcome.closed[2:] == ("q",)
    assert not outcome.truthful


def test_the_envy_that_a_lock_causes_is_listed():
    market = Market(applicants={"a": ["p"], "b": []}, scores={("p", "a"): 1}, seats={"p": 1}, locked={"b": "p"})

    assert [(block.applicant, block.position) for block in market.match("any").envy] == [("a", "p")]


def test_more_seats_move_people_and_it_is_said_who_gained():
    market = Market(applicants={"a": ["p"], "b": ["p"]}, scores={("p", "a"): 2, ("p", "b"): 1}, seats={"p": 1})
    before = market.match("any")

    after = market.but(seats={"p": 2}).match("any")

    assert [tuple(move) for move in before.moved(after)] == [("b", None, "p", True)]
    assert before.fingerprint != after.fingerprint


def test_the_same_run_has_the_same_fingerprint_whatever_the_order_it_was_written_in():
    lists = {"a": ["p", "q"], "b": ["q"]}
    scores = {("p", "a"): 90, ("q", "b"): 70, ("q", "a"): 70}
    one = Market(applicants=lists, scores=scores, seats={"p": 1, "q": 1})
    other = Market(
        applicants=dict(reversed(lists.items())), scores=dict(reversed(scores.items())), seats={"q": 1, "p": 1}
    )

    assert one.match("x").fingerprint == other.match("x").fingerprint
    assert one.match("x").fingerprint != one.match("y").fingerprint


def test_taking_somebody_out_leaves_nothing_of_them():
    market = Market(
        applicants={"a": ["p"], "t1": [], "t2": []},
        scores={("p", "a"): 1, ("p", "t1"): 2},
        seats={"p": 2},
        reserved=[Reserve("p", 1, "youth", ["a"])],
        teams=[Team(("t1", "t2"), [("p", "p")])],
    )

    assert "a" not in market.without("a").match("any").places
    assert market.without("t1").match("any").places == {"a": "p", "t2": None}


def test_rural_hospitals_have_the_same_people_in_every_stable_matching():
    document, places = CASES["Roth 1986, rural hospitals: the place that stays half empty"]
    orders = ["first", "second", "third", "fourth"]

    found = [read_market(json.dumps(document)).match(text).places for text in orders]

    assert all(one == other == places for one, other in pairwise(found))
