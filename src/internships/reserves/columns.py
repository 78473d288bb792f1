"""A row of a table as the columns in which a reserve or a position is kept."""

from collections.abc import Iterator
from typing import Any, Final

from internships.core.reference import region_of
from internships.core.text import folded
from internships.reserves.rows import LanguageNeed, PositionRow, ReserveRow
from internships.reserves.rules import Origin, State

_USUAL_WEEK: Final = 35


def reserve_values(row: ReserveRow) -> dict[str, Any]:
    """A row of the table as the columns of a reserve."""
    return {
        "slug": row.id,
        "name": row.name_en,
        "name_local": row.name_local,
        "folded_name": folded(f"{row.name_en} {row.name_local}")[:600],
        "country": row.country_iso2,
        "countries": row.countries_iso2 or [row.country_iso2],
        "kind": row.kind,
        "region": row.unesco_region or region_of(row.country_iso2),
        "mab_network": ";".join(row.mab_network),
        "designated": row.designation_year,
        "lat": row.lat,
        "lon": row.lon,
        "precision": row.coord_precision,
        "area_ha": row.area_ha,
        "elevation_min": row.elev_min_m,
        "elevation_max": row.elev_max_m,
        "local_languages": row.local_languages,
        "working_languages": row.working_languages,
        "theme": row.ecosystem_theme,
        "website": row.website or "",
        "note": row.note,
        "source": row.source,
        "source_url": row.source_url or "",
        "unverified": row.general_knowledge_fields,
        "licence": row.licence_note,
    }


def position_values(row: PositionRow, cycle_id: int, reserve_id: int) -> dict[str, Any]:
    """A row of the table as the columns of a position that everybody may see."""
    return {
        "slug": row.id,
        "cycle_id": cycle_id,
        "reserve_id": reserve_id,
        "state": State.PUBLISHED,
        "folded_title": folded(row.title)[:300],
        "theme": row.theme,
        "seats": row.capacity,
        "season_start": row.season_start,
        "season_end": row.season_end,
        "weeks_min": row.duration_weeks_min,
        "weeks_max": row.duration_weeks_max,
        "hours_per_week": row.hours_per_week or _USUAL_WEEK,
        "mode": row.mode,
        "field_level": row.fieldwork_level,
        "max_altitude": row.max_altitude_m,
        "accommodation": row.accommodation,
        "stipend": row.stipend_per_month,
        "currency": row.stipend_currency or "",
        "travel": row.travel_support,
        "driving_licence": row.driving_licence,
        "with_minors": row.contact_with_minors,
        "host_type": row.host_type,
        "isced_fields": row.isced_fields,
        "min_isced_level": row.min_isced_level or None,
        "sdgs": row.sdgs,
        "illustrative": row.illustrative,
        "disclaimer": row.disclaimer,
    }


def text_values(row: PositionRow, position_id: int) -> dict[str, Any]:
    """The words of a position, which a table has in English."""
    return {
        "position_id": position_id,
        "language": "en",
        "origin": Origin.ORIGINAL,
        "title": row.title,
        "summary": row.summary,
        "tasks": row.tasks,
        "outcomes": row.learning_outcomes,
    }


def language_values(row: PositionRow, position_id: int) -> Iterator[dict[str, Any]]:
    """The languages of a position; one that is required is not desirable as well."""
    wanted: dict[str, tuple[LanguageNeed, bool]] = {need.language: (need, False) for need in row.desirable_languages}
    wanted |= {need.language: (need, True) for need in row.required_languages}
    for code, (need, required) in wanted.items():
        yield {"position_id": position_id, "code": code, "level": need.level, "required": required}
