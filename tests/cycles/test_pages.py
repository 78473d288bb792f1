"""What everybody reads: the home page in every stage of a call, the call, help."""

import re
from datetime import timedelta

import pytest

from internships.cycles.rules import Stage, State, stage
from tests.conftest import NOW


@pytest.mark.parametrize("path", ["/", "/help", "/privacy", "/accessibility"])
async def test_a_page_for_everybody_may_be_kept_for_a_minute_and_needs_no_script(visitor, path):
    response = await visitor.get(path)

    assert response.status_code == 200
    assert response.headers["cache-control"] == "public, max-age=60"
    assert "<script" not in response.text


async def test_before_the_first_call_the_home_page_says_so(visitor):
    response = await visitor.get("/")

    assert "No call is open yet." in response.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.ANNOUNCED, "Applications open on"),
        (State.OPEN, "Start your application"),
        (State.CLOSED, "This call is closed."),
        (State.IN_SELECTION, "This call is closed."),
        (State.RESULTS_OUT, "The results of this call are out."),
        (State.ARCHIVED, "This call is over."),
    ],
)
async def test_the_home_page_says_where_the_call_stands(visitor, new_call, state, said):
    opens_at = NOW + timedelta(days=1) if state == State.ANNOUNCED else NOW - timedelta(days=1)
    await new_call(state=state, opens_at=opens_at)

    response = await visitor.get("/")

    assert said in response.text


async def test_a_call_that_is_not_announced_is_unknown(visitor, new_call):
    call = await new_call(state=State.DRAFT)

    response = await visitor.get(f"/calls/{call.slug}")

    assert response.status_code == 404
    assert "No call is open yet." in (await visitor.get("/")).text


async def test_the_call_says_its_rules_its_deadline_and_its_criteria(visitor, new_call):
    call = await new_call()

    text = (await visitor.get(f"/calls/{call.slug}")).text

    assert "You are from 18 to 35 years old on 15 January 2027." in text
    assert "You may come from any country." in text
    assert "Bachelor or equivalent" in text
    assert "English (B1) or French (B1)" in text
    assert "15 January 2027, 23:59" in text
    assert "anywhere on Earth (UTC-12:00)" in text
    assert "16 January 2027, 14:59" in text  # in Nairobi
    assert "Motivation" in text
    assert "Named with reasons" in text


async def test_who_is_signed_in_reads_the_deadline_in_their_own_zone(new_person, signed_in, new_call):
    from internships.accounts.rules import Role

    await new_call()
    somebody = await signed_in(await new_person(Role.APPLICANT, "Amina Okello", zone="Asia/Katmandu"))

    text = (await somebody.get("/")).text

    assert "In your time zone: 16 January 2027, 17:44" in text


@pytest.mark.parametrize("path", ["/", "/calls/2027"])
async def test_three_statements_are_enough(visitor, new_call, statements, path):
    await new_call()

    with statements() as asked:
        await visitor.get(path)

    assert len(asked) <= 3


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-1, Stage.AHEAD), (0, Stage.OPEN), (59, Stage.OPEN), (60, Stage.CLOSED)],
)
def test_the_instants_count_and_not_the_buttons(minutes, expected):
    opens_at, closes_at = NOW, NOW + timedelta(minutes=60)

    for state in (State.ANNOUNCED, State.OPEN):
        assert stage(state, opens_at, closes_at, NOW + timedelta(minutes=minutes)) == expected


async def test_the_home_page_tells_the_deadline_on_other_clocks_and_what_a_position_gives(visitor, new_call):
    await new_call()

    text = (await visitor.get("/")).text

    assert "The deadline on clocks around the world" in text
    assert "Times: " in text
    assert "Money, housing and travel" in text


async def test_the_middle_of_a_scale_has_its_number(visitor, new_call):
    call = await new_call()

    text = (await visitor.get(f"/calls/{call.slug}")).text

    assert re.search(r"0: [^<]+<br>3: [^<]+<br>5: ", text)
