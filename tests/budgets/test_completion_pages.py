"""Pages of confirmations: less is taken, more is refused beside its cell, nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets.confirming import open_completion
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms
from tests.budgets.test_pages import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(cast, fixed_clock):
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    return document


def begun(client, origin, month="2026-12"):
    url = client.post(f"/budgets/completions/{origin.number}/start/", {"month": month}).url
    return url, Document.objects.get(reference=url.split("/")[3])


def actual(document, version=1, **by_subject):
    """What the page of a confirmation posts: stored actuals, other ones by subject."""
    rows = [
        {"id": line.origin_line.key, "quantity": str(line.quantity), "amount": str(line.amount), "note": line.note}
        | by_subject.get(line.origin_line.subject, {})
        for line in document.completion_lines.select_related("origin_line")
    ]
    return lines(*rows, version=version)


def test_an_approved_form_is_offered_and_confirmed_with_less(cast, log_in, approved):
    client = log_in(cast.property_clerk)
    page = client.get("/budgets/completions/").content.decode()
    assert approved.number in page
    assert "¥8,643.00" in page
    url, completion = begun(client, approved)
    page = client.get(url).content.decode()
    assert "120 / 1,032.00" in page
    # An empty amount follows from the quantity.
    saved = client.post(url, actual(completion, 垃圾袋={"quantity": "100", "amount": "", "note": "实用 100 卷"}))
    assert saved.url == url
    line = completion.completion_lines.get(origin_line__subject="垃圾袋")
    assert (line.quantity, line.amount, line.note) == (Decimal("100.000"), Decimal("860.00"), "实用 100 卷")
    completion.refresh_from_db()
    assert completion.amount == Decimal("8471.00")
    assert f"/budgets/completions/{completion.reference}/edit/" in client.get("/budgets/completions/").content.decode()
    client.post(url, actual(completion, version=2) | {"then": "submit"})
    completion.refresh_from_db()
    assert (completion.state, completion.number) == ("circulating", "CH-WC-202612-001")
    page = client.get("/budgets/completions/").content.decode()
    assert "¥8,471.00" in page
    assert "¥172.00" in page


def test_more_than_approved_is_refused_beside_its_cell(cast, log_in, approved):
    client = log_in(cast.property_clerk)
    url, completion = begun(client, approved)
    data = actual(completion, 垃圾袋={"quantity": "121", "amount": "1040.60"})
    response = client.post(url, data)
    page = response.content.decode()
    assert response.status_code == 400
    assert '<a href="#id_lines-1-quantity">第 2 行 实际数量</a>：垃圾袋：实际数量 121 大于可确认的 120' in page
    assert 'name="lines-1-amount" value="1040.60"' in page
    answer = client.post(f"{url.removesuffix('edit/')}save/", data)
    assert [(fault["row"], fault["key"]) for fault in answer.json()["errors"]] == [(1, "quantity"), (1, "amount")]
    completion.refresh_from_db()
    assert completion.amount == Decimal("8643.00")


def test_two_tabs_of_a_confirmation_lose_nothing(cast, log_in, approved):
    client = log_in(cast.property_clerk)
    url, completion = begun(client, approved)
    save = f"{url.removesuffix('edit/')}save/"
    assert (
        client.post(save, actual(completion, 垃圾袋={"quantity": "100", "amount": ""})).json()["amount"] == "8,471.00"
    )
    mine = actual(completion, 垃圾袋={"quantity": "90", "amount": "774"})
    answer = client.post(save, mine)
    assert answer.status_code == 409
    assert answer.json()["conflict"]["values"]["lines-1-quantity"] == "100"
    page = client.post(url, mine).content.decode()
    assert 'name="lines-1-quantity" value="90"' in page
    assert '<td data-l="已保存的">100</td>' in page


def test_evidence_is_uploaded_from_the_page_and_leads_back_to_it(cast, log_in, approved):
    client = log_in(cast.property_clerk)
    url, completion = begun(client, approved)
    file = SimpleUploadedFile("收据.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    page = client.get(url).content.decode()
    assert f'name="next" value="{url}"' in page
    act = reverse("documents:act", args=[completion.reference, "attach"])
    assert client.post(act, {"file": file, "next": url}).url == url
    assert "收据.pdf" in client.get(url).content.decode()


def test_only_those_who_confirm_may_begin_one(cast, log_in, approved):
    url = f"/budgets/completions/{approved.number}/start/"
    assert log_in(cast.marketing_head, fresh=True).post(url, {"month": "2026-12"}).status_code == 403
    assert log_in(cast.foreign_clerk, fresh=True).post(url, {"month": "2026-12"}).status_code == 404
    page = log_in(cast.finance, fresh=True).get("/budgets/completions/").content.decode()
    assert approved.number in page
    assert "开始确认" not in page
    assert not Document.objects.filter(kind=Kind.WORK_COMPLETION).exists()


def test_the_page_of_a_confirmation_costs_the_same_for_1_3_and_60_lines(
    cast, log_in, fixed_clock, django_assert_max_num_queries
):
    client = log_in(cast.property_clerk)
    client.get("/budgets/months/")
    costs = set()
    for month, count in ((8, 1), (9, 3), (10, 60)):
        rows = [forms.LINES[0]] * count
        origin = forms.approved(cast, month=date(2026, month, 1), lines=rows)
        completion = open_completion(origin=origin, actor=cast.property_clerk)
        with django_assert_max_num_queries(40) as counted:
            client.get(f"/budgets/completions/{completion.reference}/edit/")
        costs.add(len(counted))
    assert len(costs) == 1
