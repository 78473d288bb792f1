"""Where staff find applications and see one whole: what is in it, what happened to it, and its letters."""

from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.params import FromPath
from markupsafe import Markup

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import LETTER_TAGS, ROLES
from internships.applications import history_words
from internships.applications.forms.staff import ListFilter
from internships.applications.names import countries
from internships.applications.queries import listing, screening, trace
from internships.applications.queries.listing import Wanted
from internships.applications.queries.screening import A_PAGE, Filed
from internships.applications.rules import APPLICATION, State
from internships.applications.screening_words import CHOICES, SECTIONS, STATES, UNDOES
from internships.applications.words import EXPERIENCES, LEVELS_SHORT
from internships.core import clock, render
from internships.core.db import read
from internships.core.i18n import Lazy, chosen, gettext, in_language, ngettext, say_country, say_number, speaking
from internships.core.i18n import lazy as _
from internships.core.reasons import say_reason
from internships.core.reference import COUNTRIES, FIELDS, LEVELS, REGIONS
from internships.web.addresses import url_for
from internships.web.allow import only
from internships.web.forms import Filled, filled, read_query
from internships.web.pages import Asked, page
from internships.web.signed import signed, unsigned

PLACE = "applications-after"
READ = frozenset({State.ELIGIBLE})
"""States in which reviewers read a file."""


@cache
def _tags(language: str) -> dict[State, Markup]:
    """Every state as the list shows it, drawn once for each language."""
    with in_language(language):
        parts: Any = render.environment().get_template("components/status.html").module
        return {state: parts.tag(*said) for state, said in STATES.items()}


def content(filed: Filed, zone: str) -> dict[str, Any]:
    """What the pages of one file need to show everything in it."""
    return {
        "whole": filed.whole, "mine": filed.whole.mine, "sections": SECTIONS, "experiences": EXPERIENCES,
        "levels": LEVELS_SHORT, "degrees": LEVELS, "fields": FIELDS, "choice_states": CHOICES, "zone": zone,
        "now": clock.now(),
    }  # fmt: skip


def _where(sent: ListFilter) -> tuple[tuple[str, ...], Lazy | None]:
    """The countries that are meant by country and region, or why none is."""
    of_region = tuple(code for code, country in COUNTRIES.items() if country.region == sent.region)
    if not sent.country:
        return of_region, None
    code = countries().meant(sent.country)
    if code is None:
        close = [say_country(each) for each in countries().candidates(sent.country)]
        if close:
            return of_region, _("Which country do you mean? %(names)s") % {"names": ", ".join(close)}
        return of_region, _("Enter the name of a country.")
    return ((code,) if not of_region or code in of_region else ("",)), None


def _address(sent: ListFilter, **changed: Any) -> str:
    """This list with something changed; a page further on is a page of its own."""
    given = sent.model_dump(exclude={"after"}) | changed
    default = ListFilter().model_dump()
    kept = {name: value for name, value in given.items() if value and value != default[name]}
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


def _said(filed: Filed, step: trace.Traced, zone: str) -> dict[str, Any]:
    """A step of the trace in words."""
    listed = filed.reasons_of(history_words.REASONS_OF.get(step.what))
    detail = step.detail or {}
    codes = detail.get("reasons") or [detail.get("reason")]
    if step.reason in listed:
        codes, text = [*codes, step.reason], ""
    else:
        text = say_reason(step.reason)
    return {
        "title": history_words.what(step.what),
        "at": step.at,
        "zone": zone,
        "by": step.by,
        "role": ROLES[step.role],
        "from": history_words.state(step.what, step.from_state),
        "to": history_words.state(step.what, step.to_state),
        "reasons": [listed[code] for code in dict.fromkeys(codes) if code in listed],
        "text": text,
    }


@get("/{ref:str}", name="applications.show")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        filed = await screening.filed(db, ref)
        steps = await trace.trace(db, ref)
    mine = filed.whole.mine
    return page(
        request,
        "applications/show.html",
        filed=filed,
        states=STATES,
        moves={move.verb for move in APPLICATION.open_to(actor.role, mine.kept_state)},
        undoes=UNDOES.get(mine.kept_state),
        trace=[_said(filed, step, actor.zone) for step in steps],
        letter_tags=LETTER_TAGS,
        call_name=chosen(mine.call.name)[0],
        reviews=_reviews(filed),
        elsewhere=[(_("Who reviews it"), url_for("reviews.file", ref=ref))] if mine.kept_state in READ else [],
        **content(filed, actor.zone),
    )


def _reviews(filed: Filed) -> str:
    """How many there are, and what they add up to."""
    if not filed.review_count or filed.review_mean is None:
        return gettext("None yet")
    said = {
        "num": filed.review_count, "mean": say_number(filed.review_mean, 0),
        "spread": say_number(filed.review_spread or 0, 0),
    }  # fmt: skip
    return (
        ngettext(
            "%(num)s review, %(mean)s points",
            "%(num)s reviews, %(mean)s points in the mean, %(spread)s apart",
            filed.review_count,
        )
        % said
    )


router = Router("/applications", route_handlers=[index, by_position, show], guards=[only(Role.STAFF)])
