"""Can I apply? A page of reasons, whatever was answered."""

import pytest
from sqlalchemy import func, select

from internships.applications.models import Application
from internships.core.db import read
from internships.core.models import History

FITTING = {
    "born_day": "27", "born_month": "March", "born_year": "2001", "nationality": "Pérou", "studies": "7",
    "languages": ["fr"],
}  # fmt: skip


@pytest.fixture
async def call(new_call):
    return await new_call(nationalities=["PE", "KE"])


async def test_all_that_fits_leads_to_the_start(visitor, call):
    response = await visitor.post("/check", data=FITTING)

    assert response.status_code == 200
    assert "Yes, you can apply" in response.text
    assert response.text.count(">Fits</strong>") == 4
    assert "/en/register" in response.text


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ({"born_year": "1980"}, "A later call may set other ages"),
        ({"nationality": "France"}, "If you have another nationality as well"),
        ({"studies": "3"}, "You can apply in the first call after"),
        ({"languages": ["none"]}, "You judge your level yourself"),
    ],
)
async def test_what_does_not_fit_is_a_page_with_what_to_do(visitor, call, answers, advice):
    response = await visitor.post("/check", data=FITTING | answers)

    assert response.status_code == 200
    assert "You can't apply in this call" in response.text
    assert response.text.count(">Does not fit</strong>") == 1
    assert advice in response.text


async def test_nothing_said_is_an_answer_too(visitor, call):
    response = await visitor.post("/check", data={})

    assert response.status_code == 200
    assert "You may be able to apply" in response.text
    assert response.text.count(">Not known yet</strong>") == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"born_month": "13"}, "Enter a real date"),
        ({"born_day": "31", "born_month": "2"}, "Enter a real date"),
        ({"born_year": "3001"}, "Enter a real date"),
        ({"nationality": "Atlantis"}, "Enter the name of a country"),
        ({"nationality": "Kor"}, "Choose which “Kor”"),
        ({"studies": "99"}, "Choose one of the levels."),
        ({"nationality": "P\x00eru"}, "can&#39;t be kept"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_lost(visitor, call, wrong, said):
    response = await visitor.post("/check", data=FITTING | wrong)

    assert response.status_code == 422
    assert said in response.text
    assert "Error: Can I apply?" in response.text
    assert 'value="fr" checked' in response.text.replace("\n", " ")


async def test_only_what_the_call_asks_for_is_asked(visitor, new_call):
    await new_call(nationalities=None, min_isced_level=None)

    text = (await visitor.get("/check")).text

    assert "When were you born?" in text
    assert "nationality" not in text
    assert "level of studies" not in text


async def test_before_the_first_call_there_is_nothing_to_check(visitor, database):
    assert "No call is open yet." in (await visitor.get("/check")).text
    assert (await visitor.post("/check", data={})).status_code == 422


async def test_nothing_is_kept(visitor, call):
    await visitor.post("/check", data=FITTING)

    async with read() as db:
        for table in (Application, History):
            assert await db.scalar(select(func.count()).select_from(table)) == 0
