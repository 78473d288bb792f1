"""What can be seen of reserves and positions, and how a position is called in the reader's language."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, ScalarSelect, String, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from internships.core.db import every, one
from internships.core.gathered import gathered, rows_as
from internships.core.i18n import chosen, speaking
from internships.cycles.models import Cycle
from internships.cycles.queries import CURRENT, SHOWN
from internships.cycles.rules import Level
from internships.cycles.rules import State as CycleState
from internships.reserves.models import Position, PositionLanguage, PositionText, Reserve
from internships.reserves.rules import SHOWN_TO_ALL, Accommodation, FieldLevel, Mode, Origin, State, Travel

SPOKEN: BindParameter[str] = bindparam("spoken", type_=String())
"""The reader's language; bind it with `core.i18n.speaking()`."""

_wanted_first = case(
    (PositionText.language == SPOKEN, 0),
    (PositionText.language == "en", 1),
    (PositionText.language == "fr", 2),
    (PositionText.origin == Origin.ORIGINAL, 3),
    else_=4,
)


def _best(column: object) -> ScalarSelect[str]:
    """A column of the text that suits the reader: their language, English, French, then the original."""
    asked = select(column).where(PositionText.position_id == Position.id)  # type: ignore[call-overload]
    best: ScalarSelect[str] = asked.order_by(_wanted_first).limit(1).correlate(Position).scalar_subquery()
    return best


TITLE = _best(PositionText.title).label("title")
TITLE_LANGUAGE = _best(PositionText.language).label("title_language")


class Region(Struct, frozen=True):
    """A UNESCO region, and what its reserves offer in a call."""

    name: str
    reserves: int
    positions: int
    seats: int


_HERE = Position.cycle_id == bindparam("cycle_id"), Position.state == State.PUBLISHED
_OFFERED = (
    select(Position.reserve_id, func.count().label("positions"), func.sum(Position.seats).label("seats"))
    .where(*_HERE)
    .group_by(Position.reserve_id)
    .subquery()
)
_REGIONS = (
    select(
        Reserve.region,
        func.count(),
        func.coalesce(func.sum(_OFFERED.c.positions), 0),
        func.coalesce(func.sum(_OFFERED.c.seats), 0),
    )
    .outerjoin(_OFFERED, _OFFERED.c.reserve_id == Reserve.id)
    .group_by(Reserve.region)
    .order_by(Reserve.region)
)


async def regions(db: AsyncConnection, cycle_id: int | None) -> list[Region]:
    """All regions that have reserves."""
    return await every(Region, db, _REGIONS, {"cycle_id": cycle_id})


_COUNTRIES = select(Reserve.countries).distinct()


async def number_of_countries(db: AsyncConnection) -> int:
    """In how many countries the reserves lie; some lie in several."""
    return len({code for codes in await db.scalars(_COUNTRIES) for code in codes})


class Words(Struct, frozen=True):
    """A position's words in the language that suits the reader best."""

    language: str
    origin: Origin
    title: str
    summary: str
    tasks: list[str]
    outcomes: list[str]


class PositionPage(Struct, frozen=True):
    """A position as everybody reads it."""

    ref: str
    state: State
    theme: str
    seats: int
    held: int
    season_start: str
    season_end: str
    weeks_min: int
    weeks_max: int
    hours_per_week: int
    mode: Mode
    field_level: FieldLevel
    max_altitude: int | None
    accommodation: Accommodation
    stipend: int | None
    currency: str
    travel: Travel
    driving_licence: bool
    with_minors: bool
    host_type: str
    isced_fields: list[str]
    min_isced_level: int | None
    sdgs: list[int]
    illustrative: bool
    disclaimer: str
    reserve: str
    reserve_slug: str
    reserve_theme: str
    countries: list[str]
    language_rows: list[list[Any]]
    text_rows: list[list[Any]]
    call_slug: str
    call_names: dict[str, Any]
    call_state: CycleState
    opens_at: datetime
    closes_at: datetime
    zone: str

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self.seats - self.held

    @property
    def call_name(self) -> str:
        return chosen(self.call_names)[0]

    @property
    def text(self) -> Words:
        """The reader's language, English, French, then the original."""
        order = [speaking(), "en", "fr"]
        kept = rows_as(Words, self.text_rows)
        return min(
            kept,
            key=lambda text: (
                order.index(text.language) if text.language in order else len(order),
                text.origin is not Origin.ORIGINAL,
            ),
        )

    def languages(self, *, required: bool) -> list[tuple[str, Level]]:
        """What it requires, or would like."""
        return sorted((code, Level(level)) for code, level, needed in self.language_rows if bool(needed) is required)


_POSITION = (
    select(
        Position.ref, Position.state, Position.theme, Position.seats, Position.held, Position.season_start,
        Position.season_end, Position.weeks_min, Position.weeks_max, Position.hours_per_week, Position.mode,
        Position.field_level, Position.max_altitude, Position.accommodation, Position.stipend, Position.currency,
        Position.travel, Position.driving_licence, Position.with_minors, Position.host_type, Position.isced_fields,
        Position.min_isced_level, Position.sdgs, Position.illustrative, Position.disclaimer,
        Reserve.name, Reserve.slug, Reserve.theme, Reserve.countries,
        gathered(
            select(PositionLanguage.code, PositionLanguage.level, PositionLanguage.required)
            .where(PositionLanguage.position_id == Position.id),
            of=Position,
        ),
        gathered(
            select(PositionText.language, PositionText.origin, PositionText.title, PositionText.summary,
                   PositionText.tasks, PositionText.outcomes)
            .where(PositionText.position_id == Position.id),
            of=Position,
        ),
        Cycle.slug, Cycle.name, Cycle.state, Cycle.opens_at, Cycle.closes_at, Cycle.zone,
    )
    .join(Reserve, Reserve.id == Position.reserve_id)
    .join(Cycle, Cycle.id == Position.cycle_id)
    .where(Position.ref == bindparam("ref"), Position.state.in_(list(SHOWN_TO_ALL)), SHOWN)
)  # fmt: skip


async def position(db: AsyncConnection, ref: str) -> PositionPage:
    """A position that everybody may see."""
    return await one(PositionPage, db, _POSITION, {"ref": ref})


class ReservePage(Struct, frozen=True):
    """A reserve with all that is known of it; what is empty is unknown."""

    slug: str
    name: str
    name_local: str
    countries: list[str]
    kind: str
    region: str
    mab_network: str
    designated: int | None
    lat: float | None
    lon: float | None
    precision: str
    area_ha: float | None
    elevation_min: int | None
    elevation_max: int | None
    local_languages: list[str]
    working_languages: list[str]
    theme: str
    website: str
    note: str
    source: str
    source_url: str
    unverified: list[str]
    licence: str


_RESERVE = select(
    Reserve.slug, Reserve.name, Reserve.name_local, Reserve.countries, Reserve.kind, Reserve.region,
    Reserve.mab_network, Reserve.designated, Reserve.lat, Reserve.lon, Reserve.precision, Reserve.area_ha,
    Reserve.elevation_min, Reserve.elevation_max, Reserve.local_languages, Reserve.working_languages, Reserve.theme,
    Reserve.website, Reserve.note, Reserve.source, Reserve.source_url, Reserve.unverified, Reserve.licence,
).where(Reserve.slug == bindparam("slug"))  # fmt: skip


async def reserve(db: AsyncConnection, slug: str) -> ReservePage:
    """One reserve."""
    return await one(ReservePage, db, _RESERVE, {"slug": slug})


class Offered(Struct, frozen=True):
    """A position on the page of its reserve."""

    ref: str
    title: str
    title_language: str
    season_start: str
    season_end: str
    seats: int
    held: int
    field_level: FieldLevel

    @property
    def free(self) -> int:
        return self.seats - self.held


_OFFERED_THERE = (
    select(
        Position.ref, TITLE, TITLE_LANGUAGE, Position.season_start, Position.season_end, Position.seats,
        Position.held, Position.field_level,
    )
    .join(Reserve, Reserve.id == Position.reserve_id)
    .where(Reserve.slug == bindparam("slug"), Position.cycle_id == CURRENT, Position.state == State.PUBLISHED)
    .order_by(Position.folded_title, Position.id)
)  # fmt: skip


async def offered_there(db: AsyncConnection, slug: str) -> list[Offered]:
    """What a reserve offers in the current call."""
    return await every(Offered, db, _OFFERED_THERE, {"slug": slug, "spoken": speaking()})


class Listed(Struct, frozen=True):
    """A reserve beside the map."""

    slug: str
    name: str
    countries: list[str]
    region: str
    lat: float | None
    lon: float | None
    precision: str

    @property
    def is_approximate(self) -> bool:
        return self.precision == "town_proxy"


_LISTED = select(
    Reserve.slug, Reserve.name, Reserve.countries, Reserve.region, Reserve.lat, Reserve.lon, Reserve.precision
).order_by(Reserve.folded_name, Reserve.id)


async def all_reserves(db: AsyncConnection) -> list[Listed]:
    """Every reserve, for the map and its list."""
    return await every(Listed, db, _LISTED)
