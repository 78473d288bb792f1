"""Starting, sending, withdrawing: each once, however often it is pressed, and by the server's clock."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from internships.applications.actions import sending
from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState, State
from internships.core import clock as time
from internships.core.db import read
from internships.core.faults import Refused
from internships.core.models import History, Job, Letter
from internships.core.settings import settings
from internships.core.writing import write
from internships.cycles.models import Cycle, Reason
from internships.cycles.rules import ReasonKind
from internships.cycles.rules import State as CycleState
from tests.applications.factories import new_call, submitted

DECLARED = {"declared": "yes"}


async def rows(statement):
    async with read() as db:
        return (await db.execute(statement)).all()


async def file_of(person):
    return (await rows(select(Application).where(Application.person_id == person.actor.person_id)))[0]


async def moves(what):
    return await rows(select(History).where(History.what == what).order_by(History.id))


async def test_a_file_is_started_once(as_amina, amina, call, statements):
    assert "Start my application" in (await as_amina.get("/application")).text

    with statements() as asked:
        response = await as_amina.post("/application/start")
    await as_amina.post("/application/start")

    assert response.headers["location"] == "/en/application"
    assert len(asked) <= 5
    assert (await file_of(amina)).state == State.DRAFT
    assert len(await moves("application.start")) == 1
    (job,) = await rows(select(Job))
    assert (job.kind, job.run_at) == ("applications.lapse", call.closes_at)


async def test_twenty_starts_at_once_make_one_file(amina, call):
    await asyncio.gather(*(sending.start(amina.actor) for _ in range(20)))

    assert len(await rows(select(Application.id))) == 1
    assert len(await rows(select(Job.id))) == 1


async def test_no_file_is_started_without_an_open_call(as_amina, database):
    assert "No call takes applications now" in (await as_amina.get("/application")).text
    assert (await as_amina.post("/application/start")).status_code == 409

    await new_call(opens_at=time.now() + timedelta(days=2))
    assert "Applications open soon" in (await as_amina.get("/application")).text
    assert (await as_amina.post("/application/start")).status_code == 409


async def test_a_complete_file_is_sent_and_the_receipt_names_it(as_amina, amina, ready, statements):
    assert "Send my application" in (await as_amina.get("/application/check")).text

    with statements() as asked:
        response = await as_amina.post("/application/send", data=DECLARED)

    assert response.headers["location"] == "/en/application/sent"
    assert len(asked) <= 5
    receipt = (await as_amina.get("/application/sent")).text
    assert ready.ref in receipt
    assert amina.actor.email in receipt
    assert f">{settings().site}/en/application<" in receipt
    assert "is on its way" in receipt
    (letter,) = await rows(select(Letter))
    assert (letter.kind, letter.address, letter.about) == ("applications/received", amina.actor.email, ready.ref)
    (move,) = await moves("application.submit")
    assert (move.from_state, move.to_state, move.file) == ("draft", "submitted", ready.ref)


async def test_sent_again_it_is_sent_once(as_amina, ready):
    first = await as_amina.post("/application/send", data=DECLARED)
    second = await as_amina.post("/application/send", data=DECLARED)

    assert first.headers["location"] == second.headers["location"]
    assert len(await moves("application.submit")) == 1
    assert len(await rows(select(Letter.id))) == 1


async def test_twenty_sends_at_once_are_one(amina, ready):
    sent = await asyncio.gather(*(sending.submit(amina.actor) for _ in range(20)))

    assert sent == [ready.ref] * 20
    assert len(await moves("application.submit")) == 1
    assert len(await rows(select(Letter.id))) == 1


async def test_without_the_declaration_nothing_is_sent(as_amina, amina, ready):
    response = await as_amina.post("/application/send", data={})

    assert response.status_code == 422
    assert response.text.count("Tick the box to say that your answers are true.") == 2
    assert (await file_of(amina)).state == State.DRAFT


async def test_what_is_missing_is_listed_with_its_page_and_nothing_is_sent(as_amina, amina, draft):
    page = (await as_amina.get("/application/check")).text
    assert "Choose at least one position." in page
    assert 'href="/en/application/choices?from=check"' in page
    assert "Send my application" not in page

    response = await as_amina.post("/application/send", data=DECLARED)

    assert response.headers["location"] == "/en/application/check"
    assert (await file_of(amina)).state == State.DRAFT
    assert await rows(select(Letter.id)) == []


async def test_the_calls_instant_decides(as_amina, amina, call, ready, clock):
    clock.move_to(call.closes_at)

    response = await as_amina.post("/application/send", data=DECLARED)

    assert response.status_code == 409
    assert (await file_of(amina)).state == State.DRAFT

    clock.move_to(call.closes_at - timedelta(seconds=1))
    assert (await as_amina.post("/application/send", data=DECLARED)).status_code == 303


async def test_after_the_deadline_a_draft_can_be_read_and_what_was_typed_is_shown(as_amina, call, ready, clock):
    clock.move_to(call.closes_at)

    late = await as_amina.post("/application/motivation", data={
        "motivation_language": "en", "motivation": "Typed until the last second", "use_after": "Much",
    })  # fmt: skip

    assert late.status_code == 409
    assert "Typed until the last second" in late.text
    assert "You did not send this application" in (await as_amina.get("/application")).text
    assert (await as_amina.get("/application/motivation")).headers["location"] == "/en/application/check"
    answers = (await as_amina.get("/application/check")).text
    assert "I grew up below a mountain" in answers
    assert "?from=check" not in answers


@pytest.mark.parametrize(
    ("left", "words"),
    [(23 * 60, "Less than 24 hours"), (59, "Less than 1 hour"), (9, "Less than 10 minutes"), (25 * 60, None)],
)
async def test_the_pages_warn_before_the_deadline(as_amina, call, draft, clock, left, words):
    clock.move_to(call.closes_at - timedelta(minutes=left))

    for path in ("/application", "/application/about"):
        page = (await as_amina.get(path)).text
        assert (words in page) if words else ("Less than" not in page)


async def test_the_deadline_is_told_in_the_calls_zone_and_in_the_readers(signed_in, new_person, call):
    somebody = await signed_in(await new_person("applicant", "Far Away", zone="Asia/Kathmandu"))

    page = (await somebody.get("/application")).text

    assert "anywhere on Earth" in page
    assert "In your time zone: 7 November 2026, 15:15" in page
    assert "5 days left" in page


async def test_a_sent_file_cannot_be_changed(as_amina, sent):
    told = {"motivation_language": "en", "motivation": "Later.", "use_after": "Later."}

    assert (await as_amina.post("/application/motivation", data=told)).status_code == 409
    assert (await as_amina.post("/application/languages/new", data={"code": "fr", "level": "B1"})).status_code == 409


async def test_what_was_asked_for_is_completed_and_sent_again(as_amina, amina, call, positions, clock):
    until = time.now() + timedelta(days=7)
    asked = {"state": State.COMPLETION_REQUESTED, "asked": True, "completion_until": until}
    file = await submitted(amina, call, positions[:1], **asked, reasons=["no_studies"], reason_text="Which field?")
    clock.move_to(call.closes_at + timedelta(days=1))

    tasks = (await as_amina.get("/application")).text
    assert "We ask you to complete something" in tasks
    assert "Which field?" in tasks
    assert "Your studies are not clear" in (await as_amina.get("/application/check")).text
    response = await as_amina.post("/application/send", data=DECLARED)

    assert response.status_code == 303
    row = await file_of(amina)
    assert row.state == State.SUBMITTED
    (move,) = await moves("application.submit")
    assert (move.from_state, move.to_state, move.subject) == ("completion_requested", "submitted", file.ref)


async def test_a_completion_ends_at_its_own_instant(as_amina, amina, call, positions, clock):
    until = call.closes_at + timedelta(days=1)
    asked = {"state": State.COMPLETION_REQUESTED, "asked": True, "completion_until": until}
    await submitted(amina, call, positions[:1], **asked)

    clock.move_to(until)
    assert (await as_amina.post("/application/send", data=DECLARED)).status_code == 409
    clock.move_to(until - timedelta(seconds=1))
    assert (await as_amina.post("/application/send", data=DECLARED)).status_code == 303


async def test_withdrawing_releases_the_choices_once(as_amina, amina, sent, statements):
    assert "I have other plans" in (await as_amina.get("/application/withdraw")).text
    reason = {"reason": "other_plans", "text": "A job at home."}

    with statements() as asked:
        response = await as_amina.post("/application/withdraw", data=reason)
    await as_amina.post("/application/withdraw", data=reason)

    assert response.headers["location"] == "/en/application"
    assert len(asked) <= 5
    assert (await file_of(amina)).state == State.WITHDRAWN
    assert {row.state for row in await rows(select(Choice))} == {ChoiceState.RELEASED}
    (move,) = await moves("application.withdraw")
    assert (move.from_state, move.to_state, move.reason) == ("submitted", "withdrawn", "A job at home.")
    assert [(row.from_state, row.to_state) for row in await moves("choice.release")] == [("waiting", "released")] * 2
    assert [letter.kind for letter in await rows(select(Letter))] == ["applications/withdrawn"]
    assert "You have withdrawn your application" in (await as_amina.get("/application")).text


@pytest.mark.parametrize("reason", ["too_old", "anything"])
async def test_only_a_listed_reason_withdraws(as_amina, amina, sent, reason):
    response = await as_amina.post("/application/withdraw", data={"reason": reason, "text": "Kept words"})

    assert response.status_code == 422
    assert "Kept words" in response.text
    assert (await file_of(amina)).state == State.SUBMITTED


async def test_a_draft_is_not_withdrawn(amina, draft):
    with pytest.raises(Refused):
        await sending.withdraw(amina.actor, code="other_plans", words="")


async def test_nobody_has_to_say_why_they_withdraw(as_amina, amina, sent):
    assert "Why do you withdraw? (optional)" in (await as_amina.get("/application/withdraw")).text

    response = await as_amina.post("/application/withdraw", data={})

    assert response.status_code == 303
    assert (await file_of(amina)).state == State.WITHDRAWN


TOO_LATE = [("/about", {"town": ""}), ("/motivation", {"motivation": "Typed until the last second"}),
            ("/studies/new", {"title": "Typed until the last second"}), ("/studies", {}), ("/send", {})]  # fmt: skip


@pytest.mark.parametrize(("path", "answers"), TOO_LATE)
async def test_after_the_deadline_nobody_is_asked_for_corrections(as_amina, call, ready, clock, path, answers):
    clock.move_to(call.closes_at)

    response = await as_amina.post(f"/application{path}", data=answers)

    assert response.status_code == 409
    assert "The time to change this application is over." in response.text
    assert "There is a problem" not in response.text
    assert all(typed in response.text for typed in answers.values())


async def test_a_text_that_saves_itself_says_that_the_time_is_over(as_amina, call, ready, clock, htmx):
    clock.move_to(call.closes_at)

    response = await as_amina.post("/application/motivation/draft", data={"motivation": "Late"}, headers=htmx)

    assert response.status_code == 409
    assert "Not saved: The time to change this application is over." in response.text
    assert len(response.text) < 200


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(8, "Less than an hour left"), (90, "1 hour left"), (47 * 60, "47 hours left"), (49 * 60, "2 days left")],
)
async def test_the_time_left_is_said_alike_on_every_page(as_amina, visitor, call, draft, clock, minutes, words):
    clock.move_to(call.closes_at - timedelta(minutes=minutes))

    for reader, path in ((as_amina, "/application"), (visitor, "/")):
        assert words in (await reader.get(path)).text


async def test_why_somebody_withdraws_is_asked_again_on_top_of_the_page(as_amina, sent, htmx):
    page = (await as_amina.post("/application/withdraw", data={"reason": "too_old"}, headers=htmx)).text

    assert page.index("error-summary-title") < page.index("This cannot be undone")


async def test_the_receipt_can_be_kept_and_promises_nothing_that_is_past(as_amina, amina, sent):
    receipt = (await as_amina.get("/application/sent")).text

    assert re.search(r'href="https?://[^"]+/en/application"', receipt)
    assert "If something is missing, we ask you once." in receipt
    async with write() as tx:
        file = await tx.get_one(Application, sent.id)
        file.state, file.decided_at = State.ELIGIBLE, time.now() - timedelta(days=1)
    later = (await as_amina.get("/application/sent")).text
    assert "If something is missing" not in later
    assert "The results are out on" in later


async def test_whoever_is_asked_to_complete_something_is_led_to_it(as_amina, amina, call, positions, clock):
    async with write() as tx:
        said = {"en": "Say at which level you speak each language."}
        tx.add(Reason(cycle_id=call.id, kind=ReasonKind.COMPLETION, code="languages", place=9, label=said))
    asked = {"state": State.COMPLETION_REQUESTED, "asked": True,
             "saved_at": time.now() - timedelta(hours=2), "decided_at": time.now() - timedelta(hours=1),
             "completion_until": time.now() + timedelta(days=7)}  # fmt: skip
    await submitted(amina, call, positions[:1], **asked, reasons=["languages", "no_studies"])

    tasks = (await as_amina.get("/application")).text
    check = (await as_amina.get("/application/check")).text

    assert '<a href="/en/application/languages">Say at which level' in tasks
    assert '<a href="/en/application/languages?from=check">Say at which level' in check
    assert "<li>Your studies are not clear</li>" in tasks
    assert tasks.count("Look at it again") == 1
    assert "You have changed nothing since we asked you" in check

    clock.shift(timedelta(minutes=1))
    await as_amina.post("/application/languages", data={"finished": "yes"})
    assert "You have changed nothing" not in (await as_amina.get("/application/check")).text
    await as_amina.post("/application/send", data=DECLARED)
    assert "we ask you once" not in (await as_amina.get("/application/sent")).text


async def test_sending_again_is_told_as_such(as_amina, amina, ready, ingrid):
    await as_amina.post("/application/send", data=DECLARED)
    until = {"state": State.COMPLETION_REQUESTED, "asked": True, "completion_until": time.now() + timedelta(days=7)}
    async with write() as tx:
        await tx.execute(update(Application).values(**until))
    await as_amina.post("/application/send", data=DECLARED)

    page = (await as_amina.get("/application")).text

    assert page.count("You sent your application<") == 1
    assert page.count("You sent your application again<") == 1


async def test_a_receipt_read_later_promises_nothing_that_is_past(as_amina, sent, call, clock):
    clock.shift(timedelta(days=1))
    assert "is on its way" not in (await as_amina.get("/application/sent")).text
    assert "What happens next" in (await as_amina.get("/application/sent")).text

    async with write() as tx:
        await tx.execute(update(Cycle).values(state=CycleState.RESULTS_OUT))

    assert "What happens next" not in (await as_amina.get("/application/sent")).text
