"""A certificate holds for everybody in every market, and no longer when a number in it is changed."""

import json
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from internships.matching.certificate import certificate_as_json, check_certificate
from internships.matching.rules import BadMarket, Bar, Limit, Market, Reserve
from internships.matching.sentences import because

PEOPLE = [f"person-{n}" for n in range(8)]
POSITIONS = ["p1", "p2", "p3"]


def rich_market(chance: Random) -> Market:
    """Everything at once: limits, reserves, minimums, bars, locks."""
    pairs = list(product(PEOPLE, POSITIONS))
    reserved = [Reserve(p, 1, "youth", chance.sample(PEOPLE, 3)) for p in POSITIONS if chance.random() < 0.4]
    return Market(
        applicants={a: chance.sample(POSITIONS, chance.randint(0, 3)) for a in PEOPLE},
        scores={(p, a): chance.randint(0, 3) for a, p in pairs if chance.random() < 0.9},
        seats=dict.fromkeys(POSITIONS, 2),
        limits=[Limit("region", 3, POSITIONS[:2])] if chance.random() < 0.5 else [],
        reserved=reserved,
        minimums={"p3": 2},
        barred={p: Bar("language", "B1", "A2") for p in pairs if chance.random() < 0.05 and p != ("person-0", "p1")},
        locked={"person-0": "p1"} if chance.random() < 0.5 else {},
    )


@given(st.integers(0, 2**40))
@settings(max_examples=150, deadline=None)
def test_every_certificate_of_every_run_holds(seed):
    outcome = rich_market(Random(seed)).match("opened in public")

    for person in PEOPLE:
        assert check_certificate(certificate_as_json(outcome, person)) == []


@given(st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_no_answer_names_anybody(seed):
    outcome = rich_market(Random(seed)).match("opened in public")

    for person, verdicts in outcome.verdicts().items():
        said = json.dumps([verdict.facts for verdict in verdicts]) + " ".join(map(because, verdicts))
        assert not [other for other in PEOPLE if other in said], person


@pytest.fixture
def certificate():
    market = Market(
        applicants={"amina": ["p1", "p2"], "b": ["p1"], "c": ["p1"]},
        scores={("p1", "amina"): 1, ("p1", "b"): 2, ("p1", "c"): 1, ("p2", "amina"): 1},
        seats={"p1": 1, "p2": 1},
    )
    return json.loads(certificate_as_json(market.match("2027-A"), "amina"))


def changed(certificate, **changes):
    return json.dumps({**certificate, **changes})


def test_another_number_is_noticed(certificate):
    assert "lottery number of amina" in check_certificate(changed(certificate, number=1))[0]


def test_another_place_is_noticed(certificate):
    assert check_certificate(changed(certificate, place="p1")) == ["The place is not the one that the answers give."]


def test_another_line_is_noticed(certificate):
    certificate["board"]["positions"]["p1"]["line"]["band"] = 2

    assert "digest differs" in check_certificate(json.dumps(certificate))[0]


def test_another_band_is_noticed(certificate):
    certificate["answers"][0]["band"] = 1

    assert check_certificate(json.dumps(certificate)) == ["p1: the answer's numbers are not those of the board"]


def test_another_sentence_is_noticed(certificate):
    certificate["answers"][0]["because"] = "You were the best of all."

    assert check_certificate(json.dumps(certificate)) == ["p1: the sentence is not the one that its numbers give"]


def test_other_seats_of_a_place_are_noticed(certificate):
    answer = certificate["answers"][1]
    answer["facts"]["seats"] = 7
    answer["because"] = answer["because"].replace("1", "7")

    assert answer["verdict"] == "placed"
    assert "p2: the answer's numbers are not those of the board" in check_certificate(json.dumps(certificate))


@pytest.mark.parametrize("text", ["[]", "{}", "nonsense", '{"certificate": 1}', '{"certificate": 1, "board": 3}'])
def test_what_is_no_certificate_is_refused_in_words(text):
    with pytest.raises(BadMarket):
        check_certificate(text)


def test_a_line_is_not_the_number_of_the_person_who_drew_it():
    people = [f"a{n}" for n in range(40)]
    market = Market(applicants={a: ["p"] for a in people}, scores={("p", a): 1 for a in people}, seats={"p": 20})
    outcome = market.match("2027-A")

    line = outcome.cutoffs["p"].line

    assert line not in {outcome.standings.number(a) for a in people}
    assert all((outcome.standings.number(a) <= line) == (outcome.places[a] == "p") for a in people)
    assert replace(outcome, lottery="another").proof().blocking
