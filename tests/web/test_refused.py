"""A rule that says no has words of its own, and a way back; only a second writer reads that something has changed."""

from internships.core.settings import settings
from tests.desk.conftest import market, new_market

__all__ = ["market", "new_market"]


async def test_a_refusal_says_what_was_refused_and_leads_back_to_the_page(as_ingrid, market, tomas):
    path = f"/matching/readiness/{market.positions['Glacier'].ref}/remind"
    page = f"{settings().site}/en/matching/readiness"
    await as_ingrid.post(path)

    again = await as_ingrid.post(path, headers={"Referer": page})

    assert again.status_code == 409
    assert "This cannot be done now" in again.text
    assert "The hosts of this position were reminded today." in again.text
    assert "in the meantime" not in again.text
    assert "Load it again" not in again.text
    assert 'href="/en/matching/readiness">Back to the page' in again.text


async def test_the_way_back_is_one_of_our_own_pages(as_ingrid, market, tomas):
    path = f"/matching/readiness/{market.positions['Glacier'].ref}/remind"
    await as_ingrid.post(path)

    for elsewhere in ("https://evil.example/en/matching", "nonsense", f"{settings().site}//evil.example/"):
        answer = await as_ingrid.post(path, headers={"Referer": elsewhere})
        assert "Back to the page" not in answer.text
        assert "evil" not in answer.text


async def test_a_page_says_once_what_it_is_written_in(visitor):
    assert (await visitor.get("/")).headers["content-type"] == "text/html; charset=utf-8"
