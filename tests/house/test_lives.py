"""The pictures in docs/ are what the tables of moves say."""

from pathlib import Path

import pytest

from internships.core.workflow import Move, Workflow
from internships.lives import LIVES, drawn
from internships.placements.rules import OfferState
from internships.placements.rules import PlacementState as Placement

HOME = Path(__file__).parents[2]


def test_the_drawn_lives_are_fresh():
    assert (HOME / "docs" / "lives.md").read_text() == drawn(), "internships lives > docs/lives.md"


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_every_state_can_be_reached_and_named(life):
    reached = {life.states[0]} | {move.to for move in life}

    assert reached == set(life.states)


@pytest.mark.parametrize(
    "moves",
    [
        [
            Move("go", {OfferState.ISSUED}, OfferState.ACCEPTED, {"staff"}),
            Move("go", {OfferState.ISSUED}, OfferState.DECLINED, {"staff"}),
        ],
        [Move("go", {OfferState.ISSUED}, Placement.PLANNED, {"staff"})],
        [Move("go", {OfferState.ISSUED}, OfferState.ACCEPTED, set())],
        [Move("go", {OfferState.ISSUED}, OfferState.ACCEPTED, {"staff"}, undo="back")],
        [Move("go", {OfferState.ISSUED}, OfferState.ACCEPTED, {"staff"}, clock="go")],
    ],
    ids=["a verb twice", "two lives mixed", "by nobody", "an unknown undo", "a clock that can't"],
)
def test_a_table_that_contradicts_itself_does_not_load(moves):
    with pytest.raises(ValueError, match="life"):
        Workflow("life", *moves)
