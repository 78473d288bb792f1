"""What we write to people about their application; each letter says that something is there, not what."""

from internships.accounts.rules import Actor
from internships.core.outbox import Envelope


def _letter(kind: str, actor: Actor, ref: str, version: int, cause: str) -> Envelope:
    return Envelope(
        kind=f"applications/{kind}",
        key=f"applications.{kind}:{ref}:{version}",
        person_id=actor.person_id,
        address=actor.email,
        locale=actor.locale,
        about=ref,
        cause=cause,
        context={"name": actor.name, "ref": ref},
    )


def received(actor: Actor, ref: str, version: int) -> Envelope:
    """The application has arrived; its reference."""
    return _letter("received", actor, ref, version, "application.submit")


def withdrawn(actor: Actor, ref: str, version: int) -> Envelope:
    """The application was withdrawn, as its person wished."""
    return _letter("withdrawn", actor, ref, version, "application.withdraw")
