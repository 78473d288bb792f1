"""Makes a picture anew from its pixels: what was hidden in the file beside them is not in the new one."""

import warnings
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from internships.core.files.kinds import MOST_PIXELS, Because, Media, NotTaken

FORMATS: Final = {Media.JPEG: "JPEG", Media.PNG: "PNG"}
QUALITY: Final = 88
ENOUGH: Final = 20_000_000
"""Pixels of a photo beyond which it is read at half its width and height: a page is legible, and memory is small."""
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


def cleaned(content: bytes, media: Media) -> bytes:
    """The picture alone, turned as it is meant to be seen; no place, no camera, no thumbnail, no comment.

    Raises:
        NotTaken: it has too many pixels, or can't be read to its end.
    """
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[media]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotTaken(Because.TOO_MANY_PIXELS)
            if picture.width * picture.height > ENOUGH:
                picture.draft(None, (picture.width // 2, picture.height // 2))
            picture.load()
            return _written(ImageOps.exif_transpose(picture), media)
    except Image.DecompressionBombError as error:
        raise NotTaken(Because.TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotTaken(Because.DAMAGED) from error


def _written(picture: Image.Image, media: Media) -> bytes:
    out = BytesIO()
    if media is Media.JPEG:
        picture = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
        picture.info = {}
        picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        see_through = "A" in picture.mode or "transparency" in picture.info
        if picture.mode not in {"1", "L", "LA", "RGB", "RGBA"}:
            picture = picture.convert("RGBA" if see_through else "RGB")
            see_through = False
        see_through_colour = picture.info.get("transparency")
        picture.info = {} if see_through_colour is None else {"transparency": see_through_colour}
        picture.save(out, "PNG")
    return out.getvalue()
