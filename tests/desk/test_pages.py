"""The desk's pages: who may see them, what they say, and how little they ask of the database."""

import json
import re
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from internships import worker
from internships.accounts.rules import Role
from internships.core.models import Letter
from internships.core.writing import write
from internships.matching.models import MatchLimit, MatchRun
from tests.desk.conftest import kept

DESK = [
    "/matching", "/matching/readiness", "/matching/rules/limits", "/matching/rules/reserved", "/matching/rules/minimums",
    "/matching/rules/pairs", "/matching/rules/lottery", "/contests",
]  # fmt: skip
SIDES = ["", "/people", "/people?without=yes", "/positions", "/limits", "/proof", "/picture", "/try", "/what-if"]


@pytest.mark.parametrize("path", DESK)
async def test_the_desk_is_for_staff_alone(as_ingrid, as_tomas, as_amina, visitor, market, path):
    assert (await as_ingrid.get(path)).status_code == 200
    assert (await as_tomas.get(path)).status_code == 403
    assert (await as_amina.get(path)).status_code == 403
    assert (await visitor.get(path)).status_code == 303


@pytest.mark.parametrize("path", DESK)
async def test_before_there_is_a_call_the_desk_says_so(as_ingrid, path):
    assert (await as_ingrid.get(path)).status_code in {200, 404}


@pytest.mark.parametrize("side", SIDES)
async def test_a_run_is_seen_from_every_side_with_three_statements(as_ingrid, as_tomas, market, made, statements, side):
    run = await made()

    with statements() as asked:
        response = await as_ingrid.get(f"/matching/runs/{run.ref}{side}")

    assert response.status_code == 200
    assert len(asked) <= 3
    assert (await as_tomas.get(f"/matching/runs/{run.ref}{side}")).status_code == 403
    assert (await as_ingrid.get(f"/matching/runs/0000000000{side}")).status_code == 404


async def test_staff_run_the_match_and_see_who_goes_where(as_ingrid, market):
    sent = await as_ingrid.post("/matching/runs", data={"name": "First"})
    working = await as_ingrid.get(sent.headers["location"])
    await worker.once()
    done = await as_ingrid.get(sent.headers["location"])
    people = await as_ingrid.get(sent.headers["location"] + "/people")

    assert sent.status_code == 303
    assert "The match is being made." in working.text
    assert "every 2s" in working.text
    assert "2 of 3 people have a place" in done.text
    assert "The result is stable" in done.text
    assert "every 2s" not in done.text
    assert "Mei" in people.text
    assert "Every choice went to people whom the host ranks higher" in people.text


async def test_each_bar_of_the_result_has_its_words_and_number_for_eyes_and_for_ears(as_ingrid, market, made):
    run = await made()

    text = (await as_ingrid.get(f"/matching/runs/{run.ref}")).text
    picture = text.partition('<figure class="figure" id="profile"')[2].partition("</svg>")[0]

    bars = [("Choice number 1", "1"), ("Choice number 2", "1"), ("Without a place", "1")]
    assert re.findall(r"<text[^>]*>([^<]*)</text>", picture) == [words for bar in bars for words in bar]
    assert picture.count("<rect") == len(bars)
    assert "Choice number 1: 1; Choice number 2: 1; Without a place: 1" in picture


async def test_a_run_without_a_name_is_sent_back(as_ingrid, market):
    response = await as_ingrid.post("/matching/runs", data={"name": " "})

    assert response.status_code == 422
    assert "Give the run a name" in response.text
    assert await kept(select(MatchRun.id)) == []


async def test_a_second_run_is_refused_beside_the_name_that_was_typed(as_ingrid, market, htmx):
    await as_ingrid.post("/matching/runs", data={"name": "First"})

    response = await as_ingrid.post("/matching/runs", data={"name": "Second"}, headers=htmx)

    assert response.status_code == 422
    assert "A run is under way." in response.text
    assert "<bdi>First</bdi></a>" in response.text  # the way to it stands in the part that is sent back
    assert "Second" in response.text


async def test_a_person_and_a_position_are_shown_with_their_answers_in_words(as_ingrid, market, made):
    run = await made()
    mei, glacier = market.applications["Mei"].ref, market.positions["Glacier"].ref

    person = await as_ingrid.get(f"/matching/runs/{run.ref}/people/{mei}")
    position = await as_ingrid.get(f"/matching/runs/{run.ref}/positions/{glacier}")

    assert (
        "All seats here (1) went to people in band 1 or better of this host&#39;s ranking; you are in band 2."
        in person.text
    )
    assert "Waiting list, in its order" in position.text
    for stranger in (f"people/{glacier}", f"positions/{mei}"):
        assert (await as_ingrid.get(f"/matching/runs/{run.ref}/{stranger}")).status_code == 404


async def test_the_inputs_are_the_text_that_was_hashed(as_ingrid, market, made):
    run = await made()

    response = await as_ingrid.get(f"/matching/runs/{run.ref}/inputs.json")

    assert response.text == run.inputs
    assert set(json.loads(response.text)["applicants"]) == {a.ref for a in market.applications.values()}


async def test_hosts_are_reminded_once_a_day_by_a_letter_in_their_language(as_ingrid, market, tomas):
    path = f"/matching/readiness/{market.positions['Glacier'].ref}/remind"

    first, second = await as_ingrid.post(path), await as_ingrid.post(path)

    assert (first.status_code, second.status_code) == (303, 409)
    assert await kept(select(Letter.kind, Letter.person_id)) == [("matching/to_rate", tomas.actor.person_id)]
    assert "were reminded today" in second.text


async def test_cancelling_is_said_and_a_finished_run_can_not_be_cancelled(as_ingrid, market, made):
    sent = await as_ingrid.post("/matching/runs", data={"name": "First"})
    cancelled = await as_ingrid.post(sent.headers["location"] + "/cancel")
    run = await made("Second")

    assert cancelled.status_code == 303
    assert "Cancelled" in (await as_ingrid.get(sent.headers["location"])).text
    assert (await as_ingrid.post(f"/matching/runs/{run.ref}/cancel")).status_code == 409


async def test_a_failed_run_says_what_contradicts_what(as_ingrid, market, made):
    forest = market.positions["Forest"].ref
    async with write() as tx:
        tx.add(MatchLimit(cycle_id=market.cycle.id, name="Fund", seats=2, over=[forest, forest]))
    run = await made()

    assert "“Forest” stands twice in Fund." in (await as_ingrid.get(f"/matching/runs/{run.ref}")).text


async def test_the_desk_in_arabic(as_ingrid, market, made):
    run = await made()

    response = await as_ingrid.get(f"{as_ingrid.base_url}".replace("/en", "/ar") + f"matching/runs/{run.ref}")

    assert 'dir="rtl"' in response.text


async def test_hosts_who_were_reminded_today_have_no_button_but_the_word(
    ingrid, signed_in, new_person, new_market, tomas, clock
):
    market = await new_market({"Lena": ["Glacier"]}, {"Glacier": 1}, {})
    as_ingrid = await signed_in(ingrid)
    path = f"/matching/readiness/{market.positions['Glacier'].ref}/remind"
    before = (await as_ingrid.get("/matching/readiness")).text
    await as_ingrid.post(path)
    after = (await as_ingrid.get("/matching/readiness")).text
    clock.shift(timedelta(days=1))
    as_ada = await signed_in(await new_person(Role.STAFF, "Ada Lund"))
    tomorrow = (await as_ada.get("/matching/readiness")).text

    assert path in before
    assert "Reminded today" not in before
    assert path not in after
    assert "Reminded today" in after
    assert path in tomorrow


async def test_without_the_extra_the_desk_and_the_run_say_how_to_get_it(as_ingrid, market, monkeypatch):
    for module in ("ortools", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, module, None)
    desk = await as_ingrid.get("/matching")

    asked = await as_ingrid.post("/matching/runs", data={"name": "Best", "goal": "best-sum"})
    await worker.once()
    run = await as_ingrid.get(asked.headers["location"].removeprefix("/en"))

    assert "pip install &#39;internships[optimum]&#39;</code>" in desk.text
    assert "This goal needs OR-Tools, which is not installed." in run.text
    assert "Could not be run" in run.text
