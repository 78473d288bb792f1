"""What the pages that show a whole file give their templates."""

from typing import Any

from internships.applications import document_words
from internships.applications.documents import DocumentKind
from internships.applications.queries.screening import Filed
from internships.applications.screening_words import CHOICES, SECTIONS
from internships.applications.words import EXPERIENCES, LEVELS_SHORT
from internships.core import clock
from internships.core.files.kinds import Because
from internships.core.i18n import gettext, ngettext, say_number
from internships.core.reference import FIELDS, LEVELS


def content(filed: Filed, zone: str) -> dict[str, Any]:
    """What the pages of one file need to show everything in it."""
    return {
        "whole": filed.whole, "mine": filed.whole.mine, "sections": SECTIONS, "experiences": EXPERIENCES,
        "levels": LEVELS_SHORT, "degrees": LEVELS, "fields": FIELDS, "choice_states": CHOICES, "zone": zone,
        "now": clock.now(), "document_kinds": document_words.KINDS_FOR_OTHERS,
        "document_states": document_words.STATES_FOR_STAFF, "because": document_words.BECAUSE_FOR_STAFF,
        "asked": {each.kind for each in filed.whole.mine.call.asked},
    }  # fmt: skip


def document(detail: dict[str, Any]) -> str:
    """Which kind of document a step of the trace is about, and why it was not taken."""
    if "document" not in detail:
        return ""
    kind = str(document_words.KINDS_FOR_OTHERS[DocumentKind(detail["document"])])
    because = detail.get("because")
    return f"{kind} · {document_words.BECAUSE_FOR_STAFF[Because(because)]}" if because else kind


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
