"""Forms of applications: what one gathers, and the invoice of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from budgets.cells import CellFault
from budgets.numbers import read_number
from documents.forms import MonthField
from documents.refusals import Invalid
from documents.vocabulary import Side
from organization import clock
from organization.punctuation import bracketed
from settlements.applying import Terms, require_lawful
from settlements.models import Nature

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Project


class ProjectField(forms.ModelChoiceField):
    """A project, named with its code."""

    def label_from_instance(self, obj: Project) -> str:
        return bracketed(obj.name, obj.code)


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
        # Asked for as well, but an address without it means the month's own.
        self.fields["nature"] = forms.ChoiceField(
            label=_("性质"),
            required=False,
            choices=[(Nature.MONTHLY, _("月度申请")), (Nature.INTERIM, _("临时申请（大型紧急专项，月内单独申请）"))],
            initial=Nature.MONTHLY,
        )

    def clean_nature(self) -> str:
        """Without a choice it is the month's own."""
        return self.cleaned_data["nature"] or Nature.MONTHLY


def read_terms(data: Mapping[str, str]) -> Terms:
    """Invoice kind and tax rate as typed: the rate in per cent, empty while not chosen. Raises Invalid with its sentence."""
    try:
        percent = read_number(
            data.get("tax_rate") or None, label=_("税率（%）"), decimals=1, maximum=Decimal(100), zero=True
        )
    except CellFault as fault:
        raise Invalid(fault.message) from fault
    terms = Terms(data.get("invoice_kind", ""), None if percent is None else percent / 100)
    require_lawful(terms)
    return terms
