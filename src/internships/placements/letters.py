"""What we write to people about offers; the letters say that something is there, and until when."""

from datetime import datetime
from zoneinfo import ZoneInfo

from internships.core import clock, render
from internships.core.outbox import Envelope
from internships.placements.queries.approval import Told
from internships.placements.rules import Reader, answer_by


def offered(reader: Reader, offer_ref: str, application_ref: str, answer_by: datetime, zone: str) -> Envelope:
    """There is an offer, and by when it is to be answered."""
    local = answer_by.astimezone(ZoneInfo(zone))
    context = {"name": reader.name, "answer_on": local.date().isoformat(), "zone": zone}
    return _letter("placements/offered", reader, offer_ref, application_ref, "offer.issue", context)


def results(reader: Reader, run_ref: str, application_ref: str) -> Envelope:
    """There is an answer to an application that got no offer now."""
    return _letter("placements/results", reader, run_ref, application_ref, "run.approve", {"name": reader.name})


def answered(verb: str, reader: Reader, offer_ref: str, application_ref: str) -> Envelope:
    """An offer was accepted, declined, expired or revoked: verb is the past participle."""
    return _letter(f"placements/{verb}", reader, offer_ref, application_ref, f"offer.{verb}", {"name": reader.name})


def told_host(verb: str, reader: Reader, offer_ref: str, application_ref: str) -> Envelope:
    """A host is told that somebody accepted a place, or does not come after all: verb is accepted or cancelled."""
    context = {"name": reader.name}
    return _letter(f"placements/host_{verb}", reader, offer_ref, application_ref, f"offer.{verb}", context)


def _letter(kind: str, reader: Reader, what: str, about: str, cause: str, context: dict[str, str]) -> Envelope:
    return Envelope(
        kind=kind,
        key=f"{kind}:{what}:{reader.person_id}",
        person_id=reader.person_id,
        address=reader.address,
        locale=reader.locale,
        about=about,
        cause=cause,
        context=dict(context),
    )


def approved(person: Told, *, answer_days: int, zone: str) -> tuple[str, str]:
    """Subject and text of what a person gets when a run is approved, as it would be written now, in their language."""
    reader = Reader(person.person_id, person.address, person.locale, person.called or person.full_name)
    if person.position:
        letter = offered(reader, "", person.application_ref, answer_by(clock.now(), answer_days, zone), zone)
    else:
        letter = results(reader, "", person.application_ref)
    subject, text, _html = render.letter(letter.kind, letter.locale, letter.context)
    return subject, text
