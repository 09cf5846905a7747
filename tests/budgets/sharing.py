"""Shared staff that tests begin with, made through the verbs alone."""

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.drafting import open_work_form
from budgets.models import Split
from budgets.splitting import share_lines
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms

# 1 × (8,000 + 1,600 + 200) = 9,800.00; 3 × 3,333.33 = 9,999.99; 6 × 4,500.00 = 27,000.00
STAFF = [
    {"department_name": "客服部", "subject": "项目主管", "quantity": "1", "wage": "8000", "social_insurance": "1600",
     "benefits": "200"},
    {"department_name": "工程部", "subject": "维修工", "quantity": "3", "wage": "3333.33"},
    {"department_name": "安保部", "subject": "门岗保安", "quantity": "6", "wage": "4500"},
]  # fmt: skip
SIXTY_FORTY = {"CH-1": 6000, "CH-2": 4000}


def staffing_plan(
    cast: Any,
    *,
    by: str = "property_clerk",
    instalment: str = "CH-2",
    lines: Any = None,
    month: date = forms.DECEMBER,
) -> Document:
    """A draft of a 物业人员岗位配置表, for December unless said otherwise."""
    return open_work_form(
        kind=Kind.STAFFING_PLAN,
        actor=cast[by],
        instalment=cast.instalments[instalment],
        month=month,
        rows=forms.checked(Kind.STAFFING_PLAN, STAFF if lines is None else lines),
    )


def split(
    cast: Any, source: Document, *subjects: str, shares: dict[str, int] | None = None, by: str = "property_clerk"
) -> Split:
    """Lines of a draft split, 60 % to the first instalment unless said otherwise."""
    lines = source.work_lines.filter(subject__in=subjects or ["项目主管", "维修工"])
    return share_lines(
        document_id=source.pk,
        actor=cast[by],
        line_ids=[line.key for line in lines],
        shares=SIXTY_FORTY if shares is None else shares,
    )


def form_of(instalment: str) -> Document:
    """The newest staffing plan of an instalment."""
    return Document.objects.filter(kind=Kind.STAFFING_PLAN, instalment__code=instalment).latest("pk")


def amounts(instalment: str) -> dict[str, Decimal]:
    """Its lines' amounts by post, in their order."""
    return {line.subject: line.amount for line in form_of(instalment).work_lines.order_by("position")}
