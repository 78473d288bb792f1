"""While a decision can still be taken back, everything that its person sees, may do and is answered is as if there were none."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships import worker
from internships.app import create_site
from internships.applications.actions import screening
from internships.applications.models import Choice, LanguageSkill, Study
from internships.applications.rules import State
from internships.core.db import read
from internships.core.models import LetterState
from internships.web.allow import listed
from tests.screening.conftest import as_kept, letters_about, traced
from tests.screening.test_deciding import WHY, send_ask
from tests.site.walking import MASKED

DECISIONS = ["admit", "turn_away", "ask"]
LEAVING = {"reason": "other_plans", "text": "A job at home."}
FILLED_IN = {
    "motivation": "More about me.", "motivation_language": "en", "use_after": "At home.", "version": "1",
    "declared": "yes", "to": "2", "reason": "none of these", "finished": "yes",
}  # fmt: skip


async def decide(staff, ref, verb):
    """As staff do it on their pages."""
    if verb == "ask":
        return await send_ask(staff, ref)
    data = WHY | {"step": "send"} if verb == "turn_away" else {"version": "1"}
    return await staff.post(f"/screening/{ref}/{verb}", data=data)


async def addresses():
    """Every address of the file, with its methods; references are those of things in it."""
    found = {"choices": Choice, "studies": Study, "languages": LanguageSkill}
    async with read() as db:
        refs = {kind: str(await db.scalar(select(table.ref).limit(1))) for kind, table in found.items()}
    for entry in listed(create_site()):
        path = str(entry["path"])
        if (
            path.startswith(("/application", "/offer", "/why", "/positions/{ref:str}/add"))
            and "applicant" in entry["allow"]
        ):
            kind = path.split("/")[2] if path.count("/") > 1 else ""
            yield str(entry["method"]), path.replace("{ref:str}", refs.get(kind, "ZZZZZZZZZZ"))


async def all_answers(browser):
    """Status, way and text of each, whole and as htmx asks for them; nothing is withdrawn by it."""
    found = {}
    async for method, path in addresses():
        for headers in ({}, {"HX-Request": "true"}):
            data = FILLED_IN if method == "POST" else None
            page = await browser.request(method, path, data=data, headers=headers)
            way = page.headers.get("location", page.headers.get("hx-location"))
            found[method, path, bool(headers)] = page.status_code, way, MASKED.sub("", page.text)
    return found


@pytest.mark.parametrize("verb", DECISIONS)
async def test_the_pages_and_their_answers_are_those_of_an_undecided_file(as_ingrid, as_amina, sent, verb, clock):
    before = await all_answers(as_amina)
    await decide(as_ingrid, sent.ref, verb)
    meanwhile = await all_answers(as_amina)
    await as_ingrid.post(f"/screening/{sent.ref}/recheck", data={"version": "2", "undoes": verb})
    undone = await all_answers(as_amina)

    assert len(before) > 60
    assert {place for place in before if before[place] != meanwhile[place]} == set()
    assert {place for place in before if before[place] != undone[place]} == set()
    assert (await as_kept(sent.ref)).version == 3


@pytest.mark.parametrize("verb", DECISIONS)
async def test_it_is_told_once_the_undo_has_run_out(as_ingrid, as_amina, sent, verb, clock):
    before = await all_answers(as_amina)
    await decide(as_ingrid, sent.ref, verb)

    clock.shift(timedelta(minutes=10))

    assert (await all_answers(as_amina))["GET", "/application", False] != before["GET", "/application", False]


@pytest.mark.parametrize("verb", DECISIONS)
async def test_withdrawing_meanwhile_takes_the_waiting_letter_along(
    as_ingrid, as_amina, amina, sent, verb, clock, letter_to
):
    await decide(as_ingrid, sent.ref, verb)
    clock.shift(timedelta(minutes=9))

    response = await as_amina.post("/application/withdraw", data=LEAVING)
    again = await as_ingrid.post(f"/screening/{sent.ref}/recheck", data={"version": "2", "undoes": verb})
    clock.shift(timedelta(hours=1))
    after = (await as_amina.get("/application")).text
    clock.shift(timedelta(days=30))
    last = await letter_to(amina.actor.email)

    assert response.headers["location"] == "/en/application"
    assert again.status_code == 409
    kept = await as_kept(sent.ref)
    assert (kept.state, kept.reasons, kept.reason_text) == (State.WITHDRAWN, [], "")
    by_kind = {kind: state for kind, state, *_ in await letters_about(sent.ref)}
    assert by_kind.pop("applications/withdrawn") != LetterState.CANCELLED
    assert set(by_kind.values()) <= {LetterState.CANCELLED}
    assert last.kind == "applications/withdrawn"
    moved = [(row.what, row.role, row.from_state, row.to_state) for row in await traced(sent.ref)]
    assert ("application.recheck", "clock", moved[1][3], "submitted") in moved
    assert ("application.withdraw", "applicant", "submitted", "withdrawn") in moved
    assert "You withdrew your application" in after
    assert "fulfils the rules" not in after
    assert "cannot take part" not in after
    assert "complete something" not in after


async def test_a_rejection_that_was_told_is_not_withdrawn_from(as_ingrid, as_amina, sent, clock):
    await decide(as_ingrid, sent.ref, "turn_away")
    clock.shift(timedelta(minutes=10))

    page = await as_amina.get("/application/withdraw")
    response = await as_amina.post("/application/withdraw", data=LEAVING)

    assert page.status_code == 303
    assert response.status_code == 409
    assert (await as_kept(sent.ref)).state == State.NOT_ELIGIBLE
    assert [state for _, state, *_ in await letters_about(sent.ref)] == [LetterState.WAITING]


async def test_what_is_asked_for_can_be_completed_once_it_is_told(as_ingrid, as_amina, sent, clock):
    await decide(as_ingrid, sent.ref, "ask")

    early = await as_amina.post("/application/send", data={"declared": "yes"})
    before = await as_kept(sent.ref)
    clock.shift(timedelta(minutes=10))
    await as_amina.post("/application/send", data={"declared": "yes"})
    while await worker.once():
        pass

    assert early.headers["location"] == "/en/application/sent"
    assert (before.state, before.version) == (State.COMPLETION_REQUESTED, 2)
    assert (await as_kept(sent.ref)).state == State.SUBMITTED


@pytest.mark.parametrize("verb", ["admit", "turn_away"])
async def test_who_withdraws_while_staff_decide_has_withdrawn(as_ingrid, as_amina, ingrid, sent, verb):
    given = {} if verb == "admit" else {"reasons": ["too_old"], "text": ""}
    deciding = getattr(screening, verb)(ingrid.actor, sent.ref, version=1, **given)

    response, decided = await asyncio.gather(
        as_amina.post("/application/withdraw", data=LEAVING), deciding, return_exceptions=True
    )

    assert response.status_code == 303
    assert decided is None or isinstance(decided, screening.Overtaken)
    assert (await as_kept(sent.ref)).state == State.WITHDRAWN
    assert {state for kind, state, *_ in await letters_about(sent.ref) if kind == "applications/turned_away"} <= {
        LetterState.CANCELLED
    }
