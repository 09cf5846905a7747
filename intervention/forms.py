"""Forms of early intervention: they parse and check single fields; the rules stand in the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import InstalmentField
from documents.vocabulary import Phase, Result
from intervention.models import PlanItem
from intervention.papers.finding import PLACE, WORDING
from intervention.papers.vocabulary import Channel, PromiseSubject
from intervention.vocabulary import Anchor, ItemKind
from organization.forms import DateInput, PlainForm
from organization.models import Instalment
from organization.posts import Post

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Project


class ProjectField(forms.ModelChoiceField):
    """A project: those in use are offered, any is taken, so that the verb says why one out of use takes nothing new."""

    def __init__(self, projects: QuerySet[Project]) -> None:
        super().__init__(queryset=projects.order_by("code"), to_field_name="code", label=_("项目"))
        self.choices = [("", _("请选择")), *((row.code, row.name) for row in self.queryset if row.is_active)]


class NewPlanForm(forms.Form):
    """What a plan is for: a whole project, or one of its instalments."""

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"] = ProjectField(projects)
        instalments = (
            Instalment.objects.filter(project__in=projects).select_related("project").order_by("project", "code")
        )
        self.fields["instalment"] = field = InstalmentField(
            queryset=instalments, to_field_name="code", label=_("分期"), required=False
        )
        offered = [(row.code, field.label_from_instance(row)) for row in instalments if row.project.is_active]
        field.choices = [("", _("整个项目")), *offered]

    def place(self) -> tuple[Project, Instalment | None]:
        """The chosen project, and the instalment where one was chosen."""
        return self.cleaned_data["project"], self.cleaned_data["instalment"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        project, instalment = cleaned.get("project"), cleaned.get("instalment")
        if project and instalment and instalment.project_id != project.pk:
            self.add_error("instalment", _("此分期不属于所选项目。"))
        return cleaned


class NewPaperForm(forms.Form):
    """The project of a paper."""

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = projects
        self.fields["project"] = forms.ModelChoiceField(
            queryset=projects.order_by("code"), to_field_name="code", label=_("项目"), empty_label=_("请选择")
        )


class FoundForm(PlainForm):
    """A promise found in use: where, since when, in which words."""

    project = forms.CharField()  # replaced below: its choices are the person's
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), choices=[("", gettext_lazy("请选择")), *Channel.choices])
    place = forms.CharField(
        label=gettext_lazy("位置"),
        max_length=PLACE,
        help_text=gettext_lazy("例如：售楼处沙盘旁展板、公众号 11 月 3 日推文"),
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("承诺事项"), choices=[("", gettext_lazy("请选择")), *PromiseSubject.choices]
    )
    wording = forms.CharField(
        label=gettext_lazy("承诺表述"),
        max_length=WORDING,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("照原文抄录，口头说辞写明大意"),
    )
    since_on = forms.DateField(label=gettext_lazy("开始使用日期"), widget=DateInput())

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"] = ProjectField(projects)


class ResultField(forms.ModelChoiceField):
    """A result of a plan, named with its place and phase."""

    def label_from_instance(self, obj: PlanItem) -> str:
        return f"{obj.phase.plan} · {obj.phase.get_phase_display()} · {obj.get_result_display()}"


class NewResultForm(PlainForm):
    """Which result is drafted."""

    def __init__(self, *args: Any, items: QuerySet[PlanItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = items.filter(kind=ItemKind.RESULT).order_by(
            "phase__plan__project__code", "phase__plan__instalment__code", "phase__position", "position"
        )
        self.fields["item"] = ResultField(queryset=rows, label=_("成果"), empty_label=_("请选择"))
        self.fields["note"] = forms.CharField(
            label=_("版本说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
        )


class TemplateRowForm(PlainForm):
    """What of a template's row may be changed: who, when, and whether new plans get it."""

    post = forms.ChoiceField(label=gettext_lazy("责任岗位"), choices=Post.choices)
    anchor = forms.ChoiceField(label=gettext_lazy("节点"), choices=Anchor.choices)
    months = forms.IntegerField(label=gettext_lazy("月（负数为之前）"), min_value=-60, max_value=60)
    days = forms.IntegerField(label=gettext_lazy("天（负数为之前）"), min_value=-366, max_value=366)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("新计划使用此项"), required=False)


class NewTemplateRowForm(PlainForm):
    """A new row of the template."""

    phase = forms.ChoiceField(label=gettext_lazy("阶段"), choices=Phase.choices)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[(kind.value, kind.label) for kind in (ItemKind.ACTIVITY, ItemKind.RESULT, ItemKind.WARNING)],
        help_text=gettext_lazy("「成果」是成果提交的日期；「法定期限」只作提示，可以注明是哪项成果的。"),
    )
    title = forms.CharField(label=gettext_lazy("事项"), max_length=120)
    result = forms.ChoiceField(
        label=gettext_lazy("成果"), choices=[("", gettext_lazy("不对应成果")), *Result.choices], required=False
    )
    clause = forms.CharField(label=gettext_lazy("条款"), max_length=20)
    post = forms.ChoiceField(label=gettext_lazy("责任岗位"), choices=Post.choices)
    anchor = forms.ChoiceField(label=gettext_lazy("节点"), choices=Anchor.choices)
    months = forms.IntegerField(label=gettext_lazy("月（负数为之前）"), min_value=-60, max_value=60, initial=0)
    days = forms.IntegerField(label=gettext_lazy("天（负数为之前）"), min_value=-366, max_value=366, initial=0)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
