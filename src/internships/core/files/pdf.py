"""Writes a PDF anew from its pages, without scripts, without what starts by itself, and without files inside it."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel

from internships.core.files.kinds import MOST_PAGES, MOST_PIXELS, MOST_UNPACKED, Because, NotTaken

HARMLESS: Final = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
"""Actions that only lead a reader somewhere; every other one is taken out."""
OUTSIDE: Final = ("https://", "http://", "mailto:")
NOT_KEPT: Final = (
    "/OpenAction", "/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMediaContent",
    "/RichMediaSettings", "/Metadata", "/PieceInfo", "/Perms", "/LastModified",
)  # fmt: skip
"""What acts, hides something, or tells who wrote it with what."""
ACTIONS: Final = ("/A", "/PA", "/Next", "/Dest")
LIVELY: Final = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
"""Notes on a page that are players and attachments."""
DRAWN: Final = frozenset({"/Font", "/XObject", "/Pattern", "/ExtGState"})
"""A resource may have any name, also one of the above."""
INFLATED: Final = frozenset({"/FlateDecode", "/Fl"})
PACKED: Final = frozenset(
    {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
)
DEEPEST: Final = 20_000


def cleaned(content: bytes) -> bytes:
    """The pages alone.

    Raises:
        NotTaken: it is protected or damaged, is a wrapper of other files, or would grow beyond the limits.
    """
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            _check(pdf)
            for thing in _everything(pdf):
                _disarm(thing)
            for key in ("/Info", "/XRefStm"):
                if key in pdf.trailer:
                    del pdf.trailer[key]
            out = BytesIO()
            pdf.save(
                out, fix_metadata_version=False, compress_streams=True, stream_decode_level=StreamDecodeLevel.none,
                object_stream_mode=ObjectStreamMode.generate, encryption=False, deterministic_id=True,
            )  # fmt: skip
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise NotTaken(Because.PROTECTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, AttributeError) as error:
        raise NotTaken(Because.DAMAGED) from error


def _check(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise NotTaken(Because.PROTECTED)
    if "/Collection" in pdf.Root or pdf.Root.get("/NeedsRendering"):
        raise NotTaken(Because.HOLDS_FILES)
    pages = len(pdf.pages)
    if not pages:
        raise NotTaken(Because.DAMAGED)
    if pages > MOST_PAGES:
        raise NotTaken(Because.TOO_MANY_PAGES)
    unpacked = 0
    for thing in pdf.objects:
        if isinstance(thing, Stream):
            if thing.get("/Subtype") == "/Image" and int(thing.Width) * int(thing.Height) > MOST_PIXELS:
                raise NotTaken(Because.TOO_MANY_PIXELS)
            unpacked += _unpacked(thing, MOST_UNPACKED - unpacked)
            if unpacked > MOST_UNPACKED:
                raise NotTaken(Because.UNPACKS_TOO_BIG)


def _filters(stream: Stream) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(each) for each in named] if isinstance(named, Array) else [str(named)]


def _unpacked(stream: Stream, room: int) -> int:
    """How many bytes it grows to; counting ends as soon as that is more than there is room for."""
    filters = _filters(stream)
    if filters and INFLATED.issuperset(filters):
        content, most = stream.read_raw_bytes(), 0
        for _filter in filters:
            content = _inflated(content, room + 1)
            most = max(most, len(content))
        return most
    if PACKED & set(filters):
        return len(stream.read_bytes(StreamDecodeLevel.specialized)) if set(filters) <= PACKED | INFLATED else 0
    return int(stream.get("/Length", 0))


def _inflated(content: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, max(most, 1))
    except zlib.error:
        return b""


def _everything(pdf: Pdf) -> Iterator[Any]:
    """Every dictionary, wherever it stands; a reference leads to an object that comes by itself."""
    for top in pdf.objects:
        waiting, seen = [top], 0
        while waiting:
            thing = waiting.pop()
            seen += 1
            if seen > DEEPEST * 50:
                raise NotTaken(Because.DAMAGED)
            if isinstance(thing, Dictionary | Stream):
                yield thing
                waiting += [value for value in dict(thing).values() if _holds(value)]
            elif isinstance(thing, Array):
                waiting += [value for value in thing if _holds(value)]


def _holds(value: Any) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def _disarm(thing: Any) -> None:
    for key in NOT_KEPT:
        if key in thing and not _is_drawn(thing[key]):
            del thing[key]
    for key in ACTIONS:
        if key in thing and _acts(thing[key]):
            del thing[key]
    notes = thing.get("/Annots")
    if isinstance(notes, Array):
        thing["/Annots"] = Array([note for note in notes if not _is_lively(note)])
    if isinstance(thing.get("/S"), Name) and str(thing["/S"]) == "/JavaScript":
        thing["/S"] = Name("/Named")


def _is_drawn(value: Any) -> bool:
    return isinstance(value, Dictionary | Stream) and str(value.get("/Type")) in DRAWN


def _acts(value: Any) -> bool:
    """Whether it is an action, or a list of them, that is not among the harmless ones."""
    if isinstance(value, Array):
        return any(_acts(each) for each in value if isinstance(each, Dictionary))
    if not isinstance(value, Dictionary) or "/S" not in value:
        return False
    leads_out = str(value["/S"]) == "/URI" and not str(value.get("/URI", "")).strip().lower().startswith(OUTSIDE)
    return leads_out or str(value["/S"]) not in HARMLESS


def _is_lively(note: Any) -> bool:
    return isinstance(note, Dictionary) and str(note.get("/Subtype")) in LIVELY
