"""Pages that hand workbooks out: a faulty one marked, our templates; what comes back from them imports."""

import re
from base64 import b64encode
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import Category
from budgets.views import starting
from documents.models import Document

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
FAULTY = "06-有错误的采购申请表.xlsx"
NEW = "/budgets/new/purchase_request/"
ANNOTATED, TEMPLATE = f"{NEW}annotated/", f"{NEW}template/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chosen(cast, instalment="CH-2", month="2026-12", **more):
    return {"instalment": cast.instalments[instalment].pk, "month": month, "way": "import"} | more


def upload(data, name=FAULTY):
    return SimpleUploadedFile(name, data)


def sample(name=FAULTY):
    return (SAMPLES / name).read_bytes()


def opened(answer):
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert answer["Content-Type"] == XLSX
    return openpyxl.load_workbook(BytesIO(answer.content))


def file_name(answer):
    return unquote(re.fullmatch(r"attachment; filename\*=UTF-8''(.+)", answer["Content-Disposition"])[1])


def saved(book):
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def button(page, action):
    """The fields of the form on a page that posts to an address: what one click sends."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.S) if f'action="{action}"' in form)
    return dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form))


# --- the marked workbook -------------------------------------------------------------------------------------------------
def test_one_click_gives_the_marked_workbook_and_corrected_it_imports(cast, log_in):
    client = log_in(cast.property_clerk)
    page = client.post(NEW, chosen(cast, file=upload(sample())))
    assert page.status_code == 400
    fields = button(page.content.decode(), ANNOTATED)
    assert set(fields) == {"csrfmiddlewaretoken", "instalment", "month", "name", "workbook"}

    answer = client.post(ANNOTATED, fields)
    assert file_name(answer) == "06-有错误的采购申请表-标注.xlsx"
    book = opened(answer)
    sheet = book.worksheets[0]
    assert sheet["G8"].comment.text == "第 8 行：单价“十二元”不是数字，请填写如 12.50 的数字。"
    assert not Document.objects.exists()

    right = {"C5": "水桶", "B6": "清洁", "F7": 3, "H7": 180, "G8": 12, "G9": 4, "H9": 40, "H10": 340, "G11": 16}
    right |= {"F12": 1, "H13": "=F13*G13", "G14": 1000, "H15": 21750}
    for place, value in right.items():
        sheet[place] = value
    assert client.post(NEW, chosen(cast, file=upload(saved(book)))).status_code == 302
    draft = Document.objects.get()
    assert (draft.work_lines.count(), draft.amount) == (11, Decimal("21750.00"))


def test_a_file_too_large_for_the_page_is_chosen_again(cast, log_in, monkeypatch):
    monkeypatch.setattr(starting, "MOST_CARRIED", 100)
    client = log_in(cast.property_clerk)
    page = client.post(NEW, chosen(cast, file=upload(sample()))).content.decode()
    assert 'name="workbook"' not in page
    assert f'formaction="{ANNOTATED}"' in page
    assert opened(client.post(ANNOTATED, chosen(cast, file=upload(sample())))).worksheets[0]["C5"].comment


def test_a_sound_workbook_is_told_so(cast, log_in):
    sound = sample("03-物业采购申请表.xlsx")
    answer = log_in(cast.property_clerk).post(ANNOTATED, chosen(cast, file=upload(sound)), follow=True)
    assert "这个工作簿没有错误，可以直接导入。" in answer.content.decode()


@pytest.mark.parametrize("data", [b"no workbook", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_has_nothing_to_mark(cast, log_in, data):
    client = log_in(cast.property_clerk)
    page = client.post(NEW, chosen(cast, file=upload(data))).content.decode()
    assert "下载标注后的工作簿" not in page
    answer = client.post(ANNOTATED, chosen(cast, workbook=b64encode(data).decode()))
    assert (answer.status_code, "没有导入" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("workbook", ["", "no base64!", "第"])
def test_a_bent_workbook_field_asks_for_the_file(cast, log_in, workbook):
    answer = log_in(cast.property_clerk).post(ANNOTATED, chosen(cast, workbook=workbook))
    assert answer.status_code == 400


def test_over_5_mb_is_refused_unread(cast, log_in):
    large = b"PK\x03\x04" + b"0" * 5 * 1024 * 1024
    answer = log_in(cast.property_clerk).post(ANNOTATED, chosen(cast, file=upload(large)))
    assert answer.status_code == 413
    assert "工作簿大于 5 MB" in answer.content.decode()


def test_only_those_who_may_import_get_anything(cast, log_in):
    sent = chosen(cast, workbook=b64encode(sample()).decode())
    for username, status in (("marketing_head", 403), ("administrator", 403), ("yj_property_clerk", 400)):
        client = log_in(cast[username], fresh=True)
        assert client.post(ANNOTATED, sent).status_code == status, username
        status = 404 if status == 400 else status
        assert client.get(TEMPLATE, {"instalment": sent["instalment"]}).status_code == status, username
    clerk = log_in(cast.property_clerk, fresh=True)
    assert clerk.get(ANNOTATED).status_code == 405
    assert clerk.get("/budgets/new/annual_budget/template/").status_code == 404
    assert clerk.post("/budgets/new/annual_budget/annotated/").status_code == 404


# --- templates -----------------------------------------------------------------------------------------------------------
def test_a_template_with_its_place_is_filled_and_imports(cast, log_in):
    client = log_in(cast.property_clerk)
    page = client.get(NEW).content.decode()
    assert f'formaction="{TEMPLATE}"' in page
    answer = client.post(TEMPLATE, chosen(cast))
    assert file_name(answer) == "物业采购申请表-CH-2-2026-12-模板.xlsx"
    book = opened(answer)
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "2026年12月物业采购申请表"
    assert "翠湖花园" in sheet["A2"].value
    places = {str(cell.value).split("(")[0].strip("*"): cell.column for cell in sheet[3]}
    typed = {"类别": "清洁", "品名": "垃圾袋", "单位": "卷", "数量": 120, "单价": 8.6}
    for label, value in typed.items():
        sheet.cell(4, places[label], value)
    response = client.post(NEW, chosen(cast, file=upload(saved(book), "模板.xlsx")))
    assert response.status_code == 302, response.content.decode()
    assert Document.objects.get().amount == Decimal("1032.00")
    # For another instalment it is told.
    refused = client.post(NEW, chosen(cast, "CH-1", file=upload(saved(book), "模板.xlsx")))
    assert refused.status_code == 400
    assert f"{TEMPLATE}?instalment={cast.instalments['CH-1'].pk}&amp;month=2026-12" in refused.content.decode()


@pytest.mark.parametrize("query", ["", "?month=x", "?month=2026-12"])
@pytest.mark.parametrize("kind", ["staffing_plan", "admin_expense_plan", "unplanned_purchase"])
def test_templates_need_nothing_chosen(cast, log_in, kind, query):
    opened(log_in(cast.property_clerk).get(f"/budgets/new/{kind}/template/{query}"))


@pytest.mark.parametrize("key", ["x", "9" * 30, "999999", "-1"])
def test_an_unknown_instalment_is_404(cast, log_in, key):
    assert log_in(cast.property_clerk).get(TEMPLATE, {"instalment": key}).status_code == 404


# --- categories of one's own -----------------------------------------------------------------------------------------------
@pytest.fixture
def categories(cast):
    company = cast.projects["CH"].property_company
    for position, name in enumerate(("绿化", "会所"), start=1):
        Category.objects.create(company=company, kind="purchase_request", name=name, position=position)


LINE = {"category": "绿化", "subject": "草花", "unit": "盆", "quantity": "10", "price": "2.50"}


def grid(row, version):
    return {"lines-TOTAL": "1", "draft_version": version} | {f"lines-0-{key}": value for key, value in row.items()}


def options(page):
    return re.findall(r'<option value="([^"]*)"', re.search(r'name="lines-0-category".*?</select>', page, re.S)[0])


def test_own_categories_stand_in_grid_check_template_and_copy(cast, log_in, categories):
    client = log_in(cast.property_clerk)
    url = client.post(NEW, chosen(cast, month="2026-11", way="empty")).url
    assert options(client.get(url).content.decode()) == ["", "绿化", "会所"]

    refused = client.post(url, grid(LINE | {"category": "清洁"}, 1))
    assert refused.status_code == 400
    assert "类别“清洁”不在清单内，请改为：绿化、会所。" in refused.content.decode()
    # What was chosen is still there to be seen.
    assert options(refused.content.decode()) == ["", "绿化", "会所", "清洁"]
    assert client.post(url, grid(LINE, 1) | {"then": "submit", "late_reason": "上月漏报"}).status_code == 302
    first = Document.objects.get()
    assert first.work_lines.get().category == "绿化"

    rules = opened(client.get(TEMPLATE)).worksheets[0].data_validations.dataValidation
    assert '"绿化,会所"' in {rule.formula1 for rule in rules}

    Category.objects.filter(name="绿化").update(is_active=False)
    client.post(NEW, chosen(cast, way="copy"))
    copy = Document.objects.get(state="draft")
    assert copy.work_lines.get().category == "绿化"
    assert options(client.get(f"/budgets/forms/{copy.name}/").content.decode()) == ["", "会所", "绿化"]
