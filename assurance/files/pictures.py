"""Pictures are decoded by an allow-list and written anew; nothing else is ever shown in a page."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps

from assurance.files.sniffing import JPEG, PNG, WEBP

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS: Final[Mapping[str, str]] = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
MAX_PIXELS: Final = 40_000_000
SERVED_EDGE: Final = 2000
"""Pixels of the longer edge of the copy that is shown."""
QUALITY: Final = 85
MIXABLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})
"""Modes whose neighbouring pixels can be averaged; a palette's numbers cannot."""

warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and it refuses


class PictureDamaged(ValueError):
    """The bytes begin like a picture but cannot be decoded to the end."""


class PictureTooLarge(ValueError):
    """More pixels than anybody needs; decoding them would cost the memory of many people's work."""


class PictureMoves(ValueError):
    """An animation: what it shows depends on when one looks."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture: its own size, and the copy that is shown."""

    width: int
    height: int
    copy: bytes


def read(data: bytes, media_type: str) -> Picture:
    """Decode a picture of the type it claims and write an upright copy without metadata.

    :raises PictureDamaged: if it cannot be decoded
    :raises PictureTooLarge: beyond ``MAX_PIXELS``, told from the head before anything is decoded
    :raises PictureMoves: if it has several frames
    """
    try:
        with Image.open(io.BytesIO(data), formats=(FORMATS[media_type],)) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise PictureTooLarge
            if getattr(opened, "n_frames", 1) > 1:
                raise PictureMoves
            return Picture(width, height, _copy(opened, media_type))
    except Image.DecompressionBombError:
        raise PictureTooLarge from None
    except (PictureTooLarge, PictureMoves):
        raise
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, MemoryError, IndexError, TypeError) as error:
        raise PictureDamaged from error  # what Pillow's decoders are known to raise on broken bytes


def _copy(opened: Image.Image, media_type: str) -> bytes:
    """Make it small first: at full size a picture takes 160 MB, and every further step would take that again."""
    edge = (SERVED_EDGE, SERVED_EDGE)
    opened.draft(None, edge)  # a JPEG can be decoded at a fraction of its size
    small = opened if opened.mode in MIXABLE else _in_plain_colours(opened, media_type)
    small.thumbnail(edge)
    plain = _in_plain_colours(ImageOps.exif_transpose(small), media_type)
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)  # a new picture: no EXIF, no profile, no text, no trailer
    written = io.BytesIO()
    clean.save(written, FORMATS[media_type], quality=QUALITY)
    return written.getvalue()


def _in_plain_colours(picture: Image.Image, media_type: str) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        picture = picture.point(lambda value: value / 257).convert("L")
    see_through = media_type != JPEG and picture.has_transparency_data
    wanted = "RGBA" if see_through else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)
