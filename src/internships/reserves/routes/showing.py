"""The page of a position, the page of a reserve, and the map of all reserves."""

from litestar import Response, get
from litestar.params import FromPath

from internships.core import clock
from internships.core.db import read
from internships.core.i18n import say_country
from internships.core.reference import THEMES
from internships.cycles.rules import stage
from internships.cycles.words import STAGES
from internships.reserves import adding, facts, queries
from internships.reserves.map import Place, world
from internships.reserves.words import FIELD_LEVELS, season
from internships.web.allow import anyone
from internships.web.errors import WAY_BACK
from internships.web.pages import Asked, page
from internships.web.signed import signed

A_MINUTE = 60


@get("/positions/{ref:str}", name="positions.show", guards=[anyone])
async def position(request: Asked, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await queries.position(db, ref)
        instead = await adding.instead(db, request.scope["state"].get("actor"), found.ref)
    return page(
        request,
        "reserves/position.html",
        public_for=A_MINUTE,
        position=found,
        text=found.text,
        facts=facts,
        theme=THEMES.get(found.theme),
        countries=[say_country(code) for code in found.countries],
        stage=stage(found.call_state, found.opens_at, found.closes_at, clock.now()),
        stages=STAGES,
        back=signed(WAY_BACK, f"/positions/{found.ref}"),
        instead=instead,
    )


@get("/reserves/{slug:str}", name="reserves.show", guards=[anyone])
async def reserve(request: Asked, slug: FromPath[str]) -> Response[str]:
    async with read() as db:
        found = await queries.reserve(db, slug)
        offered = await queries.offered_there(db, slug)
    return page(
        request,
        "reserves/show.html",
        public_for=A_MINUTE,
        reserve=found,
        offered=offered,
        facts=facts.of_reserve(found),
        countries=[say_country(code) for code in found.countries],
        season=season,
        field_levels=FIELD_LEVELS,
    )


@get("/map", name="reserves.map", guards=[anyone])
async def on_the_map(request: Asked) -> Response[str]:
    async with read() as db:
        found = await queries.all_reserves(db)
    places = tuple(
        Place(one.slug, one.name, one.lat, one.lon, one.is_approximate)
        for one in found
        if one.lat is not None and one.lon is not None
    )
    return page(
        request,
        "reserves/on_the_map.html",
        public_for=A_MINUTE,
        map=world(places),
        reserves=found,
        say_country=say_country,
    )
