"""Reports over findings: what they tell, the files and contents of the result's draft, and who produces them."""

import io
from datetime import date, timedelta
from types import SimpleNamespace

import openpyxl
import pypdfium2
import pytest

from documents import circulation, presenting, verifying
from documents.models import Document
from documents.refusals import Blocked, Denied, Invalid
from intervention import photos
from intervention.drafting import save_result
from intervention.models import ReportRun
from intervention.site import finding as finding_verbs
from intervention.site import report_runs, reporting
from intervention.site import sheets as site_sheets
from intervention.versions import changes_since
from organization import clock
from tests import forms
from tests.api.programs import Program
from tests.intervention import planned, site

pytestmark = pytest.mark.django_db
MAKE = report_runs.make_report


@pytest.fixture
def plan(cast):
    laid = planned.plan(cast, "CH-2")
    planned.started(laid, "engineering", cast)
    return laid


@pytest.fixture
def found(cast):
    """Two units, one public area; a dropped one and another instalment's that no report tells of."""
    walked = site.visit(cast)
    site.visit(cast, day=date(2026, 11, 19), participants="安平")
    rows = [
        site.found(cast, walked, building="3栋", unit="1201", description="=1+1 窗角渗水"),
        site.found(cast, walked, building="3栋", unit="1202", trade="openings", severity="grave"),
        site.found(cast, walked, area="public", unit="", part="大堂", trade="civil", description="地砖空鼓"),
    ]
    site.brought(cast, "dropped", walked)
    site.found(cast, site.visit(cast, "CH-1"), description="一期的问题")
    finding_verbs.hand(finding_id=rows[0].pk, actor=cast.property_clerk, responsible="总包", due_on=date(2026, 12, 1))
    site.photograph(cast, rows[0])
    return rows


def row_of(plan, result):
    return planned.item(plan, f"engineering.{result}")


def produce(cast, plan, result, by="property_clerk"):
    return reporting.produce(actor=cast[by], item=row_of(plan, result)).document


def opened(document):
    """The workbook's rows and the PDF's text."""
    files = {file.name.rsplit(".", 1)[1]: file.file.open("rb").read() for file in document.attachments.all()}
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    paper = pypdfium2.PdfDocument(files["pdf"])
    return book.active, "".join(page.get_textpage().get_text_range() for page in paper)


def said(document):
    return {entry.title: entry.text for entry in document.result_entries.all()}


def test_the_defect_list_tells_every_defect_and_fills_the_draft(cast, plan, found):
    document = produce(cast, plan, "defect_list")
    assert (document.state, document.result, document.title) == (
        "draft",
        "defect_list",
        "翠湖花园二期《房屋质量缺陷表》",
    )
    sheet, text = opened(document)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    values = [cell.value for cell in cells]
    assert [value for value in values if str(value).startswith("CH-F-")] == [
        "CH-F-2026-0003", "CH-F-2026-0001", "CH-F-2026-0002",
    ]  # fmt: skip
    # What people typed is text, never a formula.
    assert next(cell for cell in cells if cell.value == "=1+1 窗角渗水").data_type == "s"
    assert "一期的问题" not in values
    assert "地砖空鼓" in text
    assert "一期的问题" not in text
    assert said(document) == {
        "缺陷部位": "截至 2026-11-23，涉及楼栋：3栋；各缺陷部位见附表。",
        "缺陷内容": "截至 2026-11-23，共 3 个问题；状态：待移交 2、整改中 1；专业：土建 1、防水 1、门窗 1。",
        "责任单位和整改期限": "截至 2026-11-23，未销项 3 个，其中严重 1 个、整改逾期 0 个，请项目部按附表期限整改。",
    }


def test_the_unit_report_stands_by_unit_and_the_patrol_report_by_visit(cast, plan, found):
    units, text = opened(produce(cast, plan, "unit_quality_report"))
    values = [row[0].value for row in units.iter_rows()]
    assert values.index("3栋 1201：1 个问题，未销项 1 个") < values.index("3栋 1202：1 个问题，未销项 1 个")
    assert "地砖空鼓" not in text
    _patrol, text = opened(produce(cast, plan, "common_area_patrol_report"))
    assert "地砖空鼓" in text
    assert "窗角渗水" not in text
    assert "公共部位未发现问题" in text
    assert "2026-11-19" in text


def test_produced_again_it_takes_the_place_of_the_one_before_and_leaves_what_a_person_wrote(
    cast, plan, found, fixed_clock
):
    first = produce(cast, plan, "defect_list")
    key = first.result_entries.get(title="缺陷部位").key
    save_result(document=first, actor=cast.property_clerk, draft_version=None, entries={key: {"text": "我写的部位"}})
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 2))
    again = produce(cast, plan, "defect_list", by="property_project_manager")
    assert again.pk == first.pk
    assert sorted(file.name for file in again.attachments.all()) == [
        "房屋质量缺陷表-CH-2-20261202-090000.pdf",
        "房屋质量缺陷表-CH-2-20261202-090000.xlsx",
    ]
    assert said(again)["缺陷部位"] == "我写的部位"
    assert said(again)["责任单位和整改期限"].startswith("截至 2026-12-02，未销项 3 个，其中严重 1 个、整改逾期 1 个")
    circulation.submit(document_id=again.pk, actor=cast.property_clerk)
    with pytest.raises(Invalid, match="还在办理"):
        produce(cast, plan, "defect_list")
    assert list(verifying.differences()) == []


def test_who_may_not_and_where_there_is_nothing_to_tell(cast, plan):
    with pytest.raises(Blocked, match="还没有可写入此报告的现场问题"):
        produce(cast, plan, "defect_list")
    with pytest.raises(Denied, match="由物业经办人、项目物业经理提交"):
        produce(cast, plan, "defect_list", by="project_engineer")
    with pytest.raises(Invalid, match="不由现场问题生成"):
        reporting.produce(actor=cast.property_clerk, item=planned.item(plan, "handover.key_handover"))
    assert Document.objects.filter(kind="phase_result").count() == 0


def test_a_long_report_is_a_workbook_alone(cast, plan, found, monkeypatch):
    monkeypatch.setattr(reporting, "MOST_ON_PAPER", 2)
    made = reporting.produce(actor=cast.property_clerk, item=row_of(plan, "defect_list"))
    assert not made.on_paper
    assert [file.name[-5:] for file in made.document.attachments.all()] == [".xlsx"]
    monkeypatch.setattr(reporting.pdf, "MAX_ROWS", 4)
    with pytest.raises(Blocked, match="超过一份报告的 4 条"):
        produce(cast, plan, "defect_list")


def test_the_photographs_are_printed_under_the_number_of_their_finding(cast, plan, found):
    """Two on one finding, of which one is hidden, and one of another that cannot be read any more."""
    more = site.photograph(cast, found[0], site.jpeg((80, 40), "red"), role="before")
    hiding = site.photograph(cast, found[0], site.jpeg((80, 40), "blue"), role="before")
    photos.hide(photo_id=hiding[0].pk, actor=cast.property_clerk, reason="拍错了")
    gone = site.photograph(cast, found[1], site.jpeg((80, 40), "green"))[0]
    gone.small.storage.delete(gone.small.name)
    assert [plate.title for plate in reporting.plates(reporting.findings_of(plan, "defect_list"))] == [
        "CH-F-2026-0001 整改前", "CH-F-2026-0001 整改前", "CH-F-2026-0002 整改前",
    ]  # fmt: skip
    document = produce(cast, plan, "defect_list")
    data = document.attachments.get(name__endswith=".pdf").file.open("rb").read()
    paper = pypdfium2.PdfDocument(data)
    images = [one for page in paper for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    assert len(images) == 2
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "附图" in text
    assert text.count("整改前") == 3
    assert more[0].sha256 != gone.sha256


def test_a_report_is_made_once_by_the_worker_and_what_changed_meanwhile_is_told(cast, plan, found, monkeypatch):
    queued = []
    monkeypatch.setattr(report_runs, "make_report", SimpleNamespace(enqueue=queued.append))
    clerk, item = cast.property_clerk, row_of(plan, "defect_list")
    assert report_runs.start(actor=clerk, item=item).is_busy
    assert report_runs.start(actor=clerk, item=item).is_busy
    assert len(queued) == 1
    work = MAKE.func
    for row in found:
        finding_verbs.drop(finding_id=row.pk, actor=cast.property_project_manager, reason="不属质量问题")
    work(queued[0])
    assert (report_runs.state_of(clerk, item).state, Document.objects.filter(kind="phase_result").count()) == (
        "failed",
        0,
    )
    assert "还没有可写入此报告的现场问题" in report_runs.state_of(clerk, item).sentence
    # Whose worker died is asked for again; the other worker's late result goes nowhere.
    site.found(cast, site.visit(cast))
    report_runs.start(actor=clerk, item=item)
    ReportRun.objects.update(heard_at=clock.now() - timedelta(hours=1))
    assert "生成中断" in report_runs.state_of(clerk, item).sentence
    report_runs.take_up()
    work(queued[-1])
    work(queued[-1])
    assert report_runs.state_of(clerk, item).document == Document.objects.get(kind="phase_result").name
    # Given up, the draft is no longer offered.
    circulation.discard(document_id=Document.objects.get(kind="phase_result").pk, actor=clerk)
    assert report_runs.state_of(clerk, item).state == "none"


def test_page_and_program_produce_the_same(cast, plan, found, log_in):
    client = log_in(cast.property_clerk)
    page = client.get("/intervention/site-reports/")
    assert [line["n"] for line in page.context["lines"]] == [2, 1, 3]
    item = row_of(plan, "defect_list").pk
    made = client.post("/intervention/site-reports/", {"item": item}, follow=True)
    document = Document.objects.get(kind="phase_result")
    assert f"/intervention/results/{document.reference}/" in made.content.decode()
    answer = Program(cast.property_project_manager).post("site-reports/", {"item": item})
    assert (answer.status_code, answer.json()["document"]) == (202, document.reference)
    told = {row["item"]: row for row in Program(cast.property_project_manager).get("site-reports/").json()}
    assert (told[item]["state"], told[item]["findings"]) == ("done", 3)
    denied = Program(cast.project_engineer).post("site-reports/", {"item": item})
    assert denied.status_code == 403
    assert Program(cast.yj_property_clerk).post("site-reports/", {"item": item}).json()["errors"] == ["没有这项成果。"]
    refused = log_in(cast.yj_property_clerk).post("/intervention/site-reports/", {"item": item})
    assert "没有这项成果。" in refused.content.decode()
    empty = log_in(cast.marketing_head).get("/intervention/site-reports/").content.decode()
    assert "没有可以生成的报告" in empty


def test_a_repair_that_was_sent_back_reads_as_not_in_order_until_it_is_repaired_anew(cast, plan):
    walked = site.visit(cast)
    row = site.brought(cast, "fixed", walked)
    finding_verbs.send_back(finding_id=row.pk, actor=cast.property_clerk, reason="仍渗水，重做")
    _sheet, text = opened(produce(cast, plan, "defect_list"))
    assert "重做防水；复查不合格（林晓燕2026-11-23）：仍渗水，重做" in "".join(text.split())
    finding_verbs.fix(finding_id=row.pk, actor=cast.project_engineer, note="注浆")
    again = site.now(row)
    assert (again.repair, again.outcome) == ("注浆", "")


def test_buildings_stand_in_the_order_of_their_numbers_and_no_number_or_day_is_broken(cast, plan):
    walked = site.visit(cast)
    for building, unit in (("10栋", "302"), ("5栋", "1201"), ("5栋", "201")):
        site.found(cast, walked, building=building, unit=unit, due_on=date(2026, 12, 5))
    document = produce(cast, plan, "unit_quality_report")
    _sheet, text = opened(document)
    assert text.index("5栋 201：") < text.index("5栋 1201：") < text.index("10栋 302：")
    assert said(document)["检查范围（楼栋、单元、户）"] == "截至 2026-11-23，涉及楼栋：5栋、10栋，共 3 户。"
    assert text.count("2026-12-05") == 3
    assert text.count("CH-F-2026-0001") == 1
    assert "附　　件" not in text


def test_a_report_is_made_in_a_running_phase_alone(cast, plan, found, client):
    item = row_of(plan, "defect_list")
    other = planned.plan(cast, "CH-1")
    waiting = planned.item(other, "engineering.defect_list")
    sentence = "「翠湖花园一期」的工程配合阶段未启动，不能生成此报告；请先由营销客服部启动或重新打开该阶段。"
    answer = Program(cast.property_clerk).post("site-reports/", {"item": waiting.pk})
    assert (answer.status_code, answer.json()["errors"]) == (409, [sentence])
    client.force_login(cast.property_clerk)
    assert sentence in client.post("/intervention/site-reports/", {"item": waiting.pk}).content.decode()
    assert not ReportRun.objects.exists()
    with pytest.raises(Blocked, match=sentence):
        reporting.produce(actor=cast.property_clerk, item=waiting)
    assert Program(cast.property_clerk).post("site-reports/", {"item": item.pk}).status_code == 202


def test_the_report_of_before_is_marked_as_replaced_counted_no_more_and_not_told_as_taken_out(
    cast, plan, found, fixed_clock, log_in
):
    first = produce(cast, plan, "defect_list")
    circulation.submit(document_id=first.pk, actor=cast.property_clerk)
    now = Document.objects.get(pk=first.pk)
    seen = {"document_id": now.pk, "revision": now.revision_n, "round_n": now.round_n}
    circulation.send_back(**seen, actor=cast.property_leader, opinion="请更新到本周")
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25))
    again = produce(cast, plan, "defect_list")
    circulation.submit(document_id=again.pk, actor=cast.property_clerk)
    document = Document.objects.get(pk=again.pk)
    shown = [
        (row.cells["title"].rsplit("-", 2)[1], str(row.cells["text"]).split("（")[0] == "已由新报告替代")
        for row in presenting.signed(document, 2).sheet.rows
        if row.group == "成果文件"
    ]
    assert shown == [("20261125", False), ("20261125", False), ("20261123", True), ("20261123", True)]
    facts = {fact.label: fact.value for fact in presenting.signed(document, 2).sheet.facts}
    assert (facts["成果文件数"], document.attachments.count()) == (2, 4)
    page = log_in(cast.property_leader).get(f"/documents/{document.number}/").content.decode()
    panel = page[page.index('id="h-att"') :]
    assert panel.index("20261125") < panel.index("20261123")
    assert panel.count("已由新报告替代") == 2
    # The next version tells of its report as new, and of the one before it not as taken out.
    forms.sign_through(document, cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 2))
    second = produce(cast, plan, "defect_list")
    changes = changes_since(second, cast.property_clerk)["changes"]
    assert [(where.rsplit("-", 2)[1], change.label) for where, change in changes if change.label in "+−"] == [
        ("20261202", "+"), ("20261202", "+"),
    ]  # fmt: skip


def test_the_three_reports_of_a_day_carry_different_numbers(cast, plan, found):
    numbers = set()
    for result in ("unit_quality_report", "common_area_patrol_report", "defect_list"):
        sheet, _text = opened(produce(cast, plan, result))
        told = [cell.value for row in sheet.iter_rows(max_row=4) for cell in row if "编号：" in str(cell.value)]
        numbers.add(told[0].split("编号：")[1].split("　")[0])
    assert numbers == {"CH-2-U-20261123", "CH-2-P-20261123", "CH-2-D-20261123"}


def test_photographs_of_the_repair_and_of_the_recheck_are_told_apart(cast, plan, log_in):
    row = site.brought(cast, "open")
    site.photograph(cast, row, site.jpeg((80, 40), "red"))
    finding_verbs.hand(finding_id=row.pk, actor=cast.property_clerk, responsible="总包")
    site.photograph(cast, row, site.jpeg((80, 40), "blue"), by="project_engineer", role="after")
    finding_verbs.fix(finding_id=row.pk, actor=cast.project_engineer, note="")
    site.photograph(cast, row, site.jpeg((80, 40), "green"), role="after")
    found = reporting.findings_of(plan, "defect_list")
    assert [plate.title for plate in reporting.plates(found)] == [
        f"{row.number} 整改前", f"{row.number} 整改后", f"{row.number} 复查",
    ]  # fmt: skip
    assert site_sheets.defect_sheet(plan, found, clock.today()).rows[0].cells["photos"] == "1 / 1 / 1"
    assert (
        f'alt="{row.number} 复查'
        in log_in(cast.property_leader).get(f"/intervention/findings/{row.pk}/").content.decode()
    )
