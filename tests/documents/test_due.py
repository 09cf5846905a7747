"""How forms stand to their dates: on lists, pages and in the API; the overdue tab says the same in SQL."""

import re
from datetime import date

import pytest
from rest_framework.test import APIClient

from documents import circulation, due, inbox
from documents.deadlines import DUE, LATE, NEAR, last_month_due, month_from
from documents.management.commands.show import as_data
from documents.models import Document, Step
from documents.states import StepStatus
from organization.working_days import Calendar
from settlements import deadlines
from tests import forms

pytestmark = pytest.mark.django_db


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def standing(document):
    """State and days left of one form today."""
    now = Document.objects.get(pk=document.pk)
    posts = Step.objects.filter(document=now, status=StepStatus.OPEN).values_list("post", flat=True)
    found = due.deadline_of(now, frozenset(posts))
    return (str(found.on), found.state, found.days_left, str(found.purpose)) if found else None


@pytest.fixture
def on(fixed_clock):
    return lambda *moment: fixed_clock.set_clock(fixed_clock.shanghai(*moment))


@pytest.fixture
def application(cast, on):
    """December's application of CH-2, in circulation since 2026-12-20."""
    origin = forms.approved(cast)
    on(2026, 12, 20)
    forms.confirmed(cast, origin)
    made = forms.application(cast)
    circulation.submit(document_id=made.pk, actor=cast.property_finance)
    return Document.objects.get(pk=made.pk)


# --- months ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "newest"),
    [
        ("2026-09-29", "2026-08"),
        ("2026-09-30", "2026-09"),
        ("2026-10-29", "2026-09"),
        ("2026-10-30", "2026-10"),
        ("2026-02-14", "2026-01"),
    ],
)
def test_the_newest_month_whose_date_is_reached(by, newest):
    found = last_month_due(deadlines.handed_over_by, date.fromisoformat(by), Calendar(date.fromisoformat(by)))
    assert found == date.fromisoformat(f"{newest}-01")


def test_months_end_where_the_calendar_ends():
    assert month_from(date(9999, 12, 1), 1) == date(9999, 12, 1)
    assert month_from(date(1, 1, 1), -1) == date(1, 1, 1)
    assert month_from(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert last_month_due(deadlines.handed_over_by, date(1, 1, 1), Calendar(date(1, 1, 1))) is None
    assert last_month_due(deadlines.handed_over_by, date.max, Calendar(date.max)) == date(9999, 12, 1)


# --- an application ----------------------------------------------------------------------------------------------------
def test_an_application_has_two_dates_one_after_the_other(cast, on, application):
    """Thursday 2026-12-31 with the property company, then Friday 2027-01-22; 2026-12-20 is a Sunday."""
    assert standing(application) == ("2026-12-31", DUE, 9, "arrive")
    on(2026, 12, 28)
    assert standing(application) == ("2026-12-31", NEAR, 3, "arrive")
    on(2026, 12, 31)
    assert standing(application) == ("2026-12-31", NEAR, 0, "arrive")
    on(2027, 1, 1)
    assert standing(application)[1] == LATE
    for person in (cast.property_leader, cast.property_finance_head, cast.property_gm):
        forms.sign(application, person)
    assert standing(application) == ("2027-01-22", DUE, 15, "sign")
    on(2027, 1, 25)
    assert standing(application) == ("2027-01-22", LATE, -1, "sign")
    forms.send_back(application, cast.marketing_handler)
    assert standing(application) == ("2026-12-31", LATE, -17, "arrive")


def test_what_is_decided_has_no_date(cast, on, application):
    approved = forms.sign_through(application, cast)
    on(2027, 3, 1)
    assert standing(approved) is None
    assert inbox.overdue(cast.property_finance).count() == 0


def test_the_page_says_the_date_and_that_the_year_is_unknown(cast, log_in, on, application):
    shown = text_of(log_in(cast.property_leader).get(f"/documents/{application.number}/"))
    assert "截止 2026-12-31 送达经办 · 还剩 9 个工作日" in shown
    assert "节假日未导入" not in shown
    for person in (cast.property_leader, cast.property_finance_head, cast.property_gm):
        forms.sign(application, person)
    browser = log_in(cast.marketing_handler)
    sentence = "2027年节假日未导入，按周一至周五计算"
    shown = text_of(browser.get(f"/documents/{application.number}/"))
    assert "截止 2027-01-22 签批完毕 · 还剩 25 个工作日" in shown
    for address in (
        f"/documents/{application.number}/",
        "/inbox/",
        "/",
        "/search/?q=EA",
        "/settlements/applications/?month=2026-12",
    ):
        assert sentence in text_of(browser.get(address)), address
    assert sentence in text_of(browser.get("/budgets/months/?month=2027-03"))


def test_the_applications_page_says_both_dates_and_what_nobody_has_begun(cast, log_in, on):
    origin = forms.approved(cast)
    on(2026, 12, 24)
    forms.confirmed(cast, origin)
    on(2026, 12, 28)
    shown = text_of(log_in(cast.property_finance).get("/settlements/applications/?month=2026-12"))
    assert "截止 2026-12-31 送达经办 · 还剩 3 个工作日" in shown
    assert "截止 2027-01-22 签批完毕 · 还剩 19 个工作日" in shown
    assert shown.count("临近 12-31") == 1
    # Where nothing waits, a date that is past is no reproach.
    shown = text_of(log_in(cast.property_finance).get("/settlements/applications/?month=2026-10"))
    assert "截止 2026-11-20 签批完毕 · 已过" in shown
    assert "逾期" not in shown.split("本月时限")[-1].split("翠湖花园（CH）")[-1]


def test_the_entry_page_says_the_date_of_a_draft(cast, log_in):
    draft = forms.purchase_request(cast)
    shown = text_of(log_in(cast.property_clerk).get(f"/documents/{draft.name}/edit/", follow=True))
    assert "截止 2026-11-30 审批通过 · 还剩 5 个工作日" in shown


# --- the overdue tab ---------------------------------------------------------------------------------------------------
def test_the_overdue_tab_says_in_sql_what_each_form_says_of_itself(cast, on, application):
    """Forms at every kind of desk, looked at on days round all their dates."""
    forms.purchase_request(cast, month=date(2027, 1, 1))  # beside the one that is filed next: late for nothing
    forms.submitted(cast, month=date(2027, 1, 1))
    forms.purchase_request(cast, month=date(2027, 2, 1))
    back = forms.submitted(cast, month=date(2027, 1, 1), instalment="CH-1")
    forms.send_back(back, cast.property_leader)
    seen = set()
    for signed in (False, True):
        if signed:
            for person in (cast.property_leader, cast.property_finance_head, cast.property_gm):
                forms.sign(application, person)
        for moment in (
            (2026, 12, 30),
            (2026, 12, 31),
            (2027, 1, 1),
            (2027, 1, 22),
            (2027, 1, 23),
            (2027, 1, 30),
            (2027, 3, 1),
        ):
            on(*moment)
            everything = list(Document.objects.all())
            alone = {row.pk for row in everything if (found := standing(row)) and found[1] == LATE}
            assert set(Document.objects.filter(due.overdue()).values_list("pk", flat=True)) == alone, moment
            tab = set(inbox.overdue(cast.property_clerk).values_list("pk", flat=True))
            assert tab == alone
            seen.add((signed, len(alone)))
    assert seen == {(False, 0), (False, 3), (False, 4), (True, 2), (True, 3), (True, 4), (True, 0)}


def test_the_overdue_tab_shows_what_one_may_see_and_counts_it(cast, log_in, on, application):
    on(2027, 1, 1)
    for username, count in (
        ("property_clerk", 1),
        ("property_leader", 1),
        ("general_manager", 1),
        ("foreign_clerk", 0),
        ("yj_property_clerk", 0),
    ):
        browser = log_in(cast[username], fresh=True)
        page = browser.get("/inbox/overdue/").content.decode()
        assert (application.number in page, inbox.counts(cast[username])["overdue"]) == (bool(count), count)
    assert (
        '</svg>逾期 <time datetime="2026-12-31">2026-12-31</time>'
        in log_in(cast.property_clerk).get("/inbox/overdue/").content.decode()
    )
    assert inbox.counts(cast.administrator)["overdue"] == 0


def test_the_api_gives_date_and_state_and_show_does_not(cast, on, application):
    client = APIClient()
    client.force_authenticate(cast.property_clerk)
    on(2026, 12, 28)
    rows = client.get("/api/v1/documents/?kind=expense_application").json()["results"]
    assert [(row["due_on"], row["due_state"]) for row in rows] == [("2026-12-31", "near")]
    one = client.get(f"/api/v1/documents/{application.number}/").json()
    assert (one["due_on"], one["due_state"]) == ("2026-12-31", "near")
    on(2027, 1, 1)
    rows = client.get("/api/v1/inbox/overdue/").json()["results"]
    assert [(row["document"]["number"], row["due_state"]) for row in rows] == [(application.number, "late")]
    forms.sign_through(application, cast)
    one = client.get(f"/api/v1/documents/{application.number}/").json()
    assert (one["due_on"], one["due_state"]) == (None, "")
    assert not {"due_on", "due_state"} & set(as_data(application))


def test_a_list_of_dates_costs_the_same_for_1_and_for_11_forms_of_as_many_years(cast, django_assert_num_queries):
    for made, months in ((1, 1), (11, 10)):
        for n in range(months):
            forms.purchase_request(cast, month=date(2021 + n, 1, 1), instalment=("CH-1" if made == 1 else "CH-2"))
        rows = Document.objects.for_table().order_by("-pk")
        # Rows, steps, drafts beside a filed form, calendar.
        with django_assert_num_queries(4):
            assert len(inbox.page(rows).rows) == made
