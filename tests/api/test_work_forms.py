"""Drafting over the API: lines, workbooks, copies, confirmations, applications."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document
from tests import forms
from tests.api.programs import ABSENT, Program

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[1] / "budgets" / "samples"
PLACE = {"kind": "purchase_request", "instalment": "CH-2", "month": "2026-12"}


def sample(start):
    path = next(SAMPLES.glob(f"{start}-*"))
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_a_draft_is_opened_with_lines_and_written_again(cast):
    clerk = Program(cast.property_clerk)
    answer = clerk.post("work-forms/", {**PLACE, "lines": forms.LINES})
    assert (answer.status_code, answer.json()["amount"]) == (201, "8643.00")
    body = answer.json()
    name = body["document"]["reference"]
    lines = [{**line, "quantity": 1} for line in body["lines"][:2]] + [{"category": "工程", "subject": "灯管", "unit": "支",
              "quantity": 2.5, "price": "10"}]  # fmt: skip
    sent = {"draft_version": body["draft_version"], "lines": lines, "note": "按实"}
    answer = clerk.put(f"documents/{name}/lines/", sent)
    after = answer.json()
    assert (answer.status_code, after["amount"], after["head"]["note"]) == (200, "202.10", "按实")
    assert [line["id"] for line in after["lines"][:2]] == [line["id"] for line in body["lines"][:2]]
    again = clerk.put(f"documents/{name}/lines/", sent)
    assert (again.status_code, len(again.json()["errors"])) == (409, 1)


def test_faulty_cells_are_all_placed(cast):
    lines = [
        {"category": "清洁", "subject": "甲", "unit": "桶", "quantity": "1", "price": "2"},
        {"category": "绿化", "subject": "", "unit": "桶", "quantity": "一百", "price": -1},
        {},
        {"category": "清洁", "subject": "乙", "unit": "桶", "quantity": True, "price": "1.234"},
    ]
    answer = Program(cast.property_clerk).post("work-forms/", {**PLACE, "lines": lines})
    body = answer.json()
    assert answer.status_code == 400
    assert [(fault["line"], fault["column"]) for fault in body["faults"]] == [
        (2, "category"), (2, "subject"), (2, "quantity"), (2, "price"), (4, "quantity"), (4, "price"),
    ]  # fmt: skip
    assert body["errors"][0] == f"第 2 行：{body['faults'][0]['message']}"
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"instalment": "NO-1"}, 400),
        ({"instalment": "WB-1"}, 400),
        ({"instalment": "YJ-1"}, 400),
        ({"instalment": "CH\0"}, 400),
        ({"kind": "work_completion"}, 400),
        ({"kind": "annual_budget"}, 400),
        ({"kind": "x"}, 400),
        ({"month": "2026-00"}, 400),
        ({"month": 202612}, 400),
        ({"month": None}, 400),
        ({"lines": "x"}, 400),
        ({"lines": [1]}, 400),
        ({"lines": [{"subject": ["x"]}]}, 400),
        ({"lines": [{"subject": {"$ne": 1}}]}, 400),
        ({"lines": [{"quantity": 10**300, "subject": "x"}]}, 400),
    ],
)
def test_what_cannot_be_opened_is_told_and_nothing_is_stored(cast, change, status):
    answer = Program(cast.property_clerk).post("work-forms/", {**PLACE, **change})
    assert (answer.status_code, Document.objects.count()) == (status, 0), answer.content.decode()
    assert answer.json()["errors"]


def test_a_foreign_instalment_reads_like_none(cast):
    clerk = Program(cast.property_clerk)
    answers = [clerk.post("work-forms/", {**PLACE, "instalment": code}) for code in ("YJ-1", "WB-1", "NO-1")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}


def test_who_may_not_file_is_told_who_may(cast):
    answer = Program(cast.property_leader).post("work-forms/", {**PLACE, "lines": [{"subject": "x"}]})
    assert answer.status_code == 403
    assert "由物业经办人、项目物业经理填报" in answer.json()["errors"][0]


def test_fields_that_are_not_asked_for_are_not_taken(cast):
    sent = {**PLACE, "lines": forms.LINES, "state": "approved", "number": "X-1", "amount": "1", "side": "post",
            "creator": cast.property_leader.pk, "project": "WB", "title": "别的"}  # fmt: skip
    body = Program(cast.property_clerk).post("work-forms/", sent).json()
    document = Document.objects.get()
    assert (document.state, document.number, document.creator, document.side, document.project.code) == (
        "draft", None, cast.property_clerk, "pre", "CH",
    )  # fmt: skip
    assert (body["amount"], document.title) == ("8643.00", "2026年12月物业采购申请表")


def test_a_workbook_becomes_a_draft(cast):
    answer = Program(cast.property_clerk).upload("work-forms/import/", **PLACE, file=sample("03"))
    assert answer.status_code == 201, answer.content.decode()
    assert (answer.json()["document"]["amount"], answer.json()["warnings"]) == ("21658.50", [])
    again = Program(cast.property_clerk).upload("work-forms/import/", **PLACE, file=sample("03"))
    assert len(again.json()["warnings"]) == 1


def test_a_faulty_workbook_is_refused_with_every_row(cast):
    answer = Program(cast.property_clerk).upload("work-forms/import/", **PLACE, file=sample("06"))
    errors = answer.json()["errors"]
    assert answer.status_code == 400
    assert {tuple(sorted(error)) for error in errors} == {("column", "message", "row", "sheet", "value")}
    assert len({error["row"] for error in errors}) >= 11
    assert not Document.objects.exists()


def test_what_is_no_workbook_is_refused(cast):
    clerk = Program(cast.property_clerk)
    for data in (b"", b"not a workbook", b"x" * (5 * 1024 * 1024 + 1)):
        answer = clerk.upload("work-forms/import/", **PLACE, file=SimpleUploadedFile("表.xlsx", data))
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["row"]) == (413 if len(data) > 100 else 400, None)
    assert clerk.upload("work-forms/import/", **PLACE).json() == {"errors": ["文件：没有提交任何文件。"]}


def test_last_month_is_copied(cast):
    clerk = Program(cast.property_clerk)
    assert clerk.post("work-forms/copy/", PLACE).status_code == 400
    forms.submitted(cast, month=date(2026, 11, 1))
    answer = clerk.post("work-forms/copy/", PLACE)
    assert (answer.status_code, answer.json()["amount"], answer.json()["document"]["month"]) == (
        201,
        "8643.00",
        "2026-12",
    )


def test_lines_of_a_form_on_its_way_are_not_written(cast):
    document = forms.submitted(cast)
    answer = Program(cast.property_clerk).put(f"documents/{document.number}/lines/", {"lines": [{"subject": ""}]})
    assert (answer.status_code, answer.json()["errors"]) == (403, ["单据「审批中」，不能修改。"])
    wrong = Program(cast.property_clerk).put(f"documents/{document.number}/actuals/", {"lines": []})
    assert (wrong.status_code, wrong.json()) == (404, ABSENT)


def test_from_confirmation_to_the_pack(cast, fixed_clock):
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20, 9, 0))
    clerk, finance = Program(cast.property_clerk), Program(cast.property_finance)

    answer = clerk.post("completions/", {"origin": document.number})
    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    name = body["document"]["reference"]
    lines = [{"id": line["id"], "quantity": line["quantity"], "amount": ""} for line in body["lines"]]
    lines[2] |= {"quantity": "3", "note": "少一次"}
    over = clerk.put(f"documents/{name}/actuals/", {"lines": [{**lines[0], "quantity": "7"}]})
    assert (over.status_code, over.json()["faults"][0]["column"]) == (400, "quantity")
    answer = clerk.put(f"documents/{name}/actuals/", {"draft_version": body["draft_version"], "lines": lines})
    assert (answer.status_code, answer.json()["amount"]) == (200, "6993.00")
    number = clerk.act(name, "submit").json()["document"]["number"]
    for username in ("marketing_handler", "marketing_head"):
        assert Program(cast[username]).act(number, "sign").status_code == 200

    sent = {"project": "CH", "month": "2026-12", "side": "pre"}
    assert finance.post("applications/", {**sent, "project": "YJ"}).status_code in (400, 403)
    assert finance.post("applications/", {**sent, "project": "NO"}).json() == {"errors": ["没有这个项目，请核对编码。"]}
    answer = finance.post("applications/", sent)
    assert (answer.status_code, answer.json()["amount"]) == (201, "7692.30")
    name, version = answer.json()["document"]["reference"], answer.json()["draft_version"]
    lines = finance.get(f"documents/{name}/application-lines/").json()
    assert [(line["held"], line["amount"]) for line in lines] == [
        (True, "1011.00"),
        (True, "1032.00"),
        (True, "4950.00"),
    ]
    keep = [line["id"] for line in lines[:2]]
    answer = finance.put(f"documents/{name}/application-lines/", {"draft_version": version, "keep": keep})
    assert (answer.status_code, answer.json()["amount"]) == (200, "2247.30")
    assert [line["held"] for line in finance.get(f"documents/{name}/application-lines/").json()] == [True, True, False]
    empty = finance.put(f"documents/{name}/application-lines/", {"keep": []})
    assert (empty.status_code, len(empty.json()["errors"])) == (400, 1)

    number = finance.act(name, "submit").json()["document"]["number"]
    early = finance.get(f"documents/{number}/pack/pdf/")
    assert (early.status_code, early.json()["errors"]) == (409, ["费用申请通过之后才能生成结算资料包。"])
    forms.sign_through(Document.objects.get(number=number), cast)
    missing = finance.get(f"documents/{number}/pack/pdf/")
    assert (missing.status_code, missing.json()["errors"]) == (409, ["资料包尚未生成，请先点「生成资料包」。"])
    started = finance.post(f"documents/{number}/pack/", {})
    assert started.status_code == 202
    assert started.json() == finance.get(f"documents/{number}/pack/").json()
    assert [(file["format"], file["state"], file["percent"]) for file in started.json()["files"]] == [
        ("pdf", "done", 100),
        ("xlsx", "done", 100),
    ]
    first, second = (finance.get(f"documents/{number}/pack/pdf/").getvalue() for _n in range(2))
    assert (first[:5], first == second) == (b"%PDF-", True)
    assert finance.get(f"documents/{number}/pack/xlsx/").getvalue()[:2] == b"PK"
    assert finance.get(f"documents/{number}/pack/zip/").status_code == 404
    assert Program(cast.yj_property_clerk).get(f"documents/{number}/pack/pdf/").json() == ABSENT


def test_a_confirmation_of_what_one_may_not_see_is_absent(cast):
    document = forms.approved(cast)
    foreign = Program(cast.yj_property_clerk)
    for origin in (document.number, "CH-PR-202612-999"):
        answer = foreign.post("completions/", {"origin": origin})
        assert (answer.status_code, answer.json()) == (404, ABSENT)
