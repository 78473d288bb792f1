"""Limits, reserved seats, minimums, pairs and the lottery, as staff edit them."""

import html
import re

import pytest
from sqlalchemy import select, update

from internships.applications.models import Application, Choice
from internships.applications.rules import ChoiceState, State
from internships.core.i18n import gettext, in_language
from internships.core.models import History
from internships.core.settings import settings
from internships.core.writing import write
from internships.cycles.models import Cycle
from internships.matching.lottery import seal
from internships.matching.models import MatchBar, MatchLimit, MatchLock, MatchReserve
from internships.matching.queries.limits import have_room
from internships.reserves.models import Position, Reserve
from tests.desk.conftest import kept


@pytest.fixture
async def three(new_market):
    return await new_market({"Lena": ["A", "B"], "Tariq": ["B"]}, {"A": 2, "B": 2, "C": 2}, {"A": [["Lena"]]})


async def test_limits_nest_and_a_crossing_one_is_refused_by_name_with_nothing_lost(as_ingrid, three):
    a, b, c = (three.positions[name].ref for name in "ABC")

    outer = await as_ingrid.post("/matching/rules/limits", data={"name": "Andes", "seats": "3", "over": [a, b]})
    inner = await as_ingrid.post("/matching/rules/limits", data={"name": "Peru", "seats": "1", "over": [a]})
    crossing = await as_ingrid.post("/matching/rules/limits", data={"name": "Fund", "seats": "2", "over": [b, c]})

    assert (outer.status_code, inner.status_code, crossing.status_code) == (303, 303, 422)
    assert "The limits “Andes” and “Fund” cross: both hold the position B" in crossing.text
    assert 'value="Fund"' in crossing.text
    assert await kept(select(MatchLimit.name).order_by(MatchLimit.name)) == [("Andes",), ("Peru",)]
    assert "Andes" in (await as_ingrid.get("/matching/rules/limits")).text


async def test_a_limit_may_take_in_a_whole_country_and_is_changed_by_its_version(as_ingrid, three):
    sent = {"name": "Peru", "seats": "2", "area": "country:PE"}
    await as_ingrid.post("/matching/rules/limits", data=sent)
    ((ref, over),) = await kept(select(MatchLimit.ref, MatchLimit.over))

    shown = await as_ingrid.get(f"/matching/rules/limits/{ref}")
    changed = await as_ingrid.post(f"/matching/rules/limits/{ref}", data={**sent, "seats": "4", "version": "1"})
    stale = await as_ingrid.post(f"/matching/rules/limits/{ref}", data={**sent, "seats": "9", "version": "1"})

    assert len(over) == 3
    assert 'value="Peru"' in shown.text
    assert (changed.status_code, stale.status_code) == (303, 409)
    assert "It is “Peru” now; people at most: 4." in stale.text
    assert 'value="9"' in stale.text
    assert 'name="version" value="2"' in stale.text
    assert await kept(select(MatchLimit.seats)) == [(4,)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "", "seats": "2", "area": "country:PE"}, "Give the limit a name"),
        ({"name": "X", "seats": "minus two", "area": "country:PE"}, "how many people at most"),
        ({"name": "X", "seats": "2"}, "tick at least one position"),
        ({"name": "X", "seats": "2", "over": ["0000000000"]}, "tick at least one position"),
    ],
)
async def test_a_limit_that_says_too_little_is_sent_back(as_ingrid, three, data, said):
    response = await as_ingrid.post("/matching/rules/limits", data=data)

    assert response.status_code == 422
    assert said in response.text
    assert await kept(select(MatchLimit.id)) == []


async def test_more_seats_than_there_are_can_not_be_reserved(as_ingrid, three):
    a = three.positions["A"].ref
    first = {"position": a, "name": "Local youth", "seats": "1", "countries": "Pérou， Bolivia"}

    kept_first = await as_ingrid.post("/matching/rules/reserved", data=first)
    too_many = await as_ingrid.post("/matching/rules/reserved", data=first | {"name": "Others", "seats": "2"})
    nowhere = await as_ingrid.post("/matching/rules/reserved", data=first | {"countries": "Atlantis"})

    assert (kept_first.status_code, too_many.status_code, nowhere.status_code) == (303, 422, 422)
    assert "3 seats would be reserved, and the position has 2" in too_many.text
    assert "No country is called “Atlantis”." in nowhere.text
    ((ref, countries),) = await kept(select(MatchReserve.ref, MatchReserve.countries))
    assert countries == ["BO", "PE"]
    await as_ingrid.post(f"/matching/rules/reserved/{ref}/remove")
    assert await kept(select(MatchReserve.id)) == []


async def test_a_minimum_is_at_most_the_seats(as_ingrid, three):
    a = three.positions["A"].ref

    fine = await as_ingrid.post("/matching/rules/minimums", data={"position": a, "least": "2"})
    too_many = await as_ingrid.post("/matching/rules/minimums", data={"position": a, "least": "3"})

    assert (fine.status_code, too_many.status_code) == (303, 422)
    assert await kept(select(Position.min_seats).where(Position.ref == a)) == [(2,)]


async def test_a_pair_is_fixed_or_ruled_out_with_a_reason_and_taken_back(as_ingrid, three):
    lena, a, b = three.applications["Lena"].ref, three.positions["A"].ref, three.positions["B"].ref
    fix = {"kind": "lock", "application": lena, "position": a, "reason": "Agreed with the host"}

    asked = await as_ingrid.get(f"/matching/rules/pairs?person={lena.lower()}")
    fixed = await as_ingrid.post("/matching/rules/pairs", data=fix)
    twice = await as_ingrid.post("/matching/rules/pairs", data=fix | {"position": b})
    barred = await as_ingrid.post("/matching/rules/pairs", data=fix | {"kind": "bar", "position": b})
    never_chosen = await as_ingrid.post(
        "/matching/rules/pairs", data=fix | {"kind": "bar", "position": three.positions["C"].ref}
    )
    no_reason = await as_ingrid.post("/matching/rules/pairs", data=fix | {"reason": ""})

    assert "With which of their positions?" in asked.text
    assert [r.status_code for r in (fixed, twice, barred, never_chosen, no_reason)] == [303, 422, 303, 422, 422]
    assert "did not choose this position" in never_chosen.text
    for kind, position in (("lock", a), ("bar", b)):
        taken = {"kind": kind, "application": lena, "position": position}
        assert (await as_ingrid.post("/matching/rules/pairs/remove", data=taken)).status_code == 303
    assert await kept(select(MatchLock.id)) == await kept(select(MatchBar.id)) == []


async def test_whom_a_pair_is_about_is_found_by_name(as_ingrid, new_market, statements):
    market = await new_market(
        {"Lena Maric": ["A"], "Léna Duval": ["A", "B"], "Tariq": ["B"]}, {"A": 1, "B": 1}, {"A": [["Lena Maric"]]}
    )
    pairs = "/matching/rules/pairs"

    with statements() as asked:
        one = (await as_ingrid.get(f"{pairs}?person=duval")).text
    several = (await as_ingrid.get(f"{pairs}?person=lena")).text
    nobody = (await as_ingrid.get(f"{pairs}?person=Nobody")).text

    assert f'name="application" value="{market.applications["Léna Duval"].ref}"' in one
    assert f'value="{market.positions["B"].ref}"' in one
    assert len(asked) <= 3
    assert "Whom do you mean by “lena”?" in several
    for name in ("Lena Maric", "Léna Duval"):
        assert f'name="person" value="{market.applications[name].ref}"' in several
    assert "Tariq" not in several
    assert "Nobody who applied is called “Nobody”" in nobody
    assert 'id="f-person-error"' in nobody


async def test_a_name_in_capitals_that_could_be_a_reference_is_a_name(as_ingrid, new_market):
    market = await new_market({"Anne Grandchamp": ["A"]}, {"A": 1}, {})

    text = (await as_ingrid.get("/matching/rules/pairs?person=GRANDCHAMP")).text

    assert f'name="application" value="{market.applications["Anne Grandchamp"].ref}"' in text


@pytest.mark.parametrize("page", ["pairs?person={}", "teams?first={}"])
async def test_an_application_that_was_not_sent_is_shown_to_nobody_however_it_is_named(as_ingrid, three, page):
    lena = three.applications["Lena"].ref
    async with write() as tx:
        not_sent = {"state": State.DRAFT, "submitted_at": None}
        await tx.execute(update(Application).where(Application.ref == lena).values(not_sent))

    for typed in (lena, lena.lower(), "Lena"):
        text = (await as_ingrid.get(f"/matching/rules/{page.format(typed)}")).text
        assert f"Nobody who applied is called “{typed}”" in text
        assert 'name="application"' not in text


async def test_with_many_of_a_name_ten_are_asked_back_and_more_of_it_is_wanted(as_ingrid, new_market):
    names = [f"Chen {letter}" for letter in "ABCDEFGHIJKL"]
    await new_market({name: ["A"] for name in names}, {"A": 1}, {})

    text = (await as_ingrid.get("/matching/rules/pairs?person=chen")).text

    assert text.count('type="radio" name="person"') == 10
    assert "More people fit." in text


async def test_nobody_is_fixed_where_the_host_has_not_said_yes(as_ingrid, three):
    """B has not rated Tariq: hosts are never made to take somebody."""
    sent = {"kind": "lock", "application": three.applications["Tariq"].ref, "position": three.positions["B"].ref}

    response = await as_ingrid.post("/matching/rules/pairs", data=sent | {"reason": "We would like it"})

    assert response.status_code == 422
    assert "The host has not said that they would take this person" in response.text
    assert "We would like it" in response.text
    assert await kept(select(MatchLock.id)) == []


@pytest.mark.parametrize(("first", "second"), [("lock", "bar"), ("bar", "lock")])
async def test_a_pair_is_never_fixed_and_ruled_out(as_ingrid, three, first, second):
    sent = {"application": three.applications["Lena"].ref, "position": three.positions["A"].ref, "reason": "x"}

    kept_one = await as_ingrid.post("/matching/rules/pairs", data=sent | {"kind": first})
    refused = await as_ingrid.post("/matching/rules/pairs", data=sent | {"kind": second})

    assert (kept_one.status_code, refused.status_code) == (303, 422)
    assert "the opposite entry already" in refused.text
    assert len(await kept(select(MatchLock.id))) + len(await kept(select(MatchBar.id))) == 1


async def test_a_run_says_when_a_host_took_back_the_yes_to_somebody_who_is_fixed(as_ingrid, three, made):
    lena, at_a = three.applications["Lena"], three.positions["A"]
    sent = {"kind": "lock", "application": lena.ref, "position": at_a.ref, "reason": "Agreed with the host"}
    await as_ingrid.post("/matching/rules/pairs", data=sent)
    async with write() as tx:
        theirs = Choice.id == three.choices["Lena", "A"].id
        await tx.execute(update(Choice).where(theirs).values(state=ChoiceState.NOT_ACCEPTABLE))

    run = await made()
    shown = await as_ingrid.get(f"/matching/runs/{run.ref}")

    assert run.state == "failed"
    assert "Lena is fixed at A, and the host there has not said" in shown.text


async def test_the_lottery_is_sealed_once_and_its_text_stays_secret_until_the_run(as_ingrid, visitor, new_market):
    await new_market(
        {"Lena": ["A"]}, {"A": 1}, {"A": [["Lena"]]}, lottery_text=None, lottery_seal=None, lottery_sealed_at=None
    )
    text = "seven owls over the pass, 4 degrees"

    short = await as_ingrid.post("/matching/rules/lottery", data={"text": "too short"})
    sealed = await as_ingrid.post("/matching/rules/lottery", data={"text": text})
    again = await as_ingrid.post("/matching/rules/lottery", data={"text": text + " changed"})
    page = await as_ingrid.get("/matching/rules/lottery")
    public = await visitor.get("/how-places-are-given")

    assert (short.status_code, sealed.status_code, again.status_code) == (422, 303, 409)
    assert await kept(select(Cycle.lottery_seal)) == [(seal(text),)]
    for shown in (page, public):
        assert seal(text) in shown.text
        assert text not in shown.text


async def test_a_full_limit_leaves_no_room_at_any_of_its_positions_until_a_seat_is_given_back(three):
    a, b, c = (three.positions[name].ref for name in "ABC")
    async with write() as tx:
        tx.add(MatchLimit(cycle_id=three.cycle.id, name="Fund", seats=1, over=[a, b]))
        await tx.execute(update(Position).where(Position.ref == a).values(held=1))

    async with write() as tx:
        assert [await have_room(tx, three.cycle.id, ref) for ref in (a, b, c)] == [False, False, True]
        (await tx.take(Position, Position.ref == a)).held -= 1
        assert await have_room(tx, three.cycle.id, b)


async def test_everything_wrong_with_a_limit_is_said_at_once(as_ingrid, market):
    sent = await as_ingrid.post("/matching/rules/limits", data={})

    assert sent.status_code == 422
    for words in ("Give the limit a name", "Enter how many people at most", "Choose a country or region, or tick"):
        assert words in sent.text


async def test_the_country_that_nobody_knows_is_named(as_ingrid, market):
    data = {"position": market.positions["Glacier"].ref, "name": "Youth", "seats": "1", "countries": "Thailnd, Laos"}

    sent = await as_ingrid.post("/matching/rules/reserved", data=data)

    assert sent.status_code == 422
    assert "No country is called “Thailnd”." in sent.text
    assert "“Laos”" not in re.search(r"No country is called [^<]*", sent.text)[0]


async def test_countries_are_in_the_order_of_the_readers_language(ingrid, as_ingrid, new_market, new_reserve):
    there = await new_market({"Lena": ["A"]}, {"A": 1, "B": 1, "C": 1}, {})
    for name, country in zip("ABC", ("DE", "BO", "BG"), strict=True):
        place = await new_reserve(name=f"Place {name}", country=country)
        async with write() as tx:
            await tx.execute(
                update(Position).where(Position.id == there.positions[name].id).values(reserve_id=place.id)
            )

    def areas(page):
        return re.findall(r'<option value="country:(..)"', page.text)

    french = await as_ingrid.get(f"{as_ingrid.base_url}".replace("/en", "/fr") + "matching/rules/limits")

    assert areas(await as_ingrid.get("/matching/rules/limits")) == ["BO", "BG", "DE"]
    assert areas(french) == ["DE", "BO", "BG"]


async def test_the_positions_of_a_limit_are_in_order_and_many_are_folded(as_ingrid, new_market):
    titles = ["Ash", "Beech", "Cedar", "Elm", "Fir", "Oak"]
    there = await new_market({"Lena": ["Ash"]}, dict.fromkeys(titles, 1), {})
    async with write() as tx:
        over = [there.positions[title].ref for title in reversed(titles)]
        tx.add(MatchLimit(cycle_id=there.cycle.id, name="Fund", seats=1, over=over))

    text = (await as_ingrid.get("/matching/rules/limits")).text
    row = re.search(r'<table id="limits".*?</table>', text, re.DOTALL)[0]

    assert sorted(titles, key=row.index) == titles
    assert "6 positions" in row


async def test_a_run_folds_the_positions_of_a_wide_limit_too(as_ingrid, new_market, made):
    titles = ["Ash", "Beech", "Cedar", "Elm", "Fir"]
    there = await new_market({"Lena": ["Ash"]}, dict.fromkeys(titles, 1), {"Ash": [["Lena"]]})
    async with write() as tx:
        over = [there.positions[title].ref for title in titles]
        tx.add(MatchLimit(cycle_id=there.cycle.id, name="Fund", seats=1, over=over))
    run = await made()

    text = (await as_ingrid.get(f"/matching/runs/{run.ref}/limits")).text

    row = re.search(r'<table id="limits".*?</table>', text, re.DOTALL)[0]
    assert "5 positions" in row
    assert row.count("<a href") == 5


async def test_a_rule_is_taken_away_in_two_steps_and_the_trace_says_why(as_ingrid, market):
    async with write() as tx:
        limit = MatchLimit(cycle_id=market.cycle.id, name="Fund", seats=1, over=[market.positions["Glacier"].ref])
        tx.add(limit)

    page = (await as_ingrid.get("/matching/rules/limits")).text
    sure = re.search(r"<details class=\"reveal\"[^>]*>.*?</details>", page, re.DOTALL)[0]
    await as_ingrid.post(f"/matching/rules/limits/{limit.ref}/remove", data={"why": "The fund has grown."})

    assert "Remove the limit" in sure
    assert f"/matching/rules/limits/{limit.ref}/remove" in sure
    assert await kept(select(History.reason).where(History.what == "limit.remove")) == [("The fund has grown.",)]


async def test_regions_are_offered_in_the_language_of_the_page(as_ingrid, three):
    (region,) = {region for (region,) in await kept(select(Reserve.region))}

    french = html.unescape((await as_ingrid.get(f"{settings().site}/fr/matching/rules/limits")).text)

    with in_language("fr"):
        assert gettext(region) != region
        assert f'value="region:{region}">{gettext(region)}</option>' in french
