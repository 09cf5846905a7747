"""What a file really is, told by its content and never by its name. Pure leaf."""

import io
import zipfile

from django.utils.translation import gettext as _

from documents.refusals import Invalid

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
# Files kept before this list changed stay downloadable; only new ones are tested.
MAX_PIXELS = 60_000_000


def media_type(data: bytes, name: str) -> str:
    """The media type of an attachment, or Invalid with a sentence: PDF, PNG, JPEG and office files are taken."""
    if not data:
        raise Invalid(_("文件是空的，请重新选择。"))
    if data[:5] == b"%PDF-":
        return PDF
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _picture(data, PNG)
    if data[:3] == b"\xff\xd8\xff":
        return _picture(data, JPEG)
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:8] == OLE and name.lower().endswith((".xls", ".doc", ".ppt")):
        return "application/vnd.ms-office"
    raise Invalid(_("只接受 PDF、JPG、PNG 图片和 Office 文件（按文件内容判断，与后缀名无关）。"))


def _picture(data: bytes, kind: str) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid(_("图片尺寸过大（超过 6000 万像素），请缩小后再上传。"))
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(_("图片已损坏，无法打开，请重新拍摄或导出。")) from error
    return kind


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Invalid(_("文件含有宏，请另存为不含宏的格式后再上传。"))
            for part, kind in OFFICE.items():
                if part in names and "[Content_Types].xml" in names:
                    return kind
            if "mimetype" in names and "content.xml" in names:
                return "application/vnd.oasis.opendocument"
    except zipfile.BadZipFile as error:
        raise Invalid(_("文件已损坏，无法打开。")) from error
    raise Invalid(_("只接受 PDF、JPG、PNG 图片和 Office 文件，不接受压缩包。"))
