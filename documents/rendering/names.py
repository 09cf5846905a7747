"""Names and texts that a workbook can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Excel's own limits.
MAX_TEXT = 32_767
MAX_SHEET_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# XML 1.0 cannot hold these; input refuses them, so this is the second fence.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sheet_names(wishes: Sequence[str]) -> list[str]:
    """Lawful, unique sheet names: at most 31 characters, none of ``[]:*?/\\``, no quote at the ends, told apart by (2)."""
    taken: set[str] = {"history"}
    names = []
    for wish in wishes:
        base = _FORBIDDEN_IN_NAME.sub("-", plain(wish)).strip().strip("'").strip()[:MAX_SHEET_NAME].strip("'") or "表"
        name, n = base, 2
        while name.casefold() in taken:
            suffix = f"({n})"
            name, n = base[: MAX_SHEET_NAME - len(suffix)] + suffix, n + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def plain(text: str) -> str:
    """Text that a workbook can hold."""
    return _UNWRITABLE.sub("□", text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT]
