"""What is in a file: what is taken, what is taken out of it, and what is refused with which reason."""

import asyncio
import io
import subprocess
import sys

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from internships.core.files import child, looking
from internships.core.files.kinds import MOST_BYTES, Because, Media, NotTaken, media_of
from tests.papers import HIDDEN, a_pdf, a_photo_with_its_place, a_picture, laid_open, lively

PDF, JPEG, PNG = Media.PDF, Media.JPEG, Media.PNG
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def many_pages(pdf: pikepdf.Pdf) -> None:
    for _ in range(300):
        pdf.add_blank_page()


def bomb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(bytes(110_000_000))


def run_lengths(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"\x810" * 1_000_000, Filter=Name.RunLengthDecode)


def wide_picture(pdf: pikepdf.Pdf) -> None:
    wide = pikepdf.Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=20_000, Height=20_000)
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(I=pdf.make_indirect(wide)))


def portfolio(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Collection = Dictionary(View=Name.D)


def no_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]


REFUSED = {
    "no more than its first words": (b"%PDF-1.7\nI am none", PDF, Because.DAMAGED),
    "cut in the middle": (a_picture("JPEG", (600, 600))[:2500], JPEG, Because.DAMAGED),
    "a picture before the pages": (b"GIF89a" + a_pdf(), PDF, Because.WRONG_TYPE),
    "a web page": (b"<!doctype html><script>alert(1)</script>", PDF, Because.WRONG_TYPE),
    "a drawing": (SVG, PNG, Because.WRONG_TYPE),
    "an archive": (b"PK\x03\x04" + bytes(60), PDF, Because.WRONG_TYPE),
    "another kind of picture": (a_picture("PNG"), JPEG, Because.WRONG_TYPE),
    "nothing": (b"", PDF, Because.EMPTY),
    "a byte too many": (bytes(MOST_BYTES + 1), PDF, Because.TOO_BIG),
    "closed to everybody": (a_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), PDF, Because.PROTECTED),
    "closed to those who would change it": (a_pdf(encryption=pikepdf.Encryption(owner="a")), PDF, Because.PROTECTED),
    "a book": (a_pdf(many_pages), PDF, Because.TOO_MANY_PAGES),
    "a bomb of pages": (a_pdf(bomb, compress_streams=True), PDF, Because.UNPACKS_TOO_BIG),
    "a bomb of run lengths": (a_pdf(run_lengths, compress_streams=False), PDF, Because.UNPACKS_TOO_BIG),
    "a bomb of pixels in a page": (a_pdf(wide_picture), PDF, Because.TOO_MANY_PIXELS),
    "a bomb of pixels": (a_picture("PNG", (30_000, 30_000), "1"), PNG, Because.TOO_MANY_PIXELS),
    "a folder of files": (a_pdf(portfolio), PDF, Because.HOLDS_FILES),
    "an empty cover": (a_pdf(no_pages), PDF, Because.DAMAGED),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_has_its_reason(what):
    content, media, because = REFUSED[what]

    with pytest.raises(NotTaken) as refused:
        child.look(content, media)

    assert refused.value.because == because


def test_a_pdf_loses_what_acts_and_keeps_where_a_link_leads():
    cleaned = laid_open(child.look(a_pdf(lively), PDF))

    for word in (b"JavaScript", b"/JS", b"Launch", b"OpenAction", b"EmbeddedFile", b"XFA", b"RichMedia", b"/AA", b"MZ"):
        assert word not in cleaned
    assert HIDDEN.encode() not in cleaned
    assert b"https://example.org/" in cleaned


def test_what_hangs_behind_a_pdf_is_left_behind():
    cleaned = child.look(a_pdf() + b"PK\x03\x04" + HIDDEN.encode(), PDF)

    assert cleaned.startswith(b"%PDF-")
    assert HIDDEN.encode() not in cleaned


def test_a_font_may_be_called_like_an_action():
    def odd(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].Resources = Dictionary(Font=Dictionary({"/AA": font}))

    with pikepdf.open(io.BytesIO(child.look(a_pdf(odd), PDF))) as pdf:
        assert "/AA" in pdf.pages[0].Resources.Font


def test_an_action_in_a_list_of_nexts_is_found():
    def listed(pdf: pikepdf.Pdf) -> None:
        start = Dictionary(S=Name.Launch, F="x")
        link = Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([Dictionary(S=Name.GoTo, Next=start)]))
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=link)])

    assert b"Launch" not in laid_open(child.look(a_pdf(listed), PDF))


def test_a_link_to_anything_but_the_web_or_a_mailbox_is_taken_out():
    def scripted(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(S=Name.URI, URI=pikepdf.String("javascript:alert(1)"))
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=link)])

    assert b"javascript:" not in laid_open(child.look(a_pdf(scripted), PDF))


def test_a_photo_stands_upright_and_says_nothing_of_its_place():
    cleaned = child.look(a_photo_with_its_place(), JPEG)

    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.size == (30, 40)
        assert not dict(picture.getexif())
    assert HIDDEN.encode() not in cleaned


def test_a_large_photo_is_made_smaller_and_a_see_through_picture_stays_so():
    with Image.open(io.BytesIO(child.look(a_picture("JPEG", (6000, 5000)), JPEG))) as photo:
        assert photo.size == (3000, 2500)
    with Image.open(io.BytesIO(child.look(a_picture("PNG", mode="RGBA"), PNG))) as drawing:
        assert drawing.mode == "RGBA"


def test_the_first_look_wants_name_declaration_and_first_bytes_to_agree():
    good = {("cv.pdf", "application/pdf"), ("CV.PDF", ""), ("cv.pdf", "application/octet-stream")}
    bad = {("cv.exe", "application/pdf"), ("cv.pdf.exe", ""), ("cv", "application/pdf"), ("cv.pdf", "text/html")}

    assert {media_of(*each, a_pdf()) for each in good} == {PDF}
    for name, declared in bad | {("cv.png", "image/png")}:
        with pytest.raises(NotTaken) as refused:
            media_of(name, declared, a_pdf())
        assert refused.value.because == Because.WRONG_TYPE


async def test_a_child_does_the_looking():
    cleaned = await looking.cleaned(a_pdf(lively), PDF)

    assert b"Launch" not in laid_open(cleaned)
    with pytest.raises(NotTaken) as refused:
        await looking.cleaned(b"%PDF-1.7 none", PDF)
    assert refused.value.because == Because.DAMAGED


async def test_who_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(looking, "PATIENCE", 0.05)

    with pytest.raises(NotTaken) as refused:
        await looking.cleaned(a_pdf(), PDF)

    assert refused.value.because == Because.DAMAGED


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(600 * 1024 * 1024)",
        "open('/tmp/left-behind', 'wb').write(b'x') and open('/tmp/left-behind', 'rb').read()[0]",
    ],
)
def test_the_child_gets_no_more_memory_and_writes_no_file(deed):
    said = f"from internships.core.files.child import limit; limit(); {deed}"

    done = subprocess.run([sys.executable, "-c", said], capture_output=True, check=False)

    assert done.returncode != 0


async def test_an_endless_calculation_ends():
    said = (
        "import resource; from internships.core.files import child; child.SECONDS = 1; child.limit();\nwhile True: pass"
    )

    running = await asyncio.create_subprocess_exec(sys.executable, "-c", said, stderr=asyncio.subprocess.DEVNULL)

    assert await running.wait() < 0
