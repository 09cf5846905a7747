"""Days of service lines lie in the month of their form; a copy of last month leaves them open."""

from datetime import date

import pytest

from budgets import stored_lines
from budgets.copying import left_out_of_copy
from budgets.drafting import copy_last_month, open_work_form, save_lines
from budgets.grid import rows_of
from documents import circulation
from documents.refusals import Blocked
from documents.vocabulary import Kind
from tests import forms

pytestmark = pytest.mark.django_db

HEAD = {"department_name": "营销小组", "contact": "陈思琪", "requested_on": "2026-01-20"}


def service(cast, *days, month=forms.DECEMBER, instalment="CH-2"):
    """A draft 专项 with a line for each pair of days."""
    lines = [
        {"subject": f"开放日{n}", "starts_on": start, "ends_on": end, "people": "1", "days": "1", "price": "300"}
        for n, (start, end) in enumerate(days, start=1)
    ]
    return open_work_form(
        kind=Kind.SERVICE_CONFIRMATION,
        actor=cast.property_clerk,
        instalment=cast.instalments[instalment],
        month=month,
        rows=forms.checked(Kind.SERVICE_CONFIRMATION, lines),
        head=HEAD,
    )


def submit(document, cast, **how):
    return circulation.submit(document_id=document.pk, actor=cast.property_clerk, **how)


def test_lines_of_another_month_are_named_and_not_submitted(cast):
    document = service(
        cast,
        ("2026-12-05", "2026-12-06"),
        ("2026-02-26", "2026-03-02"),
        ("2026-03-01", "2026-03-01"),
        month=date(2026, 2, 1),
        instalment="CH-1",
    )
    with pytest.raises(Blocked) as refusal:
        submit(document, cast, late_reason="补报")
    told = [sentence for sentence in refusal.value.sentences if "不在本单月份" in sentence]
    assert told == [
        "第 1 行 开放日1：2026-12-05 至 2026-12-06 不在本单月份 2026-02 内，请改正日期；其他月份的工作请在该月份另填一单。",
        "第 3 行 开放日3：2026-03-01 至 2026-03-01 不在本单月份 2026-02 内，请改正日期；其他月份的工作请在该月份另填一单。",
    ]


@pytest.mark.parametrize(
    "days", [("2026-11-28", "2026-12-01"), ("2026-12-31", "2027-01-03"), ("2026-11-25", "2027-01-03")]
)
def test_days_that_reach_into_the_month_belong_to_it(cast, days):
    assert submit(service(cast, days), cast).state == "circulating"


def test_a_copy_of_last_month_leaves_the_days_open_and_is_not_late_once_they_are_filled(cast, fixed_clock, log_in):
    submit(service(cast, ("2026-12-05", "2026-12-06")), cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    copy = copy_last_month(
        kind=Kind.SERVICE_CONFIRMATION,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=date(2027, 1, 1),
    )
    line = copy.work_lines.get()
    assert (line.subject, line.people, line.starts_on, line.ends_on) == ("开放日1", 1, None, None)
    head = HEAD | {"requested_on": "2026-12-20"}
    empty = "第 1 行 开放日1：还没有填写开始日期和结束日期，请填写后再提交。"
    with pytest.raises(Blocked, match=empty):
        submit(copy, cast)
    client = log_in(cast.property_clerk)
    for page in ("budgets/forms", "documents"):
        assert client.get(f"/{page}/{copy.name}/").status_code == 200
    rows = [row | {"starts_on": "2027-01-09", "ends_on": "2027-01-10"} for row in rows_of(copy.kind, [line])]
    save_lines(document=copy, actor=cast.property_clerk, draft_version=None, rows=rows, head=head)
    submitted = submit(copy, cast)
    assert (submitted.state, submitted.late) == ("circulating", False)


def test_a_line_that_breaks_a_rule_of_today_is_told_when_last_month_is_copied(cast):
    source = forms.submitted(cast, month=forms.DECEMBER)
    known = stored_lines.raw_of

    def older(kind, line):
        """As a version before today's rules stored it."""
        return known(kind, line) | ({"unit": "卷\x0b"} if line.subject == "垃圾袋" else {})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_lines, "raw_of", older)
        copy = copy_last_month(
            kind=Kind.PURCHASE_REQUEST,
            actor=cast.property_clerk,
            instalment=cast.instalments["CH-2"],
            month=date(2027, 1, 1),
        )
        told = left_out_of_copy(copy)
    assert [line.subject for line in copy.work_lines.all()] == ["洗地机清洁剂", "鲜花绿植更换"]
    assert len(told) == 1
    assert told[0].startswith(f"{source.number} 第 2 行 垃圾袋 没有复制：")
