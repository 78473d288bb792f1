"""What staff see of runs: the list, one run with its result and its inputs, and what people call its references."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from internships.accounts.models import Person
from internships.applications.models import Application
from internships.core.db import every, one
from internships.core.faults import NotFound
from internships.core.i18n import speaking
from internships.core.models import Job, JobState
from internships.cycles.models import Cycle
from internships.cycles.queries import WORKED_ON
from internships.cycles.rules import RESULTS_ARE_OUT
from internships.cycles.rules import State as Call
from internships.matching.improving import breaks_rules, passed_over
from internships.matching.life import State
from internships.matching.models import MatchRun
from internships.matching.rules import Market, Outcome
from internships.reserves.models import Position
from internships.reserves.queries import TITLE

REF: BindParameter[str] = bindparam("ref")


class RunLine(Struct, frozen=True):
    """A line of the list of runs."""

    ref: str
    name: str
    state: State
    summary: dict[str, Any] | None
    improvement: str
    made_by: str
    made_at: datetime
    fingerprint: str | None

    @property
    def is_working(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}


_LIST = (
    select(
        MatchRun.ref,
        MatchRun.name,
        MatchRun.state,
        MatchRun.summary,
        MatchRun.improvement,
        Person.full_name,
        MatchRun.made_at,
        MatchRun.fingerprint,
    )
    .join(Person, Person.id == MatchRun.made_by)
    .where(MatchRun.cycle_id == WORKED_ON)
    .order_by(MatchRun.id.desc())
    .limit(50)
)


async def listed(db: AsyncConnection) -> list[RunLine]:
    """The runs of the current call, newest first."""
    return await every(RunLine, db, _LIST)


class Result(Struct, frozen=True):
    """What was kept of an outcome besides the answers."""

    matching: dict[str, str | None]
    reserved: dict[str, str]
    cutoffs: dict[str, dict[str, int]]
    closed: list[str]
    seats: dict[str, int]
    locked: dict[str, str]
    limits: list[dict[str, Any]]
    proof: dict[str, list[Any]]
    stable: bool
    truthful: bool
    teams_settled: bool
    profile: dict[str, int]
    adopted: str = ""
    board_sha256: str = ""
    sensitivity: dict[str, Any] | None = None

    def outcome(self, market: Market) -> Outcome:
        """All that can be asked about it again."""
        return Outcome(
            market=market,
            lottery=market.lottery,
            places=self.matching,
            on_reserved_seat=self.reserved,
            closed=tuple(self.closed),
            teams_settled=self.teams_settled,
            adopted=self.adopted,
        )


class Run(Struct, frozen=True):
    """One run, without its inputs."""

    id: int
    ref: str
    version: int
    cycle_id: int
    name: str
    state: State
    summary: dict[str, Any] | None
    kept: str | None
    failure: str
    improvement: str
    lottery: str
    inputs_sha256: str | None
    rule_version: str
    fingerprint: str | None
    made_by: str
    made_at: datetime
    finished_at: datetime | None
    first_approver: int | None
    first_approved_by: str | None
    first_approved_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    needs_second_approval: bool
    zone: str
    closes_at: datetime
    call_state: Call
    progress: int | None

    @property
    def result(self) -> Result:
        """The outcome.

        Raises:
            NotFound: the run has none.
        """
        if self.kept is None:
            raise NotFound
        return msgspec.json.decode(self.kept, type=Result)

    @property
    def is_working(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def may_be_approved(self) -> bool:
        return self.waits_for_approval and self.call_state not in RESULTS_ARE_OUT and not self.breaks_rules

    @property
    def only_looks_ahead(self) -> bool:
        return self.waits_for_approval and self.call_state in RESULTS_ARE_OUT

    @property
    def breaks_rules(self) -> bool:
        """The proof found what nothing excuses."""
        return breaks_rules(self.summary or {}, self.improvement)

    @property
    def passed_over(self) -> int:
        """So many pairs would both change, and the goal of this run does not ask them."""
        return passed_over(self.summary or {}, self.improvement)

    @property
    def waits_for_approval(self) -> bool:
        return self.state in {State.PROPOSED, State.FIRST_APPROVED}


_maker, _first, _second = aliased(Person), aliased(Person), aliased(Person)
_RUNS = (
    select(
        MatchRun.id, MatchRun.ref, MatchRun.version, MatchRun.cycle_id, MatchRun.name, MatchRun.state, MatchRun.summary,
        MatchRun.result, MatchRun.failure, MatchRun.improvement, MatchRun.lottery, MatchRun.inputs_sha256,
        MatchRun.rule_version, MatchRun.fingerprint, _maker.full_name, MatchRun.made_at, MatchRun.finished_at,
        MatchRun.first_approved_by, _first.full_name, MatchRun.first_approved_at, _second.full_name, MatchRun.approved_at,
        Cycle.needs_second_approval, Cycle.zone, Cycle.closes_at, Cycle.state,
        select(Job.progress)
        .where(Job.subject == MatchRun.ref)
        .order_by(Job.id.desc())
        .limit(1)
        .correlate(MatchRun)
        .scalar_subquery(),
    )
    .join(Cycle, Cycle.id == MatchRun.cycle_id)
    .join(_maker, _maker.id == MatchRun.made_by)
    .outerjoin(_first, _first.id == MatchRun.first_approved_by)
    .outerjoin(_second, _second.id == MatchRun.approved_by)
)  # fmt: skip
_ONE = _RUNS.where(MatchRun.ref == REF)


async def run(db: AsyncConnection, ref: str) -> Run:
    """One run by its reference."""
    return await one(Run, db, _ONE, {"ref": ref})


class WithInputs(Struct, frozen=True):
    """A run and its inputs, for what is worked out from them."""

    run: Run
    text: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.text)
        return found


_WITH_INPUTS = _RUNS.add_columns(MatchRun.inputs).where(MatchRun.ref.in_(bindparam("refs", expanding=True)))


async def with_inputs(db: AsyncConnection, ref: str) -> WithInputs:
    """A finished run with its inputs.

    Raises:
        NotFound: no such run, or it has no result.
    """
    return (await two_with_inputs(db, ref, ref))[0]


async def two_with_inputs(db: AsyncConnection, ref: str, other: str) -> tuple[WithInputs, WithInputs]:
    """Two finished runs, each with its inputs.

    Raises:
        NotFound: one of them does not exist, or has no result.
    """
    rows = (await db.execute(_WITH_INPUTS, {"refs": [ref, other]})).all()
    found = {row[1]: WithInputs(Run(*row[:-1]), row[-1]) for row in rows}
    if not {ref, other} <= found.keys() or any(each.run.kept is None for each in found.values()):
        raise NotFound
    return found[ref], found[other]


class _Document(Struct, frozen=True):
    name: str
    text: str | None


async def inputs(db: AsyncConnection, ref: str) -> str:
    """The frozen inputs of a run, exactly as they were hashed."""
    found = await one(_Document, db, select(MatchRun.name, MatchRun.inputs).where(MatchRun.ref == REF), {"ref": ref})
    if found.text is None:
        raise NotFound
    return found.text


class Named(Struct, frozen=True):
    """What people call a reference."""

    ref: str
    name: str


_PEOPLE_NAMES = (
    select(Application.ref, Person.full_name)
    .join(Person, Person.id == Application.person_id)
    .where(Application.ref.in_(bindparam("refs", expanding=True)))
)
_POSITION_NAMES = select(Position.ref, TITLE).where(Position.ref.in_(bindparam("refs", expanding=True)))
NAMED = _PEOPLE_NAMES.union_all(_POSITION_NAMES)
"""The applications and positions with these references, and what people call them."""


async def names(db: AsyncConnection, refs: Iterable[str]) -> dict[str, str]:
    """What people call these applications and positions."""
    asked = sorted(set(refs))
    if not asked:
        return {}
    found = await every(Named, db, NAMED, {"refs": asked, "spoken": speaking()})
    return {each.ref: each.name for each in found}


_TRIED_OUT = select(
    exists(
        select(Job.id).where(
            Job.subject == REF,
            Job.kind == "matching.sensitivity",
            Job.state.in_([JobState.WAITING, JobState.RUNNING]),
        )
    )
)


async def is_tried_out(db: AsyncConnection, ref: str) -> bool:
    """Whether the worker is finding out what a run hangs on."""
    return bool(await db.scalar(_TRIED_OUT, {"ref": ref}))
