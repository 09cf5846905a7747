"""Reminders with the clock walking day by day over 国庆 and 春节: who is told, when, once, and never after the end."""

from datetime import date, timedelta

import pytest

from budgets.reminding import remind_of_missing_forms
from documents import circulation
from documents.models import Notice
from documents.reminding import remind_of_documents
from documents.wording import notice_text
from settlements.reminding import remind_of_missing_applications
from tests import forms

pytestmark = pytest.mark.django_db

PROJECT = "翠湖花园"


def tick():
    """What ``manage.py tick`` does about dates; a second time the same day must add nothing."""
    for _time in range(2):
        remind_of_documents()
        remind_of_missing_forms()
        remind_of_missing_applications()


@pytest.fixture
def walk(fixed_clock):
    """``walk(first, last, besides)``: tick every day; answers (day, recipient, code, days left) in their order."""

    def through(first, last, down=(), code="", matching=""):
        day, told = date.fromisoformat(first), []
        while day <= date.fromisoformat(last):
            before = set(Notice.objects.values_list("pk", flat=True))
            if day.isoformat() not in down:
                fixed_clock.set_clock(fixed_clock.shanghai(day.year, day.month, day.day))
                tick()
            told += [
                (day.strftime("%m-%d"), notice.recipient.username, notice.parameters["days"])
                for notice in Notice.objects.exclude(pk__in=before).select_related("recipient").order_by("pk")
                if notice.code.startswith(code) and matching in notice_text(notice) + str(notice.document or "")
            ]
            day += timedelta(days=1)
        return sorted(told)

    return through


@pytest.fixture
def on(fixed_clock):
    return lambda *moment: fixed_clock.set_clock(fixed_clock.shanghai(*moment))


def test_before_national_day_the_holders_of_the_open_stations_are_told_twice(cast, walk, on):
    """October's forms are due on 2026-09-30; 09-25 to 09-27 are 中秋, Sunday 09-20 is worked."""
    on(2026, 9, 10)
    form = forms.submitted(cast, month=date(2026, 10, 1))
    assert walk("2026-09-17", "2026-10-12", matching=form.number) == [
        ("09-24", "property_finance_head", 3),
        ("09-24", "property_leader", 3),
        ("09-29", "property_finance_head", 1),
        ("09-29", "property_leader", 1),
    ]


def test_over_spring_festival_the_made_up_saturday_counts(cast, walk, on):
    """March's forms are due on Saturday 2026-02-28, which is worked; 02-15 to 02-23 are 春节."""
    on(2026, 2, 9)
    form = forms.submitted(cast, month=date(2026, 3, 1))
    told = walk("2026-02-13", "2026-03-03", matching=form.number)
    assert [(day, days) for day, who, days in told if who == "property_leader"] == [("02-25", 3), ("02-27", 1)]


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        (("2026-09-24",), [("09-25", 3), ("09-29", 1)]),  # in 中秋 28, 29 and 30 are left
        (("2026-09-24", "2026-09-25", "2026-09-26", "2026-09-27", "2026-09-28"), [("09-29", 1)]),
        (("2026-09-29",), [("09-24", 3), ("09-30", 0)]),
        (("2026-09-24", "2026-09-25", "2026-09-26", "2026-09-27"), [("09-28", 2), ("09-29", 1)]),
    ],
)
def test_a_tick_that_was_down_makes_up_with_one_notice(cast, walk, on, down, expected):
    on(2026, 9, 10)
    form = forms.submitted(cast, month=date(2026, 10, 1))
    told = walk("2026-09-17", "2026-10-12", down=down, matching=form.number)
    assert [(day, days) for day, who, days in told if who == "property_leader"] == expected


def test_who_signed_is_not_told_any_more_and_who_holds_it_now_is(cast, walk, on):
    on(2026, 9, 10)
    form = forms.submitted(cast, month=date(2026, 10, 1))
    walk("2026-09-20", "2026-09-25", matching=form.number)
    forms.sign(form, cast.property_leader)
    forms.sign(form, cast.property_finance_head)
    assert walk("2026-09-26", "2026-10-10", matching=form.number) == [
        ("09-26", "marketing_handler", 3),
        ("09-29", "marketing_handler", 1),
    ]


def test_nobody_is_reminded_of_a_form_that_was_decided(cast, walk, on):
    on(2026, 9, 10)
    approved = forms.approved(cast, month=date(2026, 10, 1))
    rejected = forms.submitted(cast, month=date(2026, 10, 1), instalment="CH-1")
    circulation.reject(document_id=rejected.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="不需要")
    assert walk("2026-09-17", "2026-10-12", code="due", matching=approved.number) == []
    assert Notice.objects.filter(code="due").exists() is False


def test_a_returned_form_is_told_to_who_writes_it(cast, walk, on):
    on(2026, 9, 10)
    form = forms.submitted(cast, month=date(2026, 10, 1))
    forms.send_back(form, cast.property_leader)
    assert walk("2026-09-20", "2026-10-10", matching=form.number) == [
        ("09-24", "property_clerk", 3),
        ("09-29", "property_clerk", 1),
    ]


def test_monthly_forms_that_nobody_submitted_are_told_once_for_an_instalment(cast, walk, on):
    on(2026, 9, 10)
    forms.submitted(cast, month=date(2026, 10, 1))
    forms.purchase_request(cast, month=date(2026, 10, 1), instalment="CH-1")
    assert walk("2026-09-20", "2026-10-10", code="due.missing", matching=f"{PROJECT}二期 2026-10") == [
        ("09-24", "property_clerk", 3),
        ("09-24", "property_project_manager", 3),
        ("09-29", "property_clerk", 1),
        ("09-29", "property_project_manager", 1),
    ]
    texts = {
        notice_text(notice): notice.url
        for notice in Notice.objects.filter(code="due.missing", recipient=cast.property_clerk, parameters__days=3)
    }
    where = "/budgets/months/?month=2026-10&project=CH"
    assert texts == {
        f"{PROJECT}一期 2026-10 尚未提交：物业人员岗位配置表、物业行政管理费用支出表、物业采购申请表。"
        "截止 2026-09-30 审批通过，还剩 3 个工作日": where,
        f"{PROJECT}二期 2026-10 尚未提交：物业人员岗位配置表、物业行政管理费用支出表。"
        "截止 2026-09-30 审批通过，还剩 3 个工作日": where,
    }


# --- applications ------------------------------------------------------------------------------------------------------
@pytest.fixture
def september(cast, on):
    """A form of September, approved and confirmed."""
    on(2026, 8, 20)
    origin = forms.approved(cast, month=date(2026, 9, 1))
    on(2026, 9, 15)
    forms.confirmed(cast, origin)
    return origin


GATHERED = [
    ("09-24", "property_clerk", 3),
    ("09-24", "property_finance", 3),
    ("09-29", "property_clerk", 1),
    ("09-29", "property_finance", 1),
]


def test_an_application_that_nobody_has_begun_is_asked_for_while_work_waits(cast, walk, september):
    assert walk("2026-09-20", "2026-10-12", matching="物业前期介入费用申请") == GATHERED
    notice = Notice.objects.filter(code="due.missing", recipient=cast.property_finance).earliest("pk")
    assert notice.url == "/settlements/new/?project=CH&month=2026-09&side=pre"
    assert notice_text(notice) == (
        f"{PROJECT} 2026-09 （入伙前（营销小组））尚未提交：物业前期介入费用申请。截止 2026-09-30 送达经办，还剩 3 个工作日"
    )


def test_approved_work_that_is_not_confirmed_yet_is_asked_for_too(cast, walk, on):
    on(2026, 8, 20)
    forms.approved(cast, month=date(2026, 9, 1))
    assert walk("2026-09-20", "2026-10-12", matching="物业前期介入费用申请") == GATHERED


def test_without_work_nobody_is_asked_for_an_application(cast, walk, on):
    on(2026, 8, 20)
    forms.submitted(cast, month=date(2026, 9, 1))
    assert walk("2026-09-20", "2026-10-12", matching="物业前期介入费用申请") == []


def test_a_draft_begun_after_the_reminder_is_the_same_matter(cast, walk, on, september):
    assert walk("2026-09-20", "2026-09-24", matching="物业前期介入费用申请") == GATHERED[:2]
    forms.application(cast, month=date(2026, 9, 1))
    walk("2026-09-24", "2026-10-12")
    told = [
        (notice.recipient.username, notice.code, notice.parameters["days"])
        for notice in Notice.objects.filter(code__startswith="due", parameters__purpose="arrive").order_by("pk")
    ]
    assert sorted(told) == [
        ("property_clerk", "due", 1),
        ("property_clerk", "due.missing", 3),
        ("property_finance", "due", 1),
        ("property_finance", "due.missing", 3),
    ]


def test_an_application_on_its_way_is_told_to_its_holders_then_to_the_developers_until_the_22nd(
    cast, walk, on, september
):
    """September's application is due at the handler on 09-30 and signed by Thursday 2026-10-22."""
    application = forms.application(cast, month=date(2026, 9, 1))
    circulation.submit(document_id=application.pk, actor=cast.property_finance)
    name = type(application).objects.get(pk=application.pk).number
    assert walk("2026-09-20", "2026-09-24", matching=name) == [
        ("09-24", "property_clerk", 3),
        ("09-24", "property_finance", 3),
        ("09-24", "property_finance_head", 3),
        ("09-24", "property_leader", 3),
    ]
    for person in (cast.property_leader, cast.property_finance_head, cast.property_gm):
        forms.sign(application, person)
    assert walk("2026-09-25", "2026-10-20", matching=name) == [("10-19", "marketing_handler", 3)]
    forms.sign(application, cast.marketing_handler)
    assert walk("2026-10-20", "2026-10-25", matching=name) == [
        ("10-20", "marketing_head", 2),
        ("10-21", "marketing_head", 1),
    ]
