"""The two dates of a month's settlement, worked out by hand on the calendar of the State Council."""

from datetime import date

import pytest

from settlements import deadlines

pytestmark = pytest.mark.django_db


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("month", "handed_over", "signed"),
    [
        ("2026-07", "2026-07-31", "2026-08-21"),  # 08-22 is a Saturday
        ("2026-08", "2026-08-31", "2026-09-22"),
        ("2026-09", "2026-09-30", "2026-10-22"),
        ("2026-10", "2026-10-30", "2026-11-20"),  # 10-31 a Saturday, 11-22 a Sunday
        ("2026-11", "2026-11-30", "2026-12-22"),
        ("2026-12", "2026-12-31", "2027-01-22"),  # a Friday of a year that nobody imported
        ("2026-01", "2026-01-30", "2026-02-14"),  # 02-15 to 02-23 are 春节; Saturday 02-14 is made up
        ("2023-12", "2023-12-29", "2024-01-22"),  # 12-31 is a Sunday
        ("2023-09", "2023-09-28", "2023-10-20"),  # 中秋 and 国庆 from 09-29 on
        ("2024-12", "2024-12-31", "2025-01-22"),
        ("2022-12", "2022-12-30", "2023-01-20"),  # 12-31 元旦; 春节 from 01-21 on
        ("2018-12", "2018-12-29", "2019-01-22"),  # 12-29 is a Saturday made up; 30 and 31 are 元旦
        ("2012-09", "2012-09-29", "2012-10-22"),  # 09-29 is a Saturday made up; 09-30 is 中秋
        ("2019-09", "2019-09-30", "2019-10-22"),
        ("2027-01", "2027-01-29", "2027-02-22"),
        ("9999-12", "9999-12-31", "9999-12-31"),
        ("0001-01", "0001-01-31", "0001-02-22"),
    ],
)
def test_the_dates_of_a_month(month, handed_over, signed):
    first = day(f"{month}-01")
    assert deadlines.handed_over_by(first) == day(handed_over)
    assert deadlines.signed_by(first) == day(signed)
