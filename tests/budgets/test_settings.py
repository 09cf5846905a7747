"""Settings of the forms: categories of lines and required papers, kept by administrators."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets import categorising
from budgets.drafting import LinesRefused, open_work_form, save_lines
from budgets.models import Category
from documents import circulation, kinds, policies, requiring
from documents.models import RequiredPaper
from documents.refusals import Blocked, Invalid
from organization.models import AppointmentEvent
from organization.refusals import NotAllowed
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db
PURCHASE = "purchase_request"


def company_of(cast):
    return cast.projects["CH"].property_company


def add(cast, name, *, kind=PURCHASE, by="administrator"):
    return categorising.add_category(actor=cast[by], company=company_of(cast), kind=kind, name=name)


def names(cast, *, kind=PURCHASE):
    rows = Category.objects.filter(company=company_of(cast), kind=kind).order_by("position", "pk")
    return [(row.name, row.is_active) for row in rows]


def test_the_first_own_category_takes_the_guides_over(cast):
    assert names(cast) == []
    add(cast, " 绿化 ")
    assert names(cast) == [("清洁", True), ("安保", True), ("工程", True), ("客服", True), ("绿化", True)]
    assert names(cast, kind="admin_expense_plan") == []

    document = forms.purchase_request(cast, lines=[])
    rows = [{"category": "绿化", "subject": "草籽", "unit": "袋", "quantity": "2", "price": "35"}]
    save_lines(document=document, actor=cast.property_clerk, draft_version=None, rows=rows)
    assert document.work_lines.get().category == "绿化"


def test_a_category_out_of_use_is_no_longer_taken(cast):
    green = add(cast, "绿化")
    categorising.switch_category(actor=cast.administrator, category=green, active=False)
    document = forms.purchase_request(cast, lines=[])
    rows = [{"category": "绿化", "subject": "草籽", "unit": "袋", "quantity": "2", "price": "35"}]
    with pytest.raises(LinesRefused, match="请改为：清洁、安保、工程、客服。"):
        save_lines(document=document, actor=cast.property_clerk, draft_version=None, rows=rows)
    categorising.switch_category(actor=cast.administrator, category=green, active=True)
    save_lines(document=document, actor=cast.property_clerk, draft_version=None, rows=rows)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "请填写类别名称。"),
        ("\u200b ", "请填写类别名称。"),
        ("清洁", "已有类别「清洁」，不能重复。"),
        ("甲" * 21, "有 21 字，请不超过 20 字。"),
        ("甲\x07", "含有不可见的控制字符"),
        ("甲,乙", "不能含英文逗号"),
        ('甲"', "不能含英文逗号"),
    ],
)
def test_a_name_that_cannot_stand_is_refused_and_nothing_is_stored(cast, name, sentence):
    with pytest.raises(Invalid, match=sentence):
        add(cast, name)
    assert names(cast) == []


def test_names_fill_no_more_than_a_drop_down_holds(cast):
    for n in range(8):
        add(cast, f"{'长' * 19}{n}")
    add(cast, "短")
    with pytest.raises(Invalid, match="合计不能超过 200 字"):
        add(cast, "长" * 20)


def test_one_category_stays_in_use(cast):
    add(cast, "绿化")
    rows = list(Category.objects.all())
    for row in rows[:-1]:
        categorising.switch_category(actor=cast.administrator, category=row, active=False)
    with pytest.raises(Invalid, match="至少保留一个在用的类别；请先新增或启用另一个，再停用「绿化」。"):
        categorising.switch_category(actor=cast.administrator, category=rows[-1], active=False)
    assert [name for name, active in names(cast) if active] == ["绿化"]


def test_a_category_that_lines_carry_keeps_its_name(cast):
    add(cast, "绿化")
    forms.purchase_request(cast)  # a draft is use enough
    clean, guard = (Category.objects.get(name=name) for name in ("清洁", "安保"))
    with pytest.raises(Invalid, match="「清洁」已有明细使用，不能改名；请停用后新增一个类别。"):
        categorising.rename_category(actor=cast.administrator, category=clean, name="保洁")
    categorising.rename_category(actor=cast.administrator, category=guard, name="秩序维护")
    with pytest.raises(Invalid, match="已有类别「工程」，不能重复。"):
        categorising.rename_category(actor=cast.administrator, category=guard, name="工程")
    assert [name for name, _active in names(cast)] == ["清洁", "秩序维护", "工程", "客服", "绿化"]


def test_categories_change_places(cast):
    green = add(cast, "绿化")
    for _step in range(2):
        categorising.move_category(actor=cast.administrator, category=green, up=True)
    assert [name for name, _active in names(cast)] == ["清洁", "安保", "绿化", "工程", "客服"]
    clean = Category.objects.get(name="清洁")
    categorising.move_category(actor=cast.administrator, category=clean, up=True)
    categorising.move_category(actor=cast.administrator, category=green, up=False)
    assert [name for name, _active in names(cast)] == ["清洁", "安保", "工程", "绿化", "客服"]


@pytest.mark.parametrize("by", ["property_clerk", "general_manager", "outsider"])
def test_administrators_alone_keep_the_settings(cast, by):
    row = add(cast, "绿化")
    paper = RequiredPaper.objects.get(name="委托")
    before = names(cast)
    for attempt in (
        lambda: add(cast, "泳池", by=by),
        lambda: categorising.rename_category(actor=cast[by], category=row, name="园艺"),
        lambda: categorising.switch_category(actor=cast[by], category=row, active=False),
        lambda: categorising.move_category(actor=cast[by], category=row, up=True),
        lambda: requiring.add_paper(actor=cast[by], company=None, kind=PURCHASE, name="比价单"),
        lambda: requiring.rename_paper(actor=cast[by], paper=paper, name="函"),
        lambda: requiring.switch_paper(actor=cast[by], paper=paper, active=False),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert names(cast) == before
    assert RequiredPaper.objects.get(name="委托").is_active


def test_every_change_is_on_the_organizations_trail_in_words(cast, log_in):
    row = add(cast, "绿化")
    categorising.rename_category(actor=cast.administrator, category=row, name="园艺")
    categorising.switch_category(actor=cast.administrator, category=row, active=False)
    categorising.switch_category(actor=cast.administrator, category=row, active=False)
    requiring.add_paper(actor=cast.administrator, company=None, kind=PURCHASE, name="比价单")
    codes = list(AppointmentEvent.objects.order_by("-seq").values_list("code", flat=True)[:4])
    assert codes == ["paper_added", "category_deactivated", "category_renamed", "category_added"]
    page = log_in(cast.administrator).get(reverse("organization:trail")).content.decode()
    assert "停用明细类别" in page
    assert "单据类型 物业采购申请表" in page
    assert "原值 名称 绿化" in page


# --- required papers ---------------------------------------------------------------------------------------------------
def test_a_required_paper_blocks_submission_until_it_is_there_or_no_longer_asked_for(cast):
    paper = requiring.add_paper(actor=cast.administrator, company=company_of(cast), kind=PURCHASE, name="比价单")
    requiring.add_paper(actor=cast.administrator, company=company_of(cast), kind="staffing_plan", name="排班表")
    document = forms.purchase_request(cast)
    with pytest.raises(Blocked) as refusal:
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    assert refusal.value.sentences == ["缺少必备资料「比价单」，请上传附件并注明资料名称。"]
    requiring.switch_paper(actor=cast.administrator, paper=paper, active=False)
    assert circulation.submit(document_id=document.pk, actor=cast.property_clerk).state == "circulating"


def test_a_paper_that_files_are_marked_as_keeps_its_name(cast):
    paper = requiring.add_paper(actor=cast.administrator, company=None, kind=PURCHASE, name="比价")
    paper = requiring.rename_paper(actor=cast.administrator, paper=paper, name="比价单")
    document = forms.purchase_request(cast)
    upload = SimpleUploadedFile("比价.pdf", b"%PDF-1.4 1 0 obj\n%%EOF")
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=upload, paper="比价单")
    with pytest.raises(Invalid, match="「比价单」已有附件使用，不能改名；请停用后新增一项。"):
        requiring.rename_paper(actor=cast.administrator, paper=paper, name="三方比价单")
    listed = [(row, used) for row, used in requiring.listed() if row.is_required]
    assert {(row.name, used) for row, used in listed} == {("委托", False), ("比价单", True)}
    with pytest.raises(Invalid, match="已有必备资料「比价单」，不能重复。"):
        requiring.add_paper(actor=cast.administrator, company=None, kind=PURCHASE, name="比价单")


# --- pages -------------------------------------------------------------------------------------------------------------
def test_the_pages_carry_every_step(cast, log_in):
    browser, company = log_in(cast.administrator), company_of(cast)
    page = browser.get("/").content.decode()
    assert 'href="/budgets/categories/"' in page
    assert 'href="/papers/"' in page
    data = {"company": company.code, "kind": PURCHASE, "name": "绿化"}
    assert browser.post("/budgets/categories/", data).status_code == 302
    refused = browser.post("/budgets/categories/", data)
    assert refused.status_code == 400
    assert "已有类别「绿化」，不能重复。" in refused.content.decode()
    green = Category.objects.get(name="绿化")
    for verb, code in (("up", 302), ("deactivate", 302), ("activate", 302), ("rename", 400), ("paint", 404)):
        assert browser.post(f"/budgets/categories/{green.pk}/{verb}/").status_code == code
    assert browser.post("/budgets/categories/999999/up/").status_code == 404
    assert browser.post("/budgets/categories/", {"company": "NONE"}).status_code == 400

    data = {"company": "", "kind": PURCHASE, "name": "比价单"}
    assert browser.post("/papers/", data).status_code == 302
    assert browser.post("/papers/", data).status_code == 400
    assert browser.post("/papers/", data | {"company": "NONE"}).status_code == 400
    assert browser.post("/papers/", data | {"kind": "bogus"}).status_code == 400
    paper = RequiredPaper.objects.get(name="比价单")
    assert browser.post(f"/papers/{paper.pk}/rename/", {"name": "三家比价单"}).status_code == 302
    assert browser.post(f"/papers/{paper.pk}/deactivate/").status_code == 302
    page = browser.get("/papers/").content.decode()
    assert "三家比价单" in page
    assert 'href="/papers/"' not in log_in(cast.property_clerk, fresh=True).get("/").content.decode()


def test_the_grid_offers_the_companys_categories(cast, log_in):
    add(cast, "绿化")
    draft = forms.purchase_request(cast)
    page = log_in(cast.property_clerk).get(f"/budgets/forms/{draft.reference}/").content.decode()
    assert '<option value="绿化"' in page


def test_the_pages_cost_the_same_however_many_rows(cast, log_in, django_assert_max_num_queries):
    browser = log_in(cast.administrator)
    browser.get("/papers/")
    for address in ("/budgets/categories/", "/papers/"):
        costs = set()
        for count in range(3):
            add(cast, f"类别{address[1]}{count}")
            requiring.add_paper(actor=cast.administrator, company=None, kind=PURCHASE, name=f"资料{address[1]}{count}")
            with django_assert_max_num_queries(16) as counted:
                assert browser.get(address).status_code == 200
            costs.add(len(counted))
        assert len(costs) == 1


# --- 费用科目 ------------------------------------------------------------------------------------------------------------
def unplanned(cast, subject, kind="unplanned_work"):
    return open_work_form(
        kind=kind,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=forms.DECEMBER,
        head={"subject": subject},
    )


@pytest.mark.parametrize("kind", ["service_confirmation", "unplanned_work", "sales_office_sundries"])
def test_a_subject_is_one_of_the_companys_list(cast, kind):
    assert unplanned(cast, "房屋维修", kind).work_form.subject == "房屋维修"
    assert unplanned(cast, "", kind).work_form.subject == ""
    with pytest.raises(
        Invalid, match="费用科目“房屋维修工具”不在「示例物业服务有限公司」的科目清单中，请选择：活动配合、"
    ):
        unplanned(cast, "房屋维修工具", kind)
    add(cast, "房屋维修工具", kind="subject")
    draft = unplanned(cast, "房屋维修工具", kind)
    row = Category.objects.get(name="房屋维修工具")
    categorising.switch_category(actor=cast.administrator, category=row, active=False)
    # What a draft said before stays sayable on it; another draft cannot take it up.
    save_lines(document=draft, actor=cast.property_clerk, draft_version=None, rows=[], head={"subject": "房屋维修工具"})
    with pytest.raises(Invalid, match="费用科目"):
        unplanned(cast, "房屋维修工具", kind)


def test_a_subject_that_forms_carry_is_not_renamed(cast):
    add(cast, "夜间保洁", kind="subject")
    row = Category.objects.get(name="夜间保洁")
    unplanned(cast, "夜间保洁")
    with pytest.raises(Invalid, match="不能改名"):
        categorising.rename_category(actor=cast.administrator, category=row, name="夜班保洁")
    shelf = next(one for one in categorising.shelves(company_of(cast)) if one.kind == "subject")
    assert (shelf.kind_label, shelf.used) == ("费用科目", {"夜间保洁"})


def test_special_work_says_that_it_carries_no_commission(cast):
    """专项 of 房屋维修 is settled without the 10 % (D3); what was signed before the field existed reads as before."""
    plain, repair = unplanned(cast, "", "service_confirmation"), unplanned(cast, "房屋维修", "service_confirmation")
    content = kinds.get("service_confirmation").content
    assert "subject" not in content(plain)["head"]
    assert content(repair)["head"]["subject"] == "房屋维修"
    policy = policies.in_force(forms.DECEMBER)
    assert policies.commission_rate_of(policy, "", repair.work_form.subject) == 0


def test_the_entry_page_offers_the_subjects_and_programs_read_and_keep_them(cast, log_in):
    draft = unplanned(cast, "")
    page = log_in(cast.property_clerk).get(reverse("budgets:edit", args=[draft.name])).content.decode()
    assert "<option>空置房</option>" in page
    program = Program(cast.property_clerk)
    told = {row["kind"]: row["names"] for row in program.get("categories/?project=CH").json()}
    assert told["purchase_request"] == ["清洁", "安保", "工程", "客服"]
    assert told["subject"][:2] == ["活动配合", "应急抢险"]
    assert program.get("categories/?project=WB").status_code == 404
    new = {"company": company_of(cast).code, "kind": "subject", "name": "夜间保洁"}
    assert program.post("categories/", new).status_code == 403
    administrator = Program(cast.administrator)
    made = administrator.post("categories/", new)
    assert (made.status_code, made.json()["name"]) == (201, "夜间保洁")
    gone = administrator.post(f"categories/{made.json()['id']}/deactivate/", {})
    assert (gone.status_code, gone.json()["is_active"]) == (200, False)
    assert "夜间保洁" not in str(program.get("categories/?project=CH").json())
