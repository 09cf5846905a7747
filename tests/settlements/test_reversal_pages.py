"""Pages and REST of reversals, interim ones and explanations."""

import re
from decimal import Decimal

import pytest

from documents import circulation
from documents.models import Document
from documents.states import DocumentState
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(cast, fixed_clock):
    """Approved in December: 8,643.00 + 864.30 = 9,507.30."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    return forms.settled(cast)


def keys(document):
    return list(document.application_lines.order_by("position").values_list("completion_line", flat=True))


def test_a_reversal_is_begun_from_the_approved_application_chosen_and_submitted(cast, log_in, original):
    client = log_in(cast.property_finance)
    page = client.get(f"/documents/{original.number}/").content.decode()
    assert f'action="/settlements/applications/{original.number}/reverse/"' in page
    url = client.post(f"/settlements/applications/{original.number}/reverse/").url
    page = client.get(url).content.decode()
    for text in (original.number, "-¥9,507.30", "人民币负玖仟伍佰零柒元叁角整", "-¥8,969.15", "冲销原因"):
        assert text in page
    # The bags alone: 1,032.00 + 103.20.
    bags = keys(original)[1]
    sent = {"keep": [bags], "draft_version": "1", "reason": "到货破损", "then": "submit"}
    number = client.post(url, sent).url.split("/")[2]
    document = Document.objects.get(number=number)
    assert (document.state, document.amount) == (DocumentState.CIRCULATING, Decimal("-1135.20"))
    assert "正在冲销" in client.get(f"/documents/{original.number}/").content.decode()
    forms.sign_through(document, cast)
    page = client.get(f"/documents/{original.number}/").content.decode()
    assert "此申请部分冲销" in page
    assert number in page
    assert "部分冲销</span>" in client.get("/inbox/mine/").content.decode()
    again = client.post(f"/settlements/applications/{number}/reverse/")
    assert again.status_code == 403
    assert "冲销申请不能再被冲销" in again.content.decode()


def test_a_reversal_without_reason_or_lines_keeps_what_was_typed(cast, log_in, original):
    client = log_in(cast.property_finance)
    url = client.post(f"/settlements/applications/{original.number}/reverse/").url
    refused = client.post(url, {"draft_version": "1", "reason": "只写了原因"})
    assert refused.status_code == 400
    assert "至少选择一行" in refused.content.decode()
    assert "只写了原因</textarea>" in refused.content.decode()
    refused = client.post(url, {"keep": keys(original), "draft_version": "1", "reason": "", "then": "submit"})
    assert refused.status_code == 409
    assert "请填写冲销原因" in refused.content.decode()
    newer = client.post(url, {"keep": keys(original)[:1], "draft_version": "1", "reason": "旧窗口"})
    assert newer.status_code == 409
    assert "旧窗口</textarea>" in newer.content.decode()
    assert "您填写的" in newer.content.decode()
    assert re.search(r"冲销原因</th><td[^>]*>旧窗口</td><td[^>]*>[^旧]", newer.content.decode())


def test_the_explanation_shows_every_step(cast, log_in, original):
    for username in ("property_clerk", "finance", "marketing_handler", "general_manager"):
        page = log_in(cast[username], fresh=True).get(f"/settlements/applications/{original.number}/explained/")
        text = page.content.decode()
        for step in (
            "8,643.00 × 10% = 864.30",
            "8,643.00 + 864.30 = 9,507.30",
            "9,507.30 ÷ 1.06 = 8,969.150943… → 8,969.15",
            "9,507.30 − 8,969.15 = 538.15",
        ):
            assert step in text, (username, step)
    for username in ("foreign_clerk", "yj_property_clerk", "administrator"):
        assert (
            log_in(cast[username], fresh=True)
            .get(f"/settlements/applications/{original.number}/explained/")
            .status_code
            == 404
        )


def test_the_draft_page_asks_for_invoice_tax_and_reasons(cast, log_in, fixed_clock):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin, actuals={"垃圾袋": {"quantity": "100", "amount": "860"}})
    draft = forms.application(cast)
    client, url = log_in(cast.property_finance), f"/settlements/applications/{draft.reference}/"
    page = client.get(url).content.decode()
    assert 'name="tax_rate" value="6"' in page
    assert f'name="reason-{origin.number}" value="其余 172.00 元留待以后月份确认"' in page
    sent = {"keep": keys(draft), "draft_version": "1", "invoice_kind": "ordinary", "note": "",
            f"reason-{origin.number}": "到货破损"}  # fmt: skip
    for wrong, sentence in (("abc", "abc"), ("101", "101"), ("6.05", "6.05"), ("-1", "-1"), ("1e1", "1e1")):
        refused = client.post(url, sent | {"tax_rate": wrong})
        assert refused.status_code == 400, wrong
        assert sentence in refused.content.decode()
        assert "到货破损" in refused.content.decode()
    assert client.post(url, sent | {"tax_rate": "3"}).status_code == 302
    draft.refresh_from_db()
    # 9,318.10 ÷ 1.03 = 9,046.699… → 9,046.70
    assert (draft.application.net, draft.application.tax) == (Decimal("9046.70"), Decimal("271.40"))
    assert draft.application_origins.get().reason == "到货破损"


def test_interim_and_future_months_on_the_new_page(cast, log_in, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    client = log_in(cast.property_finance)
    page = client.get("/settlements/new/?project=CH&month=2026-12&side=pre&nature=interim").content.decode()
    assert "专项或超计划工作" in page
    future = client.get("/settlements/new/?project=CH&month=2027-01&side=pre")
    assert future.status_code == 400
    assert "尚未开始（今天是 2026-12-20）" in future.content.decode()
    bent = client.get("/settlements/new/?project=CH&month=2026-12&side=pre&nature=reversal")
    assert bent.status_code == 400


def test_all_of_it_by_rest(cast, log_in, original):
    client = log_in(cast.property_finance)
    opened = client.post(
        f"/api/v1/documents/{original.number}/reversals/", {"reason": "重算"}, content_type="application/json"
    )
    assert opened.status_code == 201
    reference = opened.json()["document"]["reference"]
    assert opened.json()["amount"] == "-9507.30"
    lines = client.get(f"/api/v1/documents/{reference}/application-lines/").json()
    assert [(row["held"], row["amount"], row["rate"]) for row in lines] == [
        (True, "1011.00", "0.100"),
        (True, "1032.00", "0.100"),
        (True, "6600.00", "0.100"),
    ]
    kept = client.put(
        f"/api/v1/documents/{reference}/application-lines/",
        {"keep": [lines[1]["id"]], "reason": "到货破损"},
        content_type="application/json",
    )
    assert (kept.status_code, kept.json()["amount"]) == (200, "-1135.20")
    told = client.get(f"/api/v1/documents/{reference}/explained/").json()
    assert (told["commission"], told["before"]["commission"], told["after"]["commission"]) == (
        "-103.20",
        "864.30",
        "761.10",
    )
    second = client.post(f"/api/v1/documents/{original.number}/reversals/", {}, content_type="application/json")
    assert second.status_code == 403
    assert reference in second.json()["errors"][0]
    assert (
        client.post(f"/api/v1/documents/{reference}/reversals/", {}, content_type="application/json").status_code == 403
    )


def test_invoice_and_reasons_by_rest(cast, log_in, fixed_clock):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin, actuals={"垃圾袋": {"quantity": "100", "amount": "860"}})
    client = log_in(cast.property_finance)
    place = {"project": "CH", "month": "2026-12", "side": "pre", "nature": "monthly"}
    opened = client.post("/api/v1/applications/", place, content_type="application/json").json()
    reference, url = opened["document"]["reference"], "/api/v1/documents/{}/application-lines/"
    keep = [row["id"] for row in client.get(url.format(reference)).json()]
    sent = {"keep": keep, "tax_rate": "0.03", "invoice_kind": "ordinary", "reasons": {origin.number: "破损"}}
    body = client.put(url.format(reference), sent, content_type="application/json").json()
    assert (body["head"]["tax_rate"], body["head"]["net"]) == ("0.03", "9046.70")
    assert body["head"]["forms"][origin.number]["reason"] == "破损"
    for wrong in ({"tax_rate": "1.5"}, {"tax_rate": "0.0605"}, {"invoice_kind": "x"}, {"reasons": {"x": "长" * 201}}):
        assert client.put(url.format(reference), sent | wrong, content_type="application/json").status_code == 400
    circulation.submit(document_id=Document.objects.get(reference=reference).pk, actor=cast.property_finance)
