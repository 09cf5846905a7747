"""The one written form of data that is hashed. Pure leaf."""

import hashlib
import json
from typing import Any

# Part of every hash, so that a later form can be told from this one.
VERSION = 1


def canonical_json(data: Any) -> str:
    """Sorted keys, no blanks, real characters; numbers that matter are text, so no float ever enters."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_text(text: str) -> str:
    """Hash of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_data(data: Any) -> str:
    """Hash of data in its canonical form."""
    return sha256_text(canonical_json(data))
