"""Files are shared out evenly, and never to somebody with a tie."""

from hypothesis import given
from hypothesis import strategies as st

from internships.applications.rules import CHOICE, ChoiceState
from internships.reviews.rules import way, weighted
from internships.reviews.sharing import File, shared_out

FILES = st.lists(st.tuples(st.integers(0, 2), st.frozensets(st.integers(1, 6), max_size=4)), max_size=12).map(
    lambda rows: [File(number, has, closed) for number, (has, closed) in enumerate(rows, 1)]
)
LOADS = st.dictionaries(st.integers(1, 6), st.integers(0, 9), max_size=6)


@given(FILES, LOADS, st.integers(1, 4))
def test_no_tie_no_repetition_and_nobody_is_missing_without_cause(files, loads, each):
    plan = shared_out(files, loads, each)

    given_to = {file.id: [reader for given_file, reader in plan.pairs if given_file == file.id] for file in files}
    for file in files:
        readers = given_to[file.id]
        assert len(set(readers)) == len(readers)
        assert not file.closed_to & set(readers)
        missing = each - file.has - len(readers)
        assert missing == plan.lacking.get(file.id, 0) or missing <= 0
        if missing > 0:
            assert loads.keys() - file.closed_to == set(readers)


@given(st.integers(0, 40), st.integers(1, 5), st.integers(1, 3))
def test_without_ties_loads_differ_by_one_at_most(files, readers, each):
    plan = shared_out([File(number, 0, frozenset()) for number in range(files)], dict.fromkeys(range(readers), 0), each)

    loads = [sum(1 for _, given_to in plan.pairs if given_to == reader) for reader in range(readers)]
    assert max(loads) - min(loads) <= 1


def test_who_has_more_gets_less():
    plan = shared_out([File(number, 0, frozenset()) for number in (1, 2, 3)], {7: 3, 8: 0}, 1)

    assert plan.pairs == [(1, 8), (2, 8), (3, 8)]


def test_the_fingerprint_is_that_of_the_pairs():
    files = [File(1, 0, frozenset()), File(2, 0, frozenset())]

    assert shared_out(files, {7: 0}, 1).fingerprint == shared_out(files[::-1], {7: 0}, 1).fingerprint
    assert shared_out(files, {7: 0}, 1).fingerprint != shared_out(files, {8: 0}, 1).fingerprint


def test_a_host_reaches_every_state_but_a_withdrawal():
    assert way(ChoiceState.WAITING, ChoiceState.ACCEPTABLE) == ["shortlist", "would_host"]
    assert way(ChoiceState.ACCEPTABLE, ChoiceState.NOT_ACCEPTABLE) == ["rate_again", "would_not"]
    assert way(ChoiceState.NOT_SHORTLISTED, ChoiceState.NOT_SHORTLISTED) == []
    assert "release" not in {
        verb for to in ChoiceState if to != ChoiceState.RELEASED for verb in way(ChoiceState.WAITING, to)
    }
    assert CHOICE.name == "choice"


def test_weights_add_up_to_a_hundred():
    assert weighted({"a": 5, "b": 0}, {"a": 60, "b": 40}, {"a": 5, "b": 5}) == 60.0
