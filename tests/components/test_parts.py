"""Every part, drawn in both directions: sound markup, joined labels, nothing typed becomes markup."""

from collections import Counter
from typing import Any

import html5lib
import pytest

from internships.core import i18n
from tests.components.gallery import FakeForm, environment, gallery, site

PAGES = ["gallery.html", "public.html"]


def elements(markup: str) -> list[Any]:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return list(parser.parse(markup).iter())


@pytest.fixture(params=["ltr", "rtl"])
def direction(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("page", PAGES)
def test_the_markup_is_strictly_right(direction, page):
    found = elements(gallery(direction, page=page))

    assert found[0].get("dir") == direction


@pytest.mark.parametrize("page", PAGES)
def test_no_id_is_used_twice(direction, page):
    ids = Counter(element.get("id") for element in elements(gallery(direction, page=page)) if element.get("id"))

    assert [name for name, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_whatever_points_to_an_id_finds_it(direction, page):
    found = elements(gallery(direction, page=page))
    ids = {element.get("id") for element in found}
    pointing = ["for", "aria-describedby", "aria-labelledby", "list", "data-counts", "data-opens"]
    targets = {name for element in found for key in pointing for name in (element.get(key) or "").split()}
    targets |= {element.get("href")[1:] for element in found if (element.get("href") or "").startswith("#")}

    assert targets <= ids


def test_every_question_has_a_name(direction):
    found = elements(gallery(direction))
    named = {element.get("for") for element in found if element.tag == "label"}
    asking = [
        element
        for element in found
        if element.tag in {"input", "select", "textarea"} and element.get("type") != "hidden"
    ]

    assert len(asking) > 40
    assert [element.get("name") for element in asking if element.get("id") not in named] == []


def test_what_was_typed_never_becomes_markup(direction):
    found = elements(gallery(direction))

    assert [element for element in found if element.tag == "script" and element.text] == []
    assert (
        next(element for element in found if element.get("name") == "motto").get("value")
        == '"><script>alert(1)</script>'
    )


def test_a_password_is_never_sent_back():
    form = FakeForm({"secret": ["correct horse"]})

    drawn = (
        environment()
        .from_string(
            '{% from "components/forms.html" import field %}{{ field(form, "secret", "Password", type="password") }}'
        )
        .render(form=form)
    )

    assert "correct horse" not in drawn


def test_nothing_inline_that_the_policy_would_refuse(direction):
    found = elements(gallery(direction))
    refused = [key for element in found for key in element.attrib if key == "style" or key.startswith(("on", "hx-on"))]

    assert refused == []
    assert [element for element in found if element.tag == "style"] == []


def test_a_wrong_answer_says_the_same_at_the_top_and_beside_the_question():
    found = elements(gallery())
    mail = next(element for element in found if element.get("name") == "mail")
    beside = next(element for element in found if element.get("id") == "f-mail-error")
    above = next(element for element in found if element.get("href") == "#f-mail")

    assert mail.get("aria-invalid") == "true"
    assert mail.get("aria-describedby") == "f-mail-error"
    assert above.text in "".join(beside.itertext())


def test_a_date_of_which_the_year_is_wrong_marks_the_year_alone():
    found = elements(gallery())
    marked = {
        element.get("name"): element.get("aria-invalid")
        for element in found
        if (element.get("name") or "").startswith("born_")
    }

    assert marked == {"born_day": None, "born_month": None, "born_year": "true"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
def test_every_failure_is_a_page_in_words(direction, status):
    here = site(direction, "auto", signed_in=False)
    given = {"site": here, "status": status, "why": "", "incident": "3f2a91c0" if status == 500 else ""}

    page = environment().get_template("errors/error.html").render(given)

    found = elements(page)
    assert len([element for element in found if element.tag == "h1"]) == 1
    assert ("3f2a91c0" in page) == (status == 500)


def test_a_failure_for_htmx_is_the_same_words_without_the_frame():
    template = environment().get_template("errors/error.html")
    given = {"site": site("ltr", "auto"), "status": 409, "why": "Tomás decided first.", "incident": ""}

    part = "".join(template.blocks["main"](template.new_context(given)))

    assert "Tomás decided first." in part
    assert "<html" not in part


def test_who_saves_second_sees_both_texts(direction):
    row = {"name": "tasks", "label": "Tasks", "mine": "Count ibex & <b>lynx</b>", "theirs": "Count ibex", "long": True}
    given = {"rows": [row], "kept": [("season", "north")], "by": "Ingrid", "version": 5, "action": "/save", "back": "/"}

    found = elements(environment().get_template("errors/conflict.html").render(site=site(direction, "auto"), **given))

    mine = next(element for element in found if element.tag == "textarea")
    assert mine.text.strip() == "Count ibex & <b>lynx</b>"
    assert next(element for element in found if element.get("name") == "version").get("value") == "5"
    assert any(element.tag == "blockquote" and element.text == "Count ibex" for element in found)


def test_a_letter_loads_nothing(direction):
    language = "ar" if direction == "rtl" else "en"
    with i18n.in_language(language):
        letter = (
            environment()
            .get_template("layouts/letter.html")
            .render(subject="Your place", body="Dear Amina", language=language, direction=direction)
        )

    found = elements(letter)
    assert found[0].get("dir") == direction
    assert [element.tag for element in found if element.get("src") or element.tag in {"link", "script", "img"}] == []
