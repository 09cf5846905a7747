"""A cut that is taken over, and a confirmation that comes too early."""

from datetime import date
from decimal import Decimal

import pytest

from budgets.confirming import open_completion
from budgets.drafting import save_lines
from documents import circulation
from documents.models import Document
from documents.refusals import Blocked
from organization import clock
from tests import forms

pytestmark = pytest.mark.django_db


def test_a_cut_never_raises_a_line_that_was_lowered_further_meanwhile(cast):
    document = forms.submitted(cast)
    line = document.work_lines.get(subject="鲜花绿植更换")
    forms.send_back(document, cast.property_leader, proposals={line.key: Decimal("6000.00")})
    names = ("category", "subject", "unit", "quantity", "price")
    rows = [{"id": row.key} | {name: str(getattr(row, name)) for name in names} for row in document.work_lines.all()]
    rows = [row | {"quantity": "1"} if row["id"] == line.key else row for row in rows]
    returned = Document.objects.get(pk=document.pk)
    save_lines(document=returned, actor=cast.property_clerk, draft_version=returned.draft_version, rows=rows)

    circulation.take_over(document_id=document.pk, actor=cast.property_clerk)

    line.refresh_from_db()
    assert (line.amount, line.cut_to) == (Decimal("1650.00"), None)
    assert Document.objects.get(pk=document.pk).amount == Decimal("3693.00")


def test_a_line_with_dates_is_confirmed_from_its_own_first_day(cast):
    document = forms.purchase_request(cast)
    for position, day in ((1, 1), (2, 25)):
        document.work_lines.filter(position=position).update(starts_on=date(2026, 12, day))
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    approved = forms.sign_through(document, cast)
    clock.set_clock(clock.shanghai(2026, 12, 5))
    completion = open_completion(origin=approved, actor=cast.property_clerk)

    with pytest.raises(Blocked, match="第 2 行工作自 2026-12-25 开始"):
        circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
