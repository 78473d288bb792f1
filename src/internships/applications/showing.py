"""What the pages that show a whole file give their templates."""

from typing import Any

from internships.applications.queries.screening import Filed
from internships.applications.screening_words import CHOICES, SECTIONS
from internships.applications.words import EXPERIENCES, LEVELS_SHORT
from internships.core import clock
from internships.core.i18n import gettext, ngettext, say_number
from internships.core.reference import FIELDS, LEVELS


def content(filed: Filed, zone: str) -> dict[str, Any]:
    """What the pages of one file need to show everything in it."""
    return {
        "whole": filed.whole, "mine": filed.whole.mine, "sections": SECTIONS, "experiences": EXPERIENCES,
        "levels": LEVELS_SHORT, "degrees": LEVELS, "fields": FIELDS, "choice_states": CHOICES, "zone": zone,
        "now": clock.now(),
    }  # fmt: skip


def reviews(filed: Filed) -> str:
    """How many there are, and what they add up to."""
    if not filed.review_count or filed.review_mean is None:
        return gettext("None yet")
    said = {
        "num": filed.review_count, "mean": say_number(filed.review_mean, 0),
        "spread": say_number(filed.review_spread or 0, 0),
    }  # fmt: skip
    return (
        ngettext(
            "%(num)s review, %(mean)s points",
            "%(num)s reviews, %(mean)s points in the mean, %(spread)s apart",
            filed.review_count,
        )
        % said
    )
