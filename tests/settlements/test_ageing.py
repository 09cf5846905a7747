"""What is not yet confirmed or not yet settled, by age; and that every approved 分 is accounted for (M5)."""

import io
import random
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from budgets.confirming import rooms, save_completion
from budgets.lapsing import lapse_rest
from budgets.models import CompletionLine, Lapse
from documents import circulation
from documents.models import Document
from documents.refusals import Refused
from settlements.ageing import age_of, ageing, bucket_of, chosen_projects
from settlements.models import ApplicationLine
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 20)
# month, days since its end on 2026-12-20, column
AGES = [
    (date(2026, 12, 1), -11, 0),
    (date(2027, 1, 1), -42, 0),
    (date(2026, 11, 1), 20, 1),
    (date(2026, 10, 1), 50, 2),
    (date(2026, 9, 1), 81, 3),
    (date(2026, 8, 1), 111, 4),
    (date(2026, 2, 1), 295, 4),
]


@pytest.mark.parametrize(("month", "age", "bucket"), AGES)
def test_age_is_counted_from_the_end_of_the_month(month, age, bucket):
    assert (age_of(month, TODAY), bucket_of(month, TODAY)) == (age, bucket)


# last day of the month, and the days on which it moves into the next column
EDGES = [(date(2026, 9, 29), 0), (date(2026, 9, 30), 1), (date(2026, 10, 30), 1), (date(2026, 10, 31), 2),
         (date(2026, 11, 29), 2), (date(2026, 11, 30), 3), (date(2026, 12, 29), 3), (date(2026, 12, 30), 4)]  # fmt: skip


@pytest.mark.parametrize(("today", "bucket"), EDGES)
def test_the_thirtieth_sixtieth_and_ninetieth_day_belong_to_the_younger_column(today, bucket):
    assert bucket_of(date(2026, 9, 1), today) == bucket


@pytest.fixture
def year(cast, fixed_clock):
    """CH: August settled whole; September confirmed but for 172.00, which lapsed; October, November and December open in parts."""
    at = fixed_clock.set_clock
    shanghai = fixed_clock.shanghai
    august = forms.approved(cast, instalment="CH-1", month=date(2026, 8, 1))
    september = forms.approved(cast, instalment="CH-2", month=date(2026, 9, 1))
    october = forms.approved(cast, instalment="CH-1", month=date(2026, 10, 1))
    december = forms.approved(cast, instalment="CH-2", month=date(2026, 12, 1))
    forms.confirmed(cast, august)
    application = forms.application(cast, side="post", month=date(2026, 11, 1))
    circulation.submit(document_id=application.pk, actor=application.creator)
    forms.sign_through(application, cast)
    forms.confirmed(cast, september, actuals={"垃圾袋": {"quantity": "100", "amount": "860.00"}})
    lapse_rest(document_id=september.pk, actor=cast.property_clerk, reason="库存够用")
    forms.confirmed(cast, october, actuals={"鲜花绿植更换": {"quantity": "3", "amount": "4950.00"}})
    at(shanghai(2026, 12, 20))
    completion = forms.completion(origin=december, actor=cast.property_clerk, month=date(2026, 12, 1))
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    return {"august": august, "september": september, "october": october, "december": december}


def found(person, code="", side="", **more):
    return ageing(person, chosen_projects(person, code), side, **more)


def test_columns_sums_and_the_line_that_adds_up(cast, year):
    seen = found(cast.finance)
    assert [(place.project.code, place.side) for place in seen.places] == [("CH", "pre"), ("CH", "post")]
    pre, post = seen.places
    # December is being confirmed: open until that is approved.
    assert pre.open == [Decimal("8643.00"), 0, 0, 0, 0]
    assert pre.unsettled == [0, 0, 0, Decimal("8471.00"), 0]
    assert post.open == [0, 0, Decimal("1650.00"), 0, 0]
    assert post.unsettled == [0, 0, Decimal("6993.00"), 0, 0]
    whole = seen.balance
    # 4 × 8,643.00 = 34,572.00 = 8,643.00 + 15,464.00 + 10,293.00 + 172.00
    assert (whole.approved, whole.settled, whole.unsettled, whole.open, whole.lapsed, whole.difference) == tuple(
        map(Decimal, ("34572.00", "8643.00", "15464.00", "10293.00", "172.00", "0"))
    )
    assert [(row.document.number, row.age) for row in seen.forms] == [
        (year["september"].number, 81),
        (year["october"].number, 50),
        (year["december"].number, -11),
    ]


def test_it_is_filtered_by_project_and_side_and_foreign_projects_are_not_found(cast, year, log_in):
    assert [place.side for place in found(cast.finance, "CH", "post").places] == ["post"]
    client = log_in(cast.yj_property_clerk)
    assert client.get("/settlements/ageing/?project=CH").status_code == 404
    assert client.get("/settlements/ageing/export/?project=CH").status_code == 404
    assert client.get("/settlements/ageing/?project=NOSUCH").status_code == 404
    page = client.get("/settlements/ageing/").content.decode()
    assert "8,643.00" not in page
    assert "没有已通过的工作表单" in page
    api = Program(cast.yj_property_clerk)
    assert api.get("settlements/ageing/?project=CH").status_code == 404
    assert api.get("settlements/ageing/").json()["places"] == []


def test_what_lies_in_an_address_is_never_a_fault(cast, year, log_in):
    client = log_in(cast.finance)
    for query in (
        "side=x",
        "after=x",
        "after=2026-13.1",
        "after=2026-09." + "9" * 30,
        "after=2026-09.٣",
    ):
        assert client.get(f"/settlements/ageing/?{query}").status_code in (200, 404), query


def test_the_page_shows_it_and_links_to_the_forms(cast, year, log_in):
    page = log_in(cast.property_finance).get("/settlements/ageing/").content.decode()
    for text in (
        "8,471.00",
        "6,993.00",
        "1,650.00",
        "¥34,572.00",
        "与批准金额一致",
        "61–90 天",
        year["october"].number,
    ):
        assert text in page
    assert f"/documents/{year['october'].number}/" in page


def test_forms_are_paged_by_key(cast, year):
    first = found(cast.finance, size=2)
    second = found(cast.finance, size=2, after=first.older)
    assert [row.document.pk for row in (*first.forms, *second.forms)] == [
        year[name].pk for name in ("september", "october", "december")
    ]
    assert second.older == ""


def test_the_workbook_holds_real_numbers_and_live_sums(cast, year, log_in):
    data = log_in(cast.finance).get("/settlements/ageing/export/").content
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["账龄明细"]
    formulas = openpyxl.load_workbook(io.BytesIO(data))["账龄明细"]
    assert values.max_row == 6
    assert values["O3"].value == 8471
    assert values["I4"].value == 1650
    assert [values.cell(6, column).value for column in (7, 9, 14, 15, 17)] == [8643, 1650, 6993, 8471, 25757]
    assert formulas["Q6"].value == "=SUM(Q3:Q5)"
    assert formulas["Q3"].value == "=SUM(G3:P3)"
    check = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["合计核对"]
    assert [check.cell(4, column).value for column in range(3, 9)] == [34572, 8643, 15464, 10293, 172, 0]


def test_over_the_api(cast, year):
    body = Program(cast.finance).get("settlements/ageing/?side=post").json()
    (place,) = body["places"]
    assert place["unconfirmed"] == {
        "running": "0.00", "days_0_30": "0.00", "days_31_60": "1650.00", "days_61_90": "0.00", "days_over_90": "0.00",
    }  # fmt: skip
    assert body["balance"] == {
        "approved": "17286.00",
        "settled": "8643.00",
        "confirmed_unsettled": "6993.00",
        "unconfirmed": "1650.00",
        "lapsed": "0.00",
        "confirming": "0.00",
        "applied": "0.00",
    }
    assert [(row["document"]["number"], row["bucket"]) for row in body["forms"]] == [
        (year["october"].number, "days_31_60")
    ]


def test_queries_do_not_grow_with_the_forms(cast, log_in):
    counts = []
    for months in ((9,), (10, 11)):
        for month in months:
            forms.approved(cast, month=date(2026, month, 1))
        client = log_in(cast.finance)
        for address in ("/settlements/ageing/", "/settlements/compare/?project=CH", "/settlements/applications/"):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]


# --- M5, from the rows themselves ----------------------------------------------------------------------------------------
def total(rows):
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def account(form):
    """A form's parts, each from its own rows and none from the counters."""
    lines = form.work_lines.all()
    settled = total(ApplicationLine.objects.filter(completion_line__origin_line__in=lines, document__state="approved"))
    confirmed = total(CompletionLine.objects.filter(origin_line__in=lines, document__state="approved"))
    lapsed = total(Lapse.objects.filter(line__in=lines))
    under_way = total(
        CompletionLine.objects.filter(
            origin_line__in=lines, document__state__in=("circulating", "returned", "withdrawn")
        )
    )
    free = sum((room.amount for room in rooms(form)), Decimal(0))
    return settled, confirmed - settled, under_way + free, lapsed


class Walk:
    """One office that confirms, applies, lapses; a die decides."""

    def __init__(self, seed, cast):
        self.die, self.cast = random.Random(seed), cast

    def some(self, *states, kind):
        rows = list(Document.objects.filter(state__in=states, kind=kind).order_by("pk"))
        return self.die.choice(rows) if rows else None

    def complete(self):
        origin = self.some("approved", kind="purchase_request")
        month = self.die.choice([date(2026, 12, 1), date(2027, 1, 1)])
        completion = forms.completion(origin=origin, actor=self.cast.property_clerk, month=month)
        share = self.die.choice([Decimal(1), Decimal("0.5"), Decimal("0.3")])
        rows = [
            {
                "id": line.origin_line.key,
                "quantity": str((line.quantity * share).quantize(Decimal("0.001"), "ROUND_DOWN")),
                "amount": str((line.amount * share).quantize(Decimal("0.01"), "ROUND_DOWN")),
            }
            for line in completion.completion_lines.select_related("origin_line")
        ]
        save_completion(document=completion, actor=self.cast.property_clerk, draft_version=None, rows=rows)
        circulation.submit(document_id=completion.pk, actor=self.cast.property_clerk)

    def decide(self):
        completion = self.some("circulating", kind="work_completion")
        if completion is None:
            return
        if self.die.random() < 0.7:
            forms.sign_through(completion, self.cast)
        else:
            forms.sign(completion, self.cast.marketing_handler)
            circulation.reject(
                document_id=completion.pk, actor=self.cast.marketing_head, revision=1, round_n=1, opinion="不实"
            )

    def apply(self):
        application = forms.application(self.cast, side="pre", month=date(2027, 1, 1))
        circulation.submit(document_id=application.pk, actor=application.creator)
        if self.die.random() < 0.8:
            forms.sign_through(application, self.cast)

    def lapse(self):
        origin = self.some("approved", kind="purchase_request")
        line = self.die.choice(list(origin.work_lines.all()))
        actor = self.cast[self.die.choice(["property_clerk", "marketing_head"])]
        lapse_rest(document_id=origin.pk, actor=actor, reason="不做", lines=self.die.choice([None, [line.key]]))


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_approved_fen_is_settled_confirmed_open_or_lapsed_after_every_step(cast, fixed_clock, seed):
    for month in (date(2026, 12, 1), date(2027, 1, 1)):
        forms.approved(cast, month=month)
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 10))
    walk, done = Walk(seed, cast), 0
    for step in range(14):
        action = walk.die.choice(["complete", "decide", "decide", "apply", "lapse"])
        try:
            getattr(walk, action)()
            done += 1
        except Refused:
            pass
        approved = list(Document.objects.filter(kind="purchase_request", state="approved"))
        parts = {form.pk: account(form) for form in approved}
        where = f"seed {seed}, step {step}: {action}"
        assert {form.pk: sum(parts[form.pk]) for form in approved} == {form.pk: form.amount for form in approved}, where
        shown = found(cast.finance, size=None)
        whole = tuple(sum(column) for column in zip(*parts.values(), strict=True))
        balance = shown.balance
        assert (balance.settled, balance.unsettled, balance.open, balance.lapsed) == whole, where
        assert balance.difference == 0, where
    assert done >= 5


def test_both_companies_see_the_same_figures(cast, year):
    assert found(cast.property_finance).balance == found(cast.finance).balance
