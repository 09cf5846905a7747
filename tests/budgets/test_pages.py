"""Pages of work forms: real posts, nothing typed is lost, and what a page costs."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document
from documents.states import DocumentState
from tests import forms

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
NEW = "/budgets/new/purchase_request/"
TYPED = {"category": "清洁", "subject": "垃圾袋", "unit": "卷", "quantity": "120", "price": "8.60"}


def lines(*rows, version=1, **more):
    """A posted grid."""
    data = {"lines-TOTAL": str(len(rows)), "draft_version": str(version), "note": ""}
    for index, row in enumerate(rows):
        data |= {f"lines-{index}-{key}": value for key, value in row.items()}
    return data | more


def chosen(cast, instalment="CH-2", month="2026-12", **more):
    return {"instalment": cast.instalments[instalment].pk, "month": month} | more


def workbook(name):
    return SimpleUploadedFile(name, (SAMPLES / name).read_bytes())


def subjects(document):
    return list(document.work_lines.order_by("position").values_list("subject", flat=True))


# --- beginning ---------------------------------------------------------------------------------------------------------
def test_an_empty_form_becomes_a_draft_with_its_entry_page(cast, log_in):
    client = log_in(cast.property_clerk)
    response = client.post(NEW, chosen(cast, way="empty"))
    draft = Document.objects.get()
    assert response.url == f"/budgets/forms/{draft.reference}/"
    assert (draft.state, draft.title, draft.side) == (DocumentState.DRAFT, "2026年12月物业采购申请表", "pre")
    page = client.get(response.url).content.decode()
    # The expected chain with names and reasons.
    for text in ("预计签批环节", "何志远", "吴海涛", "陈思琪", "赵一帆", "每单必经 · 3.2.3 年度预算 1) C"):
        assert text in page


def test_a_clerks_workbook_becomes_a_draft(cast, log_in):
    client = log_in(cast.property_clerk)
    response = client.post(NEW, chosen(cast, way="import", file=workbook("03-物业采购申请表.xlsx")), follow=True)
    draft = Document.objects.get()
    assert (draft.work_lines.count(), draft.amount) == (11, Decimal("21658.50"))
    page = response.content.decode()
    assert "已从 03-物业采购申请表.xlsx 导入 11 行。" in page
    assert "人民币贰万壹仟陆佰伍拾捌元伍角整" in page


def test_a_faulty_workbook_is_told_whole_and_stores_nothing(cast, log_in):
    response = log_in(cast.property_clerk).post(
        NEW, chosen(cast, way="import", file=workbook("06-有错误的采购申请表.xlsx"))
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert not Document.objects.exists()
    for row in range(5, 16):
        assert f'href="#r{row}"' in page
    assert "第 6 行：类别“食品”不在清单内" in page
    # What was read stands there, its faulty cells marked.
    assert page.count('<td class="bad">') == 12
    assert 'name="file"' in page


def test_a_workbook_over_5_mb_is_refused_before_it_is_read(cast, log_in):
    file = SimpleUploadedFile("big.xlsx", b"PK\x03\x04" + b"0" * 5 * 1024 * 1024)
    response = log_in(cast.property_clerk).post(NEW, chosen(cast, way="import", file=file))
    assert response.status_code == 413
    assert "工作簿大于 5 MB" in response.content.decode()
    assert not Document.objects.exists()


def test_import_without_a_file_is_told_beside_the_field(cast, log_in):
    response = log_in(cast.property_clerk).post(NEW, chosen(cast, way="import"))
    assert response.status_code == 400
    assert "请选择要导入的工作簿" in response.content.decode()


def test_last_month_is_copied(cast, log_in):
    last = forms.submitted(cast, month=date(2026, 11, 1))
    response = log_in(cast.property_clerk).post(NEW, chosen(cast, way="copy"), follow=True)
    draft = Document.objects.get(state=DocumentState.DRAFT)
    assert subjects(draft) == subjects(last)
    assert f"复制自 {last.number}" in response.content.decode()


def test_nothing_to_copy_is_told(cast, log_in):
    response = log_in(cast.property_clerk).post(NEW, chosen(cast, way="copy"))
    assert response.status_code == 400
    assert "此前没有提交过物业采购申请表" in response.content.decode()


def test_only_those_who_draft_may_begin_and_only_in_their_projects(cast, log_in):
    refused = log_in(cast.marketing_head, fresh=True).get(NEW)
    assert refused.status_code == 403
    assert "由物业经办人、项目物业经理填报，您不担任该岗位。" in refused.content.decode()
    assert log_in(cast.administrator, fresh=True).get(NEW).status_code == 403
    page = log_in(cast.property_clerk, fresh=True).get(NEW).content.decode()
    assert "翠湖花园 · 二期（CH-2）" in page
    assert "YJ-1" not in page
    assert log_in(cast.property_clerk).post(NEW, chosen(cast, "YJ-1", way="empty")).status_code == 400
    assert not Document.objects.exists()


@pytest.mark.parametrize("kind", ["work_completion", "no_such_kind"])
def test_other_kinds_have_no_such_page(cast, log_in, kind):
    assert log_in(cast.property_clerk).get(f"/budgets/new/{kind}/").status_code == 404


# --- the entry page ----------------------------------------------------------------------------------------------------
@pytest.fixture
def draft(cast):
    return forms.purchase_request(cast)


@pytest.fixture
def url(draft):
    return f"/budgets/forms/{draft.reference}/"


def test_the_grid_is_saved_and_blank_lines_are_left_out(cast, log_in, draft, url):
    old = draft.work_lines.get(position=2)
    rows = [
        TYPED | {"id": old.key, "quantity": "１２０"},
        {"subject": ""},
        TYPED | {"subject": "尘推布", "price": "1,019.00"},
    ]
    response = log_in(cast.property_clerk).post(url, lines(*rows, note=" 年末加量 "))
    assert response.url == url
    draft.refresh_from_db()
    assert draft.amount == Decimal("123312.00")
    assert subjects(draft) == ["垃圾袋", "尘推布"]
    assert draft.work_lines.get(position=1).key == old.key
    assert draft.work_form.note == "年末加量"


def test_faults_stand_beside_their_cells_and_on_top_with_links(cast, log_in, draft, url):
    response = log_in(cast.property_clerk).post(url, lines(TYPED, TYPED | {"price": "8.605", "category": ""}))
    page = response.content.decode()
    assert response.status_code == 400
    assert '<a href="#id_lines-1-price">第 2 行 单价（元）</a>：单价“8.605”超过 2 位小数' in page
    assert 'id="id_lines-1-price" name="lines-1-price" value="8.605"' in page
    assert 'aria-describedby="e_lines-1-price"' in page
    assert "第 2 行 类别" in page
    assert len(subjects(draft)) == 3


def test_lines_are_added_and_taken_out_without_script(cast, log_in, draft, url):
    client = log_in(cast.property_clerk)
    page = client.post(url, lines(TYPED, add_row="1")).content.decode()
    assert 'name="lines-1-subject"' in page
    page = client.post(url, lines(TYPED, TYPED | {"subject": "尘推布"}, remove_row="0")).content.decode()
    assert 'value="尘推布"' in page
    assert 'value="垃圾袋"' not in page
    assert len(subjects(draft)) == 3


def test_autosave_answers_figures_ids_and_time(cast, log_in, draft, url):
    answer = log_in(cast.property_clerk).post(f"{url}save/", lines({"subject": ""}, TYPED)).json()
    assert answer == {
        "saved_at": "09:00",
        "draft_version": 2,
        "amount": "1,032.00",
        "capital": "壹仟零叁拾贰元整",
        "errors": [],
        "ids": ["", draft.work_lines.get().key],
    }


def test_autosave_places_faults_by_cell(cast, log_in, url):
    response = log_in(cast.property_clerk).post(f"{url}save/", lines(TYPED | {"quantity": "-3"}))
    assert response.status_code == 400
    assert [(fault["row"], fault["key"]) for fault in response.json()["errors"]] == [(0, "quantity")]


@pytest.mark.parametrize("version", ["1", "", "x", "0"])
def test_a_second_tab_loses_nothing_and_overwrites_nothing(cast, log_in, draft, url, version):
    client = log_in(cast.property_clerk)
    client.post(f"{url}save/", lines(TYPED | {"quantity": "7"}))
    mine = lines(TYPED | {"quantity": "9"}, version=version, note="我的")
    answer = client.post(f"{url}save/", mine)
    assert answer.status_code == 409
    conflict = answer.json()["conflict"]
    assert conflict["draft_version"] == 2
    assert conflict["values"]["lines-0-quantity"] == "7"
    assert "您输入的内容仍在本页" in conflict["sentence"]

    page = client.post(url, mine)
    assert page.status_code == 409
    html = page.content.decode()
    # Typed content in its inputs, the other copy beside it.
    assert 'name="lines-0-quantity" value="9"' in html
    assert '<td data-l="已保存的">7</td>' in html
    assert ">我的</textarea>" in html
    assert 'name="draft_version" value="2"' in html
    assert draft.work_lines.get().quantity == 7
    # Saving again from this page is a decision.
    assert client.post(url, mine | {"draft_version": "2"}).status_code == 302
    assert draft.work_lines.get().quantity == 9


def test_a_second_click_on_save_is_no_conflict(cast, log_in, draft, url):
    client = log_in(cast.property_clerk)
    for _click in range(2):
        assert client.post(url, lines(TYPED)).status_code == 302
    draft.refresh_from_db()
    assert draft.draft_version == 2


def test_submit_saves_and_submits(cast, log_in, draft, url):
    response = log_in(cast.property_clerk).post(url, lines(TYPED, then="submit"))
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.amount) == ("circulating", "CH-PR-202612-001", Decimal("1032.00"))
    assert response.url == "/documents/CH-PR-202612-001/"


def test_a_refused_submission_keeps_what_was_saved_and_says_why(cast, log_in, draft, url):
    first = forms.submitted(cast)
    response = log_in(cast.property_clerk).post(url, lines(TYPED, then="submit"))
    page = response.content.decode()
    assert response.status_code == 409
    assert f"2026年12月已提交过本表：{first.number}" in page
    assert subjects(draft) == ["垃圾袋"]
    assert 'name="draft_version" value="2"' in page


def test_a_returned_form_shows_the_return_and_keeps_the_cut_while_untouched(cast, log_in, draft, url):
    from documents import circulation

    circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
    cut = {draft.work_lines.get(position=2).key: Decimal("900.00")}
    forms.send_back(draft, cast.property_leader, opinion="请核减垃圾袋", proposals=cut)
    circulation.take_over(document_id=draft.pk, actor=cast.property_clerk)
    forms.send_back(draft, cast.property_leader, opinion="再看看")
    draft.refresh_from_db()
    page = log_in(cast.property_clerk).get(f"/budgets/forms/{draft.number}/").content.decode()
    assert "再看看" in page
    assert 'data-cut="900.00"' in page


def test_who_may_write_and_who_may_not(cast, log_in, draft, url):
    for username in ("yj_property_clerk", "foreign_clerk", "marketing_handler", "general_manager", "administrator"):
        client = log_in(cast[username], fresh=True)
        assert client.get(url).status_code == 404, username
        assert client.post(f"{url}save/", lines(TYPED)).status_code == 404, username
    assert log_in(cast.property_project_manager, fresh=True).get(url).status_code == 200
    from documents import circulation

    number = circulation.submit(document_id=draft.pk, actor=cast.property_clerk).number
    for username in ("property_clerk", "marketing_head"):
        client = log_in(cast[username], fresh=True)
        assert client.get(f"/budgets/forms/{number}/").status_code == 403
        refused = client.post(f"/budgets/forms/{number}/save/", lines(TYPED))
        assert (refused.status_code, "detail" in refused.json()) == (403, True)


@pytest.mark.parametrize("total", ["-1", "99999999", "七", "60001"])
def test_a_bent_grid_is_refused(cast, log_in, url, total):
    response = log_in(cast.property_clerk).post(f"{url}save/", lines() | {"lines-TOTAL": total})
    assert response.status_code == 400
    assert "行数无法识别" in response.json()["detail"]


def test_the_entry_page_costs_the_same_for_1_3_and_60_lines(cast, log_in, django_assert_max_num_queries):
    client = log_in(cast.property_clerk)
    client.get("/budgets/months/")
    costs = set()
    for count in (1, 3, 60):
        document = forms.purchase_request(cast, lines=[forms.LINES[0]] * count)
        with django_assert_max_num_queries(40) as counted:
            assert client.get(f"/budgets/forms/{document.reference}/").status_code == 200
        costs.add(len(counted))
    assert len(costs) == 1


# --- months ------------------------------------------------------------------------------------------------------------
def test_a_month_shows_where_each_form_lies_and_what_is_missing(cast, log_in):
    form = forms.submitted(cast)
    client = log_in(cast.property_clerk)
    page = client.get("/budgets/months/").content.decode()
    assert "2026年12月" in page
    assert form.number in page
    assert '<span class="muted">物业地产配合业务分管领导</span> 何志远' in page
    assert '<span class="muted">物业财务部负责人</span> 吴海涛' in page
    missing = f'href="/budgets/new/purchase_request/?instalment={cast.instalments["CH-1"].pk}&amp;month=2026-12"'
    assert missing in page
    assert f"/purchase_request/?instalment={cast.instalments['CH-2'].pk}" not in page
    assert form.number not in client.get("/budgets/months/?month=2026-11").content.decode()
    assert form.number not in log_in(cast.foreign_clerk, fresh=True).get("/budgets/months/").content.decode()
    # Readers see that it is missing and are offered nothing.
    page = log_in(cast.general_manager, fresh=True).get("/budgets/months/").content.decode()
    assert "尚未提交" in page
    assert "/budgets/new/" not in page


@pytest.mark.parametrize(
    "query", ["month=x", "month=2026-13", "after=abc", "after=99999999999999999999", "project=NONE"]
)
def test_any_address_of_the_months_answers(cast, log_in, query):
    assert log_in(cast.property_clerk).get(f"/budgets/months/?{query}").status_code == 200


@pytest.mark.parametrize("url", ["/budgets/months/?month=2026-12", "/budgets/completions/"])
def test_lists_cost_the_same_for_1_and_3_rows(cast, log_in, url, django_assert_max_num_queries):
    client = log_in(cast.property_project_manager)
    client.get(url)
    costs = []
    for instalment, number in (("CH-2", 1), ("CH-1", 2), ("YJ-1", 3)):
        document = forms.submitted(cast, by="property_project_manager", instalment=instalment)
        sign_all(document, cast)
        with django_assert_max_num_queries(40) as counted:
            page = client.get(url).content.decode()
        assert len(set(re.findall(r"(?:CH|YJ)-PR-202612-\d{3}", page))) == number
        costs.append(len(counted))
    assert len(set(costs)) == 1


def sign_all(document, cast):
    """Every station of a form, in CH or YJ, before or after move-in."""
    from documents.models import Step

    while step := Step.objects.filter(document=document, status="open").order_by("position", "pk").first():
        person = cast.people.get(f"yj_{step.post}") if document.project.code == "YJ" else None
        forms.sign(document, person or cast[step.post])


def test_a_post_that_does_not_say_how_many_lines_it_holds_empties_nothing(cast, log_in):
    document = forms.purchase_request(cast)
    before = subjects(document)

    for path in ("", "save/"):
        response = log_in(cast.property_clerk).post(f"/budgets/forms/{document.name}/{path}", {"draft_version": "1"})
        assert response.status_code == 400
    assert subjects(document) == before
