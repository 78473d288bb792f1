"""Teams of two, as staff write them down and the run takes them."""

import asyncio
import re

import pytest
from sqlalchemy import select, update

from internships.applications.models import Application
from internships.applications.rules import State
from internships.core.faults import Refused
from internships.core.models import History
from internships.core.writing import write
from internships.matching.actions import teams
from internships.matching.models import Team, TeamMember
from tests.desk.conftest import kept

TEAMS = "/matching/rules/teams"


@pytest.fixture
async def three(new_market):
    return await new_market(
        {"Lena": ["Glacier", "Forest"], "Tariq": ["Forest", "Glacier"], "Mei": ["Lake"]},
        {"Glacier": 2, "Forest": 2, "Lake": 1},
        {"Glacier": [["Lena", "Tariq"]], "Forest": [["Tariq", "Lena"]], "Lake": [["Mei"]]},
    )


def sent(market, first="Lena", second="Tariq", reason="They asked to go together"):
    return {"first": market.applications[first].ref, "second": market.applications[second].ref, "reason": reason}


async def test_what_two_people_would_take_together_is_shown_before_they_are_a_team(as_ingrid, three):
    asked = {key: ref.lower() for key, ref in sent(three).items() if key != "reason"}

    shown = await as_ingrid.get(TEAMS, params=asked)

    assert "Glacier and Forest, " in shown.text
    assert "both at" in shown.text
    assert await kept(select(Team.id)) == []


async def test_a_team_is_saved_with_its_reason_and_dissolved_and_both_files_tell_of_it(as_ingrid, three):
    saved = await as_ingrid.post(TEAMS, data=sent(three))
    listed = await as_ingrid.get(TEAMS)
    ((ref,),) = await kept(select(Team.ref))

    assert saved.status_code == 303
    assert "They asked to go together" in listed.text
    assert "Together" in listed.text
    assert (await as_ingrid.post(f"{TEAMS}/{ref}/remove")).status_code == 303
    assert await kept(select(Team.id)) == await kept(select(TeamMember.id)) == []
    for name in ("Lena", "Tariq"):
        told = select(History.what).where(History.file == three.applications[name].ref, History.subject == ref)
        assert await kept(told.order_by(History.id)) == [("team.add",), ("team.remove",)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"second": "Lena"}, "two different people"),
        ({"second": "ZZZZZZZZZZ"}, "no application in this call"),
        ({"first": ""}, "Enter the reference"),
        ({"reason": ""}, "Give the reason"),
        ({"second": "Mei"}, ""),
    ],
)
async def test_a_team_that_makes_no_sense_is_sent_back_with_what_was_typed(as_ingrid, three, changed, said):
    data = sent(three) | {key: getattr(three.applications.get(value), "ref", value) for key, value in changed.items()}
    elsewhere = changed == {"second": "Mei"}
    if elsewhere:
        said = "the same reserve"
        await _move_the_lake_away(three)

    response = await as_ingrid.post(TEAMS, data=data)

    assert response.status_code == 422
    assert said in response.text
    assert data["second"] in response.text
    assert await kept(select(Team.id)) == []


async def _move_the_lake_away(market):
    from internships.reserves.models import Position, Reserve

    async with write() as tx:
        here = await tx.scalar(select(Reserve).limit(1))
        values = {
            column.name: getattr(here, column.name) for column in Reserve.__table__.columns if column.name != "id"
        }
        other = Reserve(**values | {"ref": "ELSEWHERE0", "slug": "elsewhere"})
        tx.add(other)
        await tx.flush()
        lake = Position.id == market.positions["Lake"].id
        await tx.execute(update(Position).where(lake).values(reserve_id=other.id))


async def test_what_is_wrong_with_an_empty_team_is_said_at_a_field_each(as_ingrid, three):
    text = (await as_ingrid.post(TEAMS, data={"first": "", "second": "", "reason": ""})).text
    summary = text.partition('class="error-summary"')[2].partition("<form")[0].partition("<h2")[2]

    wrong = re.findall(r'href="#(f-\w+)"', summary)
    assert wrong == ["f-first", "f-second", "f-reason"]
    for field in wrong:
        control = re.search(rf'<(?:input|textarea)[^>]*id="{field}"[^>]*>', text)[0]
        assert 'aria-invalid="true"' in control
        assert f'id="{field}-error"' in text


async def test_a_reason_that_was_given_too_early_is_kept_until_it_is_asked_for(as_ingrid, three):
    early = await as_ingrid.post(TEAMS, data=sent(three) | {"second": ""})
    shown = await as_ingrid.get(TEAMS, params=sent(three))

    for page in (early, shown):
        assert re.search(r"<textarea[^>]*>\s*They asked to go together</textarea>", page.text)


async def test_a_get_says_what_is_wrong_with_two_references(as_ingrid, three):
    lena = three.applications["Lena"].ref

    same = await as_ingrid.get(TEAMS, params={"first": lena, "second": lena})
    unknown = await as_ingrid.get(TEAMS, params={"first": lena, "second": "0000000000"})

    assert (same.status_code, unknown.status_code) == (200, 200)
    assert "two different people" in same.text
    assert "Nobody who applied is called “0000000000”" in unknown.text
    assert f'value="{lena}"' in unknown.text


async def test_nobody_comes_into_two_teams_though_many_ask_at_once(ingrid, three):
    """Lena with Tariq and Mei with Lena, ten times each at the same moment: one team stands."""
    lena, tariq, mei = (three.applications[name].ref for name in ("Lena", "Tariq", "Mei"))
    pairs = [(lena, tariq), (mei, lena)] * 10

    made = await asyncio.gather(
        *(teams.join(ingrid.actor, *pair, reason="At once") for pair in pairs), return_exceptions=True
    )

    assert sum(isinstance(each, str) for each in made) == 1
    assert all(isinstance(each, str | Refused) for each in made)
    assert len(await kept(select(TeamMember.id))) == 2


async def test_a_team_says_when_the_run_will_not_take_it_together(as_ingrid, three):
    await as_ingrid.post(TEAMS, data=sent(three))
    async with write() as tx:
        tariq = Application.id == three.applications["Tariq"].id
        await tx.execute(update(Application).where(tariq).values(state=State.WITHDRAWN))

    listed = await as_ingrid.get(TEAMS)

    assert "Not together" in listed.text
    assert "Tariq" in listed.text
    assert "is not found eligible" in listed.text


async def test_a_stranger_finds_no_team_to_dissolve(as_ingrid, as_tomas, three):
    await as_ingrid.post(TEAMS, data=sent(three))
    ((ref,),) = await kept(select(Team.ref))

    assert (await as_ingrid.post(f"{TEAMS}/0000000000/remove")).status_code == 404
    assert (await as_tomas.post(f"{TEAMS}/{ref}/remove")).status_code == 403
    assert len(await kept(select(Team.id))) == 1


@pytest.fixture
async def alike(new_market):
    """Two of the three are called Lena, one with an accent."""
    return await new_market(
        {"Lena Maric": ["Glacier"], "Léna Duval": ["Glacier"], "Tariq": ["Glacier"]},
        {"Glacier": 3},
        {"Glacier": [["Lena Maric", "Léna Duval", "Tariq"]]},
    )


async def test_two_people_are_found_by_parts_of_their_names(as_ingrid, alike, statements):
    with statements() as asked:
        shown = (await as_ingrid.get(TEAMS, params={"first": "duval LENA", "second": "tari"})).text

    assert "What they would take together" in shown.partition("A new team")[2]
    assert f'name="first" value="{alike.applications["Léna Duval"].ref}"' in shown
    assert f'name="second" value="{alike.applications["Tariq"].ref}"' in shown
    assert len(asked) <= 3


async def test_of_several_who_are_called_so_one_is_picked_and_the_other_name_is_kept(as_ingrid, alike):
    shown = (await as_ingrid.get(TEAMS, params={"first": "lena", "second": "Tariq"})).text
    nobody = (await as_ingrid.get(TEAMS, params={"first": "%", "second": "Nobody_"})).text

    assert "Whom do you mean by “lena”?" in shown
    for name in ("Lena Maric", "Léna Duval"):
        assert re.search(rf'<input[^>]*type="radio" name="first" value="{alike.applications[name].ref}"', shown)
    assert re.search(r'<input[^>]*name="second"[^>]*value="Tariq"', shown)
    assert "Nobody who applied is called “Nobody_”" in nobody
    assert "Nobody who applied is called “%”" in nobody


async def test_somebody_without_script_makes_a_team_by_name(new_page, ingrid, alike):
    page = await new_page(ingrid, javascript=False)
    await page.goto(f"/en{TEAMS}")

    await page.get_by_label("Name or reference of the first person").fill("lena")
    await page.get_by_label("Name or reference of the second person").fill("tariq")
    await page.get_by_role("button", name="Show what they chose together").click()
    await page.get_by_label("Léna Duval").check()
    await page.get_by_role("button", name="Show what they chose together").click()
    await page.get_by_label("Reason").fill("They asked to go together")
    await page.get_by_role("button", name="Save the team").click()

    teams = page.get_by_role("table", name="Teams of this call")
    assert "Léna Duval" in await teams.inner_text()
    assert "Tariq" in await teams.inner_text()
