"""Photographs made safe: decoded, turned upright, scaled and encoded anew; nothing but the picture goes on. Pure leaf.

The position where a photograph was taken is left out unless the caller keeps it; every other mark of the camera is dropped.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from documents.refusals import Invalid
from documents.strict_pictures import whole_pictures

MAX_PIXELS = 60_000_000
# What is decoded whole: a PNG, and a JPEG once the decoder has shrunk it. Each pixel costs up to nine bytes for a moment.
MAX_DECODED = 16_000_000
# Its decoder keeps two more layers of its own.
MAX_WEBP = 8_000_000
# Longest sides in pixels of the stored copy and of the one for lists.
LONG, SMALL = 2000, 320
QUALITY, SMALL_QUALITY = 85, 75
_EXIF, _GPS, _TAKEN, _ORIENTATION = 0x8769, 0x8825, 36867, 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Apple's phones write these by default; browsers don't show them and we don't decode them.
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis")
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    IndexError,
    KeyError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph as it is stored: JPEG bytes of both copies."""

    full: bytes
    small: bytes
    width: int
    height: int
    taken_at: datetime | None
    has_position: bool


def read_picture(data: bytes, *, keep_position: bool = False) -> Picture:
    """Decode a JPEG, PNG or WebP and encode it anew. Raises Invalid with a sentence for anything else."""
    _known(data)
    try:
        with whole_pictures(), Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Invalid(_("照片尺寸过大（超过 6000 万像素），请缩小后再上传。"))
            # Before anything of it is decoded: a WebP is held whole twice and more, whatever is asked of it.
            if opened.format == "WEBP" and opened.width * opened.height > MAX_WEBP:
                raise Invalid(_("WebP 照片尺寸过大（超过 800 万像素），请缩小，或另存为 JPG 再上传。"))
            exif = opened.getexif()
            taken_at, position = _taken(exif), dict(exif.get_ifd(_GPS)) if keep_position else {}
            # A JPEG is decoded near the size that is wanted, several times faster.
            opened.draft("RGB", _within(opened.size, LONG))
            if opened.width * opened.height > MAX_DECODED:
                raise Invalid(_("PNG 照片尺寸过大（超过 1600 万像素），请缩小，或另存为 JPG 再上传。"))
            upright = _flat(opened)
            # The first of the turns is 0.
            if (turn := _TURNS.get(exif.get(_ORIENTATION, 1))) is not None:
                upright = upright.transpose(turn)
        full = _encoded(upright, QUALITY, position)
        small = _encoded(_scaled(upright, SMALL), SMALL_QUALITY, {})
    except _BROKEN as error:
        raise Invalid(_("照片已损坏，无法打开，请重新拍摄。")) from error
    return Picture(full, small, upright.width, upright.height, taken_at, bool(position))


def _known(data: bytes) -> None:
    if not data:
        raise Invalid(_("照片是空的，请重新选择。"))
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Invalid(
            _("不接受 HEIC 照片：请在手机「设置 › 相机 › 格式」中选择「兼容性最佳」后重新拍摄，或另存为 JPG 再上传。")
        )
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if data[:3] != b"\xff\xd8\xff" and data[:8] != b"\x89PNG\r\n\x1a\n" and not is_webp:
        raise Invalid(_("只接受 JPG、PNG、WebP 照片（按文件内容判断，与后缀名无关）。"))


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """A size of the same shape whose longer side is ``longest``, so that the decoder shrinks panoramas as well."""
    most = max(size)
    return max(1, size[0] * longest // most), max(1, size[1] * longest // most)


def _flat(picture: Image.Image) -> Image.Image:
    """The picture no longer than ``LONG`` and in plain colours; what was transparent becomes white.

    It is made small before it is flattened, and in place: no second layer of full size.
    """
    seen_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode not in ("L", "RGB", "RGBA", "LA", "CMYK") or (seen_through and picture.mode in ("L", "RGB")):
        picture = picture.convert("RGBA" if seen_through else "RGB")
    picture.thumbnail((LONG, LONG), Image.Resampling.LANCZOS)
    if not seen_through:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    white.alpha_composite(layer)
    return white.convert("RGB")


def _scaled(picture: Image.Image, longest: int) -> Image.Image:
    """A copy no longer than ``longest``."""
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return copy


def _encoded(picture: Image.Image, quality: int, position: dict[int, Any]) -> bytes:
    marks: Image.Exif | bytes = b""
    if position:
        marks = Image.Exif()
        marks[_GPS] = position
    # Given outright, so that nothing of what the picture was opened with goes on: a colour profile is as large as one likes.
    options: dict[str, Any] = {"quality": quality, "icc_profile": None, "exif": marks, "comment": b""}
    written = io.BytesIO()
    picture.save(written, "JPEG", **options)
    return written.getvalue()


def _taken(exif: Image.Exif) -> datetime | None:
    """When the camera says it was taken; cameras know no time zone and are read as Shanghai's."""
    text = exif.get_ifd(_EXIF).get(_TAKEN)
    try:
        moment = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return timezone.make_aware(moment) if 2000 <= moment.year <= 2099 else None
