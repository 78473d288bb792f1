"""What approving a run would do: who gets which offer, who gets an answer, and the letter of each."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.applications.models import Application
from internships.applications.rules import State
from internships.core import clock, render
from internships.core.db import every
from internships.matching.models import MatchRun
from internships.placements import letters
from internships.placements.letters import Reader
from internships.placements.rules import answer_by


class Told(Struct, frozen=True):
    """Somebody who gets a letter when the run is approved."""

    application_ref: str
    full_name: str
    person_id: int
    address: str
    locale: str
    called: str
    position: str | None = None
    """The reference of the position that they are offered; None: an answer without an offer."""

    @property
    def reader(self) -> Reader:
        return Reader(self.person_id, self.address, self.locale, self.called or self.full_name)


_ELIGIBLE = (
    select(Application.ref, Person.full_name, Person.id, Person.email, Person.locale, Person.called)
    .join(Person, Person.id == Application.person_id)
    .join(MatchRun, MatchRun.cycle_id == Application.cycle_id)
    .where(MatchRun.ref == bindparam("ref"), Application.state == State.ELIGIBLE)
    .order_by(Application.folded_name, Application.id)
)


async def told(db: AsyncConnection, ref: str, pairs: dict[str, str | None]) -> list[Told]:
    """Everybody who is in the call, with what a run gives them."""
    found = await every(Told, db, _ELIGIBLE, {"ref": ref})
    return [replace(each, position=pairs.get(each.application_ref)) for each in found]


def letter_of(person: Told, *, answer_days: int, zone: str) -> tuple[str, str]:
    """Subject and text of the letter, as it would be written now, in the person's language."""
    if person.position:
        due = answer_by(clock.now(), answer_days, zone)
        letter = letters.offered(person.reader, "", person.application_ref, due, zone)
    else:
        letter = letters.results(person.reader, "", person.application_ref)
    context: dict[str, Any] = letter.context
    subject, text, _html = render.letter(letter.kind, letter.locale, context)
    return subject, text
