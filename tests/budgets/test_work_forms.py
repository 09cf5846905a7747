"""All seven work forms: heads, chains by amount and department, papers, late submissions."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.drafting import import_work_form, open_work_form
from documents import circulation, guards, verifying
from documents.models import Step
from documents.refusals import Blocked, Denied, Invalid
from documents.vocabulary import Kind
from tests import forms
from tests.trust.forging import forge

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
DAY = {"starts_on": "2026-12-18", "ends_on": "2026-12-20", "people": "1", "days": "1"}
ASKED = {"department_name": "营销小组", "contact": "陈思琪", "requested_on": "2026-11-20"}


def draft(cast, kind, lines, *, by="property_clerk", head=None, month=forms.DECEMBER):
    return open_work_form(
        kind=kind,
        actor=cast[by],
        instalment=cast.instalments["CH-2"],
        month=month,
        rows=forms.checked(kind, lines),
        head=head,
    )


def unplanned(cast, price, **head):
    lines = [{"subject": "抢险值守", "price": price, **DAY}]
    return draft(cast, Kind.UNPLANNED_WORK, lines, head=ASKED | {"urgency": "紧急"} | head)


def sundries(cast, price, **head):
    lines = [{"subject": "茶歇", "quantity": "1", "price": price}]
    return draft(cast, Kind.SALES_OFFICE_SUNDRIES, lines, head=head)


def submit(document, cast, **how):
    return circulation.submit(document_id=document.pk, actor=document.creator, **how)


def posts(document):
    return [step.post for step in Step.objects.filter(document=document).order_by("pk")]


@pytest.mark.parametrize(
    ("name", "kind", "lines", "amount", "last"),
    [
        ("01-物业人员岗位配置表.xlsx", Kind.STAFFING_PLAN, 9, "232890.00", "marketing_head"),
        ("02-物业行政管理费用支出表.xls", Kind.ADMIN_EXPENSE_PLAN, 9, "24348.00", "marketing_head"),
        ("03-物业采购申请表.xlsx", Kind.PURCHASE_REQUEST, 11, "21658.50", "marketing_head"),
        ("04-物业服务工作确认单-专项.ods", Kind.SERVICE_CONFIRMATION, 3, "19680.00", "marketing_head"),
        ("05-物业服务工作确认单-超计划.xlsx", Kind.UNPLANNED_WORK, 2, "20000.00", "general_manager"),
    ],
)
def test_the_clerks_workbooks_become_forms_and_are_signed(cast, name, kind, lines, amount, last):
    document, _warnings = import_work_form(
        kind=kind,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=forms.DECEMBER,
        data=(SAMPLES / name).read_bytes(),
        name=name,
    )
    assert (document.work_lines.count(), document.amount) == (lines, Decimal(amount))
    document.work_form.contact, document.work_form.urgency = "陈思琪", "紧急"
    document.work_form.requested_on = date(2026, 11, 20)
    document.work_form.save()

    document = forms.sign_through(submit(document, cast), cast)
    assert document.state == "approved"
    assert posts(document)[-1] == last


@pytest.mark.parametrize(
    ("price", "last"),
    [("19999.99", "marketing_head"), ("20000.00", "general_manager"), ("20000.01", "general_manager")],
)
def test_unplanned_work_from_20000_ends_at_the_general_manager(cast, price, last):
    assert posts(submit(unplanned(cast, price), cast))[-1] == last


def test_unplanned_work_of_the_same_department_is_tested_on_its_sum(cast):
    first = submit(unplanned(cast, "12000.00"), cast)
    second = submit(unplanned(cast, "8000.00"), cast)

    assert posts(first)[-1] == "marketing_head"
    assert posts(second)[-1] == "general_manager"
    assert second.revisions.get().facts["siblings"] == [first.number]


def test_verify_adds_the_amount_of_forms_that_belong_together_up_again(cast):
    """The sum that reached the threshold is kept among the facts alone: neither rows nor content say it."""
    submit(unplanned(cast, "12000.00"), cast)
    second = submit(unplanned(cast, "8000.00"), cast)
    assert list(verifying.differences()) == []
    revision = second.revisions.get()
    guards.uninstall()
    second.revisions.update(facts=revision.facts | {"amount": "20001.00"})
    forge(second.pk)
    guards.install()

    assert list(verifying.differences()) == [f"documents_revision {revision.pk} facts: 20001.00 ≠ 20000.00"]


def test_verify_counts_a_sibling_as_it_had_been_submitted_by_then(cast):
    first = submit(unplanned(cast, "12000.00"), cast)
    submit(unplanned(cast, "8000.00"), cast)
    line = first.work_lines.get()
    forms.send_back(first, cast.property_leader, proposals={line.key: Decimal("11000.00")})
    circulation.take_over(document_id=first.pk, actor=first.creator)

    assert list(verifying.differences()) == []


def test_another_departments_work_is_not_summed_with_it_and_is_copied_to_its_head(cast):
    submit(unplanned(cast, "12000.00"), cast)
    other = submit(unplanned(cast, "8000.00", department_name="项目部"), cast)

    assert posts(other)[-1] == "marketing_head"
    assert "requesting_department_head" in [copy.post for copy in other.copies.all()]


@pytest.mark.parametrize(
    ("price", "chain"),
    [
        ("5000.00", ["department_head"]),
        ("5000.01", ["department_head", "leader_in_charge", "finance_leader"]),
        ("10000.00", ["department_head", "leader_in_charge", "finance_leader"]),
        ("10000.01", ["department_head", "leader_in_charge", "finance_leader", "general_manager"]),
    ],
)
def test_sundries_go_up_with_their_amount_and_are_copied_to_the_property_company(cast, price, chain):
    document = submit(sundries(cast, price), cast)

    assert posts(document) == chain
    assert {"property_leader", "property_finance_head"} <= {copy.post for copy in document.copies.all()}
    leader = [step for step in document.steps.all() if step.post == "leader_in_charge"]
    assert all(step.department.is_lead for step in leader)


def test_sundries_of_different_suppliers_are_not_summed(cast):
    submit(sundries(cast, "4000.00", supplier="甲商行"), cast)

    assert posts(submit(sundries(cast, "4000.00", supplier="乙商行"), cast)) == ["department_head"]
    assert posts(submit(sundries(cast, "1000.01", supplier="甲商行"), cast))[-1] == "finance_leader"


def test_only_the_clerk_files_sundries(cast):
    with pytest.raises(Denied, match="物业经办人"):
        draft(
            cast,
            Kind.SALES_OFFICE_SUNDRIES,
            [{"subject": "茶歇", "quantity": "1", "price": "10"}],
            by="property_project_manager",
        )


def test_an_unplanned_purchase_needs_its_department_reason_and_commission_paper(cast):
    lines = [{"subject": "应急发电机租赁", "quantity": "1", "price": "30000"}]
    document = draft(cast, Kind.UNPLANNED_PURCHASE, lines)
    with pytest.raises(Blocked) as refusal:
        submit(document, cast)
    told = "".join(refusal.value.sentences)
    assert "需求部门" in told
    assert "代购理由" in told
    assert "委托" in told

    document = draft(
        cast, Kind.UNPLANNED_PURCHASE, lines, head={"department_name": "项目部", "reason": "工程抢险，授权人不掌握现场"}
    )
    paper = SimpleUploadedFile("委托.pdf", b"%PDF-1.4 1 0 obj\n%%EOF\n")
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=paper, paper="委托")
    document = submit(document, cast)

    assert posts(document) == ["requesting_department_head", "leader_in_charge", "finance_leader", "general_manager"]
    assert [step.department.name for step in document.steps.filter(department__isnull=False)] == ["项目部", "项目部"]


def test_a_department_that_the_developer_has_not_is_refused(cast):
    with pytest.raises(Invalid, match="不在"):
        unplanned(cast, "100.00", department_name="后勤部")


def test_a_form_after_its_work_began_needs_a_reason_and_is_marked(cast, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 1))
    document = forms.purchase_request(cast)
    with pytest.raises(Blocked, match="事后补报"):
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)

    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk, late_reason="上月漏报")
    assert (document.late, document.late_reason) == (True, "上月漏报")
    assert '"late":"上月漏报"' in document.revisions.get().content


def test_the_day_before_its_month_a_form_is_not_late(cast, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 30, 23))
    assert forms.submitted(cast).late is False


def test_a_form_with_dates_is_late_from_its_earliest_date(cast, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 17))
    assert submit(unplanned(cast, "100.00"), cast, late_reason="").late is False
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 18))
    with pytest.raises(Blocked, match="2026-12-18"):
        submit(unplanned(cast, "100.00"), cast)


def test_a_resubmission_is_never_late(cast, fixed_clock):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 10))

    assert circulation.submit(document_id=document.pk, actor=cast.property_clerk).late is False


def test_a_need_asked_for_after_today_is_refused(cast):
    with pytest.raises(Blocked, match="晚于今天"):
        submit(unplanned(cast, "100.00", requested_on="2026-11-24"), cast)
