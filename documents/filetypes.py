"""What a file really is, told by its content and never by its name. Pure leaf."""

import io
import re
import struct
import zipfile
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from documents.refusals import Invalid
from documents.strict_pictures import whole_pictures

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (PNG, JPEG)
_PDF_OBJECT = re.compile(rb"[0-9]\s+[0-9]{1,5}\s+obj\b")
OLD_OFFICE = "application/vnd.ms-office"
# How names of a type end, the first where a name has none of them; other types keep the name that they came with.
ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    OFFICE["word/document.xml"]: (".docx",),
    OFFICE["xl/workbook.xml"]: (".xlsx",),
    OFFICE["ppt/presentation.xml"]: (".pptx",),
}
# The storage of macros as the directory of an old office file names it, and the parts in which newer ones keep theirs.
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_MACROS = ("vbaproject.bin", "/macrosheets/")
# Files kept before this list changed stay downloadable; only new ones are tested.
MAX_PIXELS = 60_000_000
# A PNG has no smaller copy to draw: a larger one is tested by the checksums of its chunks alone.
MAX_DRAWN = 25_000_000
# As much of an office file's table of contents is read; theirs have a few kilobytes.
MAX_TYPES = 1_000_000


def size_text(size: int) -> str:
    """``1.2 MB``, half up in plain integers of tenths: sheet, paper and list of attachments say the same."""
    for unit, step in (("MB", 1024 * 1024), ("KB", 1024)):
        if size >= step:
            tenths = (size * 20 + step) // (2 * step)
            return f"{tenths // 10}.{tenths % 10} {unit}"
    return f"{size} B"


def media_type(data: bytes, name: str) -> str:
    """The media type of an attachment, or Invalid with a sentence: PDF, PNG, JPEG and office files are taken."""
    if not data:
        raise Invalid(_("文件是空的，请重新选择。"))
    if data[:5] == b"%PDF-":
        # Without a single object no reader can rebuild anything, however hard it tries.
        if not _PDF_OBJECT.search(data):
            raise Invalid(_("文件已损坏，无法打开。"))
        return PDF
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _picture(data, PNG)
    if data[:3] == b"\xff\xd8\xff":
        return _picture(data, JPEG)
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:8] == OLE and name.lower().endswith((".xls", ".doc", ".ppt")):
        if _OLE_MACROS in data:
            raise Invalid(_("文件含有宏，请另存为不含宏的格式后再上传。"))
        return OLD_OFFICE
    raise Invalid(_("只接受 PDF、JPG、PNG 图片和 Office 文件（按文件内容判断，与后缀名无关）。"))


def _picture(data: bytes, kind: str) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid(_("图片尺寸过大（超过 6000 万像素），请缩小后再上传。"))
            picture.verify()
        with whole_pictures(), Image.open(io.BytesIO(data)) as picture:
            # Every byte is read, which tells a picture that was cut off; a JPEG is drawn at an eighth of its size.
            picture.draft(None, (picture.width // 8, picture.height // 8))
            if kind == JPEG or picture.width * picture.height <= MAX_DRAWN:
                picture.load()
    except (
        UnidentifiedImageError,
        OSError,
        EOFError,
        SyntaxError,
        ValueError,
        struct.error,
        Image.DecompressionBombError,
    ) as error:
        raise Invalid(_("图片已损坏，无法打开，请重新拍摄或导出。")) from error
    return kind


# What zipfile raises on an archive that is none: also for names that are no text and versions that it does not know.
_NO_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, struct.error)


def _has_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if any(part in f"/{name.lower()}" for name in names for part in _MACROS) or any(
        n.startswith("Basic/") for n in names
    ):
        return True
    if "[Content_Types].xml" not in names:
        return False
    with archive.open("[Content_Types].xml") as types:
        return b"macroenabled" in types.read(MAX_TYPES).lower()


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if _has_macros(archive, names):
                raise Invalid(_("文件含有宏，请另存为不含宏的格式后再上传。"))
            for part, kind in OFFICE.items():
                if part in names and "[Content_Types].xml" in names:
                    return kind
            if "mimetype" in names and "content.xml" in names:
                return "application/vnd.oasis.opendocument"
    except _NO_ARCHIVE as error:
        raise Invalid(_("文件已损坏，无法打开。")) from error
    raise Invalid(_("只接受 PDF、JPG、PNG 图片和 Office 文件，不接受压缩包。"))


def download_name(name: str, media_type: str) -> str:
    """A name that ends as its content does, so that it opens where it is saved; ``a.jpg`` that is a PDF becomes ``a.pdf``."""
    right = ENDINGS.get(media_type)
    if right is None or name.lower().endswith(right):
        return name
    wrong = {ending for endings in ENDINGS.values() for ending in endings}
    path = PurePosixPath(name)
    return (path.stem if path.suffix.lower() in wrong else name) + right[0]
