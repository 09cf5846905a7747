"""Faults in a workbook's head are told with those of its lines: at once, with their row, on page, in API and in the marked copy."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.drafting import import_work_form
from budgets.workbooks.faults import WorkbookRefused
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parent / "samples" / "05-物业服务工作确认单-超计划.xlsx"


def workbook(*head, amount=None):
    """The clerk's workbook with another line in its head, and an amount of its first line."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book.worksheets[0]
    row = next(row[0].row for row in sheet.iter_rows() if "需求部门" in str(row[0].value))
    sheet.cell(row, 1).value = "  ".join(head)
    if amount is not None:
        heading = next(cell for line in sheet.iter_rows() for cell in line if str(cell.value).startswith("金额"))
        sheet.cell(heading.row + 1, heading.column).value = amount
    target = BytesIO()
    book.save(target)
    return target.getvalue(), row


FAULTY = ("项目：翠湖花园", "分期：二期(CH-2)", "需求部门：后勤部", "紧急程度：加急", "提出日期：12月3日")


def refused(cast, data):
    with pytest.raises(WorkbookRefused) as refusal:
        import_work_form(
            kind=Kind.UNPLANNED_WORK,
            actor=cast.property_clerk,
            instalment=cast.instalments["CH-2"],
            month=forms.DECEMBER,
            data=data,
            name="a.xlsx",
        )
    return refusal.value.errors


def test_faults_of_the_head_are_told_with_those_of_the_lines(cast):
    data, row = workbook(*FAULTY, amount=1)
    errors = refused(cast, data)
    assert [(error.row, error.column, error.value) for error in errors[:3]] == [
        (row, "提出日期", "12月3日"),
        (row, "紧急程度", "加急"),
        (row, "需求部门", "后勤部"),
    ]
    assert all(error.message.startswith(f"第 {row} 行：") and error.sheet for error in errors[:3])
    assert [error.column for error in errors[3:]] == ["金额"]
    assert not Document.objects.exists()


def test_the_api_answers_a_fault_of_the_head_like_one_of_a_line(cast):
    data, row = workbook(*FAULTY)
    sent = {"kind": "unplanned_work", "instalment": "CH-2", "month": "2026-12"}
    answer = Program(cast.property_clerk).client.post(
        "/api/v1/work-forms/import/", sent | {"file": SimpleUploadedFile("a.xlsx", data)}
    )
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert [set(error) for error in errors] == [{"sheet", "row", "column", "value", "message"}] * 3
    assert {error["row"] for error in errors} == {row}


def test_a_faulty_head_is_marked_in_the_workbook_given_back(cast, log_in):
    data, row = workbook("需求部门：后勤部")
    chosen = {"instalment": cast.instalments["CH-2"].pk, "month": "2026-12", "way": "import"}
    answer = log_in(cast.property_clerk).post(
        "/budgets/new/unplanned_work/annotated/", chosen | {"file": SimpleUploadedFile("a.xlsx", data)}
    )
    assert answer.status_code == 200
    marked = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    assert "需求部门“后勤部”不在" in marked.cell(row, 1).comment.text
