"""The month: sums to the fen, who holds what and since when, what is missing and late, for each reader what is theirs."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from budgets.deadlines import approved_by
from budgets.drafting import import_work_form, open_work_form, save_lines
from budgets.queries import month_board
from documents import circulation
from documents.deadlines import DUE, LATE, NEAR
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import appointing
from organization.working_days import Calendar
from tests import forms

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
MONTH = "/budgets/months/?month=2026-12"
EXPORT = "/budgets/months/export/?month=2026-12"
DECEMBER_OF_CH_2 = (
    ("01-物业人员岗位配置表.xlsx", Kind.STAFFING_PLAN, "232,890.00"),
    ("02-物业行政管理费用支出表.xls", Kind.ADMIN_EXPENSE_PLAN, "24,348.00"),
    ("03-物业采购申请表.xlsx", Kind.PURCHASE_REQUEST, "21,658.50"),
    ("04-物业服务工作确认单-专项.ods", Kind.SERVICE_CONFIRMATION, "19,680.00"),
    ("05-物业服务工作确认单-超计划.xlsx", Kind.UNPLANNED_WORK, "20,000.00"),
)
TOGETHER = "318,576.50"


def imported(cast, name, kind, *, submit=True):
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
    if submit:
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    return document


@pytest.fixture
def december(cast):
    """The five samples, submitted."""
    return [imported(cast, name, kind) for name, kind, _amount in DECEMBER_OF_CH_2]


def board(cast, by="property_clerk", **how):
    return month_board(cast[by], forms.DECEMBER, **how)


def place(cast, code="CH-2", by="property_clerk"):
    parts = [part for row in board(cast, by).projects for part in row.instalments]
    return next((part for part in parts if part.instalment.code == code), None)


def line(cast, kind=Kind.PURCHASE_REQUEST, by="property_clerk", code="CH-2"):
    return next(row for row in place(cast, code, by).lines if row.kind == kind)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# --- sums --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("signed", [False, True])
def test_the_month_adds_up_to_the_fen(cast, log_in, december, signed):
    if signed:
        for document in december:
            forms.sign_through(document, cast)
    part = place(cast)
    assert [(row.kind, f"{row.amount:,.2f}") for row in part.lines] == [(kind, a) for _n, kind, a in DECEMBER_OF_CH_2]
    sums = part.sums
    assert (f"{sums.together:,.2f}", sums.expected_n, sums.submitted_n, sums.missing_n) == (TOGETHER, 5, 5, 0)
    filed, approved = (Decimal(0), Decimal("318576.50")) if signed else (Decimal("318576.50"), Decimal(0))
    assert (sums.on_way, sums.approved, sums.approved_n) == (filed, approved, 5 if signed else 0)
    # The other instalment lacks its three monthly forms and adds nothing.
    project = board(cast).projects[0].sums
    assert (f"{project.together:,.2f}", project.expected_n, project.missing_n) == (TOGETHER, 8, 3)

    shown = text_of(log_in(cast.general_manager).get(MONTH))
    for _name, _kind, amount in DECEMBER_OF_CH_2:
        assert f"¥{amount}" in shown
    assert shown.count(f"¥{TOGETHER}") >= 3


def test_what_ended_or_never_began_is_in_no_sum(cast):
    rejected = forms.submitted(cast)
    now = type(rejected).objects.get(pk=rejected.pk)
    circulation.reject(
        document_id=now.pk, actor=cast.property_leader, revision=now.revision_n, round_n=now.round_n, opinion="重复"
    )
    draft = forms.purchase_request(cast)
    part = place(cast)
    rows = [(row.document, row.document.state) for row in part.lines if row.document]
    assert rows == [(rejected, DocumentState.REJECTED), (draft, DocumentState.DRAFT)]
    assert (part.sums.together, part.sums.submitted_n, part.sums.missing_n) == (Decimal(0), 0, 3)
    # Others see the form that was rejected, nothing of the draft, and that one is missing.
    rows = [row.document for row in place(cast, by="general_manager").lines if row.kind == Kind.PURCHASE_REQUEST]
    assert rows == [rejected, None]


# --- where and since when ----------------------------------------------------------------------------------------------
def test_a_form_lies_before_the_holders_of_its_open_posts(cast, log_in, fixed_clock):
    document = forms.submitted(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 24, 15))
    lying = line(cast).lying
    assert [(desk.post, desk.names) for desk in lying.desks] == [
        ("物业地产配合业务分管领导", ("何志远",)),
        ("物业财务部负责人", ("吴海涛",)),
    ]
    assert (lying.done, lying.total, line(cast).lay) == (0, 3, timedelta(days=1, hours=6))
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    assert (line(cast).lying.desks[0].names, line(cast).lying.done, line(cast).lay) == (("陈思琪",), 1, timedelta(0))
    shown = text_of(log_in(cast.property_clerk).get(MONTH))
    assert "营销小组经办人 陈思琪" in shown
    assert "林晓燕 11-23 09:00 提交" in shown

    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25, 15))
    forms.send_back(document, cast.marketing_handler)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25, 17))
    back = line(cast)
    assert (back.lying.desks[0].names, back.lay) == (("林晓燕",), timedelta(hours=2))


def test_the_amount_is_the_submitted_one_but_for_the_side_that_writes(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    document.refresh_from_db()
    save_lines(
        document=document,
        actor=cast.property_clerk,
        draft_version=document.draft_version,
        rows=forms.LINES[:1],
    )
    assert line(cast).amount == place(cast).sums.on_way == Decimal("1011.00")
    assert line(cast, by="property_project_manager").amount == Decimal("1011.00")
    for other in ("property_leader", "marketing_head", "general_manager"):
        assert line(cast, by=other).amount == place(cast, by=other).sums.on_way == forms.LINES_AMOUNT


# --- missing, near, overdue, late --------------------------------------------------------------------------------------
# December's monthly forms are through by Monday 2026-11-30; three working days before is Wednesday the 25th.
STANDING = [
    (date(2026, 11, 24), DUE),
    (date(2026, 11, 25), NEAR),
    (date(2026, 11, 28), NEAR),
    (date(2026, 11, 30), NEAR),
    (date(2026, 12, 1), LATE),
    (date(2027, 3, 1), LATE),
]


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2026-12", "2026-11-30"),
        ("2026-11", "2026-10-30"),  # 10-31 is a Saturday
        ("2026-10", "2026-09-30"),
        ("2026-03", "2026-02-28"),  # a Saturday that is made up after 春节
        ("2026-01", "2025-12-31"),
        ("2012-10", "2012-09-29"),  # 09-30 is 中秋, Saturday 09-29 is made up
        ("2027-03", "2027-02-26"),  # a year that nobody imported: Friday
        ("0001-01", "0001-01-01"),
    ],
)
def test_monthly_forms_are_through_by_the_last_working_day_before_their_month(month, last):
    first = date.fromisoformat(f"{month}-01")
    assert approved_by(first, Calendar(first)) == date.fromisoformat(last)


@pytest.mark.parametrize(("today", "state"), STANDING)
def test_the_page_marks_what_is_near_and_what_is_overdue(cast, log_in, fixed_clock, today, state):
    forms.submitted(cast)
    forms.purchase_request(cast, instalment="CH-1")
    fixed_clock.set_clock(fixed_clock.shanghai(today.year, today.month, today.day))
    assert {row.due for code in ("CH-1", "CH-2") for row in place(cast, code).lines} == {state}
    overdue = 6 if state == LATE else 0
    assert board(cast).sums.overdue_n == overdue
    page = log_in(cast.property_clerk).get(MONTH).content.decode()
    assert page.count('<tr class="form over"') == overdue
    words = {DUE: "截止", NEAR: "临近", LATE: "逾期"}
    for mark, word in words.items():
        assert page.count(f"</svg>{word} <time") == (6 if mark == state else 0)


def test_work_that_arises_when_it_is_needed_has_no_date(cast, fixed_clock):
    imported(cast, "05-物业服务工作确认单-超计划.xlsx", Kind.UNPLANNED_WORK)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 1))
    assert line(cast, Kind.UNPLANNED_WORK).due == ""


def test_approved_and_ended_forms_have_no_date_any_more(cast, fixed_clock):
    forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 1))
    assert line(cast).due == ""
    assert board(cast).sums.overdue_n == 5


def test_a_late_form_is_marked_and_counted(cast, log_in, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 2))
    forms.approved(cast)
    sums = place(cast).sums
    assert (sums.late_n, sums.approved_n, sums.overdue_n) == (1, 1, 2)
    assert "事后补报" in text_of(log_in(cast.general_manager).get(MONTH)).split("CH-PR-202612-001")[1].split("办结")[0]


def test_the_missing_are_named_with_who_files_them_and_a_link_for_those(cast, log_in):
    row = line(cast, Kind.STAFFING_PLAN)
    assert [(desk.post, desk.names) for desk in row.filers] == [
        ("物业经办人", ("林晓燕",)),
        ("项目物业经理", ("周建民",)),
    ]
    link = f"/budgets/new/staffing_plan/?instalment={cast.instalments['CH-2'].pk}&amp;month=2026-12"
    for username, offered in (("property_clerk", True), ("property_project_manager", True), ("finance", False)):
        page = log_in(cast[username], fresh=True).get(MONTH)
        assert (link in page.content.decode()) is offered
        assert "物业经办人 林晓燕" in text_of(page)


def test_a_project_that_rests_expects_nothing(cast):
    project = cast.projects["YJ"]
    project.is_active = False
    project.save()
    assert place(cast, "YJ-1", by="property_project_manager") is None


# --- who sees what -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["foreign_clerk", "foreign_general_manager", "yj_property_clerk", "outsider"])
def test_other_projects_people_see_and_count_nothing_of_it(cast, log_in, december, username):
    client = log_in(cast[username])
    page = client.get(f"{MONTH}&project=CH").content.decode()
    for document in december:
        document.refresh_from_db()
        assert document.number not in page
    assert TOGETHER not in page
    assert place(cast, by=username) is None
    assert board(cast, by=username).sums.together == 0
    sheet = workbook(client.get(f"{EXPORT}&project=CH").content)
    assert "CH-2" not in str([cell.value for row in sheet.rows for cell in row])


def test_who_may_not_read_the_forms_is_told_of_none_missing(cast, log_in, december):
    """The account's auditor sees the project, none of its monthly forms, and learns nothing of what is filed."""
    assert board(cast, by="account_auditor").projects == ()
    assert "没有您可查看的表单" in text_of(log_in(cast.account_auditor).get(MONTH))


def test_a_copied_person_counts_only_what_they_see(cast, december):
    sundries = forms.checked(Kind.SALES_OFFICE_SUNDRIES, [{"subject": "茶歇", "quantity": "1", "price": "6000"}])
    document = open_work_form(
        kind=Kind.SALES_OFFICE_SUNDRIES,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=forms.DECEMBER,
        rows=sundries,
    )
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    part = place(cast, by="finance_leader")
    assert [row.document for row in part.lines] == [document]
    assert (part.sums.together, part.sums.expected_n, part.sums.missing_n) == (Decimal("6000.00"), 1, 0)


# --- addresses ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    ["month=x", "month=0001-01", "month=9999-12", "month=2026-13", "after=x", "project=NONE"],
)
def test_any_address_answers(cast, log_in, query):
    client = log_in(cast.property_clerk)
    for url in ("/budgets/months/", "/budgets/months/export/"):
        assert client.get(f"{url}?{query}").status_code == 200


def test_the_months_lead_on_and_keep_the_project(cast, log_in):
    page = log_in(cast.property_clerk).get("/budgets/months/?month=2026-12&project=CH").content.decode()
    assert 'href="?month=2026-11&amp;project=CH"' in page
    assert 'href="?month=2027-01&amp;project=CH"' in page
    assert 'href="/budgets/months/export/?month=2026-12&amp;project=CH"' in page


def test_projects_are_paged_by_their_codes(cast):
    first = board(cast, by="general_manager", size=1)
    assert ([row.project.code for row in first.projects], first.next_key) == (["CH"], "CH")
    second = board(cast, by="general_manager", size=1, after="CH")
    assert ([row.project.code for row in second.projects], second.next_key) == (["YJ"], "")


# --- the workbook ------------------------------------------------------------------------------------------------------
def workbook(data, **how):
    return openpyxl.load_workbook(io.BytesIO(data), **how).active


def test_the_export_holds_the_same_numbers_and_live_sums(cast, log_in, december):
    forms.sign_through(december[2], cast)
    answer = log_in(cast.property_clerk).get(EXPORT)
    assert answer["Content-Disposition"] == 'attachment; filename="months-2026-12.xlsx"'
    live, values = workbook(answer.content), workbook(answer.content, data_only=True)
    head = next(row[0].row for row in values.rows if row[0].value == "项目")
    rows = [[cell.value for cell in row] for row in values.iter_rows(min_row=head + 1)]
    filed = [row for row in rows if row[3]]
    assert [(row[2], Decimal(str(row[7]))) for row in filed] == [
        (kind.label, Decimal(amount.replace(",", ""))) for _name, kind, amount in DECEMBER_OF_CH_2
    ]
    assert [row[4] for row in filed] == ["审批中", "审批中", "已通过", "审批中", "审批中"]
    sums = {row[0].split("　")[0]: row[5:8] for row in rows if row[0] and row[1] is None}
    expected = [296918, 21658.5, 318576.5]
    assert sums["翠湖花园二期 小计"] == sums["翠湖花园 合计"] == sums["总计"] == expected
    last = live.max_row
    assert live.cell(last, 8).value == f"=SUBTOTAL(9,H{head + 1}:H{last - 1})"
    assert str(live.cell(head + 1, 8).value).startswith("=F")
    assert live.print_title_rows == f"${head}:${head}"
    assert live.print_area.endswith(f"$O${last}")
    missing = [row for row in rows if row[4] == "未提交"]
    assert len(missing) == 3
    assert missing[0][8] == "待填报：物业经办人：林晓燕；项目物业经理：周建民"


def test_what_people_are_called_stays_text(cast, log_in):
    person = appointing.create_person(
        actor=None, username="formula", name="=1+1", company=cast.property_clerk.company, password="x-9-demo-pass"
    )
    appointing.appoint(
        actor=None, person=person, post="property_clerk", project=cast.projects["CH"], starts_on=date(2026, 1, 1)
    )
    sheet = workbook(log_in(cast.property_clerk).get(EXPORT).content)
    cells = [cell for row in sheet.rows for cell in row if "=1+1" in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


# --- what it costs -----------------------------------------------------------------------------------------------------
def test_page_and_export_cost_the_same_for_1_3_and_60_rows(cast, log_in, django_assert_max_num_queries):
    client = log_in(cast.property_project_manager)
    client.get(MONTH)
    costs = {MONTH: set(), EXPORT: set()}
    made = 0
    for count in (1, 3, 60):
        while made < count:
            if made == 0:
                forms.submitted(cast, by="property_project_manager")
            else:
                document = own_work(cast, made)
                circulation.submit(document_id=document.pk, actor=cast.property_project_manager)
            made += 1
        for url, seen in costs.items():
            with django_assert_max_num_queries(30) as counted:
                assert client.get(url).status_code == 200
            seen.add(len(counted))
        assert sum(row.is_live for part in board(cast).projects[0].instalments for row in part.lines) == count
    assert {len(seen) for seen in costs.values()} == {1}


def own_work(cast, number):
    """A form of its own, on one of two instalments."""
    lines = [{"subject": f"抢险 {number}", "price": "10", "starts_on": "2026-12-18", "ends_on": "2026-12-20",
              "people": "1", "days": "1"}]  # fmt: skip
    head = {"department_name": "营销小组", "contact": "陈思琪", "requested_on": "2026-11-20", "urgency": "紧急"}
    return open_work_form(
        kind=Kind.UNPLANNED_WORK,
        actor=cast.property_project_manager,
        instalment=cast.instalments["CH-1" if number % 2 else "CH-2"],
        month=forms.DECEMBER,
        rows=forms.checked(Kind.UNPLANNED_WORK, lines),
        head=head,
    )


def test_holders_across_projects_are_those_of_each(cast):
    from organization import access
    from organization.posts import Post

    departments = [None, *(row.pk for row in cast.departments.values())]
    projects = list(cast.projects.values())
    found = access.holders_across(projects, Post.values)
    for project in projects:
        asked = access.holders_of([(post, key) for post in Post.values for key in departments], project)
        for (post, key), people in asked.items():
            own = key if post in ("requesting_department_head", "leader_in_charge") else None
            assert found.get((project.pk, post, own), []) == people
