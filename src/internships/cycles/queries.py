"""What can be seen of the call that is running: its dates, rules and words."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.accounts.models import Person
from internships.core.db import every, one, one_or_none
from internships.core.i18n import chosen
from internships.core.models import History
from internships.cycles.models import Criterion, Cycle
from internships.cycles.rules import SHOWN_TO_ALL, CallRules, Level, Stage, State, anchored_at, stage


class Call(Struct, frozen=True):
    """A call as every page needs it; nothing secret is in it."""

    id: int
    ref: str
    slug: str
    names: dict[str, Any]
    summaries: dict[str, Any]
    state: State
    zone: str
    opens_at: datetime
    closes_at: datetime
    rate_by: datetime
    results_on: date
    starts_on: date
    age_min: int | None
    age_max: int | None
    age_on: date | None
    min_isced_level: int | None
    languages: list[Any]
    nationalities: list[Any] | None
    choices_max: int
    answer_days: int
    completion_days: int
    undo_minutes: int
    min_reviews: int
    blind: bool
    needs_second_approval: bool
    contact: str
    lottery_seal: str | None
    lottery_sealed_at: datetime | None
    lottery_opened_at: datetime | None
    version: int

    @property
    def name(self) -> str:
        """In the language being spoken."""
        return chosen(self.names)[0]

    @property
    def summary(self) -> str:
        """In the language being spoken."""
        return chosen(self.summaries)[0]

    @property
    def rules(self) -> CallRules:
        """Who may apply."""
        return CallRules(
            age_min=self.age_min,
            age_max=self.age_max,
            age_on=self.age_on,
            min_isced_level=self.min_isced_level,
            languages=[(code, Level(level)) for code, level in self.languages],
            nationalities=self.nationalities,
            choices_max=self.choices_max,
        )

    def stage(self, now: datetime) -> Stage:
        """Where it stands for everybody at this instant."""
        return stage(self.state, self.opens_at, self.closes_at, now)

    def takes_applications(self, now: datetime) -> bool:
        """Whether it is open at this instant; the clock decides, not the last job."""
        return self.stage(now) == Stage.OPEN


COLUMNS = (
    Cycle.id, Cycle.ref, Cycle.slug, Cycle.name, Cycle.summary, Cycle.state, Cycle.zone, Cycle.opens_at,
    Cycle.closes_at, Cycle.rate_by, Cycle.results_on, Cycle.starts_on, Cycle.age_min, Cycle.age_max, Cycle.age_on,
    Cycle.min_isced_level, Cycle.languages, Cycle.nationalities, Cycle.choices_max, Cycle.answer_days,
    Cycle.completion_days, Cycle.undo_minutes, Cycle.min_reviews, Cycle.blind, Cycle.needs_second_approval,
    Cycle.contact, Cycle.lottery_seal, Cycle.lottery_sealed_at, Cycle.lottery_opened_at, Cycle.version,
)  # fmt: skip

_NEWEST = select(*COLUMNS).order_by(Cycle.id.desc()).limit(1)
SHOWN = Cycle.state.in_([state for state in State if state in SHOWN_TO_ALL])
_CURRENT = _NEWEST.where(SHOWN)
CURRENT = _CURRENT.with_only_columns(Cycle.id, maintain_column_froms=True).scalar_subquery()
"""The number of that call, inside a statement about what is offered in it."""
_BY_SLUG = select(*COLUMNS).where(SHOWN, Cycle.slug == bindparam("slug"))


async def current_call(db: AsyncConnection) -> Call | None:
    """The newest call that everybody may see; None before the first is announced."""
    return await one_or_none(Call, db, _CURRENT)


_WORKED_ON = _NEWEST.where(Cycle.state != State.ARCHIVED)
WORKED_ON = _WORKED_ON.with_only_columns(Cycle.id, maintain_column_froms=True).scalar_subquery()
"""The number of the call that staff work on, shown to all or not."""


async def worked_on(db: AsyncConnection) -> Call | None:
    """The newest call that is not archived, for staff."""
    return await one_or_none(Call, db, _WORKED_ON)


class Step(Struct, frozen=True):
    """One thing that was done with a call."""

    at: datetime
    what: str
    role: str
    by: str | None
    to: str | None


_STEPS = (
    select(History.at, History.what, History.role, Person.full_name, History.to_state)
    .outerjoin(Person, Person.id == History.person_id)
    .where(History.subject == bindparam("ref"), History.what.like("call.%"))
    .order_by(History.id.desc())
    .limit(50)
)


async def steps(db: AsyncConnection, ref: str) -> list[Step]:
    """What was done with a call, the latest first."""
    return await every(Step, db, _STEPS, {"ref": ref})


async def shown_call(db: AsyncConnection, slug: str) -> Call:
    """A call that everybody may see."""
    return await one(Call, db, _BY_SLUG, {"slug": slug})


class Scored(Struct, frozen=True):
    """A criterion of a call, as applicants read it."""

    labels: dict[str, Any]
    weight: int
    scale_max: int
    anchors: dict[str, Any]

    @property
    def label(self) -> str:
        """In the language being spoken."""
        return chosen(self.labels)[0]

    @property
    def anchored(self) -> list[tuple[int, str]]:
        """What the two ends and the middle of its scale mean, in the language being spoken."""
        return [(points, chosen(self.anchors.get(end))[0]) for points, end in anchored_at(self.scale_max).items()]


_CRITERIA = (
    select(Criterion.label, Criterion.weight, Criterion.scale_max, Criterion.anchors)
    .where(Criterion.cycle_id == bindparam("cycle_id"))
    .order_by(Criterion.place, Criterion.id)
)


async def criteria(db: AsyncConnection, cycle_id: int) -> list[Scored]:
    """What reviewers score in a call."""
    return await every(Scored, db, _CRITERIA, {"cycle_id": cycle_id})
