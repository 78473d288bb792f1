"""What hosts do: say whether there is a tie, short-list, pass over, rate, refuse, and think again."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BindParameter, Table, and_, bindparam, delete, select, update

from internships.accounts.rules import Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import CHOICE, ChoiceState
from internships.applications.rules import State as ApplicationState
from internships.core import clock, history
from internships.core.faults import NotFound, Refused, Stale
from internships.core.gathered import gathered
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import ReasonKind
from internships.reserves.models import Position
from internships.reviews.models import Conflict, Rating
from internships.reviews.queries.positions import visible_to
from internships.reviews.rules import READ, Answer, way

GONE = _("This person is no longer a candidate for this position, so nothing was changed.")
CLOSED = _("The time for ratings has passed, so nothing was changed. If you need more time, write to the programme.")
SAY_FIRST = _("Say first whether you have a tie to this person.")
TIED = _("You said that you have a tie to this person. A colleague of your reserve decides.")
NO_SUCH_REASON = _("This reason is not on the list any more. Choose another one.")

JUDGED = frozenset({ChoiceState.ACCEPTABLE, ChoiceState.NOT_ACCEPTABLE, ChoiceState.NOT_SHORTLISTED})
"""Where a rating row says how much, or why not."""
WITH_REASON = frozenset({ChoiceState.NOT_ACCEPTABLE, ChoiceState.NOT_SHORTLISTED})


class UnlistedReason(Refused):
    """The reason is not, or no longer, on the call's list."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a host says of a tie to one candidate."""

    has_tie: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A choice that is to change, with all that the decision depends on."""

    choice: Choice
    file_id: int
    file: str
    state: ApplicationState
    has_tie: bool | None
    rating: Rating | None
    reasons: frozenset[str]


_REASONS = gathered(
    select(Reason.code).where(Reason.cycle_id == Cycle.id, Reason.kind == ReasonKind.NOT_ACCEPTABLE), of=Cycle
)
_REFS: BindParameter[list[str]] = bindparam("refs", expanding=True)
# Shared with other hosts, and kept from whoever approves a run: a rating is in the run, or the results are out for it.
_CALL = (
    select(Cycle.id, Cycle.state, Cycle.rate_by)
    .where(Cycle.id.in_(select(Application.cycle_id).join(Choice).where(Choice.ref.in_(_REFS))))
    .with_for_update(read=True)
    .cte("call")
)
_TAKEN = (
    select(
        Choice, Application.id, Application.ref, Application.state, Conflict.has_tie, Rating, _REASONS, _CALL.c.state,
        _CALL.c.rate_by,
    )
    .select_from(Choice)
    .join(Position, Position.id == Choice.position_id)
    .join(Application, Application.id == Choice.application_id)
    .join(Cycle, Cycle.id == Application.cycle_id)
    .join(_CALL, _CALL.c.id == Cycle.id)
    .outerjoin(Rating, Rating.choice_id == Choice.id)
    .where(Application.state.in_([ApplicationState.ELIGIBLE, ApplicationState.WITHDRAWN]))
    .order_by(Choice.id)
    .execution_options(populate_existing=True)
)  # fmt: skip


async def _take(tx: Transaction, actor: Actor, refs: list[str]) -> list[_Taken]:
    """Lock the choices, always in the same order.

    Raises:
        NotFound: one is unknown, or belongs to another reserve.
        Refused: one was withdrawn, or the time has passed.
    """
    mine = and_(Conflict.application_id == Application.id, Conflict.person_id == actor.person_id)
    asked = _TAKEN.outerjoin(Conflict, mine).where(Choice.ref.in_(_REFS), visible_to(actor.role))
    rows = (await tx.execute(asked.with_for_update(of=Choice), {**actor.own, "refs": refs})).all()
    if len(rows) != len(set(refs)):
        raise NotFound
    taken = []
    for choice, file_id, file, state, has_tie, rating, reasons, call_state, rate_by in rows:
        if state != ApplicationState.ELIGIBLE or choice.state == ChoiceState.RELEASED:
            raise Refused(GONE)
        if call_state not in READ or clock.now() >= rate_by:
            raise Refused(CLOSED)
        codes = frozenset(code for (code,) in reasons)
        taken.append(_Taken(choice, file_id, file, state, has_tie, rating, codes))
    return taken


async def declare(actor: Actor, said: dict[str, Declared]) -> None:
    """Say of each candidate whether there is a tie. A decision of mine about somebody I am tied to is taken back.

    Raises:
        Refused: a tie was declared before; whoever has one can't take it back, and decide after all.
    """
    async with write() as tx:
        taken = await _take(tx, actor, list(said))
        await _no_tie_is_denied(tx, actor, [one.file_id for one in taken if not said[one.choice.ref].has_tie])
        now = clock.now()
        rows = [
            {
                "person_id": actor.person_id,
                "application_id": one.file_id,
                "has_tie": said[one.choice.ref].has_tie,
                "text": said[one.choice.ref].words,
                "declared_at": now,
            }
            for one in taken
        ]
        await tx.put(Conflict, rows, "person_id", "application_id")
        trace = [
            history.row(
                actor,
                "conflict.declare",
                one.choice.ref,
                file=one.file,
                reason=said[one.choice.ref].words,
                detail={"tie": said[one.choice.ref].has_tie},
            )
            for one in taken
        ]
        mine = [
            (one, Answer(ChoiceState.WAITING))
            for one in taken
            if said[one.choice.ref].has_tie and one.rating and one.rating.rated_by == actor.person_id
        ]
        await _store(tx, actor, mine, trace)


async def _no_tie_is_denied(tx: Transaction, actor: Actor, files: list[int]) -> None:
    """Asked while the choices are locked, so that of two answers at once the second sees the first."""
    mine = Conflict.person_id == actor.person_id, Conflict.application_id.in_(files), Conflict.has_tie
    if files and await tx.scalar(select(Conflict.id).where(*mine).limit(1)) is not None:
        raise Refused(TIED)


async def decide(actor: Actor, answers: dict[str, tuple[int, Answer]]) -> None:
    """Bring choices where the host wants them; all of them, or none.

    Args:
        actor: a host.
        answers: for each choice, the version that the host had seen, and the answer.

    Raises:
        Stale: somebody decided about one in between.
        Refused: a tie was not denied, or the reason is not on the list.
    """
    async with write() as tx:
        taken = await _take(tx, actor, list(answers))
        for one in taken:
            version, answer = answers[one.choice.ref]
            _check(one, version, answer)
        await _store(tx, actor, [(one, answers[one.choice.ref][1]) for one in taken], [])


def _check(one: _Taken, version: int, answer: Answer) -> None:
    if one.has_tie is None:
        raise Refused(SAY_FIRST)
    if one.has_tie:
        raise Refused(TIED)
    if one.choice.version != version:
        raise Stale
    if answer.to in WITH_REASON and answer.reason not in one.reasons:
        raise UnlistedReason(NO_SUCH_REASON)


_MOVED = (
    update(cast("Table", Choice.__table__))
    .where(Choice.id == bindparam("of"))
    .values(state=bindparam("to"), version=Choice.version + 1)
)


async def _store(
    tx: Transaction, actor: Actor, decided: list[tuple[_Taken, Answer]], trace: list[dict[str, Any]]
) -> None:
    """Choices, ratings and trace: a statement each, however many there are."""
    if decided:
        # A statement of its own for all rows: the session would send one for each.
        await tx.execute(_MOVED, [{"of": one.choice.id, "to": answer.to} for one, answer in decided])
    await tx.put(Rating, [_rating(actor, one, answer) for one, answer in decided if answer.to in JUDGED], "choice_id")
    undone = [one.choice.id for one, answer in decided if answer.to not in JUDGED and one.rating]
    if undone:
        await tx.execute(delete(Rating).where(Rating.choice_id.in_(undone)))
    await history.record_all(tx, trace + [row for one, answer in decided for row in _trace(actor, one, answer)])


def _rating(actor: Actor, one: _Taken, answer: Answer) -> dict[str, Any]:
    before = one.rating.note if one.rating else ""
    return {
        "choice_id": one.choice.id,
        "position_id": one.choice.position_id,
        "tier": answer.tier,
        "reason": answer.reason,
        "note": before if answer.note is None else answer.note,
        "rated_by": actor.person_id,
        "rated_at": clock.now(),
        "version": one.rating.version + 1 if one.rating else 1,
    }


def _trace(actor: Actor, one: _Taken, answer: Answer) -> list[dict[str, Any]]:
    """A row for each move on the way; one for a tier that changed without a move."""
    state = one.choice.state
    last: dict[str, Any] = {"reason": answer.reason, "detail": {"tier": answer.tier} if answer.tier else None}
    rows = []
    verbs = way(state, answer.to)
    for verb in verbs:
        to = ChoiceState(CHOICE.move(verb, actor.role, state).to)
        more = last if verb == verbs[-1] else {}
        rows.append(history.row(actor, f"choice.{verb}", one.choice.ref, file=one.file, moved=(state, to), **more))
        state = to
    if not verbs and one.rating and (one.rating.tier, one.rating.reason) != (answer.tier, answer.reason):
        rows.append(history.row(actor, "choice.rate", one.choice.ref, file=one.file, moved=(state, state), **last))
    return rows
