"""The expected chain on the entry page follows what is saved: drawn anew when it has become another one, and only then."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.vocabulary import Kind
from tests import forms
from tests.budgets.test_pages import TYPED, lines
from tests.budgets.test_work_forms import ASKED, DAY, draft, sundries, unplanned

pytestmark = pytest.mark.django_db

MANAGER = "城市公司总经理"


class Entry:
    """An entry page that stays open and saves by itself."""

    def __init__(self, client, document):
        self.client, self.document, self.version = client, document, document.draft_version
        self.url = f"/budgets/forms/{document.reference}/"
        page = client.get(self.url).content.decode()
        self.shown = re.search(r'name="way_seen" value="([^"]+)"', page)[1]

    def save(self, row, **more):
        """What autosaving answers; the page remembers what it is told."""
        data = lines(row, version=self.version, way_seen=self.shown, **more)
        answer = self.client.post(f"{self.url}save/", data).json()
        self.version, self.shown = answer["draft_version"], answer["way_seen"]
        return answer


def work(price):
    return {"subject": "抢险值守", "price": price, **DAY}


def goods(price):
    return {"subject": "茶歇", "quantity": "1", "price": price}


def test_from_20000_on_the_general_manager_joins_the_way_of_unplanned_work(cast, log_in):
    entry = Entry(log_in(cast.property_clerk), unplanned(cast, "19999.98"))
    assert "way" not in entry.save(work("19999.99"))
    answer = entry.save(work("20000"))
    assert MANAGER in answer["way"]
    assert cast.general_manager.name in answer["way"]
    assert "金额 ≥ 20,000.00 元 · 3.2.3 计划外 A" in answer["way"]
    assert answer["told"] == "预计签批环节已随填报内容更新。"
    # The same way again is not sent again, and what is under the limit loses the station.
    assert "way" not in entry.save(work("20000.01"))
    assert MANAGER not in entry.save(work("19999.99"))["way"]


@pytest.mark.parametrize(("below", "above", "joins"), [("5000", "5000.01", "财务领导"), ("10000", "10000.01", MANAGER)])
def test_sundries_get_further_stations_over_5000_and_over_10000(cast, log_in, below, above, joins):
    entry = Entry(log_in(cast.property_clerk), sundries(cast, "4999.99"))
    assert joins not in entry.save(goods(below)).get("way", "")
    assert joins in entry.save(goods(above))["way"]


def test_another_department_that_asks_has_its_own_head_and_leader(cast, log_in):
    first, second = "设计管理部", "项目部"
    document = draft(cast, Kind.UNPLANNED_PURCHASE, [goods("100")], head={"department_name": first})
    entry = Entry(log_in(cast.property_clerk), document)
    assert "way" not in entry.save(goods("100"), department_name=first)
    assert f"需求部门负责人（{second}）" in entry.save(goods("100"), department_name=second)["way"]


def test_a_form_that_belongs_together_with_others_is_told_with_them(cast, log_in):
    from documents import circulation

    other = circulation.submit(document_id=unplanned(cast, "12000").pk, actor=cast.property_clerk)
    lone = unplanned(cast, "8000", department_name="项目部")
    entry = Entry(log_in(cast.property_clerk), lone)
    assert "way" not in entry.save(work("8000"), **ASKED | {"department_name": "项目部"})
    way = entry.save(work("8000"), **ASKED)["way"]
    assert f"与 {other.number} 合并计算金额门槛" in way
    assert MANAGER in way


def test_a_page_that_does_not_say_what_it_shows_is_told_no_way(cast, log_in):
    document = unplanned(cast, "100")
    url = f"/budgets/forms/{document.reference}/save/"
    answer = log_in(cast.property_clerk).post(url, lines(work("30000"), version=1)).json()
    assert "way" not in answer
    assert "way_seen" not in answer


@pytest.mark.parametrize("shown", ["x", ":", "a:", "p" * 9000, "\0", "a:b:c"])
def test_whatever_a_page_says_it_shows_gets_an_answer(cast, log_in, shown):
    document = unplanned(cast, "100")
    url = f"/budgets/forms/{document.reference}/save/"
    answer = log_in(cast.property_clerk).post(url, lines(work("30000"), version=1, way_seen=shown))
    assert MANAGER in answer.json()["way"]


def test_saving_costs_nothing_more_where_nothing_that_routes_has_changed(cast, log_in):
    """A purchase request has the same way whatever it costs; a text routes nowhere."""
    client = log_in(cast.property_clerk)
    requests = Entry(client, forms.purchase_request(cast, lines=[TYPED]))
    urgent = Entry(client, unplanned(cast, "100"))
    cases = ((requests, TYPED | {"price": "9.90"}, {}), (urgent, work("100") | {"subject": "夜间值守"}, ASKED))
    for entry, row, head in cases:
        # Once without and once with the way, each time with the same kind of change.
        data = lines(row, version=entry.version, **head)
        with CaptureQueriesContext(connection) as without:
            answer = client.post(f"{entry.url}save/", data)
        entry.version = answer.json()["draft_version"]
        with CaptureQueriesContext(connection) as with_way:
            entry.save(row | {"unit": "卷"}, **head)
        assert len(with_way) == len(without)
