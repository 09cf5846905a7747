"""What the pages of assessments send, parsed; the rules stand in the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import month_choices, read_month
from documents.vocabulary import Side
from intervention.assessing.keeping import BASIS, TITLE
from intervention.assessing.marks import plain
from intervention.assessing.permissions import last_day
from intervention.forms import ProjectField
from organization.forms import PlainForm
from organization.models import Company
from organization.posts import Camp
from organization.punctuation import with_semicolons

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intervention.models import AssessmentScore
    from organization.models import Project


class NewAssessmentForm(forms.Form):
    """Project, month and side, of those that this person opens assessments for."""

    def __init__(self, *args: Any, sides: dict[str, QuerySet[Project]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        self.fields["project"] = ProjectField(reduce(or_, sides.values()))
        self.fields["month"] = forms.ChoiceField(label=_("考核月份"), choices=_months(today))
        self.fields["side"] = forms.ChoiceField(
            label=_("入伙前后"), choices=[(side, Side(side).label) for side in sides]
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "month" in cleaned:
            cleaned["month"] = read_month(cleaned["month"])
        return cleaned


def _months(today: date) -> list[tuple[str, str]]:
    """Last month first; the running one, which cannot be handed in before its last day, behind the others until then."""
    running, *over = month_choices(today, back=12, ahead=0)
    return [running, *over] if today == last_day(today) else [*over, running]


class CompanyChoice(forms.ModelChoiceField):
    """A property company by its name."""

    def label_from_instance(self, obj: Company) -> str:
        return obj.name


class CriterionForm(PlainForm):
    """An item of the checklist."""

    title = forms.CharField(label=gettext_lazy("考核项目"), max_length=TITLE)
    basis = forms.CharField(label=gettext_lazy("依据和标准"), max_length=BASIS)
    points = forms.DecimalField(label=gettext_lazy("满分"), min_value=1, max_value=100, decimal_places=1)
    side = forms.ChoiceField(
        label=gettext_lazy("入伙前后"),
        choices=[("", gettext_lazy("入伙前、入伙后都用")), *Side.choices],
        required=False,
    )

    def __init__(self, *args: Any, existing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"] = CompanyChoice(
            queryset=Company.objects.filter(camp=Camp.PROPERTY).order_by("pk"),
            label=_("物业公司"),
            required=False,
            empty_label=_("所有物业公司"),
        )
        if existing:
            self.fields["position"] = forms.IntegerField(label=_("序号"), min_value=1, max_value=999)
            self.fields["is_active"] = forms.BooleanField(label=_("今后的考核使用此项"), required=False)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """An item on the page of scoring or closing, with what was typed for it."""

    row: AssessmentScore
    points: str
    remark: str
    waived: bool
    # What stands there now, where it is not what was typed.
    stands: str = ""


def score_lines(
    rows: Iterable[AssessmentScore], typed: Mapping[str, str], *, final: bool = False, stale: bool = False
) -> list[ScoreLine]:
    """Items with what was typed, or with what is stored; ``final``: with the points that count instead, none as yet;
    ``stale``: with what stands there now beside what was typed."""
    found = []
    for row in rows:
        if typed:
            points, remark = (typed.get(f"{name}-{row.pk}", "") for name in ("points", "remark"))
            line = ScoreLine(row, points, remark, f"waived-{row.pk}" in typed)
            found.append(replace(line, stands=_standing(line)) if stale else line)
        elif final:
            found.append(ScoreLine(row, "", "", row.is_waived))
        else:
            found.append(ScoreLine(row, plain(row.points), row.remark, row.is_waived))
    return found


def _standing(line: ScoreLine) -> str:
    row = line.row
    if (line.points.strip(), line.remark.strip(), line.waived) == (plain(row.points), row.remark, row.is_waived):
        return ""
    what = _("本月不适用") if row.is_waived else plain(row.points) or _("未评分")
    return with_semicolons(filter(None, (what, row.remark)))


def scores_sent(rows: Iterable[AssessmentScore], typed: Mapping[str, str]) -> dict[str, Any]:
    """What the page of scoring sends, as the API takes it."""
    scores = [
        {
            "item": row.pk,
            "points": typed.get(f"points-{row.pk}", ""),
            "waived": f"waived-{row.pk}" in typed,
            "remark": typed.get(f"remark-{row.pk}", ""),
        }
        for row in rows
        if f"remark-{row.pk}" in typed
    ]
    return {"scores": scores, "seen": typed.get("seen")}


def changes_sent(rows: Iterable[AssessmentScore], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the page of closing sends: items with new points or a reason."""
    sent = [
        {"item": row.pk, "points": typed.get(f"points-{row.pk}", ""), "reason": typed.get(f"remark-{row.pk}", "")}
        for row in rows
    ]
    return [one for one in sent if one["points"].strip() or one["reason"].strip()]


def bands_sent(starts: Iterable[str], words: Iterable[str]) -> list[tuple[int, str]] | None:
    """Grades as typed, line by line; lines without either are left out. None where a percent is no whole number."""
    found = []
    for start, word in zip(starts, words, strict=False):
        start = start.strip()
        if not start and not word.strip():
            continue
        if not (start.isascii() and start.isdecimal() and len(start) <= 3):
            return None
        found.append((int(start), word))
    return found
