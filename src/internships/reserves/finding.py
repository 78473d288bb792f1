"""Which reserves and positions somebody is looking for, and the page of a list that shows them."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Boolean, ColumnElement, Float, Integer, String, and_, bindparam, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.core.db import every
from internships.core.gathered import gathered
from internships.core.i18n import speaking
from internships.core.text import folded, literal
from internships.cycles.queries import CURRENT
from internships.reserves.map import Box
from internships.reserves.models import Position, PositionLanguage, Reserve
from internships.reserves.queries import TITLE, TITLE_LANGUAGE
from internships.reserves.rules import FieldLevel, State

PAGE: Final = 25
EVERYWHERE: Final = Box(-90, -180, 90, 180)


class Wanted(Struct, frozen=True):
    """What the filters ask for; nothing named is no limit."""

    q: str = ""
    region: str | None = None
    country: str | None = None
    month: int | None = None
    language: str | None = None
    theme: str | None = None
    free: bool = False
    within: Box | None = None

    def bound(self, page: int) -> dict[str, Any]:
        """As the statements take it."""
        box = self.within or EVERYWHERE
        return {
            "spoken": speaking(),
            "like": f"%{literal(folded(self.q))}%",
            "region": self.region,
            "country": self.country and f'%"{self.country}"%',
            "month": self.month and f"{self.month:02}",
            "language": self.language,
            "speaks": self.language and f'%"{self.language}"%',
            "theme": self.theme,
            "free": self.free,
            "boxed": self.within is not None,
            "south": box.south,
            "west": box.west,
            "north": box.north,
            "east": box.east,
            "skipped": (page - 1) * PAGE,
        }


def _given(name: str) -> Any:
    return bindparam(name, type_=String())


def _if_given(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(_given(name).is_(None), condition)


_month = _given("month")
_first, _last = func.substr(Position.season_start, 1, 2), func.substr(Position.season_end, 1, 2)
_IN_SEASON = or_(
    and_(Position.season_start <= Position.season_end, _first <= _month, _last >= _month),
    and_(Position.season_start > Position.season_end, or_(_first <= _month, _last >= _month)),
)
_free = bindparam("free", type_=Boolean())
_OFFERED = and_(Position.cycle_id == CURRENT, Position.state == State.PUBLISHED)
_SUITS = and_(
    _if_given("month", _IN_SEASON),
    _if_given("theme", Position.theme == _given("theme")),
    or_(_free.is_(False), Position.held < Position.seats),
)
_PLACE = and_(
    _if_given("region", Reserve.region == _given("region")),
    _if_given("country", cast(Reserve.countries, String).like(_given("country"))),
)
_LANGUAGES = gathered(
    select(PositionLanguage.code, PositionLanguage.level, PositionLanguage.required)
    .where(PositionLanguage.position_id == Position.id),
    of=Position,
)  # fmt: skip
_SPOKEN_THERE = (
    select(PositionLanguage.id)
    .where(PositionLanguage.position_id == Position.id, PositionLanguage.code == _given("language"))
    .correlate(Position)
    .exists()
)
_skipped = bindparam("skipped", type_=Integer())


class PositionCard(Struct, frozen=True):
    """A position in the list; `total` is how many there are in all."""

    total: int
    ref: str
    title: str
    title_language: str
    reserve: str
    countries: list[str]
    theme: str
    season_start: str
    season_end: str
    weeks_min: int
    weeks_max: int
    seats: int
    held: int
    field_level: FieldLevel
    languages: list[list[Any]]

    @property
    def free(self) -> int:
        return self.seats - self.held

    @property
    def required(self) -> list[str]:
        """Codes of the languages that it needs."""
        return sorted(code for code, _level, required in self.languages if required)


_POSITIONS = (
    select(
        func.count().over(), Position.ref, TITLE, TITLE_LANGUAGE, Reserve.name, Reserve.countries, Position.theme,
        Position.season_start, Position.season_end, Position.weeks_min, Position.weeks_max, Position.seats,
        Position.held, Position.field_level, _LANGUAGES,
    )
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(_OFFERED, _SUITS, _PLACE, _if_given("language", _SPOKEN_THERE))
    .where(Position.folded_title.like(_given("like"), escape="\\"))
    .order_by(Position.folded_title, Position.id)
    .limit(PAGE)
    .offset(_skipped)
)  # fmt: skip


class ReserveCard(Struct, frozen=True):
    """A reserve in the list; `total` is how many there are in all."""

    total: int
    slug: str
    name: str
    name_local: str
    countries: list[str]
    region: str
    theme: str
    positions: int


_here = Position.reserve_id == Reserve.id
_COUNT = select(func.count()).select_from(Position).where(_here, _OFFERED).correlate(Reserve).scalar_subquery()
_HAS_SUCH = select(Position.id).where(_here, _OFFERED, _SUITS).correlate(Reserve).exists()
_ANY_WILL_DO = and_(_month.is_(None), _given("theme").is_(None), _free.is_(False))
_IN_BOX = and_(
    Reserve.lat.between(bindparam("south", type_=Float()), bindparam("north", type_=Float())),
    Reserve.lon.between(bindparam("west", type_=Float()), bindparam("east", type_=Float())),
)
_RESERVES = (
    select(
        func.count().over(), Reserve.slug, Reserve.name, Reserve.name_local, Reserve.countries, Reserve.region,
        Reserve.theme, _COUNT,
    )
    .where(_PLACE, or_(_ANY_WILL_DO, _HAS_SUCH))
    .where(_if_given("language", cast(Reserve.working_languages, String).like(_given("speaks"))))
    .where(or_(bindparam("boxed", type_=Boolean()).is_(False), _IN_BOX))
    .where(Reserve.folded_name.like(_given("like"), escape="\\"))
    .order_by(Reserve.folded_name, Reserve.id)
    .limit(PAGE)
    .offset(_skipped)
)  # fmt: skip


async def positions(db: AsyncConnection, wanted: Wanted, page: int) -> list[PositionCard]:
    """One page of the positions that are offered now."""
    return await every(PositionCard, db, _POSITIONS, wanted.bound(page))


async def reserves(db: AsyncConnection, wanted: Wanted, page: int) -> list[ReserveCard]:
    """One page of the reserves."""
    return await every(ReserveCard, db, _RESERVES, wanted.bound(page))


class Options(Struct, frozen=True):
    """What the filters offer: only what would find something."""

    countries: list[str]
    languages: list[str]


class _Where(Struct, frozen=True):
    countries: list[str]
    languages: list[Any]


_CODES = gathered(
    select(PositionLanguage.code)
    .join(Position, Position.id == PositionLanguage.position_id)
    .where(Position.reserve_id == Reserve.id, _OFFERED),
    of=Reserve,
)
_WHERE_POSITIONS = select(Reserve.countries, _CODES).where(
    select(Position.id).where(_here, _OFFERED).correlate(Reserve).exists()
)
_WHERE_RESERVES = select(Reserve.countries, Reserve.working_languages)


async def options_of_positions(db: AsyncConnection) -> Options:
    """Countries and languages of what is offered now."""
    found = await every(_Where, db, _WHERE_POSITIONS)
    codes = {code for row in found for (code,) in row.languages}
    return Options(_countries(found), sorted(codes))


async def options_of_reserves(db: AsyncConnection) -> Options:
    """Countries and working languages of all reserves."""
    found = await every(_Where, db, _WHERE_RESERVES)
    codes = {code for row in found for code in row.languages}
    return Options(_countries(found), sorted(codes))


def _countries(found: list[_Where]) -> list[str]:
    return sorted({code for row in found for code in row.countries})
