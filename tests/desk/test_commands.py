"""`internships match`: from a file to a file, its check, and one clear line for what can't be read."""

import json

import pytest
from click.testing import CliRunner

from internships.cli import main
from internships.matching.certificate import certificate_as_json
from internships.matching.document import read_market

MARKET = {
    "applicants": {"a1": ["p1", "p2"], "a2": ["p1"], "a3": ["p1", "p2"]},
    "positions": {"p1": {"capacity": 1, "ranking": [["a3"], ["a1", "a2"]]}, "p2": {"capacity": 1, "ranking": [["a1"]]}},
    "lottery": "2027-A",
}


@pytest.fixture
def call(tmp_path):
    """Runs the command in a folder of its own; files are given by name and content."""

    def run(*arguments, **files):
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
        given = [str(tmp_path / each) if each.endswith(".json") else each for each in arguments]
        return CliRunner().invoke(main, ["match", *given])

    return run


def test_a_market_becomes_a_result(call, tmp_path):
    done = call("market.json", "-o", "out.json", market=MARKET)

    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0
    assert found["matching"] == {"a1": "p2", "a2": None, "a3": "p1"}
    assert found["fingerprint"] == read_market(json.dumps(MARKET)).match().fingerprint
    assert found["verdicts"]["a3"] == [
        {"position": "p1", "verdict": "placed", "because": "You are placed here.", "seats": 1},
        {
            "position": "p2",
            "verdict": "preferred",
            "because": "You are placed at a position that you want more than this one.",
        },
    ]


def test_a_result_is_checked_against_its_market(call, tmp_path):
    call("market.json", "-o", "out.json", market=MARKET)
    right = call("market.json", "--check", "out.json")
    said = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    said["matching"]["a2"] = "p1"
    wrong = call("market.json", "--check", "changed.json", changed=said)

    assert right.exit_code == 0
    assert wrong.exit_code == 1
    assert "a2: p1 was said, None is found" in wrong.output


def test_a_certificate_is_checked_without_a_market(call):
    certificate = certificate_as_json(read_market(json.dumps(MARKET)).match(), "a1")

    assert call("--check", "right.json", right=certificate).exit_code == 0
    changed = json.loads(certificate)
    changed["number"] += 1
    wrong = call("--check", "wrong.json", wrong=changed)
    assert wrong.exit_code == 1
    assert "The lottery number of a1 is" in wrong.output


@pytest.mark.parametrize(
    ("market", "said"),
    [
        ("{", "this is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ({"positions": {}}, "applicants: an object was expected, nothing was found"),
        (MARKET | {"applicants": {"a1": ["p9"]}}, '"a3" is not one of the applicants'),
        (MARKET | {"applicants": {**MARKET["applicants"], "a1": ["p1", "p1"]}}, 'applicants.a1: "p1" is named twice'),
        (
            MARKET | {"limits": [{"name": "L", "seats": -1, "over": ["p1"]}]},
            "limits.0.seats: a whole number of 0 to 1000000",
        ),
        (
            MARKET | {"limits": [{"name": "L", "seats": 1, "over": ["M"]}, {"name": "M", "seats": 1, "over": ["L"]}]},
            "circle",
        ),
        (
            MARKET | {"positions": {**MARKET["positions"], "p2": {"capacity": 1, "ranking": [[]]}}},
            "a tier with nobody in it",
        ),
    ],
)
def test_a_bad_market_is_one_line_with_its_place_and_the_code_is_2(call, market, said):
    done = call("bad.json", bad=market)

    assert done.exit_code == 2
    assert said in done.output
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


def test_a_file_that_is_not_there_and_no_file_at_all_are_said(call):
    missing, nothing, too_big = call("nowhere.json"), call(), call("big.json", big=" " * (10 * 1024 * 1024 + 1))

    assert (missing.exit_code, nothing.exit_code, too_big.exit_code) == (2, 2, 2)
    assert "a readable file was expected" in missing.output
    assert "--check FILE" in nothing.output
    assert "at most 10 MB" in too_big.output


@pytest.mark.parametrize("goal", ["cycles", "best-sum", "most-placed"])  # as it is typed, and as the page of a run says
def test_another_goal_can_be_asked_for(call, tmp_path, goal):
    done = call("market.json", "--improve", goal, "--seconds", "5", "-o", "out.json", market=MARKET)

    assert done.exit_code == 0
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert sum(place is not None for place in found["matching"].values()) == 2
