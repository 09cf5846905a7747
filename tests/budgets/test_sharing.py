"""Shares and parts, without a database (guide 4; trust M9): what is split adds up to the 分, whatever the order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.sharing import WHOLE, parts_of, read_shares, share_text
from documents.refusals import Invalid

NAMES = {"CH-1": "一期", "CH-2": "二期", "CH-3": "三期"}


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        ("9800.00", {"CH-1": 6000, "CH-2": 4000}, {"CH-1": "5880.00", "CH-2": "3920.00"}),
        # 5,999.994 and 3,999.996: the one 分 left goes to the larger rest.
        ("9999.99", {"CH-1": 6000, "CH-2": 4000}, {"CH-1": "5999.99", "CH-2": "4000.00"}),
        # Equal rests: to the lower code.
        ("0.05", {"CH-1": 5000, "CH-2": 5000}, {"CH-1": "0.03", "CH-2": "0.02"}),
        ("100.00", {"CH-1": 3333, "CH-2": 3333, "CH-3": 3334}, {"CH-1": "33.33", "CH-2": "33.33", "CH-3": "33.34"}),
        # 0.3333 0.3333 0.3334 分: the whole 分 to the largest rest, nothing to the others.
        ("0.01", {"CH-1": 3333, "CH-2": 3333, "CH-3": 3334}, {"CH-1": "0.00", "CH-2": "0.00", "CH-3": "0.01"}),
        # Two 分 are left: rests 0.6667, 0.6667, 0.6666.
        ("0.02", {"CH-1": 3333, "CH-2": 3333, "CH-3": 3334}, {"CH-1": "0.01", "CH-2": "0.00", "CH-3": "0.01"}),
        ("99999999999.99", {"CH-1": 1, "CH-2": 9999}, {"CH-1": "10000000.00", "CH-2": "99989999999.99"}),
        ("12.34", {"CH-1": 10000}, {"CH-1": "12.34"}),
    ],
)
def test_parts_are_given_by_largest_remainder(amount, shares, parts):
    expected = {code: Decimal(part) for code, part in parts.items()}

    assert parts_of(Decimal(amount), shares) == expected
    assert parts_of(Decimal(amount), dict(reversed(shares.items()))) == expected


@st.composite
def sharings(draw):
    """Up to six instalments whose shares are 100 % together, in any order."""
    cuts = draw(st.sets(st.integers(1, WHOLE - 1), max_size=5))
    marks = [0, *sorted(cuts), WHOLE]
    shares = [high - low for low, high in zip(marks, marks[1:], strict=False)]
    codes = draw(st.permutations([f"CH-{n}" for n in range(1, len(shares) + 1)]))
    return dict(zip(codes, shares, strict=True))


@settings(max_examples=10_000, deadline=None)
@given(fen=st.integers(1, 10**13 - 1), shares=sharings(), data=st.data())
def test_parts_add_up_exactly_and_no_order_changes_them(fen, shares, data):
    amount = Decimal(fen).scaleb(-2)
    parts = parts_of(amount, shares)

    assert sum(parts.values()) == amount
    # Nobody is more than one 分 away from the exact share.
    assert all(abs(parts[code] * WHOLE - amount * share) < WHOLE * Decimal("0.01") for code, share in shares.items())
    shuffled = data.draw(st.permutations(list(shares.items())))
    assert parts_of(amount, dict(shuffled)) == parts


@pytest.mark.parametrize("shares", [{"CH-1": 6000}, {"CH-1": 6000, "CH-2": 4001}, {"CH-1": 10000, "CH-2": 0}])
def test_shares_that_are_not_the_whole_are_no_sharing(shares):
    with pytest.raises(ValueError, match="100 %"):
        parts_of(Decimal("1.00"), shares)


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        ({"CH-1": "60", "CH-2": "40"}, {"CH-1": 6000, "CH-2": 4000}),
        ({"CH-1": "60 %", "CH-2": " 40％", "CH-3": ""}, {"CH-1": 6000, "CH-2": 4000}),
        ({"CH-1": "33.33", "CH-2": "33.33", "CH-3": "33.34"}, {"CH-1": 3333, "CH-2": 3333, "CH-3": 3334}),
        ({"CH-1": "６０", "CH-2": "40.00"}, {"CH-1": 6000, "CH-2": 4000}),
        ({"CH-1": 60, "CH-2": 40.0}, {"CH-1": 6000, "CH-2": 4000}),
        ({"CH-1": "99.99", "CH-2": "0.01"}, {"CH-1": 9999, "CH-2": 1}),
        ({"CH-1": "100"}, {"CH-1": 10000}),
    ],
)
def test_shares_are_read_in_per_cent(typed, shares):
    assert read_shares(typed, NAMES) == shares


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"CH-1": "60", "CH-2": "30"}, "各分期分摊比例合计为 90 %，须正好为 100 %，还差 10 %。"),
        ({"CH-1": "60", "CH-2": "40.5"}, "各分期分摊比例合计为 100.5 %，须正好为 100 %，多出 0.5 %。"),
        ({}, "各分期分摊比例合计为 0 %，须正好为 100 %，还差 100 %。"),
        ({"CH-1": "33.333", "CH-2": "66.667"}, "一期的分摊比例“33.333”超过 2 位小数，请改为最多 2 位小数。"),
        ({"CH-1": "0", "CH-2": "100"}, "一期的分摊比例为 0，请填写大于 0 的数字。"),
        ({"CH-1": "-10", "CH-2": "110"}, "一期的分摊比例“-10”是负数，请填写大于 0 的数字。"),
        ({"CH-1": "100.01"}, "一期的分摊比例“100.01”大于上限 100.00，请核对后改小。"),
        ({"CH-1": "六成", "CH-2": "40"}, "一期的分摊比例“六成”不是数字，请填写如 12.50 的数字。"),
        ({"CH-1": "1e1", "CH-2": "90"}, "一期的分摊比例“1e1”不是普通数字写法，请填写如 1000.00 的数字。"),
        ({"CH-1": True, "CH-2": "40"}, "一期的分摊比例是布尔值 TRUE，请改为数字。"),
        ({"CH-1": "60", "YJ-1": "40"}, "本项目没有分期 YJ-1，请核对编码。"),
    ],
)
def test_a_share_that_cannot_stand_is_told_with_what_is_missing(typed, sentence):
    with pytest.raises(Invalid) as refusal:
        read_shares(typed, NAMES)
    assert sentence in refusal.value.sentences


def test_a_share_is_written_without_trailing_noughts():
    assert [share_text(share) for share in (10000, 6000, 3333, 50, 1)] == [
        "100 %",
        "60 %",
        "33.33 %",
        "0.5 %",
        "0.01 %",
    ]
