"""Whom staff mean, when they type a name: at the pairs, at the teams and at a change to a run."""

import pytest
from sqlalchemy import update

from internships.applications.models import Application
from internships.applications.rules import State
from internships.core.writing import write

NAMED = {
    "/matching/rules/pairs": {"application": "Le\x00na", "kind": "lock"},
    "/matching/rules/teams": {"first": "Le\x00na", "second": "Tariq"},
    "/matching/runs/{run}/try": {"kind": "fix", "person": "Le\x00na"},
}


@pytest.mark.parametrize("address", NAMED)
async def test_a_name_with_a_character_that_no_database_keeps_is_shown_again(as_ingrid, made, market, address):
    run = await made()

    response = await as_ingrid.post(address.format(run=run.ref), data=NAMED[address])

    assert response.status_code == 422
    assert "Le\N{REPLACEMENT CHARACTER}na" in response.text


async def test_whoever_is_in_a_run_is_found_though_many_others_are_called_so(as_ingrid, new_market, made):
    outside = [f"Lena A{letter}" for letter in "abcdefghijk"]
    market = await new_market({name: ["A"] for name in [*outside, "Lena Zuri"]}, {"A": 1}, {"A": [["Lena Zuri"]]})
    async with write() as tx:
        gone = Application.ref.in_([market.applications[name].ref for name in outside])
        await tx.execute(update(Application).where(gone).values(state=State.WITHDRAWN))
    run = await made()

    shown = (await as_ingrid.get(f"/matching/runs/{run.ref}/try", params={"person": "lena"})).text

    assert "Nobody in this run is called" not in shown
    assert f'name="person" value="{market.applications["Lena Zuri"].ref}"' in shown
