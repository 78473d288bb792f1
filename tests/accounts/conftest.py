"""What several tests of accounts need."""

import pytest

from internships.accounts import passwords
from internships.accounts.models import Person
from internships.core.writing import write

PASSWORD = "seven herons over wet slate"


@pytest.fixture
async def amina_with_password(amina):
    """Amina, who signs in with PASSWORD."""
    async with write() as tx:
        person = await tx.get_one(Person, amina.actor.person_id)
        person.password = passwords.hash_now(PASSWORD)
    return amina
