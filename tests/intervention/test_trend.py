"""The trend of assessments: its figures are rounded as those of the assessments and of the workbook."""

from decimal import Decimal

from intervention.assessing.marks import Marks
from intervention.assessing.trend import Point, TrendLine, months_until
from tests.intervention.assessed import OCTOBER


def line(*percents):
    months = months_until(OCTOBER)
    points = [
        Point(n, months[n], None, Marks(Decimal(one), Decimal(100), Decimal(one), "")) for n, one in enumerate(percents)
    ]
    return TrendLine(None, "pre", points)


def test_a_mean_is_rounded_half_up_as_the_workbooks_formula_does():
    assert line("92.4", "92.5").mean == Decimal("92.5")
    assert line("92.4", "92.4", "92.5").mean == Decimal("92.4")
    assert line().mean is None
