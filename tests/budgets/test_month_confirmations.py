"""The month's confirmations: of each approved form what is confirmed, on its way and open, on the page and in the workbook."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.confirming import save_completion
from documents import circulation
from tests import forms
from tests.budgets.test_months import EXPORT, MONTH, board, line, own_work, place, text_of, workbook

pytestmark = pytest.mark.django_db


def confirmed_states(cast, fixed_clock):
    """Three approved forms of December 2026: one confirmed but for 172.00, one on its way, one untouched."""
    first = forms.approved(cast)
    others = [own_work(cast, number) for number in (2, 4)]
    for document in others:
        circulation.submit(document_id=document.pk, actor=cast.property_project_manager)
        forms.sign_through(document, cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, first, actuals={"垃圾袋": {"quantity": "100", "amount": "860"}})
    moving = type(first).objects.get(pk=others[0].pk)
    completion = forms.completion(origin=moving, actor=cast.property_clerk)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    return completion


def test_a_month_tells_what_is_confirmed_on_its_way_and_open(cast, log_in, fixed_clock):
    confirmed_states(cast, fixed_clock)
    part = place(cast)
    far = [row.confirmation for row in part.lines if row.confirmation]
    assert [(row.confirmed, row.pending, row.rest) for row in far] == [
        (Decimal("8471.00"), Decimal("0.00"), Decimal("172.00")),
        (Decimal("0.00"), Decimal("10.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("0.00"), Decimal("10.00")),
    ]
    for sums in (part.sums, board(cast).sums, board(cast, by="general_manager").sums):
        assert (sums.confirmed, sums.confirming, sums.unconfirmed) == (
            Decimal("8471.00"),
            Decimal("10.00"),
            Decimal("182.00"),
        )
    shown = text_of(log_in(cast.general_manager).get(MONTH))
    assert "已确认 ¥8,471.00 待确认 ¥172.00" in shown
    assert "已确认 ¥8,471.00 · 确认中 ¥10.00 · 待确认 ¥182.00" in shown


def test_all_of_it_confirmed_is_said_and_forms_on_their_way_have_nothing_to_confirm(cast, log_in, fixed_clock):
    forms.submitted(cast, instalment="CH-1")
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    assert text_of(log_in(cast.property_clerk).get(MONTH)).count("未确认 待确认 ¥8,643.00") == 1
    forms.confirmed(cast, document)
    assert "已全部确认 已确认 ¥8,643.00" in text_of(log_in(cast.property_clerk).get(MONTH))
    assert line(cast, code="CH-1").confirmation is None


def test_what_is_written_in_a_returned_confirmation_shows_as_it_was_submitted(cast, fixed_clock):
    completion = confirmed_states(cast, fixed_clock)
    forms.send_back(completion, cast.marketing_handler)
    rows = [{"id": row.origin_line.key, "quantity": "1", "amount": "4"} for row in completion.completion_lines.all()]
    save_completion(document=completion, actor=cast.property_clerk, draft_version=None, rows=rows)
    for username in ("property_clerk", "general_manager"):
        assert board(cast, by=username).sums.confirming == Decimal("10.00")


def test_the_export_holds_what_is_confirmed_with_live_sums(cast, log_in, fixed_clock):
    confirmed_states(cast, fixed_clock)
    data = log_in(cast.property_clerk).get(EXPORT).content
    live, values = workbook(data), workbook(data, data_only=True)
    head = next(row[0].row for row in values.rows if row[0].value == "项目")
    assert [cell.value for cell in values[head]][15:] == ["已确认（元）", "确认中（元）", "待确认（元）"]
    rows = [[cell.value for cell in row] for row in values.iter_rows(min_row=head + 1)]
    assert [row[15:18] for row in rows if row[4] == "已通过"] == [[8471, 0, 172], [0, 10, 0], [0, 0, 10]]
    assert rows[-1][15:18] == [8471, 10, 182]
    last = live.max_row
    assert live.cell(last, 18).value == f"=SUBTOTAL(9,R{head + 1}:R{last - 1})"


def test_the_month_costs_the_same_for_1_and_3_forms_on_every_stage_of_confirming(cast, log_in, fixed_clock):
    client = log_in(cast.property_project_manager)
    client.get(MONTH)
    costs = []
    for number in (2, 4, 6):
        document = own_work(cast, number)
        circulation.submit(
            document_id=document.pk, actor=cast.property_project_manager, late_reason="抢险" if number > 2 else ""
        )
        document = forms.sign_through(document, cast)
        fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
        completion = forms.completion(origin=document, actor=cast.property_clerk)
        circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
        with CaptureQueriesContext(connection) as queries:
            assert "确认中" in client.get(MONTH).content.decode()
        costs.append(len(queries))
    assert len(set(costs)) == 1
