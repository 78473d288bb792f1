"""Every step and state of every life has words for the trace."""

import pytest

from internships.applications import history_words
from internships.applications.rules import APPLICATION, CHOICE
from internships.core.workflow import Workflow
from internships.cycles.rules import CYCLE
from internships.matching.life import CONTEST, RUN
from internships.placements.rules import OFFER, PLACEMENT, WAITING_LIST
from internships.reviews.rules import REVIEW

LIVES = [APPLICATION, CHOICE, REVIEW, OFFER, PLACEMENT, WAITING_LIST, CONTEST, RUN, CYCLE]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_no_step_is_without_words(life: Workflow):
    assert {f"{life.name}.{move.verb}" for move in life} - history_words.WHAT.keys() == set()


@pytest.mark.parametrize("life", [life for life in LIVES if life not in (RUN, CYCLE)], ids=lambda life: life.name)
def test_no_state_of_a_file_is_without_words(life: Workflow):
    assert {str(state) for state in life.states} - history_words.STATES[life.name].keys() == set()


def test_what_nobody_has_named_is_shown_as_it_is_kept():
    assert history_words.what("visa.stamp") == "visa.stamp"
    assert history_words.state("visa.stamp", "on_its_way") == "on its way"
