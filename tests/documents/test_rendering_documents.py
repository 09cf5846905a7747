"""From a document to its paper: what is printed of which revision, and what is kept."""

import hashlib
import re
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from documents import circulation
from documents.models import Document, RenderedFile
from documents.rendering import keeping, pdf, xlsx
from documents.rendering.keeping import document_pdf, keep_pdf, kept_pdf
from documents.rendering.kept import KeptFileDamaged
from documents.rendering.kept import read as read_kept
from documents.rendering.pdf import pdf_bytes
from documents.rendering.printout import printout
from documents.rendering.xlsx import document_workbook
from tests import forms
from tests.api.programs import Program
from tests.documents.test_rendering_pdf import squeeze, text

pytestmark = pytest.mark.django_db


def again(document):
    return Document.objects.get(pk=document.pk)


def test_an_approved_form_prints_its_signatures_and_no_watermark(cast):
    document = forms.approved(cast)
    paper = printout(document)
    assert paper.watermark == ""
    assert (paper.company, paper.title, paper.number) == ("示例物业服务有限公司", "物业采购申请表", "CH-PR-202612-001")
    assert [(row.station, row.opinion, row.remark) for row in paper.sign_offs] == [
        ("提交人", "提交审批", ""),
        ("物业地产配合业务分管领导", "同意", "会签"),
        ("物业财务部负责人", "同意", "会签"),
        ("营销小组经办人", "同意", ""),
        ("营销小组负责人", "同意", ""),
    ]
    assert all(row.name and row.at == "2026-11-23 09:00" for row in paper.sign_offs)
    assert dict(paper.dates) == {"申请日期": "2026 年 11 月 23 日", "办结日期": "2026 年 11 月 23 日"}
    assert re.fullmatch(r"http://.+/verify/CH-PR-202612-001/[0-9A-Z]{4}-[0-9A-Z]{4}/", paper.verify_url)
    shown = text(pdf_bytes(document))
    assert squeeze("人民币捌仟陆佰肆拾叁元整¥8,643.00") in shown
    assert squeeze(f"{document.number} · 校验码 {document.check_code}") in shown


def test_a_form_on_its_way_is_marked_and_shows_who_has_not_signed(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader, opinion="按计划采购")
    paper = printout(again(document))
    assert paper.watermark == "未审批完成"
    assert [bool(row.name) for row in paper.sign_offs] == [True, True, False, False, False]
    assert paper.sign_offs[1].opinion == "按计划采购"


def test_a_draft_has_no_check_code_and_no_signatures(cast):
    paper = printout(forms.purchase_request(cast))
    assert (paper.watermark, paper.check_code, paper.verify_url, paper.sign_offs) == ("未审批完成", "", "", ())
    assert paper.number.startswith("D-")


def test_a_return_is_printed_with_its_reason_and_the_working_copy_without_signatures(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader, opinion="单价偏高")
    signed, working = printout(again(document)), printout(again(document), 0)
    assert "退回：单价偏高" in [row.opinion for row in signed.sign_offs]
    assert (working.sign_offs, working.watermark, working.state) == ((), "未审批完成", "已退回（修改中）")


def test_an_older_revision_prints_its_own_figures_and_says_that_it_is_old(cast):
    document = forms.submitted(cast)
    line = document.work_lines.get(subject="鲜花绿植更换")
    forms.send_back(document, cast.property_leader, proposals={line.key: Decimal("6000.00")})
    circulation.take_over(document_id=document.pk, actor=cast.property_clerk)
    approved = forms.sign_through(again(document), cast)
    old = printout(approved, 1)
    assert old.state == "第 1 次提交（现为第 2 次提交）"
    assert old.watermark == "未审批完成"
    assert old.sheet.amount == Decimal("8643.00")
    new = printout(approved)
    assert (new.sheet.amount, new.watermark, new.state) == (Decimal("8043.00"), "", "已通过（第 2 次提交）")
    assert new.sign_offs[0].opinion == "第 2 次提交审批"


def test_rejected_and_voided_forms_say_so(cast):
    document = forms.submitted(cast)
    now = again(document)
    circulation.reject(
        document_id=now.pk, actor=cast.property_leader, revision=now.revision_n, round_n=now.round_n, opinion="不需要"
    )
    rejected = printout(again(document))
    assert rejected.watermark == "已否决"
    assert "否决：不需要" in [row.opinion for row in rejected.sign_offs]

    other = forms.submitted(cast, instalment="CH-1")
    circulation.withdraw(document_id=other.pk, actor=cast.property_clerk)
    circulation.void(document_id=other.pk, actor=cast.property_clerk, reason="填错分期")
    assert printout(again(other)).watermark == "作废"


def test_paper_is_chinese_whatever_language_is_active(cast):
    document = forms.approved(cast)
    here = printout(document), pdf_bytes(document), document_workbook(document)
    with translation.override("en"):
        assert (printout(again(document)), pdf_bytes(again(document)), document_workbook(again(document))) == here


def test_printing_takes_the_same_number_of_queries_for_any_number_of_lines_and_signatures(cast):
    def queries(document):
        document = Document.objects.select_related(
            "creator__company", "project", "instalment__project", "department", "submitted_by"
        ).get(pk=document.pk)
        with CaptureQueriesContext(connection) as captured:
            printout(document)
        return len(captured)

    small = queries(forms.submitted(cast))
    large = queries(forms.approved(cast, instalment="CH-1", lines=forms.LINES * 20))
    assert small == large <= 8


def test_a_kept_pdf_is_made_once_and_handed_out_unchanged(cast, fixed_clock):
    document = forms.approved(cast)
    kept = kept_pdf(document)
    assert read_kept(kept) == document_pdf(document) == pdf_bytes(document)
    assert kept.sha256 == hashlib.sha256(read_kept(kept)).hexdigest()
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 5, 1))
    assert kept_pdf(again(document)).pk == kept.pk
    assert RenderedFile.objects.filter(document=document).count() == 1


def test_a_form_on_its_way_is_never_kept(cast):
    document = forms.submitted(cast)
    with pytest.raises(ValueError, match="not decided"):
        kept_pdf(document)
    assert "未审批完成"[0] in text(document_pdf(document))
    keep_pdf.func(document.pk)
    assert not RenderedFile.objects.exists()


def test_the_task_keeps_a_decided_form_and_may_run_twice(cast):
    document = forms.approved(cast)
    keep_pdf.func(document.pk)
    keep_pdf.func(document.pk)
    assert RenderedFile.objects.filter(document=document).count() == 1


def test_who_loses_the_race_gets_the_winners_file_and_leaves_none_behind(cast, monkeypatch):
    document = forms.approved(cast)
    files = []
    real = pdf_bytes

    def slow(form, revision_n=None):
        """While this one renders, another one keeps the form."""
        monkeypatch.setattr(keeping, "pdf_bytes", real)
        files.append(kept_pdf(form))
        return real(form)

    monkeypatch.setattr(keeping, "pdf_bytes", slow)
    assert kept_pdf(document).pk == files[0].pk
    assert RenderedFile.objects.filter(document=document).count() == 1
    folders, _files = default_storage.listdir("rendered")
    assert sum(len(default_storage.listdir(f"rendered/{folder}")[1]) for folder in folders) == 1


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_files_are_never_handed_out_and_named_by_verify(cast, damage):
    document = forms.approved(cast)
    kept = kept_pdf(document)
    assert list(keeping.differences()) == []
    name = kept.file.name
    default_storage.delete(name)
    if damage == "changed":
        from django.core.files.base import ContentFile

        default_storage.save(name, ContentFile(b"%PDF another"))
    with pytest.raises(KeptFileDamaged):
        document_pdf(document)
    assert list(keeping.differences()) == [f"documents_renderedfile {kept.pk} sha256"]


def test_a_long_form_on_its_way_is_a_workbook_and_no_pdf_that_others_wait_behind(cast, log_in, monkeypatch):
    """The engine renders one at a time: minutes of it belong to the worker, and are kept."""
    running, decided = forms.submitted(cast), forms.approved(cast, instalment="CH-1")
    client = log_in(cast.property_clerk)
    for module in (pdf, keeping):
        monkeypatch.setattr(module, "QUICK_ROWS", 2)
    answer = client.get(f"/documents/{running.number}/pdf/")
    assert (answer.status_code, "请下载 Excel" in answer.content.decode()) == (409, True)
    assert client.get(f"/documents/{running.number}/xlsx/").status_code == 200
    answer = client.get(f"/documents/{decided.number}/pdf/")
    assert (answer.status_code, "存档 PDF 正在后台生成" in answer.content.decode()) == (409, True)
    keep_pdf.func(decided.pk)
    assert client.get(f"/documents/{decided.number}/pdf/").status_code == 200


def test_a_form_with_more_lines_than_can_be_printed_says_so_on_page_and_to_programs(cast, log_in, monkeypatch):
    running = forms.submitted(cast)
    for module in (pdf, xlsx):
        monkeypatch.setattr(module, "MAX_ROWS", 2)
    for ending in ("pdf", "xlsx"):
        answer = log_in(cast.property_clerk, fresh=True).get(f"/documents/{running.number}/{ending}/")
        assert (answer.status_code, "PDF 和 Excel 一次最多 2 行" in answer.content.decode()) == (409, True)
        told = Program(cast.property_clerk).get(f"documents/{running.number}/{ending}/")
        assert (told.status_code, "一次最多 2 行" in told.json()["errors"][0]) == (409, True)
