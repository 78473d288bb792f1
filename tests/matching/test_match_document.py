"""A market as JSON: what is wrong is named with its place, and what goes out can be run again."""

import json
import tracemalloc

import pytest

from internships.matching.document import SIZE_LIMIT, market_as_json, outcome_as_document, outcome_as_json, read_market
from internships.matching.rules import BadMarket, Bar, Limit, Market, Reserve, Team

GOOD = {
    "applicants": {"a1": ["p1", "p2"], "a2": ["p1"], "a3": ["p2", "p1"]},
    "positions": {
        "p1": {"capacity": 2, "ranking": [["a3"], ["a1", "a2"]]},
        "p2": {"capacity": 1, "ranking": [["a1"], ["a3"]]},
    },
    "limits": [{"name": "Andes", "seats": 2, "over": ["p1", "p2"]}],
    "lottery": "2027-A",
}

BAD = [
    ("positions.p1.capacity", "x", 'positions.p1.capacity: a whole number of 0 to 1000000 was expected, "x" was found'),
    ("positions.p1.capacity", -1, 'positions.p1.capacity: a whole number of 0 to 1000000 was expected, "-1" was found'),
    (
        "positions.p1.capacity",
        True,
        'positions.p1.capacity: a whole number of 0 to 1000000 was expected, "true" was found',
    ),
    (
        "positions.p1.capacity",
        1.5,
        'positions.p1.capacity: a whole number of 0 to 1000000 was expected, "1.5" was found',
    ),
    ("positions.p1.ranking", "a1", 'positions.p1.ranking: a list was expected, "a1" was found'),
    ("positions.p1.ranking", [["a1"], ["a1"]], 'positions.p1.ranking.1: "a1" is named twice'),
    ("positions.p1.ranking", [["a9"]], 'positions.p1.ranking.0: "a9" is not one of the applicants'),
    ("positions.p1.ranking", [[]], "positions.p1.ranking.0: a tier with nobody in it; leave it out"),
    ("positions.p1.ranking", ["a1"], 'positions.p1.ranking.0: a list was expected, "a1" was found'),
    ("positions.p1", {"capacity": 1}, 'positions.p1.ranking: "ranking" was expected, nothing was found'),
    ("positions.p1.colour", "red", "positions.p1.colour: is not known here; known are capacity, ranking"),
    ("positions", [], 'positions: an object was expected, "[]" was found'),
    ("applicants.a1", ["p1", "p1"], 'applicants.a1: "p1" is named twice'),
    ("applicants.a1", ["p1", "p9"], 'applicants.a1.1: "p9" is not one of the positions'),
    ("applicants.a1", ["p1", 7], 'applicants.a1.1: a text was expected, "7" was found'),
    ("applicants.a1", [""], "applicants.a1.0: an empty name was found"),
    ("applicants.a1", ["\ud800"], "applicants.a1.0: half a character was found (a lone surrogate)"),
    (
        "limits",
        [{"name": "x", "seats": 1, "over": ["y"]}, {"name": "y", "seats": 1, "over": ["x"]}],
        "limits.x.over: the limits go in a circle: x → y → x",
    ),
    ("limits", [{"name": "x", "seats": 1, "over": ["z"]}], 'limits.x.over: "z" is neither a position nor a limit'),
    ("limits", [{"name": "p1", "seats": 1, "over": []}], 'limits.0.name: "p1" is named twice'),
    ("limits", [{"name": "x", "over": []}], 'limits.0.seats: "seats" was expected, nothing was found'),
    ("minimums", {"p1": 3}, "minimums.p1: the minimum is 3, the position has 2 seats"),
    ("minimums", {"p9": 1}, 'minimums.p9: "p9" is not one of the positions'),
    (
        "reserved",
        [{"position": "p1", "seats": 3, "name": "youth", "members": []}],
        "reserved.p1.youth: 3 seats are reserved, the position has 2",
    ),
    (
        "reserved",
        [{"position": "p1", "seats": 1, "name": "youth", "members": [], "order": "any"}],
        'reserved.p1.youth.order: "reserved-first" or "open-first" was expected, "any" was found',
    ),
    ("barred", [["a1", "p1"]], "barred.0: applicant, position and reason was expected, 2 entries was found"),
    ("barred", [["a9", "p1", "x"]], 'barred: "a9" is not one of the applicants'),
    ("locked", {"a1": "p2", "a2": "p2"}, "locked.p2: 2 people are locked in here, there are 1 seats"),
    ("positions.p1.capacity", 10**4000, "positions.p1.capacity: a whole number of 0 to 1000000 was expected"),
    ("limits", [{"name": "x", "seats": 1, "over": ["p1", "p1"]}], 'limits.x.over: "p1" is named twice'),
    ("teams", [{"members": ["a1", "a1"], "choices": []}], "teams.0: two different people were expected"),
    (
        "teams",
        [{"members": ["a1", "a2"], "choices": []}],
        "applicants.a1: is in a team, whose joint list counts; leave the person's own list empty",
    ),
    ("lottery", 7, 'lottery: a text was expected, "7" was found'),
    ("lotery", "x", "lotery: is not known here"),
]


def spoiled(place, value):
    document = json.loads(json.dumps(GOOD))
    *way, last = place.split(".")
    here = document
    for step in way:
        here = here[step]
    here[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(("place", "value", "message"), BAD)
def test_a_fault_is_named_with_its_place_and_what_was_expected(place, value, message):
    with pytest.raises(BadMarket) as told:
        read_market(spoiled(place, value))

    assert str(told.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not JSON"),
        ("{", "this is not JSON"),
        (b"\xff\xfe\x00", "this is not JSON"),
        ("[" * 100_000, "this is not JSON: it is nested too deeply"),
        ("[]", 'the document: an object was expected, "[]" was found'),
        ("{}", "applicants: an object was expected, nothing was found"),
        ('{"applicants": {"a": [], "a": []}, "positions": {}}', '"a" is named twice'),
        ('{"applicants": {}, "positions": {"p": {"capacity": NaN, "ranking": []}}}', "positions.p.capacity: a whole"),
        ('{"applicants": {}, "positions": ' + "9" * 5000 + "}", "this is not JSON"),
        (" " * (SIZE_LIMIT + 1), "at most 10 MB can be read"),
    ],
    ids=range(10),
)
def test_what_is_no_market_at_all_is_refused_in_words(text, message):
    with pytest.raises(BadMarket) as told:
        read_market(text)

    assert str(told.value).startswith(message)


def test_the_answer_has_everything_that_was_promised():
    answer = json.loads(outcome_as_json(read_market(json.dumps(GOOD)).match()))

    assert answer["matching"].keys() == {"a1", "a2", "a3"}
    assert answer["proof"]["blocking"] == answer["proof"]["violations"] == []
    assert sum(answer["profile"].values()) == 3
    assert len(answer["fingerprint"]) == 64
    assert {len(answers) for answers in answer["verdicts"].values()} == {1, 2}
    for verdicts in answer["verdicts"].values():
        assert all(verdict["because"].endswith(".") for verdict in verdicts)


def test_nobody_and_nothing_is_a_market_too():
    answer = outcome_as_document(read_market('{"applicants": {}, "positions": {}}').match())

    assert answer["matching"] == {}
    assert answer["proof"] == {"blocking": [], "excused": [], "violations": []}


def test_no_seats_and_an_empty_ranking_are_lawful_and_remarked():
    document = {"applicants": {"a": ["p", "q"]}, "positions": {"p": {"capacity": 0, "ranking": [["a"]]}}}
    document["positions"]["q"] = {"capacity": 1, "ranking": []}

    answer = outcome_as_document(read_market(json.dumps(document)).match())

    assert [verdict["verdict"] for verdict in answer["verdicts"]["a"]] == ["closed", "not_ranked"]
    assert "positions.p.capacity is 0: nobody can be placed there." in answer["remarks"]
    assert "positions.q.ranking is empty: nobody can be placed there." in answer["remarks"]


def test_stable_is_said_only_where_it_is_true():
    free = read_market(json.dumps({**GOOD, "limits": []})).match()
    tight = read_market(json.dumps({**GOOD, "limits": [{"name": "x", "seats": 1, "over": ["p1", "p2"]}]})).match()

    assert any("stable" in remark for remark in outcome_as_document(free)["remarks"])
    assert not any("stable" in remark for remark in outcome_as_document(tight)["remarks"])


def test_a_run_can_be_repeated_from_its_exported_inputs():
    market = Market(
        applicants={"a": ["p", "q"], "b": ["q"], "c": ["p"], "t1": [], "t2": [], "l": []},
        scores={("p", "a"): 81, ("q", "a"): 33, ("q", "b"): 33, ("p", "c"): 90, ("p", "t1"): 7, ("q", "t2"): 99},
        seats={"p": 2, "q": 2},
        limits=[Limit("all", 4, {"p", "q"})],
        reserved=[Reserve("p", 1, "youth", {"a"}, "open-first")],
        minimums={"q": 1},
        barred={("b", "p"): Bar("language", needed="B1", held="A2"), ("c", "q"): "a relative works there"},
        locked={"l": "q"},
        teams=[Team(("t1", "t2"), [("p", "q")])],
    )
    outcome = market.match("2027-A")

    again = read_market(market_as_json(market, "2027-A")).match()

    assert again.places == outcome.places
    assert again.fingerprint == outcome.fingerprint
    assert again.verdicts() == outcome.verdicts()


def test_crossing_limits_are_refused_in_a_market_made_by_hand_too():
    with pytest.raises(BadMarket, match='"x" and "y" cross'):
        Market(
            applicants={},
            scores={},
            seats={"p": 1, "q": 1, "r": 1},
            limits=[Limit("x", 1, {"p", "q"}), Limit("y", 1, {"q", "r"})],
        )


def test_crossing_limits_in_a_document_are_refused_by_name():
    document = json.loads(json.dumps(GOOD))
    document["positions"]["p3"] = {"capacity": 1, "ranking": []}
    document["limits"] = [
        {"name": "Andes", "seats": 1, "over": ["p1", "p2"]},
        {"name": "funded", "seats": 1, "over": ["p2", "p3"]},
    ]

    with pytest.raises(BadMarket) as told:
        read_market(json.dumps(document))

    assert str(told.value) == (
        'limits: the limits "Andes" and "funded" cross: both hold "p2", and each holds something else; limits must nest'
    )


@pytest.mark.parametrize(
    ("pair", "name"), [(("p", "z"), '"z" is not one of the applicants'), (("z", "a"), '"z" is not')]
)
def test_a_score_of_somebody_or_at_a_place_unknown_is_refused(pair, name):
    with pytest.raises(BadMarket, match=name):
        Market(applicants={"a": []}, scores={pair: 1}, seats={"p": 1}).match("any")


def test_somebody_who_is_locked_in_and_barred_there_is_refused_by_name():
    document = {**GOOD, "locked": {"a1": "p1"}, "barred": [["a1", "p1", "a tie"]]}

    with pytest.raises(BadMarket) as told:
        read_market(json.dumps(document))

    assert str(told.value) == 'locked.a1: is locked in at "p1" and barred from it; take one of the two away'


def test_a_lock_that_neither_side_asked_for_is_remarked_on():
    document = {**GOOD, "applicants": {"a1": ["p1"], "a2": [], "a3": ["p1"]}, "locked": {"a2": "p2"}}

    said = outcome_as_document(read_market(json.dumps(document)).match())["remarks"]

    assert "locked.a2: p2 is not on the person's own list." in said
    assert "locked.a2: p2 has not ranked the person." in said


def nested(many, over):
    limits = [{"name": f"L{n}", "seats": 1, "over": over(n, many)} for n in range(many)]
    return {"applicants": {}, "positions": {"p": {"capacity": 1, "ranking": []}}, "limits": limits}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (nested(2_000, lambda n, many: [f"L{n + 1}" if n + 1 < many else "p"]), "limits: at most 1000 limits"),
        (nested(26, lambda n, many: [f"L{n + 1}"] * 2 if n + 1 < many else ["p"]), 'limits.L0.over: "L1" is named'),
        (nested(3, lambda n, many: [f"L{(n + 1) % many}"]), "limits.L0.over: the limits go in a circle: L0 → L1 → L2"),
    ],
)
def test_limits_in_limits_without_end_are_refused_at_once(document, message):
    with pytest.raises(BadMarket) as told:
        read_market(json.dumps(document))

    assert str(told.value).startswith(message)


def test_a_thousand_limits_each_in_the_next_are_read_and_matched():
    document = nested(1_000, lambda n, many: [f"L{n + 1}" if n + 1 < many else "p"])

    assert read_market(json.dumps(document)).match().places == {}


def test_a_name_that_stands_twice_among_many_is_found_without_counting_all_of_them_anew():
    names = ", ".join(f'"a{n}": []' for n in range(200_000))

    with pytest.raises(BadMarket) as told:
        read_market('{"applicants": {' + names + ', "a7": []}, "positions": {}}')

    assert '"a7" is named twice' in str(told.value)


def test_far_more_seats_than_people_cost_no_more_than_people():
    positions = {f"p{n}": {"capacity": 1_000_000, "ranking": [["a"]]} for n in range(100)}
    document = {"applicants": {"a": ["p7"], "b": ["p8"]}, "positions": positions}

    tracemalloc.start()
    places = read_market(json.dumps(document)).match().places
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert places == {"a": "p7", "b": None}
    assert most < 10_000_000
