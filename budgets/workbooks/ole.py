"""The old binary container (OLE) and the records of an .xls workbook, as far as trust needs them. Standard library only.

calamine reads the values; this tells what it hides: encryption, macros, embedded objects, links to other files, hidden rows and
columns, error values, and how far the cells reach (a far cell makes calamine abort).
"""

import struct
from collections.abc import Iterator

from budgets.workbooks.marks import SheetMarks
from budgets.workbooks.refusal import Refusal

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# BIFF record numbers.
_EOF, _FILEPASS, _BOUNDSHEET, _SUPBOOK, _BOF, _ROW, _COLINFO = 0x0A, 0x2F, 0x85, 0x1AE, 0x809, 0x208, 0x7D
_FORMULA, _BOOLERR, _MULRK = 0x06, 0x205, 0xBD
_CELLS = {0x203, 0xFD, 0x204, 0x27E, 0xD6, _FORMULA, _BOOLERR, _MULRK}


class Container:
    """The streams of an OLE file by name."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_header()
        except (struct.error, IndexError, ValueError) as error:
            raise Refusal("damaged") from error

    def _read_header(self) -> None:
        data = self._data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        fat_count, directory = struct.unpack_from("<II", data, 44)
        self._cutoff, mini_fat, _count, difat, difat_count = struct.unpack_from("<IIIII", data, 56)
        fat_sectors = list(struct.unpack_from("<109I", data, 76))
        per_sector = self._size // 4
        for _ in range(min(difat_count, len(data) // self._size)):
            entries = struct.unpack(f"<{per_sector}I", self._sector(difat))
            fat_sectors += entries[:-1]
            difat = entries[-1]
        fat = b"".join(self._sector(sector) for sector in fat_sectors[:fat_count] if sector < _END)
        self._fat = struct.unpack(f"<{len(fat) // 4}I", fat)
        mini = self._chain(mini_fat, self._fat)
        self._mini_fat = struct.unpack(f"<{len(mini) // 4}I", mini)
        self._streams: dict[str, tuple[int, int]] = {}
        self.names: list[str] = []
        self._mini_stream = b""
        entries_data = self._chain(directory, self._fat)
        for offset in range(0, len(entries_data) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries_data, offset + 64)
            if kind not in (1, 2, 5):
                continue
            name = entries_data[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", entries_data, offset + 116)
            if kind == 5:
                self._mini_stream = self._chain(start, self._fat)
            else:
                self.names.append(name)
                if kind == 2:
                    self._streams.setdefault(name, (start, size))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise ValueError("sector outside the file")
        return sector.ljust(self._size, b"\0")

    def _chain(self, sector: int, fat: tuple[int, ...]) -> bytes:
        parts: list[bytes] = []
        while sector < _END:
            if len(parts) > len(fat):
                raise ValueError("a chain of sectors bites its tail")
            parts.append(self._sector(sector))
            sector = fat[sector]
        return b"".join(parts)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; KeyError when there is none."""
        start, size = self._streams[name]
        try:
            if size >= self._cutoff:
                return self._chain(start, self._fat)[:size]
            parts: list[bytes] = []
            while start < _END and len(parts) <= len(self._mini_fat):
                offset = start * self._mini_size
                parts.append(self._mini_stream[offset : offset + self._mini_size])
                start = self._mini_fat[start]
            return b"".join(parts)[:size]
        except (ValueError, IndexError) as error:
            raise Refusal("damaged") from error


def check_container(container: Container) -> None:
    """Refuse everything but a plain .xls workbook."""
    names = {name.lower() for name in container.names}
    if names & {"encryptedpackage", "encryptioninfo"}:
        raise Refusal("encrypted")
    if not names & {"workbook", "book"}:
        raise Refusal("type", found="OLE")
    if names & {"_vba_project_cur", "_vba_project", "vba", "macros"}:
        raise Refusal("macros")
    if any(name.startswith("mbd") or "ole10native" in name for name in names):
        raise Refusal("objects")


def scan_xls(data: bytes) -> list[SheetMarks]:
    """The marks of every sheet of an .xls in the workbook's order."""
    container = Container(data)
    check_container(container)
    stream = container.stream("Workbook" if "Workbook" in container.names else "Book")
    sheets: list[int] = []
    try:
        for number, start, length in _records(stream, 0):
            if number == _FILEPASS:
                raise Refusal("encrypted")
            if (
                number == _SUPBOOK
                and length >= 4
                and struct.unpack_from("<H", stream, start + 2)[0] not in (0x0401, 0x3A01)
            ):
                raise Refusal("links")
            if number == _BOUNDSHEET:
                position, _state, kind = struct.unpack_from("<IBB", stream, start)
                if kind in (1, 6):
                    raise Refusal("macros")
                sheets.append(position)
        return [_scan_sheet(stream, position) for position in sheets]
    except (struct.error, IndexError) as error:
        raise Refusal("damaged") from error


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(record number, start of its data, length) of one substream, charts inside it passed over."""
    depth = 0
    while position + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, position)
        if number == _BOF:
            depth += 1
        elif number == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield number, position + 4, length
        position += 4 + length


def _scan_sheet(stream: bytes, position: int) -> SheetMarks:
    marks = SheetMarks()
    for number, start, length in _records(stream, position):
        if number == _ROW:
            row, flags = struct.unpack_from("<H10xH", stream, start)
            if flags & 0x20:
                marks.hidden_rows.add(row)
        elif number == _COLINFO:
            first, last, width, _format, flags = struct.unpack_from("<5H", stream, start)
            if flags & 1 or width == 0:
                marks.hidden_columns.update(range(first, min(last, 255) + 1))
        elif number in _CELLS:
            row, column = struct.unpack_from("<HH", stream, start)
            marks.reach(row, column)
            if number == _MULRK:
                marks.reach(row, struct.unpack_from("<H", stream, start + length - 2)[0])
            elif number == _BOOLERR:
                value, is_error = struct.unpack_from("<BB", stream, start + 6)
                if is_error:
                    marks.errors[row, column] = _ERRORS.get(value, "#N/A")
            elif number == _FORMULA and stream[start + 12 : start + 14] == b"\xff\xff" and stream[start + 6] == 2:
                marks.errors[row, column] = _ERRORS.get(stream[start + 8], "#N/A")
    return marks
