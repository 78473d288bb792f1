"""The home page, and the page of a call: its rules and dates, and what the reserves offer in it."""

from litestar import Response, get
from litestar.params import FromPath

from internships.core import clock
from internships.core.db import read
from internships.cycles import queries as cycles
from internships.cycles import words
from internships.cycles.timetable import events
from internships.reserves import queries
from internships.web.allow import anyone
from internships.web.pages import Asked, page

A_MINUTE = 60


@get("/", name="public.home", guards=[anyone])
async def home(request: Asked) -> Response[str]:
    async with read() as db:
        call = await cycles.current_call(db)
        regions = await queries.regions(db, call.id if call else None)
        countries = await queries.number_of_countries(db)
    now = clock.now()
    return page(
        request,
        "public/home.html",
        public_for=A_MINUTE,
        call=call,
        regions=regions,
        countries=countries,
        stage=call.stage(now) if call else None,
        left=words.time_left(call.closes_at, now) if call else None,
        events=events(call, call.stage(now)) if call else [],
        rules=words.who_may_apply(call.rules) if call else [],
        words=words,
    )


@get("/calls/{slug:str}", name="public.call", guards=[anyone])
async def show(request: Asked, slug: FromPath[str]) -> Response[str]:
    async with read() as db:
        call = await cycles.shown_call(db, slug)
        criteria = await cycles.criteria(db, call.id)
        regions = await queries.regions(db, call.id)
    now = clock.now()
    return page(
        request,
        "public/call.html",
        public_for=A_MINUTE,
        call=call,
        criteria=criteria,
        regions=regions,
        stage=call.stage(now),
        left=words.time_left(call.closes_at, now),
        events=events(call, call.stage(now)),
        rules=words.who_may_apply(call.rules),
        words=words,
    )
