"""Runs the match for a call: the inputs frozen as one document, the result kept whole or not at all."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import select, text, update

from internships.accounts.rules import CLOCK, Role
from internships.core import clock, history
from internships.core.faults import Busy
from internships.core.jobs import Claimed, Handler
from internships.core.poured import pour
from internships.core.writing import Transaction, write
from internships.cycles.models import Cycle
from internships.matching import records
from internships.matching.answers import answers_of, result_of, summary_of
from internships.matching.document import read_market
from internships.matching.drawing import Loaded
from internships.matching.improving import Goal, Reached, improve
from internships.matching.life import RUN, State
from internships.matching.models import MatchRun, Verdict
from internships.matching.optimum import Missing, NotPossible
from internships.matching.queries.market import TRIAL, load, lottery_of
from internships.matching.rules import BadMarket, Outcome
from internships.matching.whatif import hangs_on
from internships.matching.words import kept_of

Answer = TypeVar("Answer")
VERDICT = ("application_id", "choice_id", "position_id", "rank", "kind", "detail", "place")
SECONDS = 60.0  # for the goals that search
NOT_ANY_MORE = "cancelled before it was done"


async def run(job: Claimed) -> str:
    """Freeze, match, keep. A worker that dies in between leaves nothing but inputs, and the next one starts anew."""
    try:
        loaded = await _freeze(str(job.subject))
        if loaded is None or not await job.progress(30):
            return NOT_ANY_MORE
        reached = await _matched(job, loaded)
        if not await job.progress(60):
            return NOT_ANY_MORE
        kept = await asyncio.to_thread(_kept, loaded, reached)
    except Cancelled:
        return NOT_ANY_MORE
    except BadMarket as bad:
        return await _fail(str(job.subject), bad.place, bad.problem, bad.facts, str(bad))
    except Missing as missing:
        return await _fail(str(job.subject), "", "missing_extra", {}, str(missing))
    except NotPossible as no:
        return await _fail(str(job.subject), "", no.problem, {}, str(no))
    return await _keep(str(job.subject), *kept)


async def _matched(job: Claimed, loaded: Loaded) -> Reached:
    outcome = await asyncio.to_thread(loaded.market.match)
    if not (goal := job.payload.get("goal")):
        return Reached(outcome)
    return await _watched(job, lambda watch: improve(outcome, Goal(goal), seconds=SECONDS, watch=watch))


async def _freeze(ref: str) -> Loaded | None:
    """One look at the database, and the whole market as text; None when somebody cancelled."""
    async with write() as tx:
        await _one_moment(tx)
        found = await tx.take(MatchRun, MatchRun.ref == ref)
        if found.state == State.QUEUED:
            moved = (found.state, State(RUN.move("start", Role.CLOCK, found.state).to))
            found.state = moved[1]
            await history.record(tx, CLOCK, "run.start", found.ref, moved=moved)
        if found.state != State.RUNNING:
            return None
        asked = select(Cycle.lottery_text, Cycle.closes_at).where(Cycle.id == found.cycle_id)
        text_of_call, closes_at = (await tx.execute(asked)).one()
        loaded = await load(tx, found.cycle_id, lottery_of(text_of_call, closes_at, clock.now()))
        document = records.market_as_document(loaded.market)
        found.inputs = records.canonical(document)
        found.inputs_sha256 = records.digest(document)
        found.lottery = loaded.market.lottery
        found.rule_version = str(records.RULES)
        if found.lottery != TRIAL:
            # The first run after the closing opens the lottery.
            sealed = update(Cycle).where(Cycle.id == found.cycle_id, Cycle.lottery_opened_at.is_(None))
            await tx.execute(sealed.values(lottery_opened_at=clock.now()))
    return loaded


async def _one_moment(tx: Transaction) -> None:
    """Every statement of this transaction sees the same state; on SQLite that is so anyway."""
    if (await tx.connection()).dialect.name == "postgresql":
        await tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def _kept(loaded: Loaded, reached: Reached) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    outcome = reached.outcome
    result = result_of(outcome)
    values = {
        "result": json.dumps(result, ensure_ascii=False),
        "summary": {**summary_of(outcome, result), "gap": reached.gap and reached.gap._asdict()},
        "fingerprint": outcome.fingerprint,
    }
    return values, list(_verdicts(loaded, outcome))


def _verdicts(loaded: Loaded, outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    """In the order of VERDICT."""
    for pair, *answer in answers_of(outcome, loaded.wishes):
        yield (*loaded.wishes[pair], *answer)


async def _keep(ref: str, values: dict[str, Any], verdicts: Sequence[tuple[Any, ...]]) -> str:
    async with write() as tx:
        found = await tx.take(MatchRun, MatchRun.ref == ref)
        if found.state != State.RUNNING:
            return NOT_ANY_MORE
        await pour(tx, Verdict, VERDICT, verdicts, run_id=found.id)
        for name, value in values.items():
            setattr(found, name, value)
        moved = RUN.move("propose", Role.CLOCK, found.state)
        found.state, found.finished_at = State.PROPOSED, clock.now()
        await history.record(tx, CLOCK, "run.propose", ref, moved=(State.RUNNING, moved.to))
    return f"{values['summary']['placed']} of {values['summary']['applicants']} placed"


async def _fail(ref: str, place: str, problem: str, facts: Mapping[str, Any], said: str) -> str:
    async with write() as tx:
        found = await tx.take(MatchRun, MatchRun.ref == ref)
        if found.state not in RUN["fail"].from_:
            return NOT_ANY_MORE
        was, found.state = found.state, State.FAILED
        found.failure, found.finished_at = kept_of(place, problem, facts, said), clock.now()
        await history.record(tx, CLOCK, "run.fail", ref, moved=(was, State.FAILED), reason=said)
    return said


class Cancelled(Exception):
    """Somebody does not want it any more."""


async def _watched(job: Claimed, work: Callable[[Callable[[int], None]], Answer]) -> Answer:
    """Long work beside the loop: it says how far it is, keeps the lease, and stops when it was cancelled.

    A database that is busy hears about it a second later. However this ends, the work does not go on without it.

    Raises:
        Cancelled: it was.
    """
    percent, wanted = 0, True

    def watch(done: int) -> None:
        nonlocal percent
        percent = done
        if not wanted:
            raise Cancelled

    working = asyncio.create_task(asyncio.to_thread(work, watch))
    try:
        while not (await asyncio.wait([working], timeout=1))[0]:
            with suppress(Busy):
                wanted = await job.progress(min(percent, 99))
    finally:
        wanted = False
    return await working


async def work_out_sensitivity(job: Claimed) -> str:
    """How far a run hangs on seats, limits and lots; kept beside its result."""
    async with write() as tx:
        inputs = await tx.scalar(select(MatchRun.inputs).where(MatchRun.ref == job.subject))
    market = read_market(inputs or "")
    try:
        found = await _watched(job, lambda watch: hangs_on(market, watch))
    except Cancelled:
        return NOT_ANY_MORE
    async with write() as tx:
        kept = await tx.scalar(select(MatchRun.result).where(MatchRun.ref == job.subject))
        result = {**json.loads(kept or "{}"), "sensitivity": found}
        # The version stays: nothing that anybody approves has changed.
        changed = update(MatchRun).where(MatchRun.ref == job.subject)
        await tx.execute(changed.values(result=json.dumps(result, ensure_ascii=False)))
    return f"{found['lots']['draws']} draws"


JOBS: dict[str, Handler] = {"matching.run": run, "matching.sensitivity": work_out_sensitivity}
