"""After a decision people are led on: to the next form that waits for them, or back to the inbox when there is none."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document
from tests import forms

pytestmark = pytest.mark.django_db

INBOX = reverse("documents:inbox")
PHONE = {"onward": "1"}


@pytest.fixture
def three(cast):
    """Three forms before the leader; the inbox shows the newest first."""
    return [forms.submitted(cast, month=date(2026, month, 1)) for month in (10, 11, 12)]


def act(client, document, verb="sign", **more):
    now = Document.objects.get(pk=document.pk)
    data = {"revision": now.revision_n, "round": now.round_n, "opinion": "核对无误", **more}
    return client.post(reverse("documents:act", args=[document.name, verb]), data)


def page_of(document):
    return reverse("documents:document", args=[document.name])


@pytest.mark.parametrize("verb", ["sign", "return", "reject"])
def test_the_page_after_a_decision_offers_the_form_below_in_the_inbox(cast, log_in, three, verb):
    oldest, middle, newest = three
    client = log_in(cast.property_leader)
    answer = act(client, newest, verb)
    page = client.get(answer["Location"]).content.decode()
    assert f'href="{page_of(middle)}" data-autofocus' in page
    assert middle.title in page
    assert "还有 2 张待您审批" in page
    # From the end of the list on again from its top.
    page = client.get(act(client, oldest, verb)["Location"]).content.decode()
    assert f'href="{page_of(middle)}" data-autofocus' in page
    assert "还有 1 张待您审批" in page


def test_when_none_is_left_the_page_leads_back_to_the_inbox(cast, log_in):
    client = log_in(cast.property_leader)
    page = client.get(act(client, forms.submitted(cast))["Location"]).content.decode()
    assert "待您审批的单据已全部处理。" in page
    assert f'href="{INBOX}" data-autofocus' in page


def test_a_phone_goes_straight_on_and_at_the_end_to_the_inbox(cast, log_in, three):
    oldest, middle, newest = three
    client = log_in(cast.property_leader)
    assert act(client, newest, **PHONE)["Location"] == page_of(middle)
    page = client.get(page_of(middle)).content.decode()
    assert f"{newest.name} 已同意" in page
    assert "下一张，还有 2 张待您审批。" in page
    assert act(client, middle, "return", **PHONE)["Location"] == page_of(oldest)
    answer = act(client, oldest, "reject", **PHONE)
    assert answer["Location"] == INBOX
    assert "待您审批的单据已全部处理。" in client.get(INBOX).content.decode()


def test_only_what_waits_for_this_person_comes_next(cast, log_in, three):
    """The handler's turn has come for one form only; the others are still before the first station."""
    _oldest, middle, newest = three
    for document in (middle, newest):
        forms.sign(document, cast.property_leader)
        forms.sign(document, cast.property_finance_head)
    client = log_in(cast.marketing_handler)
    assert act(client, newest, **PHONE)["Location"] == page_of(middle)
    assert act(client, middle, **PHONE)["Location"] == INBOX


def test_signing_in_the_preview_stays_in_the_list(cast, log_in, three):
    client = log_in(cast.property_leader)
    preview = client.get(reverse("documents:preview", args=[three[2].name]), headers={"HX-Request": "true"})
    assert f'name="next" value="{INBOX}"' in preview.content.decode()
    assert act(client, three[2], next=INBOX)["Location"] == INBOX


def test_submitting_leads_to_the_form_and_offers_nothing_to_sign(cast, log_in):
    draft = forms.purchase_request(cast)
    answer = log_in(cast.property_clerk).post(reverse("documents:act", args=[draft.name, "submit"]), PHONE)
    assert answer["Location"] == page_of(Document.objects.get(pk=draft.pk))


def test_the_offer_costs_the_same_for_1_and_3_forms_that_wait(cast, log_in):
    client = log_in(cast.property_leader)
    costs = []
    left = forms.submitted(cast, month=date(2027, 1, 1))
    for month in (10, 11, 12):
        forms.submitted(cast, month=date(2026, month, 1))
        client.get(page_of(left))
        with CaptureQueriesContext(connection) as queries:
            assert "下一张" in client.get(f"{page_of(left)}?onward=1").content.decode()
        costs.append(len(queries))
    assert len(set(costs)) == 1
