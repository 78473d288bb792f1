"""The name that somebody gave a file, as it is shown and handed back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internships.core.files.kinds import Media
from internships.core.files.names import MOST_BYTES, attachment, shown_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Amina\\cv.pdf", "cv.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a b Set-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("e\u0301tudes.pdf", "\u00e9tudes.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("...", "document"),
        ("", "document"),
        ("\u7533\u8bf7" * 60 + ".pdf", "\u7533\u8bf7" * 19 + ".pdf"),
    ],
)
def test_a_name_is_text_and_nothing_else(given, shown):
    assert shown_name(given) == shown


@given(st.text(max_size=400))
def test_no_name_gets_through_with_something_in_it(given):
    shown = shown_name(given)

    assert shown
    assert len(shown.encode()) <= MOST_BYTES
    assert not set(shown) & set('/\\:*?"<>|;\r\n\x00')
    assert "\n" not in attachment(shown, Media.PDF)
    assert attachment(shown, Media.PDF).isascii()


def test_a_name_is_handed_back_for_old_and_new_browsers():
    said = attachment("Lebenslauf – Zoë.pdf", Media.PDF)

    assert (
        said == "attachment; filename=\"Lebenslauf _ Zo_.pdf\"; filename*=UTF-8''Lebenslauf%20%E2%80%93%20Zo%C3%AB.pdf"
    )


def test_a_file_never_gets_an_ending_that_it_is_not():
    assert 'filename="page.html.pdf"' in attachment("page.html", Media.PDF)
