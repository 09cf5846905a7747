"""Texts that people type: trimmed, one line each where asked, nothing that breaks a page, PDF or workbook. Pure leaf."""

import re

from django.utils.translation import gettext as _

from documents.refusals import Invalid
from organization.punctuation import labelled
from organization.texts import UNCLEAN, is_clean

# Blanks and zero-width marks at the ends: a text of nothing else is an empty one.
_EDGES = re.compile(r"^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$")


def clean_text(text: str, *, max_length: int, label: str = "") -> str:
    """Trim a text and refuse what cannot be shown everywhere; the sentence names the field."""
    text = _EDGES.sub("", text)
    if not is_clean(text):
        raise Invalid(labelled(label, UNCLEAN) if label else str(UNCLEAN))
    if len(text) > max_length:
        said = _("有 %(n)d 字，请不超过 %(max)d 字。") % {"n": len(text), "max": max_length}
        raise Invalid(labelled(label, said) if label else said)
    return text
