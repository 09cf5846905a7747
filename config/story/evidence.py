"""Papers of the demonstration, drawn by ourselves: a sheet (PDF) with its rows, a photograph (PNG) with its caption.

Same words, same bytes: nothing in them depends on the day or the machine.
"""

import io
from functools import lru_cache

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from config.story.shapes import Paper

# A4 upright at 60 dots per inch, and a phone's picture made small.
_SHEET, _DPI = (496, 702), 60
_PHOTO = (480, 320)
_INK, _GREY, _STAMP = "#1f2933", "#9aa5b1", "#b42318"
_SKY, _WALL, _WINDOW, _GROUND = "#cfe3f1", "#d9c9b0", "#7d93a6", "#8a9a7b"


def upload(paper: Paper) -> SimpleUploadedFile:
    """The file of a paper, as a browser would hand it in."""
    data = _photo(paper) if paper.form == "photo" else _sheet(paper)
    return SimpleUploadedFile(paper.name, data)


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / "NotoSansSC-Regular.ttf", size)


def _sheet(paper: Paper) -> bytes:
    """A title, numbered rows in a frame, a seal: what a clerk scans."""
    image = Image.new("RGB", _SHEET, "white")
    pen = ImageDraw.Draw(image)
    title, *rows = paper.rows
    pen.text((_SHEET[0] // 2, 60), title, font=_font(18), fill=_INK, anchor="mm")
    top = 100
    for number, row in enumerate(rows, start=1):
        pen.rectangle((40, top, _SHEET[0] - 40, top + 34), outline=_GREY)
        pen.line((84, top, 84, top + 34), fill=_GREY)
        pen.text((62, top + 17), str(number), font=_font(13), fill=_INK, anchor="mm")
        pen.text((96, top + 17), row, font=_font(13), fill=_INK, anchor="lm")
        top += 34
    pen.ellipse((330, top + 60, 440, top + 170), outline=_STAMP, width=2)
    pen.text((385, top + 115), "示例专用章", font=_font(13), fill=_STAMP, anchor="mm")
    pen.text((40, _SHEET[1] - 40), "演示资料，非真实单据", font=_font(11), fill=_GREY, anchor="lm")
    stream = io.BytesIO()
    # Without its dates the same sheet is the same file.
    image.save(stream, "PDF", resolution=_DPI, title=title, creationDate=None, modDate=None)
    return stream.getvalue()


def _photo(paper: Paper) -> bytes:
    """Houses under a sky, and what the picture shows written below."""
    image = Image.new("RGB", _PHOTO, _SKY)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 230, _PHOTO[0], _PHOTO[1]), fill=_GROUND)
    # The caption decides where the houses stand, so that no two pictures are alike.
    shift = sum(map(ord, paper.rows[0])) % 60
    for left in range(20 + shift, _PHOTO[0] - 60, 110):
        roof = 70 + (left * 7) % 60
        pen.rectangle((left, roof, left + 76, 230), fill=_WALL)
        for x in range(left + 8, left + 66, 22):
            for y in range(roof + 12, 214, 28):
                pen.rectangle((x, y, x + 12, y + 16), fill=_WINDOW)
    pen.rectangle((0, 276, _PHOTO[0], _PHOTO[1]), fill=_INK)
    pen.text((14, 298), f"{paper.rows[0]}（演示图片）", font=_font(15), fill="white", anchor="lm")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
