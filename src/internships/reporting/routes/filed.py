"""One application, whole, for staff: what is in it, how it came out, its letters, and everything that happened to it."""

from typing import Any

from litestar import Response, Router, get
from litestar.params import FromPath

from internships.accounts.rules import Role
from internships.accounts.signed_in import SignedIn
from internships.accounts.words import LETTER_TAGS, ROLES
from internships.applications import history_words
from internships.applications.queries import screening
from internships.applications.queries.screening import Filed
from internships.applications.rules import APPLICATION, LIVE, State
from internships.applications.screening_words import STATES, UNDOES
from internships.applications.showing import content, document, reviews
from internships.core.db import read
from internships.core.i18n import chosen
from internships.core.i18n import lazy as _
from internships.core.reasons import say_reason
from internships.matching.words import SHORT
from internships.placements.words import OFFER_KINDS, OFFERS, PLACEMENTS, WAITING
from internships.reporting.queries.filed import Step, outcome
from internships.reporting.words import about
from internships.web.addresses import url_for
from internships.web.allow import only
from internships.web.pages import Asked, page


def _said(filed: Filed, step: Step) -> dict[str, Any]:
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
        "position": step.position,
        "position_title": step.title,
        "about": about(step),
        "at": step.at,
        "by": step.by,
        "role": ROLES[step.role],
        "from": history_words.state(step.what, step.from_state),
        "to": history_words.state(step.what, step.to_state),
        "reasons": [listed[code] for code in dict.fromkeys(codes) if code in listed],
        "text": text or document(detail),
    }


def _elsewhere(ref: str, state: State) -> list[tuple[object, str]]:
    """What else staff do about somebody whose file is in this state."""
    ways: list[tuple[object, str]] = []
    if state == State.ELIGIBLE:
        ways.append((_("Who reviews it"), url_for("reviews.file", ref=ref)))
    if state in LIVE:
        ways.append((_("Fix or rule out a pair"), url_for("matching.rule_pairs") + f"?person={ref}"))
        ways.append((_("Make a team of two"), url_for("matching.rule_teams") + f"?first={ref}"))
    return ways


@get("/{ref:str}", name="applications.show")
async def show(request: Asked, actor: SignedIn, ref: FromPath[str]) -> Response[str]:
    async with read() as db:
        filed = await screening.filed(db, ref)
        came = await outcome(db, ref)
    mine = filed.whole.mine
    return page(
        request,
        "applications/show.html",
        filed=filed,
        states=STATES,
        moves={move.verb for move in APPLICATION.open_to(actor.role, mine.kept_state)},
        undoes=UNDOES.get(mine.kept_state),
        trace=[_said(filed, step) for step in came.steps],
        came=came,
        short=SHORT,
        offer_words=(OFFERS, OFFER_KINDS),
        placement_words=PLACEMENTS,
        waiting_words=WAITING,
        letter_tags=LETTER_TAGS,
        call_name=chosen(mine.call.name)[0],
        reviews=reviews(filed),
        elsewhere=_elsewhere(ref, mine.kept_state),
        **content(filed, actor.zone),
    )


router = Router("/applications", route_handlers=[show], guards=[only(Role.STAFF)])
