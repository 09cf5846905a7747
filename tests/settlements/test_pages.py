"""Pages of applications: what would be gathered, choosing lines, submitting, packs."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest

from documents import circulation
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import Kind
from settlements.models import ApplicationLine
from settlements.packs import runs
from tests import forms

pytestmark = pytest.mark.django_db

QUERY = "?project=CH&month=2026-12&side=pre"
CHOSEN = {"project": "CH", "month": "2026-12", "side": "pre"}


@pytest.fixture
def december(cast, fixed_clock):
    """A form approved in November, confirmed in December with less of one line: 8,471.00."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    return forms.confirmed(cast, origin, actuals={"垃圾袋": {"quantity": "100", "amount": "860"}})


def drafted(client):
    """An application begun by its page, and the page's address."""
    url = client.post("/settlements/new/", CHOSEN).url
    return url, Document.objects.get(kind=Kind.EXPENSE_APPLICATION, reference=url.split("/")[3])


def test_the_month_shows_both_sides_and_what_is_not_settled(cast, log_in, december):
    client = log_in(cast.property_finance)
    page = client.get("/settlements/applications/").content.decode()
    assert "入伙前（营销小组）" in page
    assert "入伙后（客服小组）" in page
    assert "已确认、未列入申请 3 行" in page
    assert "¥8,471.00" in page
    assert "/settlements/new/?project=CH&amp;month=2026-12&amp;side=pre" in page
    assert "side=post" not in page
    # Before the month in which it was confirmed there is nothing to settle.
    assert "已确认、未列入申请 " not in client.get("/settlements/applications/?month=2026-11").content.decode()
    page = log_in(cast.finance, fresh=True).get("/settlements/applications/").content.decode()
    assert "¥8,471.00" in page
    assert "/settlements/new/" not in page
    page = log_in(cast.foreign_clerk, fresh=True).get("/settlements/applications/").content.decode()
    assert "8,471.00" not in page
    assert "翠湖花园" not in page


def test_the_preview_sums_up_before_anything_is_stored(cast, log_in, december):
    page = log_in(cast.property_finance).get(f"/settlements/new/{QUERY}").content.decode()
    for text in ("¥8,643.00", "¥8,471.00", "¥847.10", "¥9,318.10", "人民币玖仟叁佰壹拾捌元壹角整", "共 3 行"):
        assert text in page
    assert not Document.objects.filter(kind=Kind.EXPENSE_APPLICATION).exists()


def test_an_application_gathers_and_holds_its_lines(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    assert draft.amount == Decimal("9318.10")
    page = client.get(url).content.decode()
    for text in ("¥847.10", "人民币玖仟叁佰壹拾捌元壹角整", "-172.00", "罗镕", "本年度无已批预算"):
        assert text in page
    again = client.post("/settlements/new/", CHOSEN)
    assert again.status_code == 409
    assert f"已有月度费用申请 {draft.reference}（草稿）" in again.content.decode()


def test_lines_are_left_out_and_taken_in_again(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    lines = {
        line.completion_line.origin_line.subject: line.completion_line_id for line in draft.application_lines.all()
    }
    keep = [lines["垃圾袋"], lines["洗地机清洁剂"]]
    assert client.post(url, {"keep": keep, "draft_version": "1", "note": "鲜花下月结"}).status_code == 302
    draft.refresh_from_db()
    # 860.00 + 1,011.00 = 1,871.00, 10 % of it 187.10
    assert draft.amount == Decimal("2058.10")
    page = client.get(url).content.decode()
    assert "鲜花下月结" in page
    assert len(re.findall(r'name="keep"[^>]* checked', page)) == 2
    assert client.post(url, {"keep": [*lines.values()], "draft_version": "2"}).status_code == 302
    draft.refresh_from_db()
    assert draft.amount == Decimal("9318.10")
    refused = client.post(url, {"draft_version": "3"})
    assert refused.status_code == 400
    assert "至少保留一行明细" in refused.content.decode()


def test_two_tabs_lose_nothing(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    keys = list(draft.application_lines.order_by("position").values_list("completion_line", flat=True))
    client.post(url, {"keep": keys[:2], "draft_version": "1"})
    # A second click with the same choice is no conflict.
    assert client.post(url, {"keep": keys[:2], "draft_version": "1"}).status_code == 302
    mine = {"keep": keys[1:], "draft_version": "1", "note": "我的说明"}
    response = client.post(url, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "您输入的内容仍在本页" in page
    assert [str(key) for key in keys[1:]] == re.findall(r'name="keep" value="(\d+)"[^>]* checked', page)
    assert "已保存的内容未列入" in page
    assert "已保存的内容已列入" in page
    assert "我的说明</textarea>" in page
    assert 'name="draft_version" value="2"' in page
    assert draft.application_lines.count() == 2
    assert client.post(url, mine | {"draft_version": "2"}).status_code == 302


def test_another_window_s_invoice_and_lines_stand_beside_one_s_own(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    keys = list(draft.application_lines.order_by("position").values_list("completion_line", flat=True))
    invoice = {"invoice_kind": "special", "tax_rate": "6"}
    assert client.post(url, {"keep": keys, "draft_version": "1"} | invoice).status_code == 302
    mine = {"keep": keys[:2], "draft_version": "1", "invoice_kind": "special", "tax_rate": "9", "note": "我的说明"}
    page = client.post(url, mine).content.decode()
    told = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)]
    number = draft.application_lines.order_by("position").last().completion_line.origin_line.document.number
    assert [f"{number} 第3项 鲜花绿植更换", "未列入", "列入"] in told
    assert ["税率（%）", "9", "6"] in told
    assert ["说明", "我的说明", "—"] in told
    assert not any(row[0] == "发票种类" for row in told)
    draft.application.refresh_from_db()
    assert draft.application.tax_rate == Decimal("0.06")


def test_a_line_that_is_gone_is_named_and_what_was_typed_can_be_saved_without_it(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    keys = list(draft.application_lines.order_by("position").values_list("completion_line", flat=True))
    response = client.post(url, {"keep": [*keys[:2], keys[-1] + 99], "draft_version": "1", "note": "我的说明"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "有 1 行已不能列入" in page
    assert "我的说明</textarea>" in page
    assert draft.application_lines.count() == 3
    ticked = re.findall(r'name="keep" value="(\d+)"[^>]* checked', page)
    version = re.search(r'name="draft_version" value="(\d+)"', page)[1]
    assert client.post(url, {"keep": ticked, "draft_version": version, "note": "我的说明"}).status_code == 302
    assert draft.application_lines.count() == 2


@pytest.mark.parametrize("keep", [["x"], ["-1"], ["99999999999999999999"]])
def test_bent_choices_take_nothing_in(cast, log_in, december, keep):
    client = log_in(cast.property_finance)
    url, _draft = drafted(client)
    assert client.post(url, {"keep": keep, "draft_version": "1"}).status_code == 400
    assert ApplicationLine.objects.count() == 3


def test_submit_saves_and_submits(cast, log_in, december):
    client = log_in(cast.property_finance)
    url, draft = drafted(client)
    keys = list(draft.application_lines.values_list("completion_line", flat=True))
    response = client.post(url, {"keep": keys, "draft_version": "1", "then": "submit"})
    draft.refresh_from_db()
    assert (draft.state, draft.number) == (DocumentState.CIRCULATING, "CH-EA-202612-001")
    assert response.url == "/documents/CH-EA-202612-001/"


def test_who_may_begin_and_write_applications(cast, log_in, december):
    for username in ("marketing_head", "finance", "administrator"):
        assert log_in(cast[username], fresh=True).get("/settlements/new/").status_code == 403, username
    refused = log_in(cast.yj_property_clerk, fresh=True).post("/settlements/new/", CHOSEN)
    assert refused.status_code == 400
    assert "8,471.00" not in refused.content.decode()
    url, _draft = drafted(log_in(cast.property_finance))
    for username in ("marketing_head", "yj_property_clerk", "foreign_clerk", "general_manager"):
        assert log_in(cast[username], fresh=True).get(url).status_code == 404, username
    assert log_in(cast.property_clerk, fresh=True).get(url).status_code == 200


@pytest.mark.parametrize("query", ["?project=CH", "?project=WB&month=2026-12&side=pre", "?project=CH&month=x&side=pre"])
def test_a_half_or_wrong_choice_shows_no_lines(cast, log_in, december, query):
    page = log_in(cast.property_finance).get(f"/settlements/new/{query}").content.decode()
    assert "8,471.00" not in page


@pytest.mark.parametrize("query", ["month=x", "month=2026-13", "project=NONE"])
def test_any_address_of_the_months_answers(cast, log_in, query):
    assert log_in(cast.property_clerk).get(f"/settlements/applications/?{query}").status_code == 200


def test_packs_are_offered_on_an_approved_application_alone(cast, log_in, december):
    application = forms.application(cast)
    client = log_in(cast.finance)
    circulation.submit(document_id=application.pk, actor=cast.property_finance)
    application.refresh_from_db()
    pack = f"/settlements/applications/{application.number}/pack"
    assert pack not in client.get(f"/documents/{application.number}/").content.decode()
    refused = client.get(f"{pack}.xlsx")
    assert refused.status_code == 409
    assert "费用申请通过之后才能生成结算资料包" in refused.content.decode()
    forms.sign_through(application, cast)
    runs.start(Document.objects.get(pk=application.pk))
    page = client.get(f"/documents/{application.number}/").content.decode()
    for file_format in ("pdf", "xlsx"):
        assert f'href="{pack}.{file_format}"' in page
    first = client.get(f"{pack}.xlsx")
    assert first["Content-Disposition"].startswith("attachment;")
    data = first.getvalue()
    assert data == client.get(f"{pack}.xlsx").getvalue()
    assert data.startswith(b"PK")
    assert client.get(f"{pack}.zip").status_code == 404
    assert application.events.filter(code="downloaded").count() == 2
    for username in ("foreign_clerk", "yj_property_clerk", "administrator"):
        assert log_in(cast[username], fresh=True).get(f"{pack}.pdf").status_code == 404, username


def test_the_pack_as_pdf(cast, log_in, december):
    import pikepdf

    application = forms.application(cast)
    circulation.submit(document_id=application.pk, actor=cast.property_finance)
    forms.sign_through(application, cast)
    application.refresh_from_db()
    runs.start(application)
    answer = log_in(cast.finance).get(f"/settlements/applications/{application.number}/pack.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert len(pikepdf.open(io.BytesIO(answer.getvalue())).pages) >= 4


def test_pages_cost_the_same_for_1_3_and_60_lines(cast, log_in, fixed_clock, django_assert_max_num_queries):
    client = log_in(cast.property_finance)
    client.get("/settlements/applications/")
    urls = ("/settlements/applications/?month=2026-11", "/settlements/new/?project=CH&month=2026-11&side=pre")
    costs = {"list": set(), "new": set(), "edit": set()}
    for month, count in ((8, 1), (9, 3), (10, 60)):
        origin = forms.approved(cast, month=date(2026, month, 1), lines=[forms.LINES[0]] * count)
        completion = forms.completion(origin=origin, actor=cast.property_clerk)
        circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
        forms.sign_through(completion, cast)
        for name, url in zip(costs, urls, strict=False):
            with django_assert_max_num_queries(40) as counted:
                assert client.get(url).status_code == 200
            costs[name].add(len(counted))
        draft = forms.application(cast, month=date(2026, 11, 1))
        with django_assert_max_num_queries(40) as counted:
            assert client.get(f"/settlements/applications/{draft.reference}/").status_code == 200
        costs["edit"].add(len(counted))
        circulation.discard(document_id=draft.pk, actor=cast.property_finance)
    assert {name: len(found) for name, found in costs.items()} == {"list": 1, "new": 1, "edit": 1}
