"""Dates, countries, languages and fields as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internships.applications.dates import read_date, read_month
from internships.applications.names import countries, fields, languages, suggestions
from internships.core.i18n import LANGUAGES, in_language, say_country, say_month
from internships.core.reference import COUNTRIES, FIELDS


@pytest.mark.parametrize("typed", ["3", "03", "٣", "३", "３", "March", "MARCH", "mar.", "mars", "marzo", "三月", "3月",
                                   "марта", "март", "مارس", "آذار"])  # fmt: skip
def test_march_is_understood(typed):
    assert read_month(typed) == 3


@pytest.mark.parametrize("typed", ["", "0", "13", "ma", "Smarch", "³", "-3", "3.5", "1" * 5000])
def test_what_is_no_month_is_not_guessed(typed):
    assert read_month(typed) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_pages_own_month_names_are_understood(code):
    with in_language(code):
        assert [read_month(say_month(month)) for month in range(1, 13)] == list(range(1, 13))


def test_dates_are_real():
    assert read_date("٢٩", "2", "２０００") == date(2000, 2, 29)
    assert read_date("29", "2", "2001") is None
    assert read_date("1", "1", "999999999") is None


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_reading_of_dates(day, month, year):
    assert read_date(day, month, year) is None or isinstance(read_date(day, month, year), date)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_country_is_understood_or_asked_back_by_its_name_in_every_language(code):
    with in_language(code):
        for country in COUNTRIES:
            name = say_country(country)
            assert countries().meant(name) == country or country in countries().candidates(name)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Kenya", "KE"), ("кения", "KE"), ("肯尼亚", "KE"), ("ke", "KE"), ("TÜRKIYE", "TR"), ("USA", "US")],
)
def test_countries_without_doubt(typed, code):
    assert countries().meant(typed) == code


def test_doubtful_countries_are_asked_back():
    assert countries().meant("Congo") is None
    assert set(countries().candidates("Congo")) >= {"CD", "CG"}
    assert countries().candidates("Tanzanai") == ["TZ"]
    assert countries().candidates("Q") == []


def test_languages_large_and_small():
    for typed, code in (("Swahili", "sw"), ("español", "es"), ("中文", "zh"), ("quechua", "qu"), ("العربية", "ar")):
        assert languages().meant(typed) == code
    assert "sw" in languages().candidates("Kiswahili")


def test_every_suggestion_is_understood():
    for code in LANGUAGES:
        for name in suggestions("languages", code):
            assert languages().meant(name) or languages().candidates(name)
    for name in suggestions("fields", "en"):
        assert FIELDS[fields().meant(name)].label == name


def test_a_label_that_two_fields_share_means_the_finer_one():
    assert fields().meant("Forestry") == "0821"


@given(st.text(max_size=120))
def test_no_text_breaks_the_search_for_names(typed):
    for names in (countries(), languages(), fields()):
        assert len(names.candidates(typed)) <= 6
