"""The form of the page of dates: the anchors of a project and of its instalments that a person may write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intervention.dates import FIRST, LAST
from organization.forms import DateInput, PlainForm
from organization.permissions import can_set_anchors, can_set_move_in
from organization.places import ANCHORS, DECIDING, INSTALMENT_DATES

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from organization.models import Instalment, Person, Project

HELP = {
    "mass_move_in_on": gettext_lazy("只用于按整个项目编排的计划；各分期按自己的入伙日期。"),
    "planned_move_in_on": gettext_lazy("仅作计划，不决定归口小组。"),
    "actual_move_in_on": gettext_lazy("集中入住首日。已提交单据的归口不变。"),
}
Writable = dict[str, tuple[str, ...]]


def writable(person: Person, project: Project, instalments: list[Instalment]) -> Writable:
    """Which dates a person may write, by place (``project:CH``, ``instalment:CH-2``); the organization's own rules."""
    anchors, deciding = can_set_anchors(person, project) is None, can_set_move_in(person, project) is None
    fields: Writable = {f"project:{project.code}": ANCHORS} if anchors else {}
    names = tuple(name for name in INSTALMENT_DATES if (deciding if name in DECIDING else anchors))
    return fields | {f"instalment:{row.code}": names for row in instalments if names}


@dataclass(frozen=True, slots=True)
class Change:
    """A date that somebody thinks of writing, and the one that it would take the place of."""

    place: str
    name: str
    label: str | Promise
    before: date | None
    after: date | None

    @property
    def empty(self) -> str:
        """What an empty date of this place means."""
        return _("按项目") if self.place.startswith("instalment:") and self.name in ANCHORS else _("未定")


class AnchorForm(PlainForm):
    """The anchors of a project that a person may write, and why they change."""

    def __init__(
        self, *args: Any, project: Project, instalments: list[Instalment], fields: Writable, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Any] = {f"project:{project.code}": project}
        self.places |= {f"instalment:{row.code}": row for row in instalments}
        self.project, self.names = project, fields
        for place, names in fields.items():
            for name in names:
                self.fields[f"{place}:{name}"] = self._field(self.places[place], name)
        if self.is_bound:
            # A date that was not sent stays as it is; one sent empty is taken away.
            self.data = {key: self._stored(key) for key in self.fields} | {key: self.data[key] for key in self.data}
        self.fields["reason"] = forms.CharField(
            label=_("变动原因"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
        )

    def _field(self, row: Any, name: str) -> forms.DateField:
        word = row._meta.get_field(name).verbose_name
        label = word if row == self.project else f"{row.name} {word}"
        said = HELP.get(name, "")
        if row != self.project and name in ANCHORS:
            day = getattr(self.project, name)
            said = _("空着即按项目：%(day)s。") % {"day": day.isoformat() if day else _("未定")}
        return forms.DateField(
            label=label, required=False, widget=DateInput(), initial=getattr(row, name), help_text=said
        )

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The fields of each place, the project first."""
        for place, names in self.names.items():
            yield self.places[place], [self[f"{place}:{name}"] for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        dates = {key.removeprefix("was:") for key in self.data if ":" in key}
        if dates - set(self.fields):
            self.add_error(None, _("所填日期中有您不能修改或不属于本项目的日期，没有保存；请刷新页面后重新填写。"))
        for name, day in list(cleaned.items()):
            if name != "reason" and day and not FIRST <= day <= LAST:
                self.add_error(name, _("日期须在 2000 年至 2099 年之间。"))
        return cleaned

    def _stored(self, key: str) -> str:
        place, _colon, name = key.rpartition(":")
        day = getattr(self.places[place], name)
        return day.isoformat() if day else ""

    def changes(self) -> list[Change]:
        """Dates that this person changed: a field that still says what the page showed (``was:``) leaves alone what a
        colleague has written meanwhile."""
        found = []
        for key in self.fields:
            if key == "reason" or self.data.get(key) == self.data.get(f"was:{key}"):
                continue
            place, _colon, name = key.rpartition(":")
            before, after = getattr(self.places[place], name), self.cleaned_data[key]
            if before != after:
                found.append(Change(place, name, self.fields[key].label, before, after))
        return found

    def changed(self) -> dict[str, dict[str, date | None]]:
        """The changes by place."""
        return by_place(self.changes())


def by_place(changes: Iterable[Change]) -> dict[str, dict[str, date | None]]:
    """New dates by place and name."""
    found: dict[str, dict[str, date | None]] = {}
    for change in changes:
        found.setdefault(change.place, {})[change.name] = change.after
    return found
