"""What we write to people about the match; the letters say that something is there, not what."""

from datetime import datetime
from typing import NamedTuple

from internships.core import clock
from internships.core.outbox import Envelope
from internships.matching.queries.desk import TO_RATE_LETTER, TO_REVIEW


class Reader(NamedTuple):
    """Who a letter is for."""

    person_id: int
    address: str
    locale: str
    name: str
    """How to address them."""


def to_rate(reader: Reader, position: str, rate_by: datetime) -> Envelope:
    """People wait for the host's rating; at most one such letter a day."""
    day = clock.now().date().isoformat()
    context = {
        "name": reader.name,
        "position": position,
        "late": clock.now() > rate_by,
    }
    return _letter(TO_RATE_LETTER, f"{position}:{day}", reader, position, "position.remind", context)


def to_review(reader: Reader, call: str, rate_by: datetime, zone: str, *, unfinished: int, undeclared: int) -> Envelope:
    """Files wait for the reviewer; at most one such letter a day."""
    day = clock.now().date().isoformat()
    context: dict[str, object] = {
        "name": reader.name, "unfinished": unfinished, "undeclared": undeclared, "rate_by": rate_by.isoformat(),
        "zone": zone, "late": clock.now() > rate_by,
    }  # fmt: skip
    return _letter(TO_REVIEW, f"{call}:{day}", reader, call, "review.remind", context)


def looked_again(reader: Reader, contest: str, application: str) -> Envelope:
    """There is an answer to the request to look again."""
    return _letter("matching/looked_again", contest, reader, application, "contest.answer", {"name": reader.name})


def _letter(kind: str, what: str, reader: Reader, about: str, cause: str, context: dict[str, object]) -> Envelope:
    return Envelope(
        kind=kind,
        key=f"{kind}:{what}:{reader.person_id}",
        person_id=reader.person_id,
        address=reader.address,
        locale=reader.locale,
        about=about,
        cause=cause,
        context=context,
    )
