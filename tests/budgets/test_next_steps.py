"""An approved form offers what follows on it to those who may begin it: the confirmation, then the application."""

from datetime import date

import pytest
from django.urls import reverse

from budgets.columns import CheckedRow, check_row
from budgets.drafting import open_work_form
from documents import circulation
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms

pytestmark = pytest.mark.django_db


def page_of(client, document):
    return client.get(reverse("documents:document", args=[document.name])).content.decode()


def start_url(document):
    return reverse("budgets:start_completion", args=[document.name])


def begin(client, document, month):
    answer = client.post(start_url(document), {"month": month})
    return client.get(answer.url).content.decode()


def test_an_approved_form_offers_its_confirmation_to_those_who_confirm(cast, log_in, fixed_clock):
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    for username, offered in (
        ("property_clerk", True),
        ("property_project_manager", True),
        ("property_leader", False),
        ("marketing_head", False),
        ("general_manager", False),
    ):
        page = page_of(log_in(cast[username], fresh=True), document)
        assert (f'action="{start_url(document)}"' in page) is offered, username
        assert ("做事后确认" in page) is offered, username
    page = page_of(log_in(cast.property_clerk), document)
    assert '<input type="hidden" name="month" value="2026-12">' in page
    assert "起才能提交" not in page


def test_what_was_begun_is_gone_on_with_and_nothing_is_offered_when_all_is_confirmed(cast, log_in, fixed_clock):
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    completion = forms.completion(origin=document, actor=cast.property_clerk)
    client = log_in(cast.property_clerk)
    page = page_of(client, document)
    assert f'href="{reverse("budgets:edit_completion", args=[completion.name])}"' in page
    assert start_url(document) not in page
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    page = page_of(client, document)
    assert "继续做事后确认" not in page
    assert start_url(document) not in page


def test_a_month_that_has_its_confirmation_is_followed_by_the_next(cast, log_in, fixed_clock):
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, document, actuals={"垃圾袋": {"quantity": "100", "amount": "860"}})
    page = page_of(log_in(cast.property_clerk), document)
    assert '<input type="hidden" name="month" value="2027-01">' in page
    assert "可先填写，2027-01-01 起才能提交。" in page


def test_an_approved_confirmation_offers_the_application_until_one_holds_its_lines(cast, log_in, fixed_clock):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    completion = forms.confirmed(cast, origin)
    offer = 'href="/settlements/new/?project=CH&amp;month=2026-12&amp;side=pre"'
    for username, offered in (
        ("property_finance", True),
        ("property_clerk", True),
        ("marketing_head", False),
        ("finance", False),
    ):
        assert (offer in page_of(log_in(cast[username], fresh=True), completion)) is offered, username
    forms.application(cast)
    assert offer not in page_of(log_in(cast.property_finance), completion)


def test_a_form_that_is_not_approved_offers_nothing(cast, log_in):
    page = page_of(log_in(cast.property_clerk), forms.submitted(cast))
    assert "做事后确认" not in page


# --- before its month --------------------------------------------------------------------------------------------------
def test_a_confirmation_begun_before_its_month_says_from_when_it_can_be_submitted(cast, log_in, fixed_clock):
    document = forms.approved(cast)
    client = log_in(cast.property_clerk)
    assert "2026年12月（2026-12-01 起可提交）" in client.get("/budgets/completions/").content.decode()
    told = "这份2026年12月的事后确认 2026-12-01 起才能提交"
    assert told in begin(client, document, "2026-12")
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 1))
    completion = Document.objects.get(kind=Kind.WORK_COMPLETION)
    assert told not in client.get(reverse("budgets:edit_completion", args=[completion.name])).content.decode()
    assert "起可提交" not in client.get("/budgets/completions/").content.decode()


def test_lines_with_dates_count_from_the_last_of_them_that_is_confirmed(cast, log_in, fixed_clock):
    days = ("2026-12-05", "2026-12-18")
    rows = [
        check_row(
            Kind.SERVICE_CONFIRMATION,
            {"subject": "看房团秩序", "starts_on": day, "ends_on": day, "people": "2", "days": "1", "price": "300"},
        )
        for day in days
    ]
    assert all(isinstance(row, CheckedRow) for row in rows)
    document = open_work_form(
        kind=Kind.SERVICE_CONFIRMATION,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=date(2026, 12, 1),
        rows=rows,
        head={"department_name": "营销小组", "contact": "陈思琪", "requested_on": "2026-11-20"},
    )
    document = forms.sign_through(circulation.submit(document_id=document.pk, actor=cast.property_clerk), cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 6))
    client = log_in(cast.property_clerk)
    assert "2026-12-18 起才能提交" in begin(client, document, "2026-12")
    # Without the later line it can go at once.
    completion = Document.objects.get(kind=Kind.WORK_COMPLETION)
    late = completion.completion_lines.get(origin_line__starts_on="2026-12-18")
    late.quantity = late.amount = 0
    late.save()
    completion.completion_lines.exclude(pk=late.pk).update(note="现场签认")
    page = client.get(reverse("budgets:edit_completion", args=[completion.name])).content.decode()
    assert "起才能提交" not in page
    completion = circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    assert completion.state == "circulating"
