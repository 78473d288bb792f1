"""How dates, zones and names are said."""

from datetime import UTC, datetime

import pytest

from internships.core.i18n import in_language, say_datetime, say_names, say_zone

DEADLINE = datetime(2026, 12, 6, 11, 59, tzinfo=UTC)


def test_in_english_the_day_comes_before_the_month_as_in_the_forms():
    assert say_datetime(DEADLINE) == "6 December 2026, 11:59"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Kathmandu", "UTC+05:45"),
        ("Etc/GMT+12", "anywhere on Earth (UTC-12:00)"),
        ("Etc/GMT-5", "UTC+05:00"),
    ],
)
def test_a_zone_names_its_distance_once(zone, said):
    assert say_zone(DEADLINE, zone) == said


def test_names_in_a_sentence_of_another_direction_are_isolated_one_by_one():
    with in_language("ar"):
        assert say_names(["Aiko", "Bruno"]) == "\u2068Aiko\u2069 و\u2068Bruno\u2069"
