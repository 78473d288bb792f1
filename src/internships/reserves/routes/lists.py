"""Finding a position or a reserve: lists with filters that stand in the address."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

from litestar import Response, get

from internships.core.db import read
from internships.core.i18n import gettext, say_country, say_language, say_month
from internships.core.reference import REGIONS, THEMES
from internships.core.text import folded
from internships.reserves import finding
from internships.reserves.finding import PAGE, Options
from internships.reserves.forms import FindForm, fitting
from internships.reserves.words import FIELD_LEVELS, season
from internships.web.addresses import url_for
from internships.web.allow import anyone
from internships.web.forms import read_query
from internships.web.pages import Asked, page

A_MINUTE = 60
Pairs = list[tuple[str, str]]


@get("/positions", name="positions.index", guards=[anyone])
async def positions(request: Asked) -> Response[str]:
    form = read_query(request, FindForm)
    search = fitting(form)
    async with read() as db:
        found = await finding.positions(db, search.wanted, search.page)
        if not found and search.page > 1:
            search = search.model_copy(update={"page": 1})
            found = await finding.positions(db, search.wanted, 1)
        options = await finding.options_of_positions(db)
    return page(
        request,
        "reserves/positions.html",
        public_for=A_MINUTE,
        form=form,
        found=found,
        total=found[0].total if found else 0,
        season=season,
        field_levels=FIELD_LEVELS,
        themes=THEMES,
        **_around(search, url_for("positions.index"), options, found),
    )


@get("/reserves", name="reserves.index", guards=[anyone])
async def reserves(request: Asked) -> Response[str]:
    form = read_query(request, FindForm)
    search = fitting(form)
    async with read() as db:
        found = await finding.reserves(db, search.wanted, search.page)
        if not found and search.page > 1:
            search = search.model_copy(update={"page": 1})
            found = await finding.reserves(db, search.wanted, 1)
        options = await finding.options_of_reserves(db)
    return page(
        request,
        "reserves/index.html",
        public_for=A_MINUTE,
        form=form,
        search=search,
        found=found,
        total=found[0].total if found else 0,
        **_around(search, url_for("reserves.index"), options, found),
    )


def _around(
    search: FindForm, here: str, options: Options, found: Sequence[finding.PositionCard | finding.ReserveCard]
) -> dict[str, Any]:
    """What stands around a list: the questions of the filters, the chips, the pages."""
    pages = ceil(found[0].total / PAGE) if found else 1
    return {
        "chips": [(words, search.address(here, without=name)) for name, words in _chips(search)],
        "clear": here if any(True for _ in search.on()) else None,
        "regions": _any(gettext("All regions"), [(name, gettext(name)) for name in REGIONS]),
        "countries": _any(gettext("All countries"), _sorted((code, say_country(code)) for code in options.countries)),
        "languages": _any(gettext("All languages"), _sorted((code, say_language(code)) for code in options.languages)),
        "months": _any(gettext("All months"), [(str(month), say_month(month)) for month in range(1, 13)]),
        "theme_options": _any(gettext("All themes"), [(theme.code, gettext(theme.label)) for theme in THEMES.values()]),
        "pages": [(number, search.address(here, page=number)) for number in range(1, pages + 1)] if pages > 1 else [],
        "number": search.page,
        "previous": search.address(here, page=search.page - 1) if search.page > 1 else None,
        "following": search.address(here, page=search.page + 1) if search.page < pages else None,
    }


def _any(words: str, options: Pairs) -> Pairs:
    return [("", words), *options]


def _sorted(options: Iterator[tuple[str, str]]) -> Pairs:
    return sorted(options, key=lambda option: folded(option[1]))


def _chips(search: FindForm) -> Iterator[tuple[str, str]]:
    for name, value in search.on():
        match name:
            case "country":
                yield name, say_country(value)
            case "region":
                yield name, gettext(value)
            case "language":
                yield name, say_language(value)
            case "month":
                yield name, say_month(int(value))
            case "theme":
                yield name, gettext(THEMES[value].label)
            case "free":
                yield name, gettext("Places free")
            case "within":
                yield name, gettext("A part of the map")
            case _:
                yield name, gettext("“%(words)s”") % {"words": value}
