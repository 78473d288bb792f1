"""Whom staff mean, when they type a name: at the pairs, at the teams and at a change to a run."""

import pytest

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
