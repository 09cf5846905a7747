"""What a file is by its bytes, whatever its name says, and whether it is safe to parse. Standard library only.

Archives are counted while inflating, entry by entry from their raw bytes: neither the sizes they declare nor a second directory
are believed (trust 3.5). Runs in the child process.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import error as StructError
from struct import unpack_from
from zipfile import BadZipFile, ZipFile, ZipInfo

from budgets.workbooks.ole import MAGIC as OLE_MAGIC
from budgets.workbooks.refusal import Refusal

MAX_BYTES = 5 * 1024 * 1024
MAX_INFLATED = 50 * 1024 * 1024
MAX_RATIO = 100
# Small parts may shrink more: a styles part of blanks is no bomb.
RATIO_FROM = 256 * 1024
MAX_ENTRIES = 200
CHUNK = 256 * 1024

_DECLARATIONS = [
    text.encode(encoding) for text in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
]
_OVERLAP = max(map(len, _DECLARATIONS))
_XLSX_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_KNOWN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
)

Parts = dict[str, bytes]


def inspect(data: bytes) -> tuple[str, Parts]:
    """The type (``xlsx``, ``xls`` or ``ods``) and, for archives, the inflated parts. Raises ``Refusal``."""
    if not data:
        raise Refusal("empty")
    if len(data) > MAX_BYTES:
        raise Refusal("size")
    if data.startswith(OLE_MAGIC):
        return "xls", {}
    if not data.startswith(b"PK\x03\x04"):
        raise Refusal("type", found=_name(data))
    parts = _inflate(data)
    if parts.get("mimetype", b"").strip().startswith(b"application/vnd.oasis"):
        _check_ods(parts)
        return "ods", parts
    if "[Content_Types].xml" in parts:
        _check_xlsx(parts)
        return "xlsx", parts
    raise Refusal("type", found="ZIP")


def _name(data: bytes) -> str:
    """What a file seems to be that is no workbook."""
    for magic, name in _KNOWN:
        if data.startswith(magic):
            return name
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")) or b"<html" in head:
        return "HTML"
    if head.startswith(b"<"):
        return "XML"
    return "" if b"\0" in head else "CSV/TXT"


def _inflate(data: bytes) -> Parts:
    """All parts of an archive, counted while they grow."""
    try:
        entries = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, ValueError, NotImplementedError, StructError, UnicodeDecodeError) as error:
        raise Refusal("damaged") from error
    if len(entries) > MAX_ENTRIES:
        raise Refusal("bomb")
    parts: Parts = {}
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refusal("encrypted")
        if entry.filename in parts or entry.compress_type not in (0, 8):
            raise Refusal("damaged")
        pieces: list[bytes] = []
        size, tail = 0, b""
        for piece in _pieces(data, entry):
            size += len(piece)
            total += len(piece)
            if total > MAX_INFLATED or (size > RATIO_FROM and size > MAX_RATIO * entry.compress_size):
                raise Refusal("bomb")
            window = tail + piece
            if any(declaration in window for declaration in _DECLARATIONS):
                raise Refusal("doctype")
            tail = window[-_OVERLAP:]
            pieces.append(piece)
        if size != entry.file_size:
            raise Refusal("damaged")
        parts[entry.filename] = b"".join(pieces)
        if zlib.crc32(parts[entry.filename]) != entry.CRC:
            raise Refusal("damaged")
    if total > max(RATIO_FROM, MAX_RATIO * len(data)):
        raise Refusal("bomb")
    return parts


def _pieces(data: bytes, entry: ZipInfo) -> Iterator[bytes]:
    """The bytes of one entry, inflated by at most ``CHUNK`` at a time."""
    try:
        if data[entry.header_offset : entry.header_offset + 4] != b"PK\x03\x04":
            raise Refusal("damaged")
        name_length, extra_length = unpack_from("<HH", data, entry.header_offset + 26)
        start = entry.header_offset + 30 + name_length + extra_length
        raw = data[start : start + entry.compress_size]
        if entry.compress_type == 0:
            yield raw
            return
        inflater = zlib.decompressobj(-15)
        while raw and not inflater.eof:
            yield inflater.decompress(raw, CHUNK)
            raw = inflater.unconsumed_tail
        if not inflater.eof:
            yield inflater.flush(CHUNK)
        if inflater.unused_data:
            raise Refusal("damaged")
    except (zlib.error, StructError) as error:
        raise Refusal("damaged") from error


def _check_xlsx(parts: Parts) -> None:
    types = parts["[Content_Types].xml"]
    names = {name.lower() for name in parts}
    if b"macroEnabled" in types or any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise Refusal("macros")
    if _XLSX_MAIN not in types:
        raise Refusal("type", found="Office")
    if any(name.startswith(("xl/externallinks/", "xl/querytables/")) or name == "xl/connections.xml" for name in names):
        raise Refusal("links")
    if any(name.startswith(("xl/embeddings/", "xl/activex/")) for name in names):
        raise Refusal("objects")
    for name, part in parts.items():
        if name.endswith(".rels"):
            for relation in re.findall(rb"<[^>]*Relationship\s[^>]*>", part):
                if b"vbaProject" in relation:
                    raise Refusal("macros")
                if re.search(rb"TargetMode\s*=\s*[\"']External", relation) and b"/hyperlink" not in relation:
                    raise Refusal("links")


def _check_ods(parts: Parts) -> None:
    if parts["mimetype"].strip() != _ODS:
        raise Refusal("type", found="OpenDocument")
    manifest = parts.get("META-INF/manifest.xml", b"")
    if b"encryption-data" in manifest:
        raise Refusal("encrypted")
    if "content.xml" not in parts:
        raise Refusal("damaged")
    for name in parts:
        # LibreOffice writes an empty list of libraries; a module beside it is a macro.
        is_library_list = name.endswith(("/script-lc.xml", "/script-lb.xml", "/dialog-lc.xml", "/dialog-lb.xml", "/"))
        if name.startswith(("Basic/", "Scripts/")) and not is_library_list:
            raise Refusal("macros")
    content = parts["content.xml"]
    if re.search(rb"<(table:table-source|table:cell-range-source|office:dde-source)[\s/>]", content):
        raise Refusal("links")
    if b"'file:" in content or b"&apos;file:" in content:
        raise Refusal("links")
    if b"<draw:object-ole" in content:
        raise Refusal("objects")
