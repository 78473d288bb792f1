"""What people change about themselves."""

from internships.accounts.models import Person
from internships.accounts.rules import Actor
from internships.core import history
from internships.core.text import folded
from internships.core.writing import write


async def save(actor: Actor, *, version: int, **values: str) -> None:
    """Keep names, language, time zone and looks; the trace says which of them, never what they were.

    Raises:
        Stale: it was saved in another window in between.
    """
    async with write() as tx:
        person = await tx.take(Person, Person.id == actor.person_id, version=version)
        changed = [name for name, value in values.items() if getattr(person, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(person, name, values[name])
        person.folded_name = folded(f"{person.full_name} {person.latin_name} {person.email}")
        await tx.flush()
        await history.record(tx, actor, "person.change", person.ref, detail={"fields": changed})
