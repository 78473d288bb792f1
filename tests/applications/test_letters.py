"""What people are sent: in their language, with the reference, and nothing of what they wrote."""

import pytest

from internships.accounts.rules import Actor, Role
from internships.applications import letters
from internships.core import render
from internships.core.i18n import LANGUAGES

AMINA = Actor(1, Role.APPLICANT, name="Amina Okello", email="amina@example.org")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", [letters.received, letters.withdrawn])
def test_a_letter_names_the_reference_and_leads_to_the_page(letter, language):
    envelope = letter(AMINA, "ABCDEFGHJK", 2)

    subject, text, html = render.letter(envelope.kind, language, envelope.context)

    assert subject
    assert "ABCDEFGHJK" in text
    assert f"/{language}/application" in text
    assert "Amina Okello" in html
