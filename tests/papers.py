"""Files as people and attackers send them, made on the spot."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

HIDDEN = "planted words that nobody should read"


def a_pdf(change: Callable[[Pdf], None] | None = None, *, text: str = "", **save: Any) -> bytes:
    """A page of A4; different for each text."""
    made = Pdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.pages[0].Contents = made.make_stream(f"% {text}".encode())
    if change:
        change(made)
    out = io.BytesIO()
    # The same each time; what is encrypted can't be.
    made.save(out, deterministic_id="encryption" not in save, **save)
    return out.getvalue()


def lively(pdf: Pdf) -> None:
    """Whatever a PDF can do by itself, and whatever it can say of its writer."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    pdf.attachments["malware.exe"] = b"MZ" + HIDDEN.encode()
    pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("first"), script]))
    pdf.Root.OpenAction = script
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp>"))
    pdf.pages[0].AA = Dictionary(O=launch)
    link = Dictionary(S=Name.URI, URI=String("https://example.org/"), Next=launch)
    pdf.pages[0].Annots = Array(
        [
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=link)),
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=launch)),
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 1, 1])),
        ]
    )
    pdf.docinfo["/Author"] = HIDDEN


def laid_open(content: bytes) -> bytes:
    """A PDF with nothing packed, to look for words in."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **save: Any) -> bytes:
    """White."""
    out = io.BytesIO()
    Image.new(mode, size, 255 if mode in {"1", "L"} else "white").save(out, kind, **save)
    return out.getvalue()


def a_photo_with_its_place() -> bytes:
    """Lying on its side, and saying where and with what it was taken."""
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x8825] = 6, HIDDEN, {1: "N", 2: (1.0, 2.0, 3.0)}
    return a_picture("JPEG", (40, 30), exif=said, comment=HIDDEN.encode())
