"""Telling about oneself, and the texts that save themselves."""

import html
import re

import pytest
from sqlalchemy import select

from internships.applications.models import Application
from internships.core.db import read

ABOUT = {
    "born_day": "٢٧",
    "born_month": "mars",
    "born_year": "2001",
    "nationality": "Кения",
    "residence": "tanzania",
    "town": "  Arusha ",
    "phone": "+255 (0)754 000-000",
}


async def kept(draft):
    async with read() as db:
        return (await db.execute(select(Application).where(Application.id == draft.id))).one()


def field(page, name):
    """The value that a hidden or text field of a page has."""
    after = page.split(f'name="{name}"')[1]
    return after.split('value="')[1].split('"')[0]


async def test_what_was_typed_in_any_digits_and_languages_is_read_back_and_kept(as_amina, draft, statements):
    first = await as_amina.post("/application/about", data=ABOUT)

    assert first.status_code == 200
    assert "You were born on 27 March 2001. Is this right?" in first.text
    assert (await kept(draft)).born_on is None

    with statements() as asked:
        second = await as_amina.post("/application/about", data=ABOUT | {"read_back": field(first.text, "read_back")})

    assert second.headers["location"] == "/en/application"
    assert len(asked) <= 5
    row = await kept(draft)
    assert (row.born_on.isoformat(), row.nationality, row.residence, row.town) == ("2001-03-27", "KE", "TZ", "Arusha")
    assert row.phone == "+255 (0)754 000-000"


async def test_wrong_answers_come_back_all_at_once_with_what_was_typed(as_amina, draft, htmx):
    wrong = ABOUT | {"born_day": "31", "born_month": "2", "nationality": "Atlantis", "town": "", "phone": "none"}

    response = await as_amina.post("/application/about", data=wrong)

    assert response.status_code == 422
    assert ">Error: " in response.text
    for words in (
        "Enter a real date",
        "Enter your nationality as the name of a country",
        "Enter the town",
        "Enter the whole number",
    ):
        assert response.text.count(words) == 2
    assert 'value="Atlantis"' in response.text
    assert 'value="tanzania"' in response.text

    part = await as_amina.post("/application/about", data=wrong, headers=htmx)
    assert part.status_code == 422
    assert part.text.lstrip().startswith("<form")


@pytest.mark.parametrize(
    ("parts", "linked", "marked"),
    [
        ({"born_month": "Febuary"}, "f-born_month", ["born_month"]),
        ({"born_year": "99"}, "f-born_year", ["born_year"]),
        ({"born_day": "31", "born_month": "2"}, "f-born", ["born_day", "born_month", "born_year"]),
        ({"born_day": "", "born_month": "", "born_year": ""}, "f-born", ["born_day", "born_month", "born_year"]),
    ],
)
async def test_the_part_of_a_date_that_is_wrong_is_the_one_that_is_marked(as_amina, draft, parts, linked, marked):
    response = await as_amina.post("/application/about", data=ABOUT | parts)

    assert re.findall(r'<a href="#(f-born\w*)"', response.text) == [linked]
    assert re.findall(r'name="(born_\w+)"[^>]*aria-invalid="true"', response.text) == marked


async def test_a_name_that_is_not_sure_is_asked_back(as_amina, draft):
    unsure = ABOUT | {"residence": "Congo", "read_back": "2001-03-27"}

    asked = await as_amina.post("/application/about", data=unsure)

    assert asked.status_code == 422
    assert "Which one do you mean?" in asked.text
    assert 'value="CD"' in asked.text
    assert 'value="CG"' in asked.text

    picked = await as_amina.post("/application/about", data=unsure | {"residence_pick": "CD"})
    assert picked.status_code == 303
    assert (await kept(draft)).residence == "CD"


async def test_a_country_that_was_never_offered_cannot_be_picked(as_amina, draft):
    sent = ABOUT | {"residence": "Congo", "residence_pick": "FR"}

    response = await as_amina.post("/application/about", data=sent)

    assert response.status_code == 422


async def test_two_windows_see_both_texts_and_mine_stays(as_amina, ready):
    page = await as_amina.get("/application/motivation")
    seen = field(page.text, "version")
    mine = {"motivation_language": "en", "motivation": "Mine.", "use_after": "Mine, too.", "version": seen}
    await as_amina.post("/application/motivation", data=mine | {"motivation": "The other window."})

    late = await as_amina.post("/application/motivation", data=mine)

    assert late.status_code == 409
    assert "The other window." in late.text
    assert "Mine." in late.text
    assert (await kept(ready)).motivation == "The other window."

    again = await as_amina.post("/application/motivation", data=mine | {"version": field(late.text, "version")})
    assert again.status_code == 303
    assert (await kept(ready)).motivation == "Mine."


async def test_another_section_that_was_saved_meanwhile_is_no_conflict(as_amina, ready):
    page = await as_amina.get("/application/motivation")
    await as_amina.post("/application/languages", data={"finished": "no"})
    mine = {"motivation_language": "en", "motivation": "Mine.", "use_after": "Mine, too."}

    response = await as_amina.post("/application/motivation", data=mine | {"version": field(page.text, "version")})

    assert response.status_code == 303


async def test_a_text_saves_itself_and_says_when(as_amina, draft, statements, htmx):
    page = await as_amina.get("/application/motivation")
    text = {"motivation": "x" * 4000, "version": field(page.text, "version")}

    with statements() as asked:
        response = await as_amina.post("/application/motivation/draft", data=text, headers=htmx)

    assert response.status_code == 200
    assert "Saved at 09:30" in response.text
    assert len(response.text) < 200
    assert len(asked) <= 5
    # Too long to be sent, and still not lost.
    assert len((await kept(draft)).motivation) == 4000

    more = text | {"motivation": "x" * 4001, "version": response.headers["x-version"]}
    assert (await as_amina.post("/application/motivation/draft", data=more, headers=htmx)).status_code == 200


async def test_writing_on_while_it_saves_itself_is_no_conflict(as_amina, draft):
    page = await as_amina.get("/application/motivation")
    seen = field(page.text, "version")
    begun = {"motivation_language": "en", "motivation": "I want", "use_after": "Much", "version": seen}
    await as_amina.post("/application/motivation/draft", data=begun)

    response = await as_amina.post("/application/motivation", data=begun | {"motivation": "I want to learn."})

    assert response.status_code == 303


async def test_characters_are_counted_as_code_points_after_normalising(as_amina, draft):
    # é as two code points becomes one: exactly as many as the limit.
    text = {"motivation_language": "fr", "motivation": "e\u0301" * 3000, "use_after": "🏔" * 3000}

    assert (await as_amina.post("/application/motivation", data=text)).status_code == 303
    assert (await as_amina.post("/application/motivation", data=text | {"use_after": "🏔" * 3001})).status_code == 422


async def test_change_from_the_answers_returns_there(as_amina, ready):
    page = await as_amina.get("/application/motivation?from=check")
    assert 'action="/en/application/motivation?from=check"' in page.text

    told = {
        "motivation_language": "en",
        "motivation": "New.",
        "use_after": "New.",
        "version": field(page.text, "version"),
    }
    response = await as_amina.post("/application/motivation?from=check", data=told)

    assert response.headers["location"] == "/en/application/check"


async def test_save_and_come_back_later_leads_to_the_tasks(as_amina, draft):
    response = await as_amina.post("/application/about", data=ABOUT | {"read_back": "2001-03-27", "then": "later"})

    assert response.headers["location"] == "/en/application"


@pytest.mark.parametrize("path", ["/application", "/application/about", "/application/send", "/application/withdraw"])
async def test_other_roles_are_kept_out(as_tomas, as_ingrid, path):
    for other in (as_tomas, as_ingrid):
        assert (await other.request("POST" if path.endswith("send") else "GET", path)).status_code == 403


async def test_somebody_without_a_file_finds_none(signed_in, new_person, call, draft):
    stranger = await signed_in(await new_person("applicant", "Another Applicant"))

    for path in ("/application/about", "/application/check", "/application/studies", "/application/choices"):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post("/application/about", data=ABOUT | {"read_back": "2001-03-27"})).status_code == 404


def sent_by(page):
    """What a browser would send from a page as it stands: its text fields and what is ticked."""
    inputs = re.findall(r"<input[^>]*>", page.split('<form id="about"')[1].split("</form>")[0])
    values = {}
    for found in inputs:
        name, value = re.search(r'name="([^"]*)"', found), re.search(r'value="([^"]*)"', found)
        if name and ("radio" not in found or " checked" in found):
            values[name[1]] = html.unescape(value[1]) if value else ""
    return values


@pytest.mark.parametrize(("name", "typed", "code"), [("residence", "Congo", "CD"), ("nationality", "Korea", "KR")])
async def test_a_country_that_was_picked_stays_picked_while_the_date_is_read_back(as_amina, draft, name, typed, code):
    asked = await as_amina.post("/application/about", data=ABOUT | {name: typed})
    assert "Which one do you mean?" in asked.text

    read_back = await as_amina.post("/application/about", data=sent_by(asked.text) | {f"{name}_pick": code})
    assert "Is this right?" in read_back.text

    last = await as_amina.post("/application/about", data=sent_by(read_back.text))

    assert last.status_code == 303, last.text
    assert getattr(await kept(draft), name) == code


async def test_a_date_that_was_said_to_be_right_is_not_asked_again(as_amina, draft):
    read_back = await as_amina.post("/application/about", data=ABOUT)
    wrong = await as_amina.post("/application/about", data=sent_by(read_back.text) | {"town": ""})
    assert wrong.status_code == 422

    last = await as_amina.post("/application/about", data=sent_by(wrong.text) | {"town": "Arusha"})

    assert last.status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ("Enter your nationality.", "Enter the country that you live in.")),
        ("Atlantis", ("Enter your nationality as", "Enter the country that you live in as")),
        ("Congo", ("Choose which “Congo” your nationality is.", "Choose which “Congo” you live in.")),
    ],
)
async def test_two_countries_are_never_asked_for_in_the_same_words(as_amina, draft, typed, words):
    response = await as_amina.post("/application/about", data=ABOUT | {"nationality": typed, "residence": typed})

    for said in words:
        assert response.text.count(said) == 2


async def test_what_is_chosen_is_chosen_between_two_windows_too(as_amina, ready):
    page = await as_amina.get("/application/motivation")
    mine = {
        "motivation_language": "en",
        "motivation": "Mine.",
        "use_after": "Too.",
        "version": field(page.text, "version"),
    }
    await as_amina.post("/application/motivation", data=mine | {"motivation_language": "fr"})

    late = await as_amina.post("/application/motivation", data=mine)

    assert late.status_code == 409
    assert ">French</blockquote>" in late.text
    assert re.search(r'type="radio" name="motivation_language" value="en" checked', late.text)
    assert re.search(r'type="radio" name="motivation_language" value="fr"', late.text)
    assert 'type="text"' not in late.text.split('id="conflict"')[1]
