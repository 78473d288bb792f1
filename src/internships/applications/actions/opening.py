"""Every change of a file begins here: its row is locked, and the deadline is checked, in one guarded statement."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from internships.accounts.queries import ME, NOW
from internships.accounts.rules import Actor
from internships.applications.answers import mark, overtaken
from internships.applications.models import Application
from internships.applications.rules import EDITABLE, Closed, State, shown_state
from internships.applications.words import CLOSED
from internships.core import clock
from internships.core.faults import NotFound, Stale
from internships.core.writing import Transaction
from internships.cycles.models import Cycle


class Opened(Struct, frozen=True):
    """The file as it stands, locked until the transaction ends."""

    id: int
    ref: str
    cycle_id: int
    born_on: date | None
    nationality: str | None
    residence: str | None
    town: str
    phone: str
    motivation: str
    motivation_language: str
    use_after: str
    done: list[str]
    begun: dict[str, dict[str, str]]
    saved_at: datetime
    state: State
    decided_at: datetime | None
    undo_minutes: int


class Overtaken(Stale):
    """Somebody, mostly the same person in another window, saved other answers in between."""

    def __init__(self, saved: dict[str, str], mark: str) -> None:
        super().__init__()
        self.saved, self.mark = saved, mark


_NEWEST = select(func.max(Application.cycle_id)).where(Application.person_id == ME).scalar_subquery()
MINE = and_(Application.person_id == ME, Application.cycle_id == _NEWEST)
STILL_OPEN = or_(
    and_(
        Application.state == State.DRAFT,
        exists().where(Cycle.id == Application.cycle_id, Cycle.closes_at > NOW).correlate(Application),
    ),
    and_(Application.state == State.COMPLETION_REQUESTED, Application.completion_until > NOW),
)
"""`rules.may_edit`, where the database holds the row meanwhile; whether that is announced, its caller looks."""
UNDO = select(Cycle.undo_minutes).where(Cycle.id == Application.cycle_id).correlate(Application).scalar_subquery()
_OPEN = (
    update(Application)
    .where(MINE, STILL_OPEN)
    .values(saved_at=NOW, version=Application.version + 1)
    .returning(*(UNDO if name == "undo_minutes" else getattr(Application, name) for name in Opened.__struct_fields__))
    .execution_options(synchronize_session=False)
)
_STANDS = select(Application.ref, Application.state, Application.decided_at, UNDO).where(MINE)


async def opened(tx: Transaction, actor: Actor) -> Opened:
    """The person's own file, to be changed.

    Raises:
        NotFound: they have none.
        Closed: it was sent, or its time is over.
    """
    now = clock.now()
    row = (await tx.execute(_OPEN, {**actor.own, "now": now})).first()
    if row is None:
        _ref, state = await stands(tx, actor)
        raise Closed(CLOSED[state])
    file = Opened(*row)
    shown = shown_state(file.state, file.decided_at, file.undo_minutes, now)
    if shown not in EDITABLE:
        raise Closed(CLOSED[shown])
    return file


async def stands(tx: Transaction, actor: Actor) -> tuple[str, State]:
    """Reference and state, as its person knows it, of a file that could not be opened, to say why.

    Raises:
        NotFound: there is none.
    """
    row = (await tx.execute(_STANDS, actor.own)).first()
    if row is None:
        raise NotFound
    ref, state, decided_at, undo_minutes = row
    return ref, shown_state(state, decided_at, undo_minutes, clock.now())


_CHANGED = update(Application).where(Application.id == bindparam("file")).execution_options(synchronize_session=False)


async def change(tx: Transaction, file: Opened, **values: Any) -> None:
    """Write answers into an opened file."""
    await tx.execute(_CHANGED.values(**values), {"file": file.id})


def without(file: Opened, page: str) -> dict[str, Any]:
    """What was typed on a page that is complete now is not kept aside any more."""
    if page not in file.begun:
        return {}
    return {"begun": {name: typed for name, typed in file.begun.items() if name != page}}


def not_overtaken(seen: str, saved: dict[str, str], mine: dict[str, str]) -> str:
    """The mark that the section has once `mine` is saved.

    Raises:
        Overtaken: the page showed something else than stands now, and saving would lose it.
    """
    if seen != mark(saved) and overtaken(mine, saved):
        raise Overtaken(saved, mark(saved))
    return mark(mine)
