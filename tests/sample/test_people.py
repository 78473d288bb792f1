"""Invented applicants: the same for a seed, and together like the figures that they are drawn from."""

import unicodedata
from collections import Counter
from datetime import date

import pytest

from internships.core.reference import CEFR_RANK, COUNTRIES, FIELDS, region_of, table
from internships.cycles.rules import age_on
from internships.sample.people import people

ON = date(2027, 1, 16)
MANY = list(people(7, 4000, ON))


def share(is_one_of_them):
    return 100 * sum(map(is_one_of_them, MANY)) / len(MANY)


def figure(parameter, group):
    return next(
        float(row["value"])
        for row in table("applicant_population")
        if (row["parameter"], row["group"], row["status"]) == (parameter, group, "assumption")
    )


def test_the_same_seed_gives_the_same_people_however_many_there_are():
    assert list(people(7, 30, ON)) == MANY[:30]
    assert list(people(8, 30, ON)) != MANY[:30]


@pytest.mark.parametrize("region", sorted({country.region for country in COUNTRIES.values()}))
def test_regions_have_their_share(region):
    expected = figure("nationality_weight", region)

    assert share(lambda person: region_of(person.nationality) == region) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("band", "low", "high"), [("18-20", 18, 20), ("24-26", 24, 26), ("31-35", 31, 35)])
def test_ages_have_their_share(band, low, high):
    expected = figure("age_distribution", band)

    assert share(lambda person: low <= age_on(person.born_on, ON) <= high) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("group", "level"), [("ISCED 6", 6), ("ISCED 7", 7), ("ISCED 8", 8)])
def test_levels_of_study_have_their_share(group, level):
    assert share(lambda person: person.level == level) == pytest.approx(figure("level_share", group), abs=3)


def test_fields_of_study_have_their_share():
    expected = figure("isced_share", "05 Natural sciences, mathematics and statistics")

    assert share(lambda person: (person.field or "")[:2] == "05") == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("group", "ranks"), [("B2 or better", {4, 5, 6, 7}), ("B1", {3}), ("below B1", {0, 1, 2})])
def test_english_has_its_share(group, ranks):
    spoken = share(lambda person: CEFR_RANK.get(person.languages.get("en", ""), 0) in ranks)

    assert spoken == pytest.approx(figure("english_level", group), abs=3)


def test_about_as_many_as_the_figures_say_never_send_their_application():
    unsent = share(lambda person: not person.finishes)

    assert unsent == pytest.approx(figure("incomplete_at_deadline", "all"), abs=3)


def test_everybody_is_whole():
    assert len({person.email for person in MANY}) == len(MANY)
    for person in MANY:
        assert person.name.full == unicodedata.normalize("NFC", person.name.full).strip()
        assert person.motivation
        assert "{" not in person.motivation + person.use_after
        assert all(study.field in FIELDS for study in person.studies)
        assert all(level in CEFR_RANK for level in person.languages.values())


def test_a_name_in_another_script_has_its_latin_letters_beside_it():
    for person in MANY:
        scripts = {unicodedata.name(letter).split()[0] for letter in person.name.full if letter.isalpha()}
        assert (person.name.latin is None) == (scripts == {"LATIN"})


def test_names_come_in_many_scripts_and_some_are_single():
    scripts = Counter(unicodedata.name(person.name.full[0]).split()[0] for person in MANY)

    assert {"LATIN", "ARABIC", "CJK", "CYRILLIC", "DEVANAGARI", "HANGUL", "ETHIOPIC"} <= scripts.keys()
    assert any(" " not in person.name.full and person.name.latin is None for person in MANY)
    assert {person.writes_in for person in MANY} == {"en", "fr", "es"}
