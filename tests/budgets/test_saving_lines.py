"""Saving the lines of a draft writes those that are not what they were."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.drafting import save_lines
from budgets.grid import rows_of
from tests import forms

pytestmark = pytest.mark.django_db


def written(document, cast, rows):
    """The keys of the lines that a save updates, by the columns that it writes of them."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        save_lines(document=document, actor=cast.property_clerk, draft_version=None, rows=rows)
    updates = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "budgets_workline"')]
    subjects = {line.pk: line.subject for line in document.work_lines.all()}
    return [
        ([subjects[int(pk)] for pk in re.search(r"IN \(([0-9, ]+)\)", sql)[1].split(", ")], '"price" =' in sql)
        for sql in updates
    ]


@pytest.fixture
def document(cast):
    return forms.purchase_request(cast)


def typed(document):
    return rows_of(document.kind, document.work_lines.order_by("position"))


def test_what_is_saved_again_unchanged_is_not_written(cast, document):
    assert written(document, cast, typed(document)) == []


def test_only_the_changed_line_is_written(cast, document):
    rows = typed(document)
    rows[1]["quantity"] = "121"
    assert written(document, cast, rows) == [(["垃圾袋"], True)]
    assert document.work_lines.get(subject="垃圾袋").amount == forms.Decimal("1040.60")


def test_lines_that_change_their_places_are_written_no_further_than_that(cast, document):
    rows = typed(document)
    rows = [{"category": "清洁", "subject": "拖把", "unit": "把", "quantity": "1", "price": "20"}, *rows[::-1]]
    assert written(document, cast, rows) == [(["鲜花绿植更换", "垃圾袋", "洗地机清洁剂"], False)]
    assert [line.subject for line in document.work_lines.order_by("position")] == [
        "拖把",
        "鲜花绿植更换",
        "垃圾袋",
        "洗地机清洁剂",
    ]


def test_a_cut_falls_with_the_price_that_it_was_made_on(cast, document):
    line = document.work_lines.get(subject="垃圾袋")
    line.cut_to = line.amount = forms.Decimal("1000.00")
    line.save()
    rows = typed(document)
    assert written(document, cast, rows) == []
    rows[1]["price"] = "8.50"
    assert written(document, cast, rows) == [(["垃圾袋"], True)]
    line.refresh_from_db()
    assert (line.cut_to, line.amount) == (None, forms.Decimal("1020.00"))
