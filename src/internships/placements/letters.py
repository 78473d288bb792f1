"""What we write to people about offers; the letters say that something is there, and until when."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from internships.core.outbox import Envelope


class Reader(Struct, frozen=True):
    """Who a letter is for."""

    person_id: int
    address: str
    locale: str
    name: str
    """How to address them."""


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


def told_host(reader: Reader, offer_ref: str, application_ref: str) -> Envelope:
    """A host is told that somebody accepted a place."""
    context = {"name": reader.name}
    return _letter("placements/host_accepted", reader, offer_ref, application_ref, "offer.accepted", context)


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
