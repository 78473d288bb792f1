"""The rows of a whole programme, written down in memory before they are kept; each step goes by the table of moves."""

from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any, TypeVar

from internships.accounts.models import Membership, Person
from internships.accounts.rules import Actor, Role
from internships.core.db import Base
from internships.core.history import Doer
from internships.core.ids import CROCKFORD
from internships.core.text import folded
from internships.core.workflow import Workflow
from internships.sample.names import Name

State = TypeVar("State", bound=StrEnum)


class Ledger:
    """Rows by table, numbered from 1 as in an empty database, and the trace of what was done."""

    def __init__(self, seed: int, password: str) -> None:
        self.tables: dict[type[Base], list[dict[str, Any]]] = {}
        self.trace: list[dict[str, Any]] = []
        self._password = password
        self._rng = Random(f"{seed}/refs")  # noqa: S311 -- the same seed has to give the same addresses

    def ref(self) -> str:
        """A reference like any other, but the same for the same seed."""
        return "".join(self._rng.choices(CROCKFORD, k=10))

    def ref_of(self, actor: Actor) -> str:
        """The reference of a person."""
        return str(self.tables[Person][actor.person_id - 1]["ref"])

    def add(self, model: type[Base], **values: Any) -> dict[str, Any]:
        """Write a row down; it may still be changed until everything is kept."""
        rows = self.tables.setdefault(model, [])
        rows.append({"id": len(rows) + 1, **values})
        return rows[-1]

    def move(
        self,
        life: Workflow,
        verb: str,
        doer: Doer,
        row: dict[str, Any],
        at: datetime,
        *,
        file: str | None = None,
        reason: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Take one step of a life, if its table allows that, and leave its trace."""
        before = row["state"]
        row["state"] = life.move(verb, Role(doer.role), before).to
        moved = before, row["state"]
        what = f"{life.name}.{verb}"
        self.note(doer, what, row["ref"], at, file=file, moved=moved, reason=reason, detail=detail)

    def note(
        self,
        doer: Doer,
        what: str,
        subject: str,
        at: datetime,
        *,
        file: str | None = None,
        moved: tuple[str | None, str] | None = None,
        reason: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Leave the trace of something that is not a step of a life."""
        before, after = moved or (None, None)
        self.trace.append(
            {
                "at": at,
                "person_id": doer.person_id,
                "role": str(doer.role),
                "what": what,
                "subject": subject,
                "file": file,
                "from_state": before and str(before),
                "to_state": after and str(after),
                "reason": reason,
                "detail": detail,
            }
        )

    def person(
        self, role: Role, name: Name, email: str, locale: str, zone: str, since: datetime, reserve_id: int | None = None
    ) -> Actor:
        """Somebody with an account, and the role in which they act."""
        person = self.add(
            Person,
            ref=self.ref(),
            email=email,
            confirmed_at=since,
            full_name=name.full,
            called=name.given if role is Role.APPLICANT else "",
            latin_name=name.latin or "",
            folded_name=folded(f"{name.full} {name.latin or ''} {email}"),
            locale=locale,
            zone=zone,
            password=self._password,
            created_at=since,
        )
        membership = self.add(
            Membership, person_id=person["id"], role=role, reserve_id=reserve_id, starts_at=since, ends_at=None
        )
        return Actor(person["id"], role, reserve_id, membership["id"])
