"""Pages and API ask the database as often for sixty rows of mixed kinds, each with two revisions, as for one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.confirming import save_completion
from documents import circulation
from documents.inbox import InboxRow
from documents.models import Document
from documents.vocabulary import Kind
from settlements.applying import choose_lines
from tests import forms

pytestmark = pytest.mark.django_db


class Office:
    """Makes forms in circulation, one kind after the other; each was withdrawn once and submitted again."""

    def __init__(self, cast):
        self.cast, self.made = cast, 0
        lines = [
            {"category": "清洁", "subject": f"用品{n}", "unit": "件", "quantity": "1000", "price": "10"}
            for n in range(30)
        ]
        self.origin = forms.approved(cast, lines=lines)
        first = forms.completion(origin=self.origin, actor=cast.property_clerk)
        self.save(first, "1", "10")
        self.twice(first, cast.property_clerk)
        forms.sign_through(first, cast)

    def save(self, completion, quantity, amount):
        rows = [
            {"id": line.origin_line.key, "quantity": quantity, "amount": amount}
            for line in completion.completion_lines.select_related("origin_line")
        ]
        save_completion(document=completion, actor=self.cast.property_clerk, draft_version=None, rows=rows)

    def twice(self, document, person):
        """Two revisions."""
        circulation.submit(document_id=document.pk, actor=person, late_reason="上月漏报")
        circulation.withdraw(document_id=document.pk, actor=person)
        circulation.submit(document_id=document.pk, actor=person)

    def month(self):
        return date(2027 + self.made // 12, self.made % 12 + 1, 1)

    def purchase(self):
        document = forms.purchase_request(self.cast, month=self.month())
        self.twice(document, self.cast.property_clerk)

    def completion(self):
        document = forms.completion(origin=self.origin, actor=self.cast.property_clerk, month=self.month())
        self.save(document, "1", "1")
        self.twice(document, self.cast.property_clerk)

    def application(self):
        document = forms.application(self.cast, by="property_clerk", month=self.month())
        keep = [document.application_lines.values_list("completion_line_id", flat=True)[0]]
        choose_lines(document=document, actor=self.cast.property_clerk, draft_version=None, keep=keep, note="")
        self.twice(document, self.cast.property_clerk)

    def until(self, count):
        while self.made < count:
            (self.purchase, self.completion, self.application)[self.made % 3]()
            self.made += 1


@pytest.fixture
def office(cast, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    office = Office(cast)
    # Late enough for an application a month.
    fixed_clock.set_clock(fixed_clock.shanghai(2033, 1, 10))
    return office


def count(client, address):
    """Queries of one request; the first one, which fills caches, doesn't count."""
    headers = {"HX-Request": "true"} if address.endswith("/preview/") else {}
    assert client.get(address, headers=headers).status_code == 200, address
    with CaptureQueriesContext(connection) as asked:
        client.get(address, headers=headers)
    return len(asked)


def addresses(origin):
    """Each address with the person who opens it."""
    lists = [reverse("documents:inbox_tab", args=[tab]) for tab in ("to-sign", "mine", "done", "copied", "drafts")]
    lists += [reverse("documents_api:inbox", args=[tab]) for tab in ("to-sign", "mine", "done", "copied", "drafts")]
    lists += [
        reverse("home"),
        reverse("documents:search") + "?q=CH",
        reverse("documents:notices"),
        reverse("documents_api:documents"),
        reverse("documents_api:documents") + "?q=CH",
        reverse("documents_api:notices"),
    ]
    return [
        *((person, address) for person in ("property_leader", "property_clerk") for address in lists),
        ("property_project_manager", reverse("documents:inbox_tab", args=["copied"])),
        ("property_project_manager", reverse("documents_api:inbox", args=["copied"])),
        *((person, reverse(name, args=[origin.number])) for person in ("property_leader", "property_clerk")
          for name in ("documents:document", "documents:preview", "documents_api:document", "documents_api:trail")),
    ]  # fmt: skip


def test_lists_and_pages_cost_the_same_for_1_2_and_20_forms_of_each_kind(office, log_in):
    """Tabs, home, search, notices and API lists; and the page of the form to which all those confirmations belong."""
    measured = {}
    for forms_made in (3, 6, 60):
        office.until(forms_made)
        for person, address in addresses(office.origin):
            client = log_in(office.cast[person], fresh=True)
            measured.setdefault((person, address), []).append(count(client, address))

    growing = {key: counts for key, counts in measured.items() if len(set(counts)) > 1}
    assert growing == {}
    assert max(counts[0] for counts in measured.values()) <= 40, sorted(measured.items(), key=lambda item: -item[1][0])[
        :5
    ]


def test_each_kinds_page_costs_the_same_with_one_and_with_many_forms_round_it(office, log_in):
    office.until(3)
    client = log_in(office.cast.property_leader)
    pages = [
        reverse(name, args=[document.number])
        for document in Document.objects.filter(state="circulating").order_by("pk")
        for name in ("documents:document", "documents:preview", "documents_api:document")
    ]
    assert len(pages) == 9
    before = [count(client, page) for page in pages]
    office.until(18)

    assert [count(client, page) for page in pages] == before


def test_a_row_has_money_where_its_kind_has():
    moneyless = {
        kind for kind in Kind.values if not InboxRow(Document(kind=kind), done=0, total=0, current="").has_money
    }

    assert moneyless == {"phase_result", "publicity_confirmation", "service_plan_review", "service_agreement"}
