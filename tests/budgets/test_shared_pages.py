"""Shared staff on pages, in the API and on paper: what a clerk does, what a signer reads, what a workbook reckons."""

import io
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from budgets.changes import compare
from budgets.models import Split, SplitShare, WorkLine
from documents import circulation, guards, kinds, verifying
from documents.models import Document
from documents.rendering.xlsx import document_workbook
from documents.revisions import full_content
from documents.sheets import CellKind
from documents.views.showing import related
from documents.vocabulary import Kind
from tests import forms
from tests.budgets.sharing import SIXTY_FORTY, STAFF, amounts, form_of, split, staffing_plan

pytestmark = pytest.mark.django_db

SHARED = "/budgets/shared/?project=CH&month=2026-12"


@pytest.fixture
def clerk(client, cast):
    client.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def shares(one, two):
    return {"share-CH-1": one, "share-CH-2": two}


def ticked(source, *subjects):
    keys = [line.key for line in source.work_lines.filter(subject__in=subjects)]
    return {"document": source.name, "draft_version": source.draft_version, "line": keys}


def whole_line(line, **other):
    cells = {"id": line.split_key, "department_name": line.department_name, "subject": line.subject,
             "quantity": "1", "wage": "8000", "social_insurance": "1600", "benefits": "200"}  # fmt: skip
    return {"lines-TOTAL": "1", **{f"lines-0-{key}": text for key, text in (cells | other).items()}}


# --- pages -------------------------------------------------------------------------------------------------------------
def test_ticked_lines_are_split_and_the_page_shows_who_bears_what(clerk, cast):
    source = staffing_plan(cast)
    answer = clerk.post(reverse("budgets:shared"), {**ticked(source, "项目主管", "维修工"), **shares("60", "40 %")})

    assert answer["Location"] == SHARED
    assert amounts("CH-1") == {"项目主管": Decimal("5880.00"), "维修工": Decimal("5999.99")}
    page = clerk.get(SHARED).content.decode()
    for text in ("项目主管、维修工", "60 %", "11,879.99", "40 %", "7,920.00", form_of("CH-1").name):
        assert text in page


def test_what_was_ticked_and_typed_stays_beside_the_sentence(clerk, cast):
    source = staffing_plan(cast)
    answer = clerk.post(reverse("budgets:shared"), {**ticked(source, "维修工"), **shares("60", "30.5")})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "各分期分摊比例合计为 90.5 %，须正好为 100 %，还差 9.5 %。" in page
    assert 'value="30.5"' in page
    assert page.count(" checked") == 1
    assert not Split.objects.exists()


def test_the_entry_page_shows_parts_beside_the_grid_and_counts_them(clerk, cast):
    source = staffing_plan(cast)
    split(cast, source)
    address = reverse("budgets:edit", args=[source.name])
    page = clerk.get(address).content.decode()

    assert 'data-base="7920.00"' in page
    assert 'value="门岗保安"' in page
    assert 'value="项目主管"' not in page
    assert "分摊行只能在分摊页修改" in page
    line = source.work_lines.get(subject="门岗保安")
    sent = {"lines-TOTAL": "1", "lines-0-id": line.key, "lines-0-department_name": "安保部", "lines-0-subject": "门岗保安",
            "lines-0-quantity": "5", "lines-0-wage": "4500"}  # fmt: skip
    seen = Document.objects.get(pk=source.pk).draft_version
    answer = clerk.post(reverse("budgets:autosave", args=[source.name]), {**sent, "draft_version": seen})
    assert answer.json()["amount"] == "30,420.00"
    assert answer.json()["ids"] == [line.key]


def test_who_comes_second_finds_what_they_typed_beside_the_newest_split(clerk, cast):
    source = staffing_plan(cast)
    made = split(cast, source, "项目主管")
    address = reverse("budgets:shared_split", args=[made.pk])
    line = source.work_lines.get(subject="项目主管")
    clerk.post(address, {**whole_line(line, wage="8100"), **shares("60", "40")})
    newest = Split.objects.latest("pk")

    answer = clerk.post(address, {**whole_line(line, wage="8250"), **shares("55", "45")})
    page = answer.content.decode()
    assert (answer.status_code, "此分摊刚被别人修改" in page) == (409, True)
    assert 'value="8250"' in page
    assert 'value="55"' in page
    assert "9,900.00" in page  # the newest: 8,100 + 1,600 + 200
    there = reverse("budgets:shared_split", args=[newest.pk])
    assert f'action="{there}"' in page
    clerk.post(there, {**whole_line(line, wage="8250"), **shares("55", "45")})
    assert amounts("CH-1")["项目主管"] == Decimal("5527.50")


def test_what_was_typed_for_a_split_that_was_ended_stays_on_the_page(clerk, cast):
    source = staffing_plan(cast)
    made = split(cast, source, "项目主管")
    address = reverse("budgets:shared_split", args=[made.pk])
    line = source.work_lines.get(subject="项目主管")
    clerk.post(address, {**whole_line(line), **shares("", "100")})

    answer = clerk.post(address, {**whole_line(line, wage="8250"), **shares("55", "45")})
    page = answer.content.decode()
    assert (answer.status_code, "此分摊刚被取消" in page) == (409, True)
    assert 'value="8250"' in page
    assert clerk.get(address)["Location"] == SHARED


def test_figures_and_shares_are_changed_on_the_splits_own_page(clerk, cast):
    source = staffing_plan(cast)
    made = split(cast, source, "项目主管")
    address = reverse("budgets:shared_split", args=[made.pk])
    assert 'value="8,000.00"' in clerk.get(address).content.decode()
    line = source.work_lines.get(subject="项目主管")
    faulty = clerk.post(address, {**whole_line(line, quantity="x"), **shares("60", "40")})
    assert faulty.status_code == 400
    assert "第 1 行 人数（人）" in faulty.content.decode()
    longer = clerk.post(address, {**whole_line(line), **shares("60", "40"), "add_row": "1"})
    assert longer.content.decode().count("data-grid-line") == 3  # with the pattern of new lines
    clerk.post(address, {**whole_line(line, quantity="2"), **shares("50", "50")})

    assert amounts("CH-1") == {"项目主管": Decimal("9800.00")}
    assert clerk.get(address)["Location"] == SHARED
    assert clerk.post(address, {**whole_line(line), **shares("60", "40")}).status_code == 409


def test_copying_last_month_on_the_page_says_what_stays_behind(clerk, cast):
    source = staffing_plan(cast)
    split(cast, source)
    circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    sent = {"instalment": cast.instalments["CH-2"].pk, "month": "2027-01", "way": "copy"}
    page = clerk.post(reverse("budgets:new", args=["staffing_plan"]), sent, follow=True).content.decode()
    assert "上月的 2 行共用人员分摊（项目主管、维修工）没有复制" in page


@pytest.mark.parametrize("address", [SHARED, "split", "edit", "document"])
def test_no_line_instalment_or_split_more_costs_a_query(clerk, cast, django_assert_max_num_queries, address):
    source = staffing_plan(cast, lines=[*STAFF, *(STAFF[0] | {"subject": f"主管{n}"} for n in range(4))])
    made = split(cast, source, "项目主管")
    path = {"split": reverse("budgets:shared_split", args=[made.pk]), "edit": reverse("budgets:edit", args=[source.name]),
            "document": reverse("documents:document", args=[source.name])}.get(address, address)  # fmt: skip
    clerk.get(path)
    with django_assert_max_num_queries(200) as one:
        assert clerk.get(path).status_code == 200
    split(cast, Document.objects.get(pk=source.pk), "维修工", "主管1", "主管2", "主管3")
    with django_assert_max_num_queries(len(one)):
        clerk.get(path)


def test_another_projects_drafts_are_neither_shown_nor_split(clerk, cast):
    foreign = staffing_plan(cast, by="yj_property_clerk", instalment="YJ-1")
    page = clerk.get("/budgets/shared/?project=YJ&month=2026-12").content.decode()
    assert foreign.reference not in page
    assert cast.projects["YJ"].name not in page
    assert clerk.post(reverse("budgets:shared"), {**ticked(foreign, "维修工"), "share-YJ-1": "100"}).status_code == 404


# --- who reads what ----------------------------------------------------------------------------------------------------
def test_the_sibling_forms_are_related_for_those_who_may_see_them(cast):
    source = staffing_plan(cast)
    split(cast, source)
    other = form_of("CH-1")
    circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    source = Document.objects.get(pk=source.pk)

    assert [link.document for link in related(source, cast.property_clerk)] == [other]
    # A draft of the property company's is nobody else's.
    assert related(source, cast.marketing_handler) == []
    circulation.submit(document_id=other.pk, actor=cast.property_clerk)
    assert [link.document.pk for link in related(source, cast.marketing_handler)] == [other.pk]


def test_a_signer_is_told_who_bears_the_rest_and_when_nobody_does(cast):
    source = staffing_plan(cast)
    split(cast, source)
    circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    form = kinds.get(Kind.STAFFING_PLAN)
    text = "共用人员分摊（项目主管、维修工）：一期 60 %、二期 40 %，合计 100 %"
    assert ("ok", text) in [(hint.level, hint.text) for hint in form.hints(source, cast.property_leader)]
    circulation.discard(document_id=form_of("CH-1").pk, actor=cast.property_clerk)
    assert ("bad", "共用人员分摊（项目主管、维修工）：分期「一期」（60 %，11,879.99 元）没有对应的岗位配置表") in [
        (hint.level, hint.text) for hint in form.hints(source, cast.property_leader)
    ]


# --- signed content, paper, workbook -----------------------------------------------------------------------------------
def test_only_lines_that_are_shared_say_so_in_what_is_signed(cast):
    source = staffing_plan(cast)
    plain = {"id", "position", "department_name", "subject", "quantity", "wage", "social_insurance", "benefits",
             "other_cost", "price", "amount", "remark", "cut_to"}  # fmt: skip
    assert [set(line) for line in full_content(source)["lines"]] == [plain] * 3
    assert "全额（元）" not in [
        column.label for column in kinds.get(source.kind).sheet(full_content(source), source).columns
    ]
    split(cast, source, "维修工")

    lines = {line["subject"]: line for line in full_content(form_of("CH-2"))["lines"]}
    assert set(lines["门岗保安"]) == plain
    assert set(lines["维修工"]) - plain == {"split_key", "whole", "share", "shares"}
    assert (lines["维修工"]["whole"], lines["维修工"]["share"]) == ("9999.99", "40.00")
    assert lines["维修工"]["shares"] == {"CH-1": "60.00", "CH-2": "40.00"}


def test_the_sheet_shows_whole_share_and_part_and_a_cut_beside_them(cast):
    source = staffing_plan(cast)
    split(cast, source, "维修工")
    filed = circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    line = filed.work_lines.get(subject="维修工")
    forms.send_back(filed, cast.property_leader, proposals={line.key: Decimal("3900.00")})
    filed = circulation.take_over(document_id=filed.pk, actor=cast.property_clerk)
    sheet = kinds.get(filed.kind).sheet(full_content(filed), filed)

    labels = [(column.label, column.kind) for column in sheet.columns[-5:-1]]
    assert labels == [
        ("全额（元）", CellKind.MONEY),
        ("分摊比例", CellKind.PERCENT),
        ("申报金额（元）", CellKind.MONEY),
        ("核定金额（元）", CellKind.MONEY),
    ]
    cells = next(row.cells for row in sheet.rows if row.id == line.key)
    assert [cells[key] for key in ("whole", "share", "filed", "amount")] == [
        Decimal("9999.99"), Decimal("0.4"), Decimal("4000.00"), Decimal("3900.00")
    ]  # fmt: skip
    assert sheet.notes == ("第 3 行为共用人员，各分期分摊：CH-1 60 %、CH-2 40 %。",)


def test_the_workbook_reckons_parts_by_formula_only_where_rounding_gives_them(cast):
    # 0.05 × 50 % is 0.03 by rounding on either side: the second instalment's 0.02 is no formula's.
    odd = {"department_name": "工程部", "subject": "零头", "quantity": "1", "wage": "0.05"}
    source = staffing_plan(cast, lines=[*STAFF, odd])
    split(cast, source, "项目主管", "零头", shares={"CH-1": 5000, "CH-2": 5000})
    book = load_workbook(io.BytesIO(document_workbook(form_of("CH-2")))).active
    values = load_workbook(io.BytesIO(document_workbook(form_of("CH-2"))), data_only=True).active
    head = next(row for row in book.iter_rows() if "分摊金额（元）" in [cell.value for cell in row])
    at = {cell.value: cell.column for cell in head}
    rows = {book.cell(n, at["岗位"]).value: n for n in range(head[0].row + 1, book.max_row)}
    part = {
        name: book.cell(n, at["分摊金额（元）"]).value
        for name, n in rows.items()
        if name in ("项目主管", "零头", "门岗保安")
    }

    assert str(part["项目主管"]).startswith("=ROUND(")
    assert str(part["门岗保安"]).startswith("=ROUND(")
    assert part["零头"] == 0.02
    shown = {name: values.cell(rows[name], at["分摊金额（元）"]).value for name in part}
    assert shown == {"项目主管": 4900, "零头": 0.02, "门岗保安": 27000}


def test_a_changed_share_is_told_against_last_month():
    line = {"id": "a", "position": 1, "department_name": "工程部", "subject": "维修工", "quantity": "3", "wage": "3000",
            "social_insurance": "0", "benefits": "0", "other_cost": "0", "price": "3000.00", "remark": "",
            "cut_to": None}  # fmt: skip
    before, after = line | {"amount": "9000.00"}, line | {"amount": "3600.00", "share": "40.00"}
    (change,) = compare("staffing_plan", [before], [after]).lines
    assert [(cell.label, cell.before, cell.after) for cell in change.cells] == [("分摊比例", "", "40 %")]


# --- behind the ORM ----------------------------------------------------------------------------------------------------
def test_guards_hold_splits_and_the_parts_of_what_was_submitted(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    line, share = source.work_lines.get(subject="维修工"), made.shares.first()
    changes = [
        lambda: WorkLine.objects.filter(pk=line.pk).update(share=5000),
        lambda: WorkLine.objects.filter(pk=line.pk).update(split_key="x"),
        lambda: SplitShare.objects.filter(pk=share.pk).update(share=5000),
        lambda: SplitShare.objects.create(split=made, instalment=cast.instalments["YJ-1"], share=1),
        share.delete,
        lambda: Split.objects.filter(pk=made.pk).update(month="2027-01-01"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="guard_"), transaction.atomic():
            change()


def test_verify_names_every_tampered_part_share_and_split(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    circulation.submit(document_id=source.pk, actor=cast.property_clerk)
    lines = WorkLine.objects.filter(pk=form_of("CH-1").work_lines.get(subject="维修工").pk)
    share = made.shares.first()
    guards.uninstall()
    for change, named in [
        (
            lambda: lines.update(amount=Decimal("6000.00")),
            f"budgets_workline {lines.get().pk} amount: 6,000.00 ≠ 5,999.99",
        ),
        (lambda: lines.update(share=5000), f"budgets_workline {lines.get().pk} share"),
        (lambda: lines.update(quantity=4), f"budgets_workline {lines.get().pk} "),
        (lambda: SplitShare.objects.filter(pk=share.pk).update(share=5000), f"budgets_splitshare {made.pk}/9000 share"),
        (
            lambda: SplitShare.objects.filter(pk=share.pk).update(instalment=cast.instalments["YJ-1"]),
            f"budgets_splitshare {share.pk} instalment_id",
        ),
        (
            lambda: Split.objects.filter(pk=made.pk).update(month="2027-01-01"),
            f"budgets_workline {lines.get().pk} split_id",
        ),
    ]:
        with transaction.atomic():
            change()
            found = list(verifying.differences())
            transaction.set_rollback(True)
        assert any(line.startswith(named) for line in found), (named, found)


# --- API ---------------------------------------------------------------------------------------------------------------
def test_programs_split_read_change_and_end_a_split(clerk, cast):
    source = staffing_plan(cast)
    key = source.work_lines.get(subject="项目主管").key
    sent = {"document": source.name, "lines": [key], "draft_version": 1,
            "shares": [{"instalment": "CH-1", "share": "33.33"}, {"instalment": "CH-2", "share": 66.67}]}  # fmt: skip
    made = clerk.post("/api/v1/splits/", sent, content_type="application/json")
    assert made.status_code == 201
    body = clerk.get(f"/api/v1/splits/{made.json()['id']}/").json()
    assert body == made.json()
    # 9,800.00 × 33.33 % = 3,266.34; × 66.67 % = 6,533.66.
    assert [(row["instalment"]["code"], row["share"], row["amount"], row["state"]) for row in body["shares"]] == [
        ("CH-1", "33.33", "3266.34", "draft"),
        ("CH-2", "66.67", "6533.66", "draft"),
    ]
    assert (body["whole"], body["lines"][0]["id"], body["lines"][0]["wage"]) == ("9800.00", key, "8000")

    half = [{"instalment": code, "share": "50"} for code in SIXTY_FORTY]
    changed = clerk.put(f"/api/v1/splits/{body['id']}/", {"shares": half}, content_type="application/json")
    assert [row["amount"] for row in changed.json()["shares"]] == ["4900.00", "4900.00"]
    gone = clerk.put(f"/api/v1/splits/{body['id']}/", {"shares": half}, content_type="application/json")
    assert gone.status_code == 409
    assert clerk.get(f"/api/v1/splits/{body['id']}/").status_code == 409
    all_of_it = {"shares": [{"instalment": "CH-2", "share": "100"}]}
    ended = clerk.put(f"/api/v1/splits/{changed.json()['id']}/", all_of_it, content_type="application/json")
    assert ended.status_code == 204
    assert not WorkLine.objects.exclude(split=None).exists()


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([], "各分期分摊比例合计为 0 %，须正好为 100 %，还差 100 %。"),
        ([{"instalment": "CH-1", "share": True}], "一期（CH-1）的分摊比例是布尔值 TRUE，请改为数字。"),
        ([{"instalment": "CH-1", "share": "50"}] * 2, "分摊比例：同一个分期只能填一次。"),
        ([{"instalment": "YJ-1", "share": "100"}], "本项目没有分期 YJ-1，请核对编码。"),
        (
            [{"instalment": "CH-1", "share": "1e1"}],
            "一期（CH-1）的分摊比例“1e1”不是普通数字写法，请填写如 1000.00 的数字。",
        ),
    ],
)
def test_programs_are_told_what_is_wrong_with_their_shares(clerk, cast, shares, sentence):
    source = staffing_plan(cast)
    sent = {"document": source.name, "lines": [source.work_lines.first().key], "shares": shares}
    answer = clerk.post("/api/v1/splits/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"]) == (400, [sentence])
