"""What has changed in the inputs of a run since it was made: nothing may have when it is approved."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from internships.core import clock
from internships.cycles.models import Cycle
from internships.matching.models import MatchRun
from internships.matching.queries.market import Reads, load, lottery_of
from internships.matching.records import canonical, digest, market_as_document
from internships.matching.terms import BadMarket


class Change(Struct, frozen=True):
    """One difference between then and now: `what` is a key of words.CHANGES, `about` the references or names."""

    what: str
    about: tuple[str, ...] = ()


class _Frozen(Struct, frozen=True):
    cycle_id: int
    inputs: str | None
    sha256: str | None
    lottery_text: str | None
    closes_at: datetime


_FROZEN = (
    select(MatchRun.cycle_id, MatchRun.inputs, MatchRun.inputs_sha256, Cycle.lottery_text, Cycle.closes_at)
    .join(Cycle, Cycle.id == MatchRun.cycle_id)
    .where(MatchRun.id == bindparam("run"))
)


async def what_changed(db: Reads, run_id: int) -> list[Change]:
    """Every difference between the frozen inputs of a run and the database of this moment; five statements."""
    frozen = _Frozen(*(await db.execute(_FROZEN, {"run": run_id})).one())
    if frozen.inputs is None:
        return [Change("run")]
    lottery = lottery_of(frozen.lottery_text, frozen.closes_at, clock.now())
    try:
        now = market_as_document((await load(db, frozen.cycle_id, lottery)).market)
    except BadMarket:
        return [Change("rules")]
    if digest(now) == frozen.sha256:
        return []
    # Through text, so that both sides are what JSON makes of them.
    return list(differences(json.loads(frozen.inputs), json.loads(canonical(now)))) or [Change("rules")]


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    if then["lottery"] != now["lottery"]:
        yield Change("lottery")
    yield from _between("applicant", then["applicants"], now["applicants"])
    yield from _positions(then["positions"], now["positions"])
    yield from _between("lock", then["locked"], now["locked"])
    yield from _between("minimum", then["minimums"], now["minimums"])
    yield from _between("limit", *({limit["name"]: limit for limit in side["limits"]} for side in (then, now)))
    yield from _between("reserve", *({(r["position"], r["name"]): r for r in side["reserved"]} for side in (then, now)))
    yield from _between("bar", *({(who, at): why for who, at, why in side["barred"]} for side in (then, now)))
    yield from _between("team", *({tuple(t["members"]): t for t in side["teams"]} for side in (then, now)))


def _positions(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    yield from _between("seats", *({name: one["capacity"] for name, one in side.items()} for side in (then, now)))
    for name in sorted(then.keys() & now.keys()):
        if then[name]["ranking"] != now[name]["ranking"]:
            yield Change("ranking_changed", (name,))


def _between(what: str, then: Mapping[Any, Any], now: Mapping[Any, Any]) -> Iterator[Change]:
    for name in sorted(then.keys() | now.keys()):
        about = (name,) if isinstance(name, str) else name
        if name not in now:
            yield Change(f"{what}_gone", about)
        elif name not in then:
            yield Change(f"{what}_new", about)
        elif then[name] != now[name]:
            yield Change(f"{what}_changed", about)
