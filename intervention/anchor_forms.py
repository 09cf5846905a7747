"""The form of the page of dates: the anchors of a project and of its instalments that a person may write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intervention.dates import FIRST, LAST
from organization.forms import DateInput, PlainForm
from organization.permissions import can_set_anchors, can_set_move_in
from organization.places import ANCHORS, DECIDING, INSTALMENT_DATES

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from organization.models import Instalment, Person, Project

LABELS = {
    "positioning_on": gettext_lazy("项目定位启动"),
    "sales_office_opens_on": gettext_lazy("售楼处开放"),
    "completion_acceptance_on": gettext_lazy("竣工验收"),
    "mass_move_in_on": gettext_lazy("集中入住"),
    "planned_move_in_on": gettext_lazy("计划入伙"),
    "announced_move_in_on": gettext_lazy("入住通知书所载入伙日"),
    "actual_move_in_on": gettext_lazy("实际入伙"),
}
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
            stored = {key: field.initial.isoformat() if field.initial else "" for key, field in self.fields.items()}
            self.data = stored | {key: self.data[key] for key in self.data}
        self.fields["reason"] = forms.CharField(
            label=_("变动原因"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
        )

    def _field(self, row: Any, name: str) -> forms.DateField:
        label = LABELS[name] if row == self.project else f"{row.name} {LABELS[name]}"
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
        for name, day in list(cleaned.items()):
            if name != "reason" and day and not FIRST <= day <= LAST:
                self.add_error(name, _("日期须在 2000 年至 2099 年之间。"))
        return cleaned

    def changed(self) -> dict[str, dict[str, Any]]:
        """Dates that differ from the stored ones, by place."""
        found: dict[str, dict[str, Any]] = {}
        for key, day in self.cleaned_data.items():
            place, _colon, name = key.rpartition(":")
            if place and getattr(self.places[place], name) != day:
                found.setdefault(place, {})[name] = day
        return found
