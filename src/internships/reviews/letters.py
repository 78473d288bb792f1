"""What we write to reviewers."""

from datetime import timedelta

from internships.core import clock
from internships.core.i18n import in_language, say_datetime, say_zone
from internships.core.outbox import Envelope
from internships.core.render import letter_language
from internships.cycles.models import Cycle
from internships.reviews.queries.assigning import Sharer


def assigned(reader: Sharer, count: int, call: Cycle, batch: str) -> Envelope:
    """There are new files; once for each time that files are handed out."""
    with in_language(letter_language("reviews/assigned", reader.locale)):
        rate_by = f"{say_datetime(call.rate_by, call.zone)} ({say_zone(call.rate_by, call.zone)})"
    return Envelope(
        kind="reviews/assigned",
        key=f"reviews/assigned:{batch}:{reader.ref}",
        person_id=reader.id,
        address=reader.email,
        locale=reader.locale,
        cause="review.assign",
        not_before=clock.now() + timedelta(minutes=call.undo_minutes),
        context={"name": reader.name, "count": count, "rate_by": rate_by},
    )
