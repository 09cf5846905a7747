"""A line that is confirmed in several parts: the parts sum to what was approved, and nothing of it is stuck."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.confirming import Room, default_amount, open_completion, rooms, save_completion
from budgets.drafting import LinesRefused
from budgets.lapsing import lapse_rest
from budgets.models import CompletionLine, WorkLine
from budgets.queries import confirmable
from budgets.rests import rests_for, sums_of
from documents import circulation
from documents.models import Document
from tests import forms

SHARED = WorkLine(quantity=Decimal(4), price=Decimal("2500.00"), amount=Decimal("3333.33"), share=3333)
CUT = WorkLine(quantity=Decimal(3), price=Decimal("50.00"), amount=Decimal("100.00"), cut_to=Decimal("100.00"))
WHOLE = WorkLine(quantity=Decimal(7), price=Decimal("9.99"), amount=Decimal("69.93"))


def confirmed_in(origin, parts):
    """The amounts that the system gives to quantities confirmed one after the other."""
    quantity, amount, amounts = origin.quantity, origin.amount, []
    for part in parts:
        line = CompletionLine(origin_line=origin, quantity=part)
        given_amount = default_amount(line, Room(origin, quantity, amount))
        quantity, amount = quantity - part, amount - given_amount
        amounts.append(given_amount)
    return amounts


def test_the_last_part_takes_what_rounding_has_left():
    assert confirmed_in(SHARED, [Decimal(2), Decimal(2)]) == [Decimal("1666.67"), Decimal("1666.66")]
    assert confirmed_in(CUT, [Decimal(1)] * 3) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


@settings(max_examples=500, deadline=None)
@given(
    st.integers(1, 50_000),
    st.integers(1, 5_000_000),
    st.integers(1, 10_000),
    st.lists(st.integers(1, 49_999)),
    st.data(),
)
def test_parts_of_a_line_sum_to_its_amount(thousandths, price, part, cuts, data):
    """Whole, cut and shared lines, split at any places."""
    quantity, price = Decimal(thousandths) / 1000, Decimal(price) / 100
    whole = max((quantity * price).quantize(Decimal("0.01")), Decimal("0.01"))
    kind = data.draw(st.sampled_from(["whole", "cut", "share"]))
    amount = whole if kind == "whole" else max((whole * part / 10_000).quantize(Decimal("0.01")), Decimal("0.01"))
    origin = WorkLine(quantity=quantity, price=price, amount=amount)
    if kind != "whole":
        setattr(origin, {"cut": "cut_to", "share": "share"}[kind], amount if kind == "cut" else part)
    places = sorted({cut for cut in cuts if cut < thousandths} | {0, thousandths})
    parts = [Decimal(end - start) / 1000 for start, end in zip(places, places[1:], strict=False)]
    amounts = confirmed_in(origin, parts)
    assert sum(amounts) == amount
    assert min(amounts) >= 0


def confirmation(cast, origin, month, **row):
    """A saved confirmation of the form's one line."""
    draft = forms.completion(origin=origin, actor=cast.property_clerk, month=month)
    line = draft.completion_lines.select_related("origin_line").get()
    rows = [{"id": line.origin_line.key, "note": "现场签认", **row}]
    return save_completion(document=draft, actor=cast.property_clerk, draft_version=None, rows=rows)


def submit(document, cast):
    return circulation.submit(document_id=document.pk, actor=cast.property_clerk)


@pytest.fixture
def approved(cast, fixed_clock):
    """Three pieces for 100.00 in all, in December."""
    lines = [{"category": "清洁", "subject": "垃圾桶", "unit": "只", "quantity": "4", "price": "25"}]
    document = forms.approved(cast, lines=lines)
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 3, 20))
    return Document.objects.get(pk=document.pk)


@pytest.mark.django_db
def test_an_amount_left_without_quantity_is_claimed_by_who_types_it_or_lapses(cast, approved):
    first = confirmation(cast, approved, date(2026, 12, 1), quantity="4", amount="99.99")
    forms.sign_through(submit(first, cast), cast)
    approved = Document.objects.get(pk=approved.pk)
    again = open_completion(origin=approved, actor=cast.property_clerk, month=date(2027, 1, 1))
    line = again.completion_lines.select_related("origin_line").get()
    assert (line.quantity, line.amount) == (0, 0)
    row = {"id": line.origin_line.key, "quantity": "0", "note": "尾差"}
    save_completion(document=again, actor=cast.property_clerk, draft_version=None, rows=[row])
    with pytest.raises(LinesRefused, match="大于可确认的 0.01"):
        save_completion(document=again, actor=cast.property_clerk, draft_version=None, rows=[row | {"amount": "0.02"}])
    saved = save_completion(
        document=again, actor=cast.property_clerk, draft_version=None, rows=[row | {"amount": "0.01"}]
    )
    assert saved.amount == Decimal("0.01")
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="尾差不再确认")
    assert [(room.quantity, room.amount) for room in rooms(approved)] == [(0, 0)]


@pytest.mark.django_db
def test_an_amount_needs_its_quantity_while_some_is_left(cast, approved):
    with pytest.raises(LinesRefused, match="实际数量为 0 时金额须为 0"):
        confirmation(cast, approved, date(2026, 12, 1), quantity="0", amount="25")


@pytest.mark.django_db
def test_a_confirmation_lowered_after_its_return_leaves_the_same_rest_everywhere_for_its_writers(cast, approved):
    """Written down to 60 of 100: its writers may confirm the other 40 and see so; others see what was submitted."""
    returned = submit(confirmation(cast, approved, date(2026, 12, 1), quantity="4", amount="100"), cast)
    forms.send_back(returned, cast.marketing_handler)
    line = returned.completion_lines.select_related("origin_line").get()
    rows = [{"id": line.origin_line.key, "quantity": "2", "amount": "60", "note": "现场签认"}]
    save_completion(document=returned, actor=cast.property_clerk, draft_version=None, rows=rows)

    def left(person):
        (row,) = confirmable(person)[0]
        form = Document.objects.get(pk=approved.pk)
        return row.rest, sums_of(rests_for(person, form)).rest

    assert left(cast.property_clerk) == (Decimal(40), Decimal(40))
    assert left(cast.marketing_handler) == (Decimal(0), Decimal(0))
    assert [room.amount for room in rooms(approved)] == [Decimal(40)]
    other = open_completion(origin=approved, actor=cast.property_clerk, month=date(2027, 1, 1))
    assert other.amount == Decimal(40)
