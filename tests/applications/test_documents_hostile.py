"""Forms and files that are not what they should be: said in words, cut off, or stopped before anything is read."""

from datetime import timedelta

import pytest

from internships.core.files.kinds import MOST_BYTES
from internships.core.settings import settings
from tests.applications.giving import GIVE, PDF, give, in_store, kept
from tests.papers import a_pdf, a_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


async def test_a_hostile_name_is_only_text(as_amina, file):
    await give(as_amina, name='../../<img src=x onerror=alert(1)>".pdf')

    page = (await as_amina.get(GIVE)).text
    assert "<img src=x" not in page
    assert "img src=x onerror=alert(1)" in page


@pytest.mark.parametrize(
    ("content", "name", "declared", "said"),
    [
        (b"<html>", "cv.html", "text/html", "This is not a PDF"),
        (SVG, "cv.svg", "image/svg+xml", "This is not a PDF"),
        (SVG, "cv.png", "image/png", "This is not a PDF"),
        (b"PK\x03\x04", "cv.zip", "application/zip", "This is not a PDF"),
        (b"MZ\x90", "cv.pdf", PDF, "This is not a PDF"),
        (a_pdf(), "cv.exe", PDF, "This is not a PDF"),
        (a_pdf(), "cv.pdf", "text/html", "This is not a PDF"),
        (a_picture(), "cv.pdf", PDF, "This is not a PDF"),
        (b"", "cv.pdf", PDF, "This file is empty"),
        (b"%PDF-" + bytes(MOST_BYTES), "cv.pdf", PDF, "bigger than 5 MB"),
        (b"%PDF-" + bytes(3 * MOST_BYTES), "cv.pdf", PDF, "bigger than 5 MB"),
        (b"%PDF-" + bytes(6 * MOST_BYTES), "cv.pdf", PDF, "bigger than 5 MB"),
        (b"", "", "application/octet-stream", "Choose a file."),
    ],
)
async def test_what_can_be_seen_at_once_is_said_beside_the_field(as_amina, file, content, name, declared, said):
    response = await give(as_amina, content, name, declared)

    assert response.status_code == 422
    assert ">Error: " in response.text
    assert 'href="#f-cv"' in response.text
    assert response.text.count(said) == 2
    assert not await kept()
    assert not await in_store()


async def test_after_the_deadline_nothing_of_the_file_is_read(as_amina, file, clock):
    clock.shift(timedelta(days=6))
    taken = []

    async def endless():
        for _ in range(10_000):
            taken.append(1)
            yield bytes(10_000)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await as_amina.post(f"{GIVE}?kind=cv", content=endless(), headers=headers)

    assert response.status_code == 409
    assert len(taken) < 10


async def test_who_may_not_give_is_told_so_before_anything_is_read(file, as_tomas, as_ravi, as_ingrid, visitor):
    taken = []

    async def endless():
        for _ in range(10_000):
            taken.append(1)
            yield bytes(10_000)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    everybody = (as_tomas, as_ravi, as_ingrid, visitor)
    answers = [await each.post(f"{GIVE}?kind=cv", content=endless(), headers=headers) for each in everybody]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 303]
    assert len(taken) < 10


async def test_an_endless_file_is_cut_off(as_amina, file):
    taken = []

    async def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n\r\n%PDF-'
        for _ in range(10_000):
            taken.append(1)
            yield bytes(100_000)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await as_amina.post(f"{GIVE}?kind=cv", content=endless(), headers=headers)

    assert response.status_code == 422
    assert "bigger than 5 MB" in response.text
    assert len(taken) < 60


PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'


def form(*parts: tuple[bytes, bytes, bytes], end: bytes = b"--x--\r\n") -> bytes:
    return b"".join(PART % each for each in parts) + end


FILE = (b"cv", b'; filename="cv.pdf"', a_pdf())
BROKEN = {
    "no end": form(FILE, end=b""),
    "no boundary": b"nothing of the kind",
    "two files": form(FILE, FILE),
    "a header of 10 kB": form((b"x" * 10_000, b"", b"")),
    "a field of 20 kB": form((b"note", b"", b"x" * 20_000), FILE),
    "twenty fields": form(*[(b"note", b"", b"x")] * 20),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_form_that_is_none_is_a_page_in_words(as_amina, file, what):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    response = await as_amina.post(f"{GIVE}?kind=cv", content=BROKEN[what], headers=headers)

    assert response.status_code == 400
    assert not await kept()


@pytest.mark.parametrize("declared", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
async def test_another_kind_of_form_is_refused(as_amina, file, declared):
    response = await as_amina.post(f"{GIVE}?kind=cv", content=b"cv=1", headers={"Content-Type": declared})

    assert response.status_code == 400


async def test_the_token_comes_before_the_file_and_must_be_ours(as_amina, file):
    token = as_amina.token().encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    statuses = []
    for parts in (
        ((b"csrf", b"", token), FILE),
        (FILE, (b"csrf", b"", token)),
        (FILE,),
        ((b"csrf", b"", b"made up"), FILE),
        ((b"csrf", b"", token[:-8] + b"AAAAAAA="), FILE),
    ):
        request = as_amina.build_request("POST", f"http://127.0.0.1/en{GIVE}?kind=cv")
        url = str(request.url).replace("http://127.0.0.1", settings().site)
        # Past the visitor, who would bring the token in a header.
        bare = super(type(as_amina), as_amina)
        statuses.append((await bare.request("POST", url, content=form(*parts), headers=headers)).status_code)

    assert statuses == [303, 400, 400, 400, 400]
    assert len(await kept()) == 1


async def test_unknown_kinds_and_references_are_not_found(as_amina, file):
    assert (await give(as_amina, kind="passport")).status_code == 404
    assert (await give(as_amina, kind="enrolment")).status_code == 404
    for ref in ("0000000000", "%00", "..%2F..%2Fetc"):
        for page in ("replace", "remove", "file"):
            assert (await as_amina.get(f"{GIVE}/{ref}/{page}")).status_code in {400, 404}
