"""The form that begins an application: project, month, side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from documents.forms import MonthField
from documents.vocabulary import Side
from organization import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Project


class ProjectField(forms.ModelChoiceField):
    """A project, named with its code."""

    def label_from_instance(self, obj: Project) -> str:
        return f"{obj.name}（{obj.code}）"


class NewApplicationForm(forms.Form):
    """What an application gathers: confirmed, unsettled work of a project and side, up to a month."""

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["project"] = ProjectField(
            queryset=projects.order_by("name"), label=_("项目"), to_field_name="code", empty_label=_("请选择")
        )
        self.fields["month"] = MonthField(today=today, initial=today.strftime("%Y-%m"))
        self.fields["side"] = forms.ChoiceField(label=_("入伙前后"), choices=[("", _("请选择")), *Side.choices])
