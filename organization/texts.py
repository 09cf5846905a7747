"""Texts that can be shown everywhere: on pages, in PDF, in workbooks. Pure leaf."""

import unicodedata

from django.utils.translation import gettext_lazy as _

UNCLEAN = _("含有不可见的控制字符，请删去后重新输入。")

# Direction overrides can make a text read as something else than it is.
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff\ufeff")


def is_clean(text: str) -> bool:
    """Whether a text has no control characters, lone surrogates or direction overrides (tab and newline are fine)."""
    return not any(
        (char not in "\t\n\r" and unicodedata.category(char) in {"Cc", "Cs", "Cn"}) or char in OVERRIDES
        for char in text
    )
