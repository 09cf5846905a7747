"""``manage.py import_form`` on the clerks' workbooks: what it prints, what it stores, and that it stores all or nothing."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from documents.models import Counter, Document
from tests import forms

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
GOOD = SAMPLES / "03-物业采购申请表.xlsx"
FAULTY = SAMPLES / "06-有错误的采购申请表.xlsx"
PLACE = ("--project", "CH", "--instalment", "CH-2", "--month", "2026-12")


def run(capsys, workbook, *options, kind="purchase_request", place=PLACE, by="property_clerk"):
    """Exit status, standard output, standard error."""
    code = 0
    try:
        call_command("import_form", kind, str(workbook), *place, "--as", by, *options)
    except SystemExit as ended:
        code = ended.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_good_workbook_becomes_a_draft_whose_reference_is_printed(cast, capsys):
    code, out, err = run(capsys, GOOD)

    document = Document.objects.get()
    assert (code, out, err) == (0, f"{document.reference}\n", "")
    assert (document.state, str(document.amount), document.work_lines.count()) == ("draft", "21658.50", 11)
    assert document.creator == cast.property_clerk


def test_submitted_at_once_its_number_is_printed(cast, capsys):
    assert run(capsys, GOOD, "--submit")[:2] == (0, "CH-PR-202612-001\n")
    assert Document.objects.get().state == "circulating"


def test_as_json_it_prints_one_object(cast, capsys):
    code, out, _err = run(capsys, GOOD, "--json")
    assert (code, json.loads(out)) == (0, {"reference": Document.objects.get().reference, "warnings": []})

    code, out, _err = run(capsys, GOOD, "--submit", "--json")
    answer = json.loads(out)
    assert (code, answer["number"]) == (0, "CH-PR-202612-001")
    assert "同一个文件已导入过" in answer["warnings"][0]


def test_the_faulty_workbook_is_refused_with_every_row_and_nothing_is_stored(cast, capsys):
    code, out, err = run(capsys, FAULTY)

    assert code == 1
    rows = [int(line.split()[1]) for line in out.splitlines()]
    assert all(line.startswith("第 ") for line in out.splitlines())
    assert sorted(set(rows)) == [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert "没有导入任何内容" in err
    assert not Document.objects.exists()


def test_faults_as_json_have_five_keys_and_integer_rows(cast, capsys):
    code, out, _err = run(capsys, FAULTY, "--json", "--submit")

    errors = json.loads(out)["errors"]
    assert code == 1
    assert all(set(error) == {"sheet", "row", "column", "value", "message"} for error in errors)
    assert sorted({error["row"] for error in errors}) == [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert not Document.objects.exists()
    assert not Counter.objects.exists()


def test_when_the_submission_is_refused_the_import_is_undone(cast, capsys):
    taken = forms.submitted(cast)

    code, out, _err = run(capsys, GOOD, "--submit", "--json")

    (error,) = json.loads(out)["errors"]
    assert code == 1
    assert (error["sheet"], error["row"], error["column"], error["value"]) == (None, None, None, None)
    assert taken.number in error["message"]
    assert list(Document.objects.all()) == [taken]
    assert Counter.objects.get().last == 1


def test_a_form_that_comes_after_its_work_began_needs_its_reason(cast, capsys, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 3))

    assert run(capsys, GOOD, "--submit")[0] == 1
    assert not Document.objects.exists()
    assert run(capsys, GOOD, "--submit", "--late-reason", "上月漏报")[:2] == (0, "CH-PR-202612-001\n")
    assert Document.objects.get().late_reason == "上月漏报"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "no_such_form"}, "没有这种工作表单"),
        ({"kind": "expense_application"}, "没有这种工作表单"),
        ({"place": ("--project", "XX", "--instalment", "CH-2", "--month", "2026-12")}, "没有项目 XX"),
        ({"place": ("--project", "YJ", "--instalment", "CH-2", "--month", "2026-12")}, "没有项目 YJ 的分期 CH-2"),
        ({"place": ("--project", "CH", "--instalment", "CH-2", "--month", "2026-13")}, "YYYY-MM"),
        ({"by": "nobody"}, "没有在用的用户"),
        ({"by": "deactivated"}, "没有在用的用户"),
        ({"by": "marketing_handler"}, "marketing_handler"),
        ({"workbook": SAMPLES / "none.xlsx"}, "读不到文件"),
        ({"workbook": SAMPLES / "expected.json"}, "不是 .xlsx"),
    ],
)
def test_a_request_that_cannot_be_met_is_told_with_a_null_row(cast, capsys, change, sentence):
    asked = {"workbook": GOOD} | change
    code, out, _err = run(capsys, asked.pop("workbook"), "--json", **asked)

    errors = json.loads(out)["errors"]
    assert code == 1
    assert errors[0]["row"] is None
    if change.get("by") != "marketing_handler":
        assert sentence in errors[0]["message"]
    assert not Document.objects.exists()


def test_several_faults_of_the_request_are_told_together(cast, capsys):
    place = ("--project", "XX", "--instalment", "CH-2", "--month", "12")
    _code, out, _err = run(capsys, GOOD, place=place, by="nobody")

    assert len(out.splitlines()) == 3
