"""Finding a position or a reserve: what each filter finds, what it says, and what a wrong one does."""

from datetime import timedelta

import pytest

from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.cycles.rules import Level
from internships.cycles.rules import State as CycleState
from internships.reserves.rules import State


async def titles(visitor, query=""):
    text = (await visitor.get(f"/positions{query}")).text
    return [
        title for title in ("Count condors", "Ski and grouse", "Herders' maps") if title.replace("'", "&#39;") in text
    ]


@pytest.fixture
async def three(new_position, new_reserve):
    """One in Peru from April to July, one in Andorra from December to March and full, one in Kenya in July."""
    andorra = await new_reserve("Ordino", country="AD", countries=["AD", "FR"], region="Europe and North America",
                                working_languages=["fr"], lat=42.6, lon=1.5)  # fmt: skip
    kenya = await new_reserve("Mount Kenya", country="KE", countries=["KE"], region="Africa", working_languages=["en"])
    await new_position("Count condors")
    await new_position("Ski and grouse", reserve_id=andorra.id, season_start="12-01", season_end="03-31", seats=1, held=1,
                       languages=(("fr", Level.B2, True),))  # fmt: skip
    await new_position("Herders' maps", reserve_id=kenya.id, season_start="07-01", season_end="07-31",
                       theme="community_participation", languages=(("sw", Level.A2, False),))  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Count condors", "Ski and grouse", "Herders' maps"]),
        ("?country=PE", ["Count condors"]),
        ("?country=FR", ["Ski and grouse"]),
        ("?region=Africa", ["Herders' maps"]),
        ("?month=7", ["Count condors", "Herders' maps"]),
        ("?month=1", ["Ski and grouse"]),
        ("?month=12", ["Ski and grouse"]),
        ("?month=9", []),
        ("?language=sw", ["Herders' maps"]),
        ("?theme=community_participation", ["Herders' maps"]),
        ("?free=yes", ["Count condors", "Herders' maps"]),
        ("?q=CONDÓR", ["Count condors"]),
        ("?q=%25", []),
        ("?month=7&theme=biodiversity&free=yes", ["Count condors"]),
    ],
)
async def test_a_filter_finds_what_it_names(visitor, three, query, expected):
    assert await titles(visitor, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Condor Heights", "Ordino", "Mount Kenya"}),
        ("?language=fr", {"Ordino"}),
        ("?month=7", {"Condor Heights", "Mount Kenya"}),
        ("?free=yes&region=Europe+and+North+America", set()),
        ("?within=42,1,43,2", {"Ordino"}),
    ],
)
async def test_reserves_are_found_by_place_and_by_what_they_offer(visitor, three, query, expected):
    text = (await visitor.get(f"/reserves{query}")).text

    assert {name for name in ("Condor Heights", "Ordino", "Mount Kenya") if f">{name}</bdi>" in text} == expected


async def test_the_list_says_how_many_and_how_to_take_a_filter_off(visitor, three):
    text = (await visitor.get("/positions?month=7&country=PE")).text

    assert "1 position</h2>" in text
    assert 'href="/en/positions?month=7"' in text
    assert 'href="/en/positions?country=PE"' in text


@pytest.mark.parametrize("path", ["/positions", "/reserves"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("month=13", "Choose a month from the list."),
        ("month=x", "Choose a month from the list."),
        ("country=Atlantis", "Choose a country from the list."),
        ("region=Moon", "Choose a region from the list."),
        ("language=!!", "Choose a language from the list."),
        ("theme=money", "Choose a theme from the list."),
        ("page=-1", "There is no such page; this is the first one."),
        ("within=north", "This part of the map does not exist."),
        ("q=a%01b", "can&#39;t be kept"),
        ("month=1&month=2", "more than once"),
    ],
)
async def test_a_wrong_filter_is_said_and_left_out(visitor, three, path, query, said):
    response = await visitor.get(f"{path}?{query}")

    assert response.status_code == 200
    assert said in response.text
    assert "3 positions</h2>" in response.text or "3 reserves</h2>" in response.text


async def test_a_list_without_results_leads_back_to_all(visitor, three):
    text = (await visitor.get("/positions?month=9")).text

    assert "No position fits all of these filters." in text
    assert 'href="/en/positions">Show all positions' in text


async def test_pages_have_25_and_one_behind_the_last_is_the_first(visitor, new_position):
    for number in range(27):
        await new_position(f"Position {number:02}")

    first, second, beyond = [(await visitor.get(f"/positions?page={page}")).text for page in (1, 2, 9)]

    assert first.count('class="card"') == 25
    assert second.count('class="card"') == 2
    assert 'href="/en/positions?page=2"' in first
    assert "Position 26" in second
    assert "27 positions</h2>" in beyond


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.WITHDRAWN])
async def test_what_is_not_published_is_not_shown(visitor, new_position, state):
    position = await new_position(state=state)

    assert await titles(visitor) == []
    assert (await visitor.get(f"/positions/{position.ref}")).status_code == 404


async def test_positions_of_a_call_that_is_not_announced_are_not_shown(visitor, new_position, open_call):
    position = await new_position()
    async with write() as tx:
        (await tx.take(Cycle, Cycle.id == open_call.id)).state = CycleState.OPEN_TO_HOSTS

    assert await titles(visitor) == []
    assert (await visitor.get(f"/positions/{position.ref}")).status_code == 404


async def test_only_the_current_call_is_listed(visitor, new_position, open_call):
    await new_position("Count condors")
    async with write() as tx:
        older = await tx.take(Cycle, Cycle.id == open_call.id)
        copied = {
            column: getattr(older, column)
            for column in ("name", "summary", "zone", "rate_by", "results_on", "starts_on", "languages")
        }
        later = timedelta(days=365)
        tx.add(Cycle(slug="2028", state=CycleState.ANNOUNCED, opens_at=older.opens_at + later,
                     closes_at=older.closes_at + later, **copied))  # fmt: skip

    assert await titles(visitor) == []


@pytest.mark.parametrize("path", ["/positions", "/reserves", "/map"])
@pytest.mark.parametrize("rows", [1, 3])
async def test_lists_ask_the_same_however_long_they_are(visitor, new_position, new_reserve, statements, path, rows):
    for number in range(rows):
        reserve = await new_reserve(f"Reserve {number}")
        await new_position(f"Position {number}", reserve_id=reserve.id)

    with statements() as asked:
        response = await visitor.get(path)

    assert response.status_code == 200
    assert len(asked) == (1 if path == "/map" else 2)
