"""The head fields of a work form on its entry page: posted, stored, laid out, compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.drafting import departments_for, subjects_for
from budgets.heads import HEADS, HeadField
from budgets.sheets import as_text
from documents.sheets import CellKind

if TYPE_CHECKING:
    from documents.models import Document


@dataclass(frozen=True, slots=True)
class Entry:
    """A head field with its value as text, as the page writes it."""

    field: HeadField
    value: str
    choices: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        return self.field.kind == CellKind.DATE


def posted(data: Mapping[str, str], kind: str) -> dict[str, str]:
    """What the page sent of a kind's head fields."""
    return {field.key: data[field.key] for field in HEADS[kind] if field.key in data}


def stored(document: Document) -> dict[str, str]:
    """The saved head fields as text."""
    return {field.key: as_text(getattr(document.work_form, field.key)) or "" for field in HEADS[document.kind]}


def laid_out(document: Document, values: Mapping[str, str]) -> list[Entry]:
    """The fields in order with their choices; a value that is no longer among them stays choosable."""
    entries = []
    for field in HEADS[document.kind]:
        value = values.get(field.key, "")
        choices = _choices(document, field)
        if value and choices and value not in choices:
            choices = (*choices, value)
        entries.append(Entry(field, value, choices))
    return entries


def _choices(document: Document, field: HeadField) -> tuple[str, ...]:
    """Those that are data: departments of the developer, subjects of the property company."""
    if field.key == "department_name":
        return tuple(departments_for(document.project))
    return subjects_for(document.project) if field.key == "subject" else field.choices


def differences(document: Document, typed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Label, typed and saved value of each head field that differs."""
    saved = stored(document)
    return [
        (str(field.label), typed[field.key], saved[field.key])
        for field in HEADS[document.kind]
        if field.key in typed and typed[field.key].strip() != saved[field.key]
    ]
