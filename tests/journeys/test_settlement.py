"""A month settled for less than was approved, an application taken back in part, and the pages on which a month is followed.

Forms that only lead up to a journey are made through the verbs before the site is walked.
"""

from datetime import date
from pathlib import Path

import pytest

from budgets.drafting import import_work_form
from documents import circulation
from documents.models import Document
from tests import forms
from tests.budgets import sharing
from tests.journeys.reading_back import beside, off_after_recalculation, pdf_text, recalculated
from tests.journeys.settling import SEVEN, begin_completion, open_application, submit, sums_on, take_pack
from tests.journeys.test_a_month import APPLICATION, FORMS, SAMPLES
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PURCHASES, CONFIRMED = "CH-PR-202612-001", "CH-WC-202612-005"
# 318,576.50 − 600.00 = 317,976.50; × 10 % = 31,797.65; together 349,774.15; ÷ 1.06 = 329,975.613… → 329,975.61;
# 349,774.15 − 329,975.61 = 19,798.54
LOWER = {
    "subtotal": "317,976.50",
    "commission": "31,797.65",
    "total": "349,774.15",
    "net": "329,975.61",
    "tax": "19,798.54",
    "capital": "人民币叁拾肆万玖仟柒佰柒拾肆元壹角伍分",
}


@pytest.fixture
def walk(browser, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    walking = Walk(browser, live_server.url, tmp_path / "screens", first=59)
    yield walking
    walking.finish()


def approved_workbooks(cast) -> dict[str, Document]:
    """The five workbooks as approved forms, by number."""
    found = {}
    for name, kind, _figure, number, _signers in FORMS:
        document, _warnings = import_work_form(
            kind=kind,
            actor=cast.property_clerk,
            instalment=cast.instalments["CH-2"],
            month=forms.DECEMBER,
            data=(SAMPLES / name).read_bytes(),
            name=name,
        )
        document.work_form.contact, document.work_form.urgency = "陈思琪", "紧急"
        document.work_form.requested_on = date(2026, 11, 20)
        document.work_form.save()
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
        found[number] = forms.sign_through(document, cast)
    return found


def confirm_less(walk: Walk) -> None:
    """Of 鲜花绿植更换, approved at 6,600.00, only 6,000.00 was spent."""
    page = begin_completion(walk, PURCHASES)
    line = page.locator("[data-actual]", has_text="鲜花绿植更换")
    line.locator("[data-key=amount]").fill("6000")
    line.locator("[data-key=note]").fill("供应商优惠")
    assert page.locator("[data-grid-total]").inner_text() == "21,058.50"
    walk.look(page, "completion-with-less")
    submit(page)
    for username in ("marketing_handler", "marketing_head"):
        walk.sign(username, CONFIRMED)


def apply_for_less(walk: Walk, cast) -> None:
    page = open_application(walk, tuple(LOWER.values()))
    assert sums_on(page) == LOWER
    page.locator(f'[name="reason-{PURCHASES}"]').fill("按实付结算")
    walk.look(page, "application-with-a-reason")
    submit(page)
    for username in SEVEN:
        if username in ("marketing_handler", "general_manager"):
            page = walk.sign(username, APPLICATION)
        else:
            forms.sign(Document.objects.get(number=APPLICATION), cast[username])
    assert "已通过" in page.locator("main").inner_text()


def let_the_rest_lapse(walk: Walk) -> None:
    page = walk.page("property_clerk")
    page.goto(f"/documents/{PURCHASES}/")
    page.locator('[data-verb="lapse_rest"]:visible').first.click()
    dialog = page.locator("#dlg-lapse_rest")
    assert "600.00" in dialog.inner_text()
    dialog.locator("#lapse-reason").fill("已按实付结清，不再发生")
    walk.look(page, "lapse-dialogue")
    dialog.get_by_role("button", name="确认余量失效").click()
    page.wait_for_load_state("networkidle")
    panel = page.locator("section", has=page.locator("#h-rests"))
    assert "声明 ¥600.00 失效：已按实付结清，不再发生" in panel.inner_text()
    walk.look(page, "rest-lapsed")


def test_one_line_confirmed_lower_is_settled_for_less_and_its_rest_lapses(walk, cast, fixed_clock, tmp_path: Path):
    origins = approved_workbooks(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    for number, origin in origins.items():
        if number != PURCHASES:
            forms.confirmed(cast, origin)

    confirm_less(walk)
    apply_for_less(walk, cast)
    pdf, book = take_pack(walk, APPLICATION, tmp_path)
    text = pdf_text(pdf)
    for word in (*LOWER.values(), "按实付结算", "税率6%", *origins):
        assert word in text, word
    sheets = recalculated(book, tmp_path)
    assert off_after_recalculation(book, sheets) == []
    assert beside(sheets["汇总"], "申请金额合计（价税合计）") == 349774.15
    assert beside(sheets["汇总"], "其余合计") == 600
    let_the_rest_lapse(walk)


def take_back_the_bags(walk: Walk) -> None:
    """1,032.00 of 垃圾袋 and its 103.20 of commission."""
    page = walk.page("property_finance")
    page.goto(f"/documents/{APPLICATION}/")
    page.get_by_role("button", name="冲销申请").click()
    page.wait_for_url("**/settlements/applications/**")
    for subject in ("洗地机清洁剂", "鲜花绿植更换"):
        page.locator("tr", has_text=subject).locator("[name=keep]").uncheck()
    page.locator("#id_reason").fill("到货破损，已退回供应商")
    # 9,507.30 − 8,372.10 = 1,135.20; 8,969.15 − 7,898.21 = 1,070.94
    assert sums_on(page) == {
        "subtotal": "-1,032.00",
        "commission": "-103.20",
        "total": "-1,135.20",
        "net": "-1,070.94",
        "tax": "-64.26",
        "capital": "人民币负壹仟壹佰叁拾伍元贰角整",
    }
    walk.look(page, "reversal")
    submit(page)
    assert "冲销" in page.locator("h1").inner_text()


def test_one_line_is_taken_back_and_the_month_is_followed_on_its_pages(walk, cast, fixed_clock):
    walk.seen = 69
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    forms.settled(cast)
    forms.submitted(cast, instalment="CH-1")  # begun after its month had: overdue, marked 事后补报
    sharing.split(cast, sharing.staffing_plan(cast, month=date(2027, 1, 1)))

    take_back_the_bags(walk)
    reversing = Document.objects.get(amount="-1135.20")
    page = walk.page("property_finance")
    forms.sign_through(reversing, cast)
    page.goto(f"/settlements/applications/{reversing.number}/explained/")
    assert "-1,135.20" in page.locator("main").inner_text()
    walk.look(page, "reversal-explained")

    for address, name, text in (
        (f"/documents/{APPLICATION}/", "application-partly-reversed", "部分冲销"),
        ("/settlements/applications/?month=2026-12", "month-overview", reversing.number),
        ("/settlements/ageing/", "ageing", "1,032.00"),
        ("/settlements/compare/?project=CH&left=2026-11&right=2026-12", "compare-months", "8,643.00"),
    ):
        page.goto(address)
        assert text in page.locator("main").inner_text(), address
        walk.look(page, name)
    clerk = walk.page("property_clerk")
    for address, name, text in (
        ("/budgets/shared/?project=CH&month=2027-01", "shared-staff", "60 %"),
        ("/inbox/overdue/", "overdue", "CH-PR-202612-002"),
        ("/budgets/completions/", "completions-to-do", "事后确认"),
    ):
        clerk.goto(address)
        assert text in clerk.locator("main").inner_text(), address
        walk.look(clerk, name)
    administrator = walk.page("administrator")
    administrator.goto("/settings/calendar/")
    assert "2026" in administrator.locator("main").inner_text()
    walk.look(administrator, "calendar")
