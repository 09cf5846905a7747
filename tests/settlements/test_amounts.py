"""The arithmetic of applications, alone: figures worked out by hand, and ten thousand drawn ones."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from documents import money, policies
from documents.models import Policy
from settlements.amounts import Amounts, amounts_of, reversal_of

EXAMPLES = 10_000
SIX = Decimal("0.06")


def parts(*texts):
    return [(Decimal(amount), Decimal(rate)) for amount, rate in (text.split("@") for text in texts)]


@pytest.mark.parametrize(
    ("lines", "tax_rate", "subtotal", "commission", "total", "net", "tax"),
    [
        # 350,434.15 ÷ 1.06 = 330,598.254…
        (["318576.50@0.1"], "0.06", "318576.50", "31857.65", "350434.15", "330598.25", "19835.90"),
        # 6,993.05 × 10 % = 699.305, half up; 7,692.36 ÷ 1.06 = 7,256.943…
        (["6993.05@0.1"], "0.06", "6993.05", "699.31", "7692.36", "7256.94", "435.42"),
        # Two lines of 0.05 at 10 %: 0.01 together, once; each by itself would come to 0.01 too, and 0.02 in all.
        (["0.05@0.1", "0.05@0.1"], "0.06", "0.10", "0.01", "0.11", "0.10", "0.01"),
        # Repairs carry no commission: 1,000.00 × 10 % + 500.00 × 0 = 100.00; 1,600.00 ÷ 1.13 = 1,415.929…
        (["1000.00@0.1", "500.00@0"], "0.13", "1500.00", "100.00", "1600.00", "1415.93", "184.07"),
        (["100.00@0.1"], "0", "100.00", "10.00", "110.00", "110.00", "0.00"),
        # 1.06 ÷ 1.06 and a tie: 0.10 + 0.01 = 0.11, ÷ 1.1 = 0.10.
        (["0.10@0.1"], "0.1", "0.10", "0.01", "0.11", "0.10", "0.01"),
    ],
)
def test_figures_worked_out_by_hand(lines, tax_rate, subtotal, commission, total, net, tax):
    found = amounts_of(parts(*lines), Decimal(tax_rate))

    assert (found.subtotal, found.commission, found.net, found.tax) == tuple(
        map(Decimal, (subtotal, commission, net, tax))
    )
    assert found.total == Decimal(total)


def test_without_a_tax_rate_there_is_neither_net_nor_tax():
    assert amounts_of(parts("10@0.1"), None) == Amounts(Decimal("10"), Decimal("1.00"))


def half_up(value):
    """An exact fraction of yuan as 分, half away from zero; nothing of the product's own arithmetic."""
    size = abs(value) * 100
    fen = int(size) + (1 if size - int(size) >= Fraction(1, 2) else 0)
    return -fen if value < 0 else fen


def drawn(rng):
    """Lines as they might be: few or many, small or large, at several rates."""
    rates = [Decimal(rng.randrange(0, 301)).scaleb(-3) for _i in range(rng.randint(1, 3))]
    top = 10 ** rng.randint(2, 9)
    return [(Decimal(rng.randint(1, top)).scaleb(-2), rng.choice(rates)) for _i in range(rng.randint(1, 12))]


def test_commission_is_the_exact_sum_rounded_once_and_net_and_tax_make_the_total():
    rng = random.Random(20261127)
    for _example in range(EXAMPLES):
        lines, tax_rate = drawn(rng), Decimal(rng.randrange(0, 201)).scaleb(-3)
        found = amounts_of(lines, tax_rate)
        exact = sum((Fraction(amount) * Fraction(rate) for amount, rate in lines), Fraction(0))
        assert money.to_fen(found.commission) == half_up(exact), lines
        total = Fraction(found.subtotal + found.commission)
        assert money.to_fen(found.net) == half_up(total / (1 + Fraction(tax_rate))), (lines, tax_rate)
        assert found.net + found.tax == found.total


def test_an_application_and_its_reversals_come_to_what_is_left_and_in_the_end_to_nothing():
    rng = random.Random(20261128)
    for _example in range(EXAMPLES):
        left, tax_rate = drawn(rng), Decimal(rng.choice((0, 10, 30, 60, 90, 130))).scaleb(-3)
        book = [amounts_of(left, tax_rate)]
        while left:
            taken = rng.sample(left, rng.randint(1, len(left)))
            step = reversal_of(left, taken, tax_rate)
            assert step.subtotal == -sum(amount for amount, _rate in taken)
            assert step.commission <= 0
            assert step.net + step.tax == step.total
            for part in taken:
                left.remove(part)
            book.append(step)
            rest = amounts_of(left, tax_rate)
            for name in ("subtotal", "commission", "net", "tax"):
                assert sum(getattr(one, name) for one in book) == getattr(rest, name)
        assert [sum(getattr(one, name) for one in book) for name in ("subtotal", "commission", "net", "tax")] == [0] * 4


def test_reversing_all_at_once_is_exactly_the_negative():
    lines = parts("6993.05@0.1", "17.35@0")
    whole = amounts_of(lines, SIX)

    assert reversal_of(lines, lines, SIX) == Amounts(-whole.subtotal, -whole.commission, -whole.net, -whole.tax)


def test_reversing_halves_loses_no_fen():
    # 0.05 × 10 % twice: 0.01 together. Without the first line 0.005 → 0.01 stays, so the first step takes back nothing.
    lines = parts("0.05@0.1", "0.05@0.1")

    assert reversal_of(lines, lines[:1], SIX).commission == Decimal("0.00")
    assert reversal_of(lines[1:], lines[1:], SIX).commission == Decimal("-0.01")


@pytest.mark.parametrize(
    ("category", "subject", "rate"),
    [
        ("清洁", "", "0.10"),
        ("", "房屋维修", "0"),
        ("", "房屋维修费", "0"),
        ("空置房管理费", "", "0"),
        ("", "客户索赔", "0"),
        # Only the beginning counts: this is no repair of a house.
        ("", "非房屋维修", "0.10"),
        ("", "", "0.10"),
    ],
)
def test_what_carries_no_commission_by_the_guide(category, subject, rate):
    policy = Policy(settings={"commission_rate": "0.10"})

    assert policies.commission_rate_of(policy, category, subject) == Decimal(rate)


def test_a_policy_states_its_own_rates_by_subject_and_the_longest_name_counts():
    policy = Policy(settings={"commission_rate": "0.10", "commission_rates": {"房屋": "0.05", "房屋维修": "0.02"}})

    assert policies.commission_rate_of(policy, "房屋维修") == Decimal("0.02")
    assert policies.commission_rate_of(policy, "房屋查验") == Decimal("0.05")
    # What the guide exempts is replaced, not added to.
    assert policies.commission_rate_of(policy, "客户索赔") == Decimal("0.10")


@pytest.mark.parametrize(
    ("amount", "words"),
    [("-350434.15", "负叁拾伍万零肆佰叁拾肆元壹角伍分"), ("-0.05", "负伍分"), ("-100.00", "负壹佰元整")],
)
def test_amounts_below_zero_in_capitals(amount, words):
    assert money.rmb_capital(Decimal(amount)) == words
