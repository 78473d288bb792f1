"""A named person approves a run: offers, waiting lists and letters are written, all of them or none."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from internships.accounts.models import Person
from internships.accounts.rules import CLOCK, Actor
from internships.applications.models import Application, Choice
from internships.applications.rules import State as ApplicationState
from internships.core import clock, history, jobs, outbox
from internships.core.faults import Refused, Stale
from internships.core.i18n import lazy as _
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.cycles.rules import CYCLE
from internships.cycles.rules import State as CycleState
from internships.matching.drawing import Wish
from internships.matching.improving import breaks_rules, passed_over
from internships.matching.life import RUN, State
from internships.matching.models import MatchRun, Verdict
from internships.matching.queries.changes import Change, what_changed
from internships.placements import letters
from internships.placements.actions.seats import expiry, offer_row, reader_of, take_seats
from internships.placements.models import Offer, Waiting
from internships.placements.rules import WaitingState
from internships.reserves.models import Position

Pairs = dict[str, str]
"""Application reference to position reference."""


class InputsChanged(Stale):
    """Something that the run was made from is different now; `changes` lists what."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__(_("Something that the run was made from has changed since. Run the match again."))
        self.changes = changes


class PassesOver(Refused):
    """The goal of the run passes over pairs that would both change, and nobody has said that they know it."""

    def __init__(self) -> None:
        super().__init__(_("Tick the box to say that you know what this goal gives up."))


async def approve(actor: Actor, ref: str, *, version: int, knowing: bool = False) -> bool:
    """Approve a run as a named person. False when a second person still has to.

    Args:
        knowing: whether they say that they know whom the goal of the run passes over.

    Raises:
        NotFound: no such run.
        InputsChanged: an input is not what it was when the run was made.
        Stale: somebody approved it in between.
        Refused: it can't be approved, or the second approval is by the same person.
    """
    try:
        async with write() as tx:
            run = await tx.take(MatchRun, MatchRun.ref == ref, version=version)
            cycle = await tx.take(Cycle, Cycle.id == run.cycle_id)
            RUN.move("approve", actor.role, run.state)
            if changes := await what_changed(tx, run.id):
                raise InputsChanged(changes)
            _proved(run, knowing)
            if cycle.needs_second_approval and run.state == State.PROPOSED:
                await _first(tx, actor, run)
                return False
            if run.first_approved_by == actor.person_id:
                raise Refused(_("You approved this run first; the second approval is for another person."))
            await _release(tx, actor, run, cycle)
            return True
    except IntegrityError as error:
        raise Refused(_("A seat or a person was taken in between. Run the match again.")) from error


def _proved(run: MatchRun, knowing: bool) -> None:
    found = run.summary or {}
    if breaks_rules(found, run.improvement):
        raise Refused(_("The proof found something that breaks the rules. This run can't be approved."))
    if passed_over(found, run.improvement) and not knowing:
        raise PassesOver


async def _first(tx: Transaction, actor: Actor, run: MatchRun) -> None:
    before = run.state
    run.state = State(RUN.move("approve_first", actor.role, before).to)
    run.first_approved_by, run.first_approved_at = actor.person_id, clock.now()
    await history.record(tx, actor, "run.approve_first", run.ref, moved=(before, run.state))


async def _release(tx: Transaction, actor: Actor, run: MatchRun, cycle: Cycle) -> None:
    now, before = clock.now(), run.state
    run.state = State(RUN.move("approve", actor.role, before).to)
    run.approved_by, run.approved_at = actor.person_id, now
    told = [_closed(cycle)] if cycle.state == CycleState.OPEN and cycle.closes_at <= now else []
    moved = (cycle.state, CycleState(CYCLE.move("release_results", actor.role, cycle.state).to))
    cycle.state = moved[1]
    await tx.flush()

    pairs: Pairs = {a: p for a, p in json.loads(run.result or "{}")["matching"].items() if p}
    offers = await _offers(tx, run, cycle, pairs)
    await _waiting_lists(tx, run, pairs)
    await _letters(tx, run, cycle, offers)
    told += [
        history.row(
            actor,
            "offer.issue",
            offer["ref"],
            file=offer["application"],
            moved=(None, offer["state"]),
            detail={"run": run.ref},
        )
        for offer in offers
    ]
    told.append(history.row(actor, "run.approve", run.ref, moved=(before, run.state), detail=_what(run, offers)))
    told.append(history.row(actor, "call.release_results", cycle.ref, moved=moved))
    await history.record_all(tx, told)


def _what(run: MatchRun, offers: list[dict[str, Any]]) -> dict[str, Any]:
    """With another goal, the trace says which, and how many pairs it passes over."""
    detail: dict[str, Any] = {"offers": len(offers)}
    if run.improvement:
        detail |= {"goal": run.improvement, "passed_over": passed_over(run.summary or {}, run.improvement)}
    return detail


def _closed(cycle: Cycle) -> dict[str, Any]:
    """A call is closed by its instant; the trace says so when the next step is taken."""
    was, cycle.state = cycle.state, CycleState(CYCLE.move("close", CLOCK.role, cycle.state).to)
    return history.row(CLOCK, "call.close", cycle.ref, moved=(was, cycle.state))


async def _offers(tx: Transaction, run: MatchRun, cycle: Cycle, pairs: Pairs) -> list[dict[str, Any]]:
    """Take the seats, guarded by the database, and write the offers with their clocks."""
    asked = (
        select(
            Application.id, Application.ref, Application.person_id, Choice.id, Position.id, Choice.rank, Position.ref
        )
        .join(Choice, Choice.application_id == Application.id)
        .join(Position, Position.id == Choice.position_id)
        .where(Application.cycle_id == run.cycle_id, Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    offers: list[dict[str, Any]] = []
    for application_id, application, person_id, choice_id, position_id, rank, position in await tx.execute(asked):
        if pairs.get(application) == position:
            wish = Wish(application_id, choice_id, position_id, rank)
            row = offer_row(cycle, wish, person_id, wave=1, run_id=run.id)
            offers.append({**row, "application": application})
    if len(offers) != len(pairs):
        raise Stale(_("Somebody in this result is not eligible any more. Run the match again."))
    if not await take_seats(tx, Counter(offer["position_id"] for offer in offers)):
        raise Refused(_("A position has fewer free seats than the result gives. Run the match again."))
    if offers:
        await tx.execute(insert(Offer), [{k: v for k, v in o.items() if k != "application"} for o in offers])
        await jobs.later_all(tx, [expiry(offer["ref"], offer["answer_by"]) for offer in offers])
    return offers


async def _waiting_lists(tx: Transaction, run: MatchRun, pairs: Pairs) -> None:
    """Everybody whom a host would take and who got nothing they like as much, in the order of the run."""
    asked = (
        select(
            Verdict.application_id, Verdict.choice_id, Verdict.position_id, Verdict.rank, Verdict.place,
            Application.ref.label("application"), Position.ref.label("position"),
        )
        .join(Application, Application.id == Verdict.application_id)
        .join(Position, Position.id == Verdict.position_id)
        .where(Verdict.run_id == run.id, Verdict.place.is_not(None))
        .order_by(Verdict.position_id, Verdict.place)
    )  # fmt: skip
    found = (await tx.execute(asked)).all()
    placed_at = {row.application_id: row.rank for row in found if pairs.get(row.application) == row.position}
    rows = [
        {
            "cycle_id": run.cycle_id,
            "position_id": row.position_id,
            "application_id": row.application_id,
            "choice_id": row.choice_id,
            "place": row.place,
            "state": WaitingState.WAITING,
        }
        for row in found
        if row.rank < placed_at.get(row.application_id, row.rank + 1)
    ]
    if rows:
        await tx.execute(insert(Waiting), rows)


async def _letters(tx: Transaction, run: MatchRun, cycle: Cycle, offers: list[dict[str, Any]]) -> None:
    """One letter to each person: an offer, or that there is an answer."""
    offered = {offer["application_id"]: offer for offer in offers}
    asked = (
        select(Application.id, Application.ref, Person)
        .join(Person, Person.id == Application.person_id)
        .where(Application.cycle_id == run.cycle_id, Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.id)
    )
    written = []
    for application_id, application, person in await tx.execute(asked):
        reader, offer = reader_of(person), offered.get(application_id)
        written.append(
            letters.offered(reader, offer["ref"], application, offer["answer_by"], cycle.zone)
            if offer
            else letters.results(reader, run.ref, application)
        )
    await outbox.post(tx, *written)
