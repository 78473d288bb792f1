"""Staff decide: eligible, completion, not eligible; with the letter that waits, and the way back."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from internships import worker
from internships.accounts.rules import Role
from internships.applications.actions import screening
from internships.applications.rules import State, completion_until
from internships.core import clock as core_clock
from internships.core.faults import Refused
from internships.core.models import LetterState
from tests.screening.conftest import as_kept, letters_about, traced

WHY = {"version": "1", "reasons": "too_old", "text": "You turned 36 in March."}
MISSING = {"version": "1", "reasons": "no_studies", "text": ""}


def until_in(page) -> str:
    return re.search(r'name="until" value="([^"]+)"', page.text)[1]


async def send_ask(browser, ref, **more):
    """Look at the letter, then send it as the page has it."""
    shown = await browser.post(f"/screening/{ref}/ask", data=MISSING | more)
    return await browser.post(f"/screening/{ref}/ask", data=MISSING | more | {"until": until_in(shown), "step": "send"})


async def test_eligible_opens_the_next_one_with_a_way_back(as_ingrid, ingrid, sent, new_sent):
    other = await new_sent("Bela Kiss")

    response = await as_ingrid.post(f"/screening/{sent.ref}/admit", data={"version": "1"})
    following = await as_ingrid.get(response.headers["location"])

    assert (response.status_code, response.headers["location"]) == (
        303,
        f"/en/screening/{other.ref}?decided={sent.ref}",
    )
    assert "Amina Okello is eligible." in following.text
    assert f'action="/en/screening/{sent.ref}/recheck"' in following.text
    assert (await as_kept(sent.ref)).state == State.ELIGIBLE
    last = (await traced(sent.ref))[-1]
    assert last[:5] == ("application.admit", ingrid.actor.person_id, "staff", "submitted", "eligible")
    assert await letters_about(sent.ref) == []


async def test_the_last_one_leads_to_the_queue(as_ingrid, sent):
    response = await as_ingrid.post(f"/screening/{sent.ref}/admit", data={"version": "1"}, follow_redirects=True)

    assert "Nothing waits to be checked" in response.text
    assert "Amina Okello is eligible." in response.text


async def test_the_letter_is_shown_before_it_goes_in_the_readers_language(as_ingrid, new_sent):
    file = await new_sent("Nour Haddad", locale="ar")

    shown = await as_ingrid.post(f"/screening/{file.ref}/turn_away", data=WHY)

    assert shown.status_code == 200
    assert 'lang="ar" dir="rtl"' in shown.text
    assert "You are older than the call allows" in shown.text
    assert "You turned 36 in March." in shown.text
    assert (await as_kept(file.ref)).state == State.SUBMITTED
    assert await letters_about(file.ref) == []


async def test_what_is_sent_is_what_was_shown(as_ingrid, sent, amina, clock, letter_to):
    shown = await as_ingrid.post(f"/screening/{sent.ref}/ask", data=MISSING)
    await as_ingrid.post(f"/screening/{sent.ref}/ask", data=MISSING | {"until": until_in(shown), "step": "send"})
    clock.shift(timedelta(minutes=11))

    letter = await letter_to(amina.actor.email)

    text = re.search(r'<div class="letter-text"[^>]*>(.*?)</div>', shown.text, re.DOTALL)[1]
    assert text.strip() == letter.body.strip()
    assert letter.subject in shown.text
    assert "Your studies are not clear" not in letter.body


async def test_turning_away_keeps_the_reasons_and_its_letter_waits(as_ingrid, sent, clock):
    await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})

    kept, ((kind, state, leaves, _locale),) = await as_kept(sent.ref), await letters_about(sent.ref)
    assert (kept.state, kept.reasons, kept.reason_text) == (
        State.NOT_ELIGIBLE,
        ["too_old"],
        "You turned 36 in March.",
    )
    assert (kind, state) == ("applications/turned_away", LetterState.WAITING)
    assert leaves == datetime.now(UTC) + timedelta(minutes=10)
    last = (await traced(sent.ref))[-1]
    assert last[3:] == ("submitted", "not_eligible", "You turned 36 in March.", {"reasons": ["too_old"]})


async def test_the_applicant_reads_nothing_until_the_undo_has_run_out(as_ingrid, as_amina, sent, clock):
    await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})
    before = await as_amina.get("/application")
    clock.shift(timedelta(minutes=11))
    after = await as_amina.get("/application")

    assert "You turned 36 in March." not in before.text
    assert "You turned 36 in March." in after.text
    assert "You are older than the call allows" in after.text


async def test_completion_is_due_at_the_end_of_a_day_and_lapses_by_itself(as_ingrid, sent, clock):
    await send_ask(as_ingrid, sent.ref)

    kept = await as_kept(sent.ref)
    # Seven days on, anywhere on Earth.
    assert kept.completion_until == datetime(2026, 11, 9, 11, 59, tzinfo=UTC)
    assert kept.asked
    clock.move_to(kept.completion_until + timedelta(minutes=1))
    while await worker.once():
        pass
    assert (await as_kept(sent.ref)).state == State.LAPSED


async def test_completion_is_asked_for_once(as_ingrid, ingrid, new_sent):
    file = await new_sent("Bela Kiss", asked=True)

    page = await as_ingrid.get(f"/screening/{file.ref}")
    forced = await as_ingrid.post(
        f"/screening/{file.ref}/ask", data=MISSING | {"until": "2026-11-09T11:59:00+00:00", "step": "send"}
    )

    assert f"/screening/{file.ref}/ask" not in page.text
    assert "Completion was asked for once already." in page.text
    assert forced.status_code == 409
    assert "can be done only once" in forced.text
    assert (await as_kept(file.ref)).state == State.SUBMITTED


async def test_a_letter_that_names_another_day_is_not_sent(ingrid, sent, clock):
    shown = completion_until(core_clock.now(), 7, "Etc/GMT+12")
    clock.shift(timedelta(days=1))

    with pytest.raises(Refused, match="Another day has begun"):
        await screening.ask(ingrid.actor, sent.ref, version=1, reasons=["no_studies"], text="", until=shown)

    assert (await as_kept(sent.ref)).state == State.SUBMITTED
    assert await letters_about(sent.ref) == []


@pytest.mark.parametrize("verb", ["admit", "ask", "turn_away"])
async def test_undo_puts_it_back_and_takes_the_letter_back(as_ingrid, sent, verb, clock):
    if verb == "ask":
        await send_ask(as_ingrid, sent.ref)
    else:
        await as_ingrid.post(
            f"/screening/{sent.ref}/{verb}",
            data=(WHY | {"step": "send"}) if verb == "turn_away" else {"version": "1"},
        )
    clock.shift(timedelta(minutes=9))

    response = await as_ingrid.post(f"/screening/{sent.ref}/recheck", data={"version": "2", "undoes": verb})

    kept = await as_kept(sent.ref)
    assert response.status_code == 303
    assert (kept.state, kept.asked, kept.reasons, kept.completion_until) == (State.SUBMITTED, False, [], None)
    assert (await traced(sent.ref))[-1][0] == "application.recheck"
    clock.shift(timedelta(days=30))
    while await worker.once():
        pass
    assert {state for _, state, *_ in await letters_about(sent.ref)} <= {LetterState.CANCELLED}
    assert (await as_kept(sent.ref)).state == State.SUBMITTED


async def test_after_its_minutes_undo_is_refused_in_words(as_ingrid, sent, clock):
    await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})
    clock.shift(timedelta(minutes=10))

    page = await as_ingrid.get(f"/screening?decided={sent.ref}")
    response = await as_ingrid.post(f"/screening/{sent.ref}/recheck", data={"version": "2", "undoes": "turn_away"})

    assert "recheck" not in page.text
    assert response.status_code == 409
    assert "The time to take this decision back is over" in response.text
    assert (await as_kept(sent.ref)).state == State.NOT_ELIGIBLE
    assert [state for _, state, *_ in await letters_about(sent.ref)] == [LetterState.WAITING]


async def test_a_completed_application_comes_back_into_the_queue(as_ingrid, as_amina, sent, clock):
    await send_ask(as_ingrid, sent.ref)
    clock.shift(timedelta(hours=1))
    await as_amina.post("/application/send", data={"declared": "yes"})

    page = await as_ingrid.get("/screening")

    assert "Amina Okello" in page.text
    assert "completed" in page.text


async def test_who_decides_second_reads_who_was_first(as_ingrid, signed_in, new_person, sent):
    olga = await signed_in(await new_person(Role.STAFF, "Olga Petrova"))
    await as_ingrid.post(f"/screening/{sent.ref}/admit", data={"version": "1"})

    second = await olga.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})

    assert second.status_code == 409
    assert "Someone else was first" in second.text
    assert "Ingrid Solberg" in second.text
    assert "Found eligible" in second.text
    assert (await as_kept(sent.ref)).state == State.ELIGIBLE
    assert await letters_about(sent.ref) == []


async def test_two_decisions_at_once_are_one(ingrid, new_person, sent):
    olga = (await new_person(Role.STAFF, "Olga Petrova")).actor
    why = {"version": 1, "reasons": ["too_old"], "text": ""}

    outcomes = await asyncio.gather(
        screening.admit(ingrid.actor, sent.ref, version=1),
        screening.turn_away(olga, sent.ref, **why),
        return_exceptions=True,
    )

    assert sum(isinstance(each, screening.Overtaken) for each in outcomes) == 1
    moves = [each.what for each in await traced(sent.ref) if each.what != "application.submit"]
    assert len(moves) == 1
    assert len(await letters_about(sent.ref)) == (moves == ["application.turn_away"])


async def test_pressed_twice_it_counts_once(as_ingrid, sent):
    first = await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})
    second = await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(await letters_about(sent.ref)) == 1
    assert len(await traced(sent.ref)) == 2


@pytest.mark.parametrize("verb", ["ask", "turn_away"])
async def test_without_a_reason_the_form_comes_back_with_its_text(as_ingrid, sent, verb):
    response = await as_ingrid.post(f"/screening/{sent.ref}/{verb}", data={"version": "1", "text": "Kept words."})

    assert response.status_code == 422
    assert "Choose at least one reason." in response.text
    assert "Kept words." in response.text


@pytest.mark.parametrize(
    "bad",
    [
        {"reasons": "invented"},
        {"reasons": "x" * 5000},
        {"text": "a\x00b"},
        {"text": "x" * 3000},
        {"version": "99999999999999999999"},
        {"version": "-1"},
        {"version": "NaN"},
        {"step": "other"},
        {"until": "2026-02-31"},
        {"until": "2026-02-01T10:00:00"},
        {"state": "eligible"},
    ],
)
async def test_wrong_values_are_said_and_nothing_is_decided(as_ingrid, sent, bad):
    response = await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | bad)

    assert response.status_code == 422
    assert (await as_kept(sent.ref)).state == State.SUBMITTED


async def test_a_reason_of_another_list_is_never_kept(as_ingrid, sent):
    response = await as_ingrid.post(
        f"/screening/{sent.ref}/turn_away", data=WHY | {"reasons": "no_studies", "step": "send"}
    )

    assert response.status_code == 409
    assert (await as_kept(sent.ref)).state == State.SUBMITTED


@pytest.mark.parametrize("data", [{"version": "x"}, {}, {"version": ["1", "1"]}])
async def test_a_broken_button_decides_nothing(as_ingrid, sent, data):
    for verb in ("admit", "recheck"):
        response = await as_ingrid.post(f"/screening/{sent.ref}/{verb}", data=data, follow_redirects=True)
        assert "Nothing was" in response.text

    assert (await as_kept(sent.ref)).state == State.SUBMITTED


@pytest.mark.parametrize("role", [Role.HOST, Role.REVIEWER, Role.APPLICANT, Role.ADMIN, Role.OBSERVER])
async def test_other_roles_have_no_such_pages(signed_in, new_person, reserve, sent, role):
    somebody = await signed_in(
        await new_person(role, "Sam Stranger", reserve_id=reserve.id if role == Role.HOST else None)
    )

    for path in ("/screening", f"/screening/{sent.ref}", "/applications", f"/applications/{sent.ref}"):
        assert (await somebody.get(path)).status_code in {403, 404}
    assert (await somebody.post(f"/screening/{sent.ref}/admit", data={"version": "1"})).status_code in {403, 404}
    assert (await as_kept(sent.ref)).state == State.SUBMITTED


@pytest.mark.parametrize("ref", ["AAAAAAAAAA", "x", "'--"])
async def test_what_does_not_exist_and_what_was_never_sent_look_alike(as_ingrid, new_sent, ref):
    draft = await new_sent("Dora Draft", state=State.DRAFT, submitted_at=None) if ref == "x" else None

    for path in ("/screening/{}", "/screening/{}/ask", "/screening/{}/turn_away", "/applications/{}"):
        assert (await as_ingrid.get(path.format(draft.ref if draft else ref))).status_code == 404
    posted = await as_ingrid.post(f"/screening/{draft.ref if draft else ref}/admit", data={"version": "1"})
    assert posted.status_code == 404
