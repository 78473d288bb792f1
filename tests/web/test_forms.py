"""What every form has in common, whatever it asks."""

import re
from typing import Literal, get_args, get_origin

import pytest
from litestar.routes import HTTPRoute

from internships.app import create_site
from internships.core.text import MOST_WHOLE
from internships.web.forms import Form, Whole, judged

HUGE = ["9" * 19, "9" * 25, str(2**31), str(-(2**31) - 1), str(2**63), "-" + "9" * 30, "9" * 5000, "\u0663" * 25]


class Counting(Form):
    number: Whole


def _forms(kind=Form):
    for each in kind.__subclasses__():
        yield each
        yield from _forms(each)


def _whole(kind):
    """Whether an annotation takes whole numbers."""
    return kind is int or any(_whole(part) for part in get_args(kind))


def test_every_whole_number_of_every_form_fits_into_a_column():
    create_site()
    asked = [
        (form, name)
        for form in _forms()
        for name, field in form.model_fields.items()
        if _whole(field.annotation) and get_origin(field.annotation) is not Literal
    ]

    found = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form, name in asked
        for typed in HUGE
        if judged({name: [typed]}, form).error(name) is None
    }

    assert len(asked) > 20
    assert found == set()


@pytest.mark.parametrize("typed", HUGE)
def test_a_number_that_no_column_holds_is_refused_in_words(typed):
    form = judged({"number": [typed]}, Counting)

    assert form.value is None
    assert re.search(r"Enter (a smaller number|-?2147483647 or (less|more))", str(form.error("number")))


@pytest.mark.parametrize("typed", ["2147483647", "-2147483647", "0", "\u0661 000"])
def test_a_number_that_fits_is_taken_in_any_digits(typed):
    assert judged({"number": [typed]}, Counting).value.number in {MOST_WHOLE, -MOST_WHOLE, 0, 1000}


@pytest.mark.parametrize("typed", HUGE)
async def test_a_number_in_an_address_that_no_column_holds_is_the_number_of_nothing(as_amina, as_ingrid, typed):
    for method, path in _numbered():
        for browser in (as_amina, as_ingrid):
            answer = await browser.request(method, path.replace("{}", typed), follow_redirects=True)
            assert answer.status_code in {403, 404}, (path, answer.status_code)


def _numbered():
    """Every route with a number in its address."""
    for route in create_site().routes:
        if isinstance(route, HTTPRoute) and ":int}" in route.path:
            path = re.sub(r"\{\w+:str\}", "ZZZZZZZZZZ", re.sub(r"\{\w+:int\}", "{}", route.path))
            for handler in route.route_handlers:
                yield from ((method, path) for method in handler.http_methods if method in {"GET", "POST"})


def test_there_are_addresses_with_a_number():
    assert len(list(_numbered())) >= 3
