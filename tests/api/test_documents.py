"""Reading over the API: lists, one form, its submissions, its files, notices; and what stays unseen."""

import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents import circulation
from documents.models import Document, Notice
from tests import forms
from tests.api.programs import ABSENT, Program

pytestmark = pytest.mark.django_db


def references(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [row["document"]["reference"] for row in answer.json()["results"]]


def test_a_form_says_what_it_is(cast):
    document = forms.submitted(cast)
    body = Program(cast.property_clerk).get(f"documents/{document.number}/").json()
    head = body["document"]
    assert {
        key: head[key] for key in ("reference", "number", "kind", "kind_label", "title", "month", "side", "state")
    } == {
        "reference": "CH-PR-202612-001",
        "number": "CH-PR-202612-001",
        "kind": "purchase_request",
        "kind_label": "物业采购申请表",
        "title": "2026年12月物业采购申请表",
        "month": "2026-12",
        "side": "pre",
        "state": "circulating",
    }
    assert (head["project"], head["instalment"]["code"]) == ({"code": "CH", "name": "翠湖花园"}, "CH-2")
    assert (body["amount"], body["is_working_copy"], body["draft_version"]) == ("8643.00", False, None)
    assert body["totals"] == [{"key": "total", "label": "合计", "value": "8643.00"}]
    assert [(line["subject"], line["quantity"], line["price"], line["amount"]) for line in body["lines"]] == [
        ("洗地机清洁剂", "6", "168.50", "1011.00"),
        ("垃圾袋", "120", "8.60", "1032.00"),
        ("鲜花绿植更换", "4", "1650.00", "6600.00"),
    ]
    assert {offer["verb"]: offer["possible"] for offer in body["offers"]} == {"withdraw": True, "comment": True}
    assert body["way"]["expected"] is False
    assert [station["position"] for station in body["way"]["stations"]] == [1, 2, 3]


def test_a_draft_shows_the_chain_that_it_would_get(cast):
    draft = forms.purchase_request(cast)
    body = Program(cast.property_clerk).get(f"documents/{draft.reference}/").json()
    assert (body["is_working_copy"], body["draft_version"], body["way"]["expected"]) == (
        True,
        draft.draft_version,
        True,
    )
    assert body["way"]["stations"][0]["steps"][0]["names"] == ["何志远"]


def test_the_reference_of_a_draft_goes_on_naming_the_form_that_it_became(cast):
    document = forms.submitted(cast)
    answer = Program(cast.property_clerk).get(f"documents/{document.reference}/")
    assert (answer.status_code, answer.json()["document"]["number"]) == (200, document.number)


def test_the_reference_of_a_draft_names_nothing_for_those_who_may_not_see_the_form(cast):
    document = forms.submitted(cast)
    answer = Program(cast.yj_property_clerk).get(f"documents/{document.reference}/")
    assert (answer.status_code, answer.json()) == (404, ABSENT)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "pdf/",
        "xlsx/",
        "trail/",
        "revisions/1/",
        "attachments/1/",
        "lines/",
        "actuals/",
        "application-lines/",
        "pack/",
        "pack/pdf/",
    ],
)
@pytest.mark.parametrize(
    "username", ["foreign_clerk", "yj_property_clerk", "outsider", "administrator", "account_auditor"]
)
def test_what_one_may_not_see_answers_like_what_is_not_there(cast, username, path):
    document = forms.submitted(cast)
    program = Program(cast[username])
    ask = program.put if path in ("lines/", "actuals/") else None
    answers = [
        ask(f"documents/{name}/{path}", {"lines": []}) if ask else program.get(f"documents/{name}/{path}")
        for name in (document.number, "CH-PR-202612-999", document.reference, "no-such\0thing")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {
        json.dumps(ABSENT, ensure_ascii=False, separators=(",", ":")).encode()
    }


def test_an_address_that_does_not_exist_answers_the_same(cast):
    answer = Program(cast.property_clerk).get("no/such/address/")
    assert (answer.status_code, answer.json()) == (404, ABSENT)


def test_lists_are_filtered_and_hold_only_what_one_sees(cast):
    first = forms.submitted(cast)
    second = forms.submitted(cast, instalment="CH-1")
    draft = forms.purchase_request(cast)
    other = forms.submitted(cast, by="yj_property_clerk", instalment="YJ-1")
    clerk = Program(cast.property_clerk)

    assert references(clerk.get("documents/")) == [draft.reference, second.number, first.number]
    assert references(clerk.get("documents/", state="draft")) == [draft.reference]
    assert references(clerk.get("documents/", kind="work_completion")) == []
    assert references(clerk.get("documents/", month="2026-12", project="CH")) == [
        draft.reference, second.number, first.number,
    ]  # fmt: skip
    assert references(clerk.get("documents/", month="2026-11")) == []
    assert references(clerk.get("documents/", text="202612-002")) == [second.number]
    assert references(clerk.get("documents/", project="YJ")) == []
    assert references(clerk.get("documents/", text="YJ")) == []
    assert references(Program(cast.yj_property_clerk).get("documents/")) == [other.number]
    assert references(Program(cast.property_leader).get("documents/")) == [other.number, second.number, first.number]
    assert references(Program(cast.administrator).get("documents/")) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"state": "open"}, "状态：所填的不是可选项，请改为以下之一："),
        ({"kind": "x"}, "类型"),
        ({"month": "2026-13"}, "月份：请填写月份，例如 2026-12。"),
        ({"month": "２０２６-１２"}, "月份"),
        ({"after": "x"}, "起点："),
        ({"after": str(10**30)}, "起点："),
        ({"text": "a\0b"}, "查询条件含有不可见的控制字符"),
        ({"text": "长" * 101}, "关键词"),
    ],
)
def test_a_wrong_filter_is_told(cast, query, sentence):
    answer = Program(cast.property_clerk).get("documents/", **query)
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"][0]


def test_the_inbox_has_its_tabs(cast):
    document = forms.submitted(cast)
    draft = forms.purchase_request(cast)
    assert references(Program(cast.property_leader).get("inbox/to-sign/")) == [document.number]
    assert references(Program(cast.marketing_handler).get("inbox/to-sign/")) == []
    assert references(Program(cast.property_clerk).get("inbox/mine/")) == [document.number]
    assert references(Program(cast.property_clerk).get("inbox/drafts/")) == [draft.reference]
    forms.sign(document, cast.property_leader)
    assert references(Program(cast.property_leader).get("inbox/done/")) == [document.number]
    assert references(Program(cast.property_project_manager).get("inbox/copied/")) == [document.number]
    assert Program(cast.property_leader).get("inbox/other/").json() == ABSENT
    row = Program(cast.property_leader).get("inbox/done/").json()["results"][0]
    assert row["progress"] == {"stations_done": 0, "stations": 3, "current": "物业财务部负责人"}


def drafts(cast, count):
    for _n in range(count):
        forms.purchase_request(cast)


@pytest.mark.parametrize(("count", "pages"), [(20, [20]), (21, [20, 1]), (45, [20, 20, 5])])
def test_pages_follow_by_key_without_gap_or_double(cast, count, pages):
    drafts(cast, count)
    clerk, after, seen = Program(cast.property_clerk), {}, []
    for size in pages:
        page = clerk.get("documents/", **after).json()
        assert len(page["results"]) == size
        seen += [row["document"]["reference"] for row in page["results"]]
        after = {"after": page["next"]}
    assert page["next"] is None
    assert len(set(seen)) == count


LISTS = ["documents/", "inbox/to-sign/", "inbox/mine/", "notices/"]


def test_lists_ask_the_database_as_often_for_60_rows_as_for_1(cast):
    programs = {"leader": Program(cast.property_leader), "clerk": Program(cast.property_clerk)}
    counts = {}
    made = 0
    for rows in (1, 3, 60):
        for n in range(made, rows):
            month = forms.DECEMBER.replace(year=2027 + n // 24, month=n % 12 + 1)
            document = forms.submitted(cast, month=month, instalment=("CH-1", "CH-2")[n % 24 // 12])
            if n % 3 == 0:
                forms.send_back(document, cast.property_leader)
                circulation.submit(document_id=document.pk, actor=cast.property_clerk)
        for name, program in programs.items():
            for path in LISTS:
                with CaptureQueriesContext(connection) as captured:
                    assert program.get(path).status_code == 200
                counts.setdefault((name, path), []).append(len(captured))
        made = rows
    assert {key: len(set(found)) for key, found in counts.items()} == dict.fromkeys(counts, 1), counts
    assert max(found[0] for found in counts.values()) <= 8, counts


def test_a_form_of_60_lines_costs_what_one_of_1_costs(cast):
    counts = []
    for instalment, lines in (("CH-1", 1), ("CH-2", 60)):
        document = forms.submitted(cast, instalment=instalment, lines=forms.LINES[:1] * lines)
        program = Program(cast.property_clerk)
        with CaptureQueriesContext(connection) as captured:
            assert program.get(f"documents/{document.number}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 30, counts


def test_a_submission_is_shown_as_it_was_signed(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    leader = Program(cast.property_leader)
    first, second = (leader.get(f"documents/{document.number}/revisions/{n}/").json() for n in (1, 2))
    assert (first["n"], first["amount"], first["submitted_by"]) == (1, "8643.00", "林晓燕")
    assert first["content"]["lines"] == second["content"]["lines"]
    assert first["facts"]["amount"] == "8643.00"
    assert leader.get(f"documents/{document.number}/revisions/3/").json() == ABSENT


def test_files_come_as_what_they_are_whatever_the_caller_accepts(cast):
    document = forms.approved(cast)
    leader = Program(cast.property_leader)
    pdf = leader.client.get(f"/api/v1/documents/{document.number}/pdf/", headers={"Accept": "application/pdf"})
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    xlsx = leader.get(f"documents/{document.number}/xlsx/")
    assert openpyxl.load_workbook(io.BytesIO(xlsx.content)).sheetnames
    assert pdf["Cache-Control"] == "no-store, private"
    assert leader.client.get("/api/v1/documents/X/pdf/", headers={"Accept": "application/pdf"}).json() == ABSENT


def test_notices_are_read_one_by_one_and_all_at_once(cast):
    forms.submitted(cast)
    forms.submitted(cast, instalment="CH-1")
    leader = Program(cast.property_leader)
    page = leader.get("notices/").json()
    assert [(row["code"], row["text"], row["document"], row["read_at"]) for row in page["results"][:2]] == [
        ("turn.open", "待您审批（物业地产配合业务分管领导）", "CH-PR-202612-002", None),
        ("turn.open", "待您审批（物业地产配合业务分管领导）", "CH-PR-202612-001", None),
    ]
    first = page["results"][0]["id"]
    assert leader.post(f"notices/{first}/read/").json()["read_at"]
    assert Program(cast.property_clerk).post(f"notices/{first}/read/").json() == ABSENT
    assert leader.get("notices/").json()["unread"] is True
    assert leader.post("notices/read/").status_code == 204
    assert leader.get("notices/").json()["unread"] is False
    assert Notice.objects.filter(read_at=None).exclude(recipient=cast.property_leader).exists()


def test_the_working_copy_of_a_returned_form_stays_with_its_drafting_side(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    clerk, leader = Program(cast.property_clerk), Program(cast.property_leader)
    body = clerk.get(f"documents/{document.number}/").json()
    lines = [{**line, "subject": "改后的品名", "price": "7777.77"} for line in body["lines"][:1]]
    answer = clerk.put(f"documents/{document.number}/lines/", {"draft_version": body["draft_version"], "lines": lines})
    assert (answer.status_code, answer.json()["amount"]) == (200, "46666.62")
    assert Document.objects.get(pk=document.pk).amount != forms.LINES_AMOUNT

    seen = [
        leader.get(f"documents/{document.number}/"),
        leader.get("documents/"),
        leader.get("inbox/done/"),
        leader.get(f"documents/{document.number}/revisions/1/"),
        leader.get(f"documents/{document.number}/trail/"),
    ]
    for answer in seen:
        assert "46666" not in answer.content.decode()
        assert "改后的品名" not in answer.content.decode()
    assert seen[0].json()["amount"] == seen[1].json()["results"][0]["amount"] == "8643.00"
