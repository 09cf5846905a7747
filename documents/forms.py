"""Fields that forms of every app share: a month to choose, an instalment named as people name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.models import Instalment
from organization.punctuation import bracketed


def next_month(first: date, by: int = 1) -> date:
    """The first day of the month that is ``by`` months on."""
    index = first.year * 12 + first.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def month_label(first: date) -> str:
    """``2026年12月``."""
    return first.strftime(_("%Y年%m月"))


def month_choices(today: date, back: int = 12, ahead: int = 12, shown: Iterable[date] = ()) -> list[tuple[str, str]]:
    """Months around today and those that the page shows, the latest first, as (``2026-12``, label).

    Plans are made for the next twelve months; what is settled or looked back at ends with the current one (``ahead=0``).
    """
    here = today.replace(day=1)
    months = {next_month(here, step) for step in range(-back, ahead + 1)} | set(shown)
    return [(month.strftime("%Y-%m"), month_label(month)) for month in sorted(months, reverse=True)]


_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def read_month(text: str) -> date | None:
    """``2026-12`` as its first day; None for everything else, years before 2000 and after 2099 included."""
    match = _MONTH.fullmatch(text)
    return date(int(match[1]), int(match[2]), 1) if match else None


class MonthField(forms.TypedChoiceField):
    """A month among those around today; cleans to its first day."""

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("月份"))
        super().__init__(choices=month_choices(today), coerce=read_month, **kwargs)


class InstalmentField(forms.ModelChoiceField):
    """An instalment, named with its project and code."""

    def label_from_instance(self, obj: Instalment) -> str:
        return f"{obj.project.name} · {bracketed(obj.name, obj.code)}"
