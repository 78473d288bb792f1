"""The child that reads a file: the file comes in, one line with the verdict goes out, and the cleaned file behind it."""

import json
import resource
import sys
from io import BytesIO
from typing import Final

from internships.core.files.kinds import MEGABYTE, MOST_BYTES, Because, Media, NotTaken

MEMORY: Final = 512 * MEGABYTE
SECONDS: Final = 20


def limit() -> None:
    """Before anything is read. On systems that can't limit memory the other limits hold."""
    limits = {resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NPROC: 0}
    if sys.platform == "linux":
        limits[resource.RLIMIT_AS] = MEMORY
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def look(content: bytes, media: Media) -> bytes:
    """The cleaned file.

    Raises:
        NotTaken: with the reason.
    """
    import puremagic

    from internships.core.files import images, pdf

    if not content:
        raise NotTaken(Because.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotTaken(Because.TOO_BIG)
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except puremagic.PureError as error:
        raise NotTaken(Because.WRONG_TYPE) from error
    if media.value not in found:
        raise NotTaken(Because.WRONG_TYPE)
    return pdf.cleaned(content) if media is Media.PDF else images.cleaned(content, media)


def main() -> None:
    """One file, and done."""
    limit()
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    found, because = b"", None
    try:
        found = look(content, Media(sys.argv[1]))
    except NotTaken as refused:
        because = refused.because
    except MemoryError:
        because = Because.UNPACKS_TOO_BIG
    answer = BytesIO(json.dumps({"because": because}).encode() + b"\n" + found)
    sys.stdout.buffer.write(answer.getbuffer())


if __name__ == "__main__":
    main()
