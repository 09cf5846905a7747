"""Evidence of a confirmation: names are suggested from data, and nothing is stopped by their lack."""

from datetime import date

import pytest
from django.urls import reverse

from budgets.confirming import open_completion
from budgets.drafting import open_work_form
from documents import circulation, kinds, papers, requiring
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db

STAFF = {
    "department_name": "客服部", "subject": "客服管家", "quantity": "2", "wage": "5000", "social_insurance": "1000",
    "benefits": "200", "other_cost": "0",
}  # fmt: skip


@pytest.fixture
def completion(cast, fixed_clock):
    """A draft confirmation of a December staffing plan."""
    plan = open_work_form(
        kind=Kind.STAFFING_PLAN,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=date(2026, 12, 1),
        rows=forms.checked(Kind.STAFFING_PLAN, [STAFF]),
    )
    circulation.submit(document_id=plan.pk, actor=cast.property_clerk)
    plan = forms.sign_through(plan, cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 31))
    return open_completion(origin=plan, actor=cast.property_clerk)


def hints(document, person):
    document = Document.objects.get(pk=document.pk)
    return [hint.text for hint in kinds.get(document.kind).hints(document, person)]


def test_names_are_offered_beside_the_upload_and_kept_with_the_file(cast, completion, log_in):
    assert papers.suggested(completion) == ["考勤", "收据", "照片", "验收单", "其他"]
    client = log_in(cast.property_clerk)
    page = client.get(f"/budgets/completions/{completion.name}/edit/").content.decode()
    for name in papers.suggested(completion):
        assert f'<option value="{name}">{name}</option>' in page
    assert "必备资料" not in page.split("<main")[1]
    client.post(f"/documents/{completion.name}/act/attach/", {"file": picture(), "paper": "考勤"})
    assert completion.attachments.get().paper == "考勤"


def test_a_confirmation_of_people_asks_for_attendance_and_goes_without_it(cast, completion):
    assert hints(completion, cast.property_clerk) == ["没有证明材料：请上传收据、考勤或照片。"]
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=picture(), paper="照片")
    assert hints(completion, cast.property_clerk) == [
        "没有注明为「考勤」的附件：人员费用按考勤确认，请补充或在说明中写明。"
    ]
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    assert Document.objects.get(pk=completion.pk).state == "circulating"


def test_attendance_is_asked_of_people_only(cast, completion):
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=picture(), paper="考勤")
    assert hints(completion, cast.property_clerk) == []
    goods = open_completion(origin=forms.approved(cast, month=date(2027, 1, 1)), actor=cast.property_clerk)
    circulation.attach(document_id=goods.pk, actor=cast.property_clerk, upload=picture("收据.png", "red"))
    assert hints(goods, cast.property_clerk) == []


def test_names_are_data_of_the_company(cast, completion, log_in):
    company = cast.projects["CH"].property_company
    requiring.add_paper(actor=None, company=company, kind="work_completion", name="签到表", is_required=False)
    assert papers.suggested(completion)[-1] == "签到表"
    assert papers.required(completion) == []
    page = log_in(cast.administrator).get(reverse("documents:papers")).content.decode()
    assert "签到表" in page
    assert "建议" in page
