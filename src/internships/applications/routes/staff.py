"""Where staff find applications; what one of them shows is in reporting, which knows what came of it."""

from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.params import FromPath
from markupsafe import Markup

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.applications.forms.staff import ListFilter
from internships.applications.names import countries
from internships.applications.queries import documents, listing
from internships.applications.queries.listing import Wanted
from internships.applications.queries.screening import A_PAGE
from internships.applications.rules import State
from internships.applications.screening_words import STATES
from internships.core import render
from internships.core.db import read
from internships.core.i18n import Lazy, gettext, in_language, say_country, speaking
from internships.core.i18n import lazy as _
from internships.core.reference import COUNTRIES, REGIONS
from internships.web.addresses import url_for
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_query
from internships.web.pages import Asked, page
from internships.web.signed import signed, unsigned
from internships.web.uploads import handed_over

PLACE = "applications-after"


@cache
def _tags(language: str) -> dict[State, Markup]:
    """Every state as the list shows it, drawn once for each language."""
    with in_language(language):
        parts: Any = render.environment().get_template("components/status.html").module
        return {state: parts.tag(*said) for state, said in STATES.items()}


def _where(sent: ListFilter) -> tuple[tuple[str, ...], Lazy | None]:
    """The countries that are meant by country and region, or why none is."""
    of_region = (
        tuple(code for code, country in COUNTRIES.items() if country.region == sent.region) if sent.region else ()
    )
    if not sent.country:
        return of_region, None
    code = countries().meant(sent.country)
    if code is None:
        close = [say_country(each) for each in countries().candidates(sent.country)]
        if close:
            return of_region, _("Which country do you mean? %(names)s") % {"names": ", ".join(close)}
        return of_region, _("Enter the name of a country.")
    return ((code,) if not of_region or code in of_region else ("",)), None


_AS_IT_BEGINS = ListFilter().model_dump()


def _address(sent: ListFilter, **changed: Any) -> str:
    """This list with something changed; a page further on is a page of its own."""
    given = sent.model_dump(exclude={"after"}) | changed
    kept = {name: value for name, value in given.items() if value and value != _AS_IT_BEGINS[name]}
    here = url_for("applications.index")
    return f"{here}?{urlencode(kept)}" if kept else here


def _chips(sent: ListFilter, position: str) -> list[tuple[str, str]]:
    """Each filter that is on, and the list without it."""
    said = {
        "q": sent.q, "state": str(STATES[sent.state][0]) if sent.state in STATES else "", "country": sent.country,
        "region": gettext(sent.region), "position": position,
    }  # fmt: skip
    return [(words, _address(sent, **{name: None})) for name, words in said.items() if words]


def _options() -> dict[str, list[tuple[str, object]]]:
    """What each list of the filter offers."""
    return {
        "state": [("", _("Every state")), *((state.value, words) for state, (words, _kind) in STATES.items())],
        "region": [("", _("Every region")), *((region, gettext(region)) for region in REGIONS)],
    }


def _sorting(sent: ListFilter) -> dict[str, tuple[str, str | None]]:
    """For each column that sorts: the address for the other way, and the way it is sorted now."""
    ways = {}
    for column in ("name", "sent"):
        now = {column: "ascending", f"-{column}": "descending"}.get(sent.sort)
        first = column if column == "name" else f"-{column}"
        other = {column: f"-{column}", f"-{column}": column}.get(sent.sort, first)
        ways[column] = (_address(sent, sort=other), now)
    return ways


@get("/", name="applications.index")
async def index(request: Asked, actor: SignedIn) -> Response[str]:
    typed: Filled[ListFilter] = read_query(request, ListFilter)
    sent = typed.value or ListFilter()
    codes, unclear = _where(sent)
    carried = unsigned(PLACE, sent.after) if sent.after else None
    by_name = sent.sort.endswith("name")
    place = (carried[1], carried[2]) if carried and carried[0] == sent.sort else None
    wanted = Wanted(sent.q, sent.state, codes, sent.position, by_name, sent.sort.startswith("-"), place)
    async with read() as db:
        found = await listing.applications(db, wanted)
        offered = await listing.positions(db) if sent.position else []
    shown, following = found[:A_PAGE], None
    if len(found) > A_PAGE:
        last = shown[-1]
        key = last.folded_name if by_name else last.submitted_at.isoformat()
        following = _address(sent, after=signed(PLACE, [sent.sort, key, last.id]))
    form = filled(ListFilter, sent)
    kept = {"state": sent.state, "country": sent.country, "region": sent.region, "position": sent.position}
    return page(
        request,
        "applications/index.html",
        part="list",
        lines=shown,
        following=following,
        first=place is None,
        sent=sent,
        form=form.refused("country", unclear) if unclear else form,
        options=_options(),
        chips=_chips(sent, next((each.named for each in offered if each.ref == sent.position), sent.position)),
        sorting=_sorting(sent),
        kept=[(name, value) for name, value in kept.items() if value],
        start=_address(sent),
        by_position=_by_position(sent),
        zone=ZoneInfo(actor.zone),
        at=f"{url_for('applications.index')}/",
        tags=_tags(speaking()),
    )


def _by_position(sent: ListFilter) -> str:
    """Where a position is picked: a page of its own, so that the list need not carry them all."""
    return url_for("applications.positions") + _address(sent).removeprefix(url_for("applications.index"))


@get("/positions", name="applications.positions")
async def by_position(request: Asked) -> Response[str]:
    sent = read_query(request, ListFilter).value or ListFilter()
    async with read() as db:
        offered = await listing.positions(db)
    links = [(each.named, _address(sent, position=each.ref), each.ref == sent.position) for each in offered]
    return page(request, "applications/positions.html", links=links, back=_address(sent))


@get("/{ref:str}/documents/{document:str}", name="applications.document")
async def document(ref: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    async with read() as db:
        found = await documents.file_for_staff(db, ref, document)
    return await handed_over(found.kept, found.name, found.media)


router = Router("/applications", route_handlers=[index, by_position, document], guards=[only(Role.STAFF)])
