"""Can I apply? Questions, and a page of reasons; nothing is kept."""

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from internships.applications.forms.checking import CheckForm, Studies
from internships.applications.forms.typed import asked_back
from internships.applications.names import suggestions
from internships.core import clock
from internships.core.db import read
from internships.core.i18n import gettext, lazy_p, speaking
from internships.core.i18n import lazy as _
from internships.core.reference import CEFR
from internships.cycles.queries import Call, current_call
from internships.cycles.rules import Finding, Stage, findings
from internships.cycles.words import ADVICE, level_of_language, sentence
from internships.web.allow import anyone
from internships.web.forms import Filled, choices_of, filled, read_form
from internships.web.pages import Asked, page, sent_back

LEVELS = {
    Studies.DOCTOR: _("Doctoral or equivalent"),
    Studies.MASTER: _("Master or equivalent"),
    Studies.BACHELOR: _("Bachelor or equivalent"),
    Studies.SHORTER: _("A shorter course after school, for example two years at a college"),
    Studies.SCHOOL: _("School"),
    Studies.NOT_SAID: _("I don't know yet"),
}
VERDICTS = {
    True: (lazy_p("rule", "Fits"), "good"),
    False: (lazy_p("rule", "Does not fit"), "bad"),
    None: (lazy_p("rule", "Not known yet"), "wait"),
}


@get("/check", name="public.check", guards=[anyone])
async def ask(request: Asked) -> Response[str]:
    async with read() as db:
        call = await current_call(db)
    return page(request, "public/check.html", **_questions(call, filled(CheckForm)))


@post("/check", name="public.check_answers", guards=[anyone], status_code=200)
async def answer(request: Asked) -> Response[str]:
    form = await read_form(request, CheckForm)
    async with read() as db:
        call = await current_call(db)
    if (said := form.value) is None or call is None:
        return sent_back(request, "public/check.html", **_questions(call, form))
    found = findings(
        call.rules,
        born_on=said.born_on,
        nationality=said.nationality or None,
        isced_level=said.isced_level,
        languages=said.spoken(call.rules),
    )
    return page(
        request,
        "public/check_reasons.html",
        call=call,
        reasons=_reasons(call, found),
        fits=_together(found),
        is_open=call.stage(clock.now()) is Stage.OPEN,
    )


def _questions(call: Call | None, form: Filled[CheckForm]) -> dict[str, Any]:
    rules = call.rules if call else None
    return {
        "call": call,
        "rules": rules,
        "form": form,
        "countries": suggestions("countries", speaking()),
        "asked_back": {"nationality": asked_back("country", form, "nationality")},
        "levels": choices_of(Studies, LEVELS),
        "languages": [
            (code, level_of_language(code, level), gettext(CEFR[level.value].can_do)) for code, level in rules.languages
        ]
        if rules
        else [],
    }


def _reasons(call: Call, found: list[Finding]) -> list[dict[str, object]]:
    """Each rule in words, whether it fits, and what can be done."""
    return [
        {
            "rule": sentence(call.rules, one.rule),
            "verdict": VERDICTS[one.fits],
            "advice": ADVICE.get((one.rule, one.fits)),
        }
        for one in found
    ]


def _together(found: list[Finding]) -> bool | None:
    """No as soon as one rule says no; yes when all say yes."""
    verdicts = {one.fits for one in found}
    return False if False in verdicts else None if None in verdicts else True


handlers: list[ControllerRouterHandler] = [ask, answer]
