"""A letter is in one language from its subject to its last line, also while a translation is on its way."""

import shutil

import pytest

from internships.core import i18n, render

KIND = "placements/offered"
CONTEXT = {"name": "José", "answer_on": "2026-12-10", "zone": "Etc/GMT+12"}
GONE = "You are offered a place: answer by %(day)s"


@pytest.fixture
def with_a_gap(tmp_path, monkeypatch):
    """The catalogues as they are, without one sentence of the Spanish one."""
    there = tmp_path / "locales"
    shutil.copytree(i18n.LOCALES, there)
    spanish = there / "es" / "messages.po"
    words = spanish.read_text().split("\n\n")
    kept = [each for each in words if f'msgid "{GONE}"' not in each]
    assert len(kept) == len(words) - 1
    spanish.write_text("\n\n".join(kept))
    forget = (i18n._read.cache_clear, render._sentence.cache_clear, render._has_all.cache_clear)
    for each in forget:
        each()
    monkeypatch.setattr(i18n, "LOCALES", there)
    yield
    for each in forget:
        each()


@pytest.mark.parametrize(
    ("code", "date"),
    [("en", "10 December 2026"), ("es", "10 de diciembre de 2026"), ("fr", "10 décembre 2026"),
     ("ru", "10 декабря 2026"), ("zh-Hans", "2026年12月10日"), ("ar", "10 ديسمبر 2026")],
)  # fmt: skip
def test_the_subject_and_its_date_are_in_the_readers_language(code, date):
    subject, text, html = render.letter(KIND, code, CONTEXT)

    assert date in subject
    assert date in text
    assert f'lang="{code}"' in html
    assert ("You are offered" in subject) == (code == "en")
    assert "Etc/GMT" not in text


def test_a_letter_with_a_gap_comes_out_in_english_dates_and_all(with_a_gap):
    subject, text, html = render.letter(KIND, "es", CONTEXT)

    assert subject == "You are offered a place: answer by 10 December 2026"
    assert "Dear José," in text
    assert "diciembre" not in text
    assert 'lang="en"' in html
    assert render.letter_language(KIND, "es") == "en"


def test_the_other_letters_stay_as_they_are(with_a_gap):
    assert render.letter_language("placements/results", "es") == "es"
    assert render.letter_language(KIND, "fr") == "fr"
