"""Whatever is sent, the answer is a page in words: never a 500."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from internships.applications.forms import sections as forms

PLACES = {
    "about": forms.AboutForm,
    "motivation": forms.MotivationForm,
    "motivation/draft": forms.MotivationDraft,
    "studies": forms.FinishedForm,
    "studies/new": forms.StudyForm,
    "languages/new": forms.LanguageForm,
    "experience/new": forms.ExperienceForm,
    "send": forms.SendForm,
    "start": forms.StartForm,
    "choices/0000000000/move": forms.PlaceForm,
}
NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "\x00",
            "\ud83c\udfd4",
            "٣",
            "-1",
            "1e9",
            "9" * 30,
            "yes",
            "no",
            "native",
            "6",
            "Congo",
            "none",
            "\u202e",
            "=1+1",
            "2001",
        ]
    ),
)


@pytest.mark.parametrize("place", PLACES)
def test_no_form_breaks_a_page(as_amina, ready, run, place):
    names = st.sampled_from([*PLACES[place].model_fields, "stranger"])

    @settings(max_examples=12)
    @given(st.lists(st.tuples(names, NASTY), max_size=12))
    def send(pairs):
        body = urlencode(pairs, errors="surrogatepass").encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = run(as_amina.post(f"/application/{place}", content=body, headers=kind))
        assert response.status_code in {200, 303, 400, 404, 409, 422}, response.text

    send()


@pytest.mark.parametrize("value", ["\x00", "a\x07b", "x" * 300])
async def test_a_bad_town_is_said_beside_the_field(as_amina, draft, value):
    response = await as_amina.post("/application/about", data={"town": value})

    assert response.status_code == 422
    assert 'id="f-town-error"' in response.text


async def test_a_repeated_field_is_said(as_amina, draft):
    response = await as_amina.post("/application/about", data={"town": ["Moshi", "Arusha"]})

    assert response.status_code == 422
    assert "sent more than once" in response.text


async def test_a_megabyte_of_text_is_refused_in_words(as_amina, draft):
    told = {"motivation_language": "en", "motivation": "x" * 1_000_000, "use_after": "y"}

    assert (await as_amina.post("/application/motivation", data=told)).status_code == 422
    assert (await as_amina.post("/application/motivation/draft", data=told)).status_code == 422


async def test_damaged_multipart_is_a_page(as_amina, draft):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    response = await as_amina.post("/application/about", content=b"--x\r\nbroken", headers=headers)

    assert response.status_code == 400


@pytest.mark.parametrize("ref", ["0000000000", "%00", "é", "x" * 500])
async def test_references_that_are_none(as_amina, ready, ref):
    for path in (f"studies/{ref}", f"studies/{ref}/remove", f"choices/{ref}"):
        assert (await as_amina.get(f"/application/{path}")).status_code in {400, 404}
    assert (await as_amina.post(f"/positions/{ref}/add")).status_code in {400, 404, 405}
