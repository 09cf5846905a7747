"""Two months side by side, and a month's figures on both sides."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from documents import circulation
from organization import clock
from settlements.comparing import Change, compare
from settlements.overview import month_overview
from tests import forms
from tests.api.programs import Program
from tests.settlements.test_gathering import special

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
# 8 × 168.50 = 1,348.00 instead of 1,011.00; no 鲜花绿植更换 of 6,600.00, but 门岗雨衣 10 × 45.55 = 455.50
LATER = [
    {**forms.LINES[0], "quantity": "8"},
    forms.LINES[1],
    {"category": "安保", "subject": "门岗雨衣", "unit": "件", "quantity": "10", "price": "45.55"},
]


@pytest.fixture
def months(cast):
    """CH-2: September 8,643.00, confirmed 8,471.00; October 2,835.50, nothing confirmed."""
    september = forms.approved(cast, month=SEPTEMBER)
    forms.confirmed(cast, september, actuals={"垃圾袋": {"quantity": "100", "amount": "860.00"}})
    return september, forms.approved(cast, month=OCTOBER, lines=LATER)


# kind, category, subject, approved left and right, actual left and right
BY_CATEGORY = [
    ("purchase_request", "安保", "", "0", "455.50", "0", "0"),
    ("purchase_request", "客服", "", "6600.00", "0", "6600.00", "0"),
    ("purchase_request", "清洁", "", "2043.00", "2380.00", "1871.00", "0"),
]
BY_SUBJECT = [
    ("purchase_request", "安保", "门岗雨衣", "0", "455.50", "0", "0"),
    ("purchase_request", "客服", "鲜花绿植更换", "6600.00", "0", "6600.00", "0"),
    ("purchase_request", "清洁", "垃圾袋", "1032.00", "1032.00", "860.00", "0"),
    ("purchase_request", "清洁", "洗地机清洁剂", "1011.00", "1348.00", "1011.00", "0"),
]


@pytest.mark.parametrize(("by_subject", "expected"), [(False, BY_CATEGORY), (True, BY_SUBJECT)])
def test_rows_by_category_and_by_subject(cast, months, by_subject, expected):
    found = compare(cast.finance, cast.projects["CH"], SEPTEMBER, OCTOBER, by_subject=by_subject)
    rows = [
        (row.kind, row.category, row.subject, row.approved.left, row.approved.right, row.actual.left, row.actual.right)
        for group in found.groups
        for row in group.rows
    ]
    assert rows == [(*row[:3], *map(Decimal, row[3:])) for row in expected]
    assert (found.approved, found.actual) == (
        Change(Decimal("8643.00"), Decimal("2835.50")),
        Change(Decimal("8471.00"), Decimal("0")),
    )
    assert found.empty == ()


# left, right, difference, per cent
CHANGES = [
    ("8643.00", "2835.50", "-5807.50", "-67.2"),
    ("100.00", "100.05", "0.05", "0.1"),
    ("100.00", "100.04", "0.04", "0.0"),
    ("2000.00", "1999.00", "-1.00", "-0.1"),
    ("0", "455.50", "455.50", None),
    ("0", "0", "0", None),
    ("6600.00", "0", "-6600.00", "-100.0"),
]


@pytest.mark.parametrize(("left", "right", "difference", "percent"), CHANGES)
def test_difference_and_per_cent(left, right, difference, percent):
    change = Change(Decimal(left), Decimal(right))
    assert change.difference == Decimal(difference)
    assert change.percent == (None if percent is None else Decimal(percent))


def test_a_month_without_forms_is_said_in_a_sentence(cast, months, log_in):
    client = log_in(cast.finance)
    page = client.get("/settlements/compare/?project=CH&left=2026-07&right=2026-10").content.decode()
    assert "2026年07月没有已通过的工作表单，按 0 对比。" in page
    assert "新增" in page
    page = client.get("/settlements/compare/?project=CH&left=2026-05&right=2026-06").content.decode()
    assert "两个月都没有已通过的工作表单" in page
    page = client.get("/settlements/compare/?project=CH&side=post&left=2026-09&right=2026-10").content.decode()
    assert "两个月都没有已通过的工作表单" in page


def test_foreign_projects_are_not_found_and_bad_addresses_fall_back(cast, months, log_in):
    client = log_in(cast.yj_property_clerk)
    for address in ("/settlements/compare/", "/settlements/compare/export/"):
        assert client.get(f"{address}?project=CH&left=2026-09&right=2026-10").status_code == 404
    assert (
        Program(cast.yj_property_clerk).get("settlements/compare/?project=CH&left=2026-09&right=2026-10").status_code
        == 404
    )
    mine = log_in(cast.finance, fresh=True)
    for query in ("left=x&right=9999-99", "left=0001-01", "right=9999-12", "side=y&by=z"):
        assert mine.get(f"/settlements/compare/?project=CH&{query}").status_code == 200


def test_the_workbook_reckons_for_itself(cast, months, log_in):
    address = "/settlements/compare/export/?project=CH&left=2026-09&right=2026-10&by=subject"
    data = log_in(cast.finance).get(address).content
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["月度对比"]
    formulas = openpyxl.load_workbook(io.BytesIO(data))["月度对比"]
    assert [values.cell(7, column).value for column in (4, 5, 6, 8, 9, 10)] == [8643, 2835.5, -5807.5, 8471, 0, -8471]
    assert formulas["F7"].value == "=E7-D7"
    assert formulas["D7"].value == "=SUM(D3:D6)"
    assert [values.cell(3, column).value for column in (2, 3, 4, 5)] == ["安保", "门岗雨衣", 0, 455.5]


def test_over_the_api(cast, months):
    body = Program(cast.finance).get("settlements/compare/?project=CH&left=2026-09&right=2026-07").json()
    assert body["months_without_forms"] == ["2026-07"]
    assert body["approved"] == {"left": "8643.00", "right": "0.00", "difference": "-8643.00", "percent": "-100.0"}


# --- the month -----------------------------------------------------------------------------------------------------------
def side_of(person, month, side="pre"):
    (project,) = [row for row in month_overview(person, month) if row.project.code == "CH"]
    return next(row for row in project.sides if row.of.side == side)


def figures(side):
    return tuple(str(getattr(side.figures, name)) for name in ("approved", "confirmed", "held", "settled"))


def test_a_month_goes_from_approved_to_settled(cast, fixed_clock):
    origin = forms.approved(cast)
    december = date(2026, 12, 1)
    assert side_of(cast.finance, december).warning == ""  # the month is still to come
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    seen = side_of(cast.finance, december)
    assert figures(seen) == ("8643.00", "0.00", "0", "0.00")
    assert seen.warning == "本月已通过的工作还没有确认；确认通过后才能申请费用。"

    forms.confirmed(cast, origin, actuals={"垃圾袋": {"quantity": "100", "amount": "860.00"}})
    seen = side_of(cast.finance, december)
    assert figures(seen) == ("8643.00", "8471.00", "0", "0.00")
    assert seen.warning == "有已确认、未列入申请的工作，本月的费用申请尚未提交。"

    application = forms.application(cast)
    # A draft is seen by those who may write it: the developer knows nothing of it.
    assert figures(side_of(cast.property_finance, december))[2] == "8471.00"
    assert figures(side_of(cast.finance, december))[2] == "0"
    circulation.submit(document_id=application.pk, actor=application.creator)
    seen = side_of(cast.finance, december)
    assert figures(seen) == ("8643.00", "8471.00", "8471.00", "0.00")
    assert seen.warning == ""
    (row,) = seen.rows
    assert (row.since, row.current) == (
        clock.now(),
        "物业地产配合业务分管领导、物业财务部负责人",
    ) or row.lay.seconds < 60

    forms.sign_through(application, cast)
    seen = side_of(cast.finance, december)
    assert figures(seen) == ("8643.00", "8471.00", "0", "8471.00")
    assert seen.rows[0].since is None


def test_how_long_an_application_lies_is_on_the_page_and_in_the_api(cast, fixed_clock, log_in):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    application = forms.application(cast)
    circulation.submit(document_id=application.pk, actor=application.creator)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 23))
    page = log_in(cast.property_finance).get("/settlements/applications/?month=2026-12").content.decode()
    for text in ("停留 3 天", "自 2026-12-20", "本月批准", "申请中", "¥8,643.00"):
        assert text in page
    body = Program(cast.finance).get("settlements/months/?month=2026-12&project=CH").json()
    pre = next(side for side in body[0]["sides"] if side["side"] == "pre")
    assert (pre["approved"], pre["confirmed"], pre["in_application"], pre["settled"]) == (
        "8643.00",
        "8643.00",
        "8643.00",
        "0.00",
    )
    assert pre["applications"][0]["since"].startswith("2026-12-20")


def test_the_entry_page_says_what_is_left_and_since_when(cast, fixed_clock, log_in):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    draft = forms.completion(origin=origin, actor=cast.property_clerk)
    client = log_in(cast.property_clerk)
    page = client.get(f"/budgets/completions/{draft.name}/edit/").content.decode()
    assert "可确认余量 ¥8,643.00" in page
    assert "2026-11-23 通过后未确认" in page
    assert "2026-11-23 通过后未确认" in client.get("/budgets/completions/").content.decode()


def test_a_kind_without_categories_is_one_row_and_lines_without_a_category_are_called_so(cast, log_in):
    special(cast, month=SEPTEMBER)
    client = log_in(cast.finance)
    address = "/settlements/compare/?project=CH&left=2026-09&right=2026-10"
    page = client.get(address).content.decode()
    assert page.count("物业服务工作确认单（专项）") == 1
    assert '<th scope="row" class="plain-weight">' not in page
    page = client.get(f"{address}&by=subject").content.decode()
    assert '<th scope="row" class="plain-weight"><span>开盘保障</span></th>' in page
