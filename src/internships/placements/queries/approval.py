"""What approving a run would do: who gets which offer, and who an answer."""

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.applications.models import Application
from internships.applications.rules import State
from internships.core.db import every
from internships.matching.models import MatchRun


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
