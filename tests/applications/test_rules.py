"""What stands in the way of sending, and when a page was overtaken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from internships.applications.answers import mark, overtaken
from internships.applications.documents import Asked, DocumentKind, DocumentState, Held
from internships.applications.rules import (
    MOTIVATION_MOST,
    Filing,
    Fit,
    Section,
    State,
    fits,
    may_edit,
    obstacles,
    shown_state,
)

NOW = datetime(2026, 11, 2, tzinfo=UTC)
COMPLETE = Filing(
    born_on=date(2001, 3, 27), nationality="KE", residence="TZ", town="Arusha", studies=1, languages=2, experiences=1,
    done=frozenset({"studies", "languages", "experience"}), motivation=100, use_after=100, motivation_language="en",
    choices=2,
)  # fmt: skip


def test_a_complete_file_can_go():
    assert obstacles(COMPLETE) == []
    assert set(fits(COMPLETE).values()) == {Fit.DONE}


def test_an_empty_file_needs_every_section():
    nothing = Filing(asked=(Asked(DocumentKind.CV, required=True, most=1),))

    assert {obstacle.section for obstacle in obstacles(nothing)} == set(Section)
    assert set(fits(nothing).values()) == {Fit.NOT_STARTED}


def test_a_call_that_asks_for_no_documents_has_no_such_task():
    assert Section.DOCUMENTS not in fits(Filing())


CV = Asked(DocumentKind.CV, required=True, most=1)


@pytest.mark.parametrize(
    ("asked", "held", "fit", "stands"),
    [
        (replace(CV, required=False), (), Fit.OPTIONAL, False),
        (CV, (), Fit.NOT_STARTED, True),
        (CV, (Held(DocumentKind.TRANSCRIPT, DocumentState.CLEAN),), Fit.IN_PROGRESS, True),
        (CV, (Held(DocumentKind.CV, DocumentState.RECEIVED),), Fit.CHECKING, False),
        (CV, (Held(DocumentKind.CV, DocumentState.CLEAN),), Fit.DONE, False),
        (CV, (Held(DocumentKind.CV, DocumentState.REFUSED),), Fit.REFUSED, True),
        (replace(CV, required=False), (Held(DocumentKind.CV, DocumentState.REFUSED),), Fit.REFUSED, True),
    ],
)
def test_documents_stand_in_the_way_when_they_are_required_or_were_not_taken(asked, held, fit, stands):
    file = replace(COMPLETE, asked=(asked,), documents=held)

    assert fits(file)[Section.DOCUMENTS] == fit
    assert any(each.section == Section.DOCUMENTS for each in obstacles(file)) == stands


@pytest.mark.parametrize(
    ("change", "section"),
    [
        ({"town": ""}, Section.ABOUT),
        ({"studies": 0}, Section.STUDIES),
        ({"done": frozenset({"languages", "experience"})}, Section.STUDIES),
        ({"experiences": 0}, Section.EXPERIENCE),
        ({"motivation": MOTIVATION_MOST + 1}, Section.MOTIVATION),
        ({"choices_unsaid": 1}, Section.CHOICES),
        ({"choices_gone": 1}, Section.CHOICES),
    ],
)
def test_one_thing_missing_is_one_obstacle_in_its_section(change, section):
    (obstacle,) = obstacles(replace(COMPLETE, **change))

    assert obstacle.section == section
    assert fits(replace(COMPLETE, **change))[section] != Fit.DONE


def test_none_is_an_answer_to_experience():
    assert obstacles(replace(COMPLETE, experiences=0, no_experience=True)) == []


def test_the_instant_itself_is_too_late():
    assert may_edit(State.DRAFT, NOW - timedelta(microseconds=1), NOW, None)
    assert not may_edit(State.DRAFT, NOW, NOW, None)
    assert may_edit(State.COMPLETION_REQUESTED, NOW, NOW, NOW + timedelta(days=1))
    assert not may_edit(State.SUBMITTED, NOW, NOW + timedelta(days=1), None)


def test_a_decision_is_shown_when_it_can_no_longer_be_taken_back():
    assert shown_state(State.ELIGIBLE, NOW, 10, NOW + timedelta(minutes=9)) == State.SUBMITTED
    assert shown_state(State.ELIGIBLE, NOW, 10, NOW + timedelta(minutes=10)) == State.ELIGIBLE
    assert shown_state(State.WITHDRAWN, None, 10, NOW) == State.WITHDRAWN


def test_only_what_would_be_lost_is_a_conflict():
    saved = {"town": "Arusha", "motivation": "I want", "phone": ""}

    assert overtaken({"town": "Moshi", "motivation": "I want to", "phone": "1"}, saved) == ["town"]
    assert mark(saved) != mark(saved | {"town": "Moshi"})
