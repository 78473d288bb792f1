"""What staff see: the queue, the evidence, possible duplicates, the list, and one application with its trace."""

import re
from datetime import date, timedelta

import pytest

from internships.applications.models import LanguageSkill
from internships.applications.rules import State
from internships.core import clock as core_clock
from internships.core.writing import write
from internships.cycles.rules import Level
from tests.applications.factories import new_position
from tests.screening.test_deciding import WHY, send_ask


def names_in(page) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+><bdi>([^<]+)', page.text)


async def test_the_queue_is_counted_and_begins_with_the_oldest(as_ingrid, new_sent):
    for days, name in ((1, "Bela"), (9, "Chen"), (0, "Dilnoza")):
        await new_sent(f"{name} One", submitted_at=core_clock.now() - timedelta(days=days))
    await new_sent("Elif Admitted", state=State.ELIGIBLE)
    await new_sent("Farid Asked", state=State.COMPLETION_REQUESTED, asked=True)

    page = await as_ingrid.get("/screening")

    assert names_in(page) == ["Chen One", "Bela One", "Dilnoza One"]
    assert "3 applications wait to be checked." in page.text
    assert "The oldest has waited for 9 days." in page.text
    assert "1 was asked for completion." in page.text


async def test_an_empty_queue_says_so(as_ingrid, call):
    assert "Nothing waits to be checked" in (await as_ingrid.get("/screening")).text


async def test_without_any_call_the_pages_still_answer(as_ingrid):
    assert "Nothing waits to be checked" in (await as_ingrid.get("/screening")).text
    assert "No application is like that" in (await as_ingrid.get("/applications")).text


async def test_the_queue_goes_on_where_the_page_ended(as_ingrid, new_sent):
    for n in range(27):
        await new_sent(f"Person {n:02}")
    first = await as_ingrid.get("/screening")

    second = await as_ingrid.get(re.search(r'rel="next" href="([^"]+)"', first.text)[1])

    assert names_in(first) == [f"Person {n:02}" for n in range(25)]
    assert names_in(second) == ["Person 25", "Person 26"]
    assert "27 applications wait to be checked." in second.text
    assert (await as_ingrid.get("/screening?after=forged.value")).status_code == 200


async def test_each_rule_has_its_evidence(as_ingrid, sent):
    page = await as_ingrid.get(f"/screening/{sent.ref}")

    rules = re.search(r'<table id="rules".*?</table>', page.text, re.DOTALL)[0]
    assert "Born on 27 March 2001, 26 years on that day" in rules
    assert "18 to 35 years on 1 June 2027" in rules
    assert "Master in Ecology, University of Arusha, under way" in rules
    assert "English (C1)" in rules
    assert rules.count("tag-good") == 3


async def test_a_rule_that_does_not_fit_is_marked(as_ingrid, new_sent):
    file = await new_sent("Otto Old", born_on=date(1970, 1, 1), isced_level=5)

    page = await as_ingrid.get(f"/screening/{file.ref}")

    assert page.text.count("does not fit") == 2


async def test_the_whole_application_is_there(as_ingrid, sent):
    page = await as_ingrid.get(f"/screening/{sent.ref}")

    for words in (
        "Arusha",
        "Bird counts",
        "whose snow is going",
        "teach it at home",
        "Counting condors",
        "My number 1.",
    ):
        assert words in page.text


@pytest.mark.parametrize(
    ("name", "more", "found"),
    [
        ("AMÍNA Okello", {"born_on": date(1999, 9, 9)}, True),
        ("Someone Else", {}, True),
        ("Amina Okello Smith", {"born_on": date(1999, 9, 9)}, False),
        ("Someone Else", {"nationality": "UG"}, False),
        ("Amina Okello", {"state": State.DRAFT, "submitted_at": None}, False),
    ],
)
async def test_the_same_name_or_birth_points_to_the_same_person(as_ingrid, sent, new_sent, name, more, found):
    other = await new_sent(name, email="other@example.org", **more)

    page = await as_ingrid.get(f"/screening/{sent.ref}")

    assert (f"/applications/{other.ref}" in page.text) == found


async def test_later_leads_to_the_next_and_decides_nothing(as_ingrid, sent, new_sent):
    other = await new_sent("Bela Kiss")

    first, last = await as_ingrid.get(f"/screening/{sent.ref}"), await as_ingrid.get(f"/screening/{other.ref}")

    assert f'href="/en/screening/{other.ref}" id="later" data-key="H"' in first.text
    assert 'href="/en/screening" id="later" data-key="H"' in last.text


async def test_a_decided_application_offers_no_decision(as_ingrid, new_sent):
    file = await new_sent("Elif Admitted", state=State.ELIGIBLE, decided_at=core_clock.now() - timedelta(days=1))

    page = await as_ingrid.get(f"/screening/{file.ref}")
    asked = await as_ingrid.get(f"/screening/{file.ref}/turn_away")

    assert "/admit" not in page.text
    assert "recheck" not in page.text
    assert asked.status_code == 303


@pytest.mark.parametrize("rows", [1, 3])
async def test_statements_do_not_grow(as_ingrid, sent, new_sent, statements, rows):
    for n in range(rows):
        other = await new_sent(f"Amina Okello {n}", email=f"a{n}@example.org")
        async with write() as tx:
            tx.add(LanguageSkill(application_id=other.id, code="fr", level=Level.B1))

    counted = []
    for path in (
        "/screening",
        f"/screening/{sent.ref}?decided={other.ref}",
        "/applications",
        f"/applications/{sent.ref}",
    ):
        with statements() as asked:
            assert (await as_ingrid.get(path)).status_code == 200
        counted.append(len(asked))

    assert counted == [2, 3, 2, 3]


async def test_a_decision_asks_five_statements_at_most(as_ingrid, new_sent, statements):
    admitted, turned, completed = [await new_sent(f"Person {n}") for n in range(3)]
    with statements() as admitting:
        await as_ingrid.post(f"/screening/{admitted.ref}/admit", data={"version": "1"})
    with statements() as turning:
        await as_ingrid.post(f"/screening/{turned.ref}/turn_away", data=WHY | {"step": "send"})
    await send_ask(as_ingrid, completed.ref)
    with statements() as undoing:
        await as_ingrid.post(f"/screening/{completed.ref}/recheck", data={"version": "2", "undoes": "ask"})

    assert (len(admitting), len(turning), len(undoing)) == (3, 4, 5)


async def test_the_list_is_searched_by_name_and_reference(as_ingrid, sent, new_sent):
    await new_sent("Bela Kiss")

    for typed in ("okello", "OKÉLLO", sent.ref, sent.ref.lower()):
        assert names_in(await as_ingrid.get("/applications", params={"q": typed})) == ["Amina Okello"]
    for typed in ("%%", "__", "\\\\", "''", "nobody at all"):
        assert "No application is like that" in (await as_ingrid.get("/applications", params={"q": typed})).text


async def test_the_list_is_filtered_and_each_filter_taken_off(as_ingrid, sent, new_sent, call, reserve, position):
    await new_sent("Bela Kiss", nationality="HU", state=State.ELIGIBLE)
    other = await new_position(call, reserve, "Mapping meadows")

    async def listed(query):
        return names_in(await as_ingrid.get(f"/applications?{query}"))

    assert await listed("state=eligible") == ["Bela Kiss"]
    assert await listed("country=Kenya") == ["Amina Okello"]
    assert await listed("country=Hongrie") == ["Bela Kiss"]
    assert await listed("region=Africa") == ["Amina Okello"]
    assert await listed("region=Africa&country=HU") == []
    assert sorted(await listed(f"position={position.ref}")) == ["Amina Okello", "Bela Kiss"]
    assert await listed(f"position={other.ref}") == []
    page = await as_ingrid.get("/applications?state=eligible&country=HU")
    assert 'href="/en/applications?country=HU"' in page.text
    assert 'href="/en/applications?state=eligible"' in page.text


async def test_a_position_is_picked_and_the_other_filters_stay(as_ingrid, sent, position):
    page = await as_ingrid.get("/applications/positions?state=submitted")

    assert "Condor Heights: Counting condors" in page.text
    picked = re.search(r'<li data-row><a href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    listed = await as_ingrid.get(picked)
    assert names_in(listed) == ["Amina Okello"]
    assert listed.text.count('class="chip"') == 2


async def test_a_country_that_is_not_sure_is_asked_back(as_ingrid, sent):
    page = await as_ingrid.get("/applications?country=Keny")

    assert "Which country do you mean?" in page.text
    assert "Kenya" in page.text
    assert names_in(page) == ["Amina Okello"]


@pytest.mark.parametrize(
    "query",
    ["state=draft", "state=invented", "sort=price", "after=forged", "position=%00", "q=%00", "nonsense=1", "q=a&q=b"],
)
async def test_a_strange_address_is_answered_and_shows_no_draft(as_ingrid, sent, new_sent, query):
    await new_sent("Dora Draft", state=State.DRAFT, submitted_at=None)

    page = await as_ingrid.get(f"/applications?{query}")

    assert page.status_code == 200
    assert "Dora Draft" not in page.text


@pytest.mark.parametrize("sort", ["sent", "-sent", "name", "-name"])
async def test_the_list_goes_on_in_each_order(as_ingrid, new_sent, sort):
    for n in range(27):
        await new_sent(f"Person {n:02}", submitted_at=core_clock.now() + timedelta(minutes=n // 3))
    first = await as_ingrid.get(f"/applications?sort={sort}")

    second = await as_ingrid.get(re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&"))

    names = [f"Person {n:02}" for n in range(27)]
    assert names_in(first) + names_in(second) == (names[::-1] if sort.startswith("-") else names)


@pytest.mark.parametrize("typed", ["okello ami", "AMÍ okello", "lo mina", "okello amina okello"])
async def test_words_of_a_name_are_found_in_any_order(as_ingrid, sent, new_sent, typed):
    await new_sent("Bela Okello")

    assert names_in(await as_ingrid.get("/applications", params={"q": typed})) == ["Amina Okello"]


async def test_every_word_has_to_be_there(as_ingrid, sent):
    for typed in ("okello bela", "amina % okello", "o_ello amina"):
        assert names_in(await as_ingrid.get("/applications", params={"q": typed})) == []


def spaced(ref):
    return f" {ref[:4]} {ref[4:]} "


def dashed(ref):
    return f"{ref[:4]}-{ref[4:]}".replace("1", "l").replace("0", "o")


@pytest.mark.parametrize("said", [str.lower, spaced, dashed])
async def test_a_reference_is_found_as_it_is_typed_or_read_out(as_ingrid, sent, new_sent, said):
    await new_sent("Bela Kiss")

    assert names_in(await as_ingrid.get("/applications", params={"q": said(sent.ref)})) == ["Amina Okello"]


async def test_a_part_for_htmx_is_the_list_alone(as_ingrid, sent, htmx):
    response = await as_ingrid.get("/applications?q=amina", headers=htmx)

    assert response.text.strip().startswith('<div id="list">')


async def test_the_trace_says_who_when_what_and_why(as_ingrid, sent):
    await as_ingrid.post(f"/screening/{sent.ref}/turn_away", data=WHY | {"step": "send"})

    page = await as_ingrid.get(f"/applications/{sent.ref}")

    trace = re.search(r'<table id="trace-of".*?</table>', page.text, re.DOTALL)[0]
    last = re.findall(r"<tr>.*?</tr>", trace, re.DOTALL)[-1]
    for words in ("Found not eligible", "Ingrid Solberg", "Programme staff", "To be checked", "Not eligible",
                  "You are older than the call allows", "You turned 36 in March."):  # fmt: skip
        assert words in last
    assert "Application sent" in trace
    assert "There is an answer to your application" in page.text
    assert "2 November 2026, 09:40" in page.text
