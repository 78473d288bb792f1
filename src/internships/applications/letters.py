"""What we write to people about their application; each letter says that something is there, not what."""

from datetime import datetime

from internships.accounts.rules import Actor
from internships.applications.queries.screening import Reader
from internships.core.i18n import in_language, say_datetime, say_zone
from internships.core.outbox import Envelope
from internships.core.render import letter_language


def _letter(
    kind: str, actor: Actor | Reader, ref: str, version: int, cause: str, leaves: datetime | None = None, **more: str
) -> Envelope:
    return Envelope(
        kind=f"applications/{kind}",
        key=f"applications.{kind}:{ref}:{version}",
        person_id=actor.person_id,
        address=actor.email,
        locale=actor.locale,
        about=ref,
        cause=cause,
        not_before=leaves,
        context={"name": actor.name, "ref": ref, **more},
    )


def received(actor: Actor, ref: str, version: int) -> Envelope:
    """The application has arrived; its reference."""
    return _letter("received", actor, ref, version, "application.submit")


def withdrawn(actor: Actor, ref: str, version: int) -> Envelope:
    """The application was withdrawn, as its person wished."""
    return _letter("withdrawn", actor, ref, version, "application.withdraw")


def asked(
    reader: Reader, ref: str, version: int, until: datetime, zone: str, leaves: datetime | None = None
) -> Envelope:
    """Something is missing, and by when it has to come."""
    with in_language(letter_language("applications/asked", reader.locale)):
        by = f"{say_datetime(until, zone)}, {say_zone(until, zone)}"
    return _letter("asked", reader, ref, version, "application.ask", leaves, until=by)


def turned_away(reader: Reader, ref: str, version: int, leaves: datetime | None = None) -> Envelope:
    """The check against the rules of the call has an answer."""
    return _letter("turned_away", reader, ref, version, "application.turn_away", leaves)


def document_refused(reader: Reader, ref: str, content: str) -> Envelope:
    """A document could not be taken after the application was sent."""
    return Envelope(
        kind="applications/document_refused",
        key=f"applications.document_refused:{content}",
        person_id=reader.person_id,
        address=reader.email,
        locale=reader.locale,
        about=ref,
        cause="document.refuse",
        context={"name": reader.name, "ref": ref},
    )
