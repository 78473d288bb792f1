"""The market of a call as the database has it at one moment, with references as names."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    literal,
    null,
    or_,
    select,
    table,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import String

from internships.applications.models import Application, Choice, LanguageSkill
from internships.applications.rules import ChoiceState
from internships.applications.rules import State as Application_
from internships.core.db import Json
from internships.matching.drawing import Loaded, Rows, drawn
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve, Team, TeamMember
from internships.reserves.models import Position, PositionLanguage
from internships.reserves.rules import State as Position_
from internships.reviews.models import Rating

Reads = AsyncConnection | AsyncSession
TRIAL = "a trial before the call closed"
"""The lottery of runs made before the call closed: the sealed text is not used up for them, so they can't be approved."""

CYCLE: BindParameter[int] = bindparam("cycle")
_LEAVING: BindParameter[int] = bindparam("leaving", value=0, type_=Integer)
"""A position that drops out. The market is then drawn with every seat given back; 0 leaves seats with who holds them."""

# Offers belong to a later part of the house; who holds a seat already is all that is asked of them here.
_OFFER = table("offer", column("application_id"), column("state"))
_HOLDS_A_SEAT = (
    select(_OFFER.c.application_id)
    .where(_OFFER.c.application_id == Application.id, _OFFER.c.state.in_(["issued", "accepted"]))
    .correlate(Application)
    .exists()
)
TAKES_PART: ColumnElement[bool] = and_(
    Application.cycle_id == CYCLE, Application.state == Application_.ELIGIBLE, or_(_LEAVING > 0, ~_HOLDS_A_SEAT)
)
"""Eligible, and not yet holding a seat."""

RANKED_IN = case((Choice.state == ChoiceState.ACCEPTABLE, Rating.tier))
"""The tier in which the host has a choice; nothing when the host would not take the person, or has not said."""

_CHOICES = (
    select(
        Application.id,
        Application.ref,
        Application.isced_level,
        Application.residence,
        Choice.id,
        Choice.position_id,
        Choice.rank,
        RANKED_IN,
    )
    .outerjoin(Choice, and_(Choice.application_id == Application.id, Choice.state != ChoiceState.RELEASED))
    .outerjoin(Rating, Rating.choice_id == Choice.id)
    .where(TAKES_PART)
    .order_by(Application.id, Choice.rank)
)
_POSITIONS = (
    select(
        Position.id,
        Position.ref,
        Position.seats,
        case((_LEAVING > 0, 0), else_=Position.held),
        Position.min_seats,
        and_(Position.state == Position_.PUBLISHED, Position.id != _LEAVING),
        Position.min_isced_level,
        Position.reserve_id,
        PositionLanguage.code,
        type_coerce(PositionLanguage.level, String),
    )
    .outerjoin(PositionLanguage, and_(PositionLanguage.position_id == Position.id, PositionLanguage.required.is_(True)))
    .where(Position.cycle_id == CYCLE)
    .order_by(Position.id, PositionLanguage.code)
)
_REQUIRED = select(PositionLanguage.code).where(PositionLanguage.required.is_(True)).scalar_subquery()
_SKILLS = (
    select(LanguageSkill.application_id, LanguageSkill.code, type_coerce(LanguageSkill.level, String))
    .join(Application, Application.id == LanguageSkill.application_id)
    .where(TAKES_PART, LanguageSkill.code.in_(_REQUIRED))
)


def _rule(kind: str, of: Any, *, first: Any = None, second: Any = None, name: Any = "", **more: Any) -> Select[Any]:
    number, listed = more.get("number"), more.get("listed")
    nothing = cast(null(), Integer)
    columns = [nothing if each is None else each for each in (first, second, number)]
    return select(
        literal(kind), *columns, literal(name) if name == "" else name, cast(null(), Json) if listed is None else listed
    ).where(of.cycle_id == CYCLE)


def _member(side: int) -> Any:
    here = TeamMember.team_id == Team.id, TeamMember.side == side
    return select(TeamMember.application_id).where(*here).correlate(Team).scalar_subquery()


_RULES = union_all(
    _rule("limit", MatchLimit, name=MatchLimit.name, number=MatchLimit.seats, listed=MatchLimit.over),
    _rule(
        "reserve",
        MatchReserve,
        first=MatchReserve.position_id,
        second=cast(MatchReserve.open_first, Integer),
        name=MatchReserve.name,
        number=MatchReserve.seats,
        listed=MatchReserve.countries,
    ),
    _rule("bar", MatchBar, first=MatchBar.application_id, second=MatchBar.position_id, name=MatchBar.reason),
    _rule("lock", MatchLock, first=MatchLock.application_id, second=MatchLock.position_id),
    _rule("team", Team, first=_member(1), second=_member(2)),
)


def lottery_of(text: str | None, closes_at: datetime, now: datetime) -> str:
    """Before the call closes a run draws other lots than the sealed ones, so that nobody knows those early."""
    return text or "" if now >= closes_at else TRIAL


async def rows(db: Reads, cycle_id: int, *, leaving: int = 0) -> Rows:
    """The rows of a call, in four statements; with every seat given back when a position is leaving."""
    bound = {"cycle": cycle_id, "leaving": leaving}
    return Rows(*[(await db.execute(asked, bound)).all() for asked in (_POSITIONS, _CHOICES, _SKILLS, _RULES)])


async def load(db: Reads, cycle_id: int, lottery: str) -> Loaded:
    """The market of a call, in four statements.

    Raises:
        BadMarket: its rules contradict each other.
    """
    return drawn(await rows(db, cycle_id), lottery)
