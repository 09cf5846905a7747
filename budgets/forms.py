"""Forms that begin a work form: what it is for, and how its lines come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.queries import instalments_of
from documents.forms import InstalmentField, MonthField, next_month
from organization import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Project

EMPTY, COPY, IMPORT = "empty", "copy", "import"
WAYS = (
    (IMPORT, gettext_lazy("导入 Excel 工作簿")),
    (COPY, gettext_lazy("复制上月明细")),
    (EMPTY, gettext_lazy("从空表填起")),
)
WORKBOOKS = ".xlsx,.xls,.ods"


class NewWorkForm(forms.Form):
    """Instalment and month of a new work form, and whether it begins empty, as a copy or from a workbook."""

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["instalment"] = InstalmentField(
            queryset=instalments_of(projects), label=_("项目与分期"), empty_label=_("请选择")
        )
        self.fields["month"] = MonthField(
            today=today,
            initial=next_month(today.replace(day=1)).strftime("%Y-%m"),
            help_text=_("下月的计划在本月报批；以前月份的补报会标注。"),
        )
        self.fields["way"] = forms.ChoiceField(
            label=_("明细从哪里来"),
            choices=WAYS,
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            initial=IMPORT,
        )
        self.fields["file"] = forms.FileField(
            label=_("工作簿"),
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": WORKBOOKS}),
            help_text=_("按现用表格即可：.xlsx、.xls、.ods，不超过 5 MB；有错误时全部列出，不会存入任何内容。"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("way") == IMPORT and not cleaned.get("file") and "file" not in self.errors:
            self.add_error("file", _("请选择要导入的工作簿。"))
        return cleaned
