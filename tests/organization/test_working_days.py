"""Working days: holidays, make-up days, years that nobody imported, the ends of the calendar. Dates worked out by hand."""

from datetime import date

import pytest

from organization.models import CalendarDay, CalendarYear
from organization.working_days import Calendar

pytestmark = pytest.mark.django_db


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-09-30", True),  # Wednesday
        ("2026-10-01", False),  # 国庆节
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2026-10-11", False),  # Sunday
        ("2026-09-20", True),  # Sunday, made up
        ("2026-02-14", True),  # Saturday before 春节, made up
        ("2026-02-16", False),  # Monday, 春节
        ("2026-01-04", True),  # Sunday, made up
        ("2027-01-01", True),  # Friday of a year that nobody imported
        ("2027-01-02", False),  # its Saturday
        ("0001-01-01", True),  # a Monday
        ("9999-12-31", True),  # a Friday
    ],
)
def test_a_day_is_a_working_day_or_not(text, works):
    assert Calendar(day(text)).is_working_day(day(text)) is works


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-10-31", "2026-10-30"),  # Saturday
        ("2026-11-22", "2026-11-20"),  # Sunday
        ("2026-10-07", "2026-09-30"),  # over the whole of 国庆
        ("2026-02-23", "2026-02-14"),  # over 春节 to the Saturday that is made up
        ("2023-10-06", "2023-09-28"),  # 中秋 and 国庆 together: from 09-29 on
        ("2027-01-03", "2027-01-01"),  # Sunday of an unknown year
        ("2026-01-03", "2025-12-31"),  # over the turn of the year
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_moves_to_the_last_working_day_before(text, moved):
    assert Calendar(day(text)).on_or_before(day(text)) == day(moved)


@pytest.mark.parametrize(
    ("text", "n", "expected"),
    [
        ("2026-09-30", 1, "2026-09-29"),
        ("2026-09-30", 3, "2026-09-24"),  # 29, 28, 24: the 25th to the 27th are 中秋
        ("2026-10-10", 1, "2026-10-09"),
        ("2026-10-12", 3, "2026-10-08"),  # 10 (made up), 9, 8
        ("2026-02-24", 1, "2026-02-14"),
        ("2026-02-24", 3, "2026-02-12"),  # 14, 13, 12
        ("2027-01-22", 3, "2027-01-19"),
        ("0001-01-03", 9, "0001-01-01"),
        ("2026-09-30", 0, "2026-09-30"),
    ],
)
def test_n_working_days_before(text, n, expected):
    assert Calendar(day(text)).before(day(text), n) == day(expected)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-09-24", "2026-09-30", 3),
        ("2026-09-30", "2026-09-30", 0),
        ("2026-09-30", "2026-10-10", 3),  # 8, 9, 10
        ("2026-10-10", "2026-09-30", -3),
        ("2026-10-01", "2026-10-07", 0),
        ("2026-02-12", "2026-02-24", 3),  # 13, 14, 24
        ("2026-11-23", "2026-12-31", 28),  # five whole weeks from Tuesday 24th to Monday 28th, and three days
        ("2027-01-15", "2027-01-22", 5),
        ("0001-01-01", "0001-01-08", 5),
    ],
)
def test_working_days_between_two_dates(start, end, count):
    assert Calendar(day(start), day(end)).working_days_until(day(start), day(end)) == count


def test_counting_says_the_same_as_walking_through_all_that_is_known():
    calendar = Calendar(day("2004-01-01"), day("2027-12-31"))
    for year in (2006, 2013, 2020, 2026):
        start, count, walk = date(year, 1, 1), 0, date(year, 1, 1)
        while walk < date(year, 12, 31):
            walk = calendar.after(walk, 1)
            if walk.year > year:
                break
            count += 1
            assert calendar.working_days_until(start, walk) == count
            assert calendar.before(walk, 1) < walk


def test_an_unknown_year_is_said_in_a_sentence_and_a_known_one_is_not():
    assert Calendar(day("2026-12-31"), day("2027-01-22"), day("2028-01-01")).unknown_years(
        day("2026-12-31"), day("2027-01-22"), day("2028-01-01")
    ) == [2027, 2028]
    assert Calendar(day("2027-01-22")).note(day("2027-01-22")) == "2027年节假日未导入，按周一至周五计算"
    assert Calendar(day("2026-01-22"), day("2004-01-01")).note(day("2026-01-22"), day("2004-01-01")) == ""
    assert Calendar(day("0001-01-01")).note(day("0001-01-01")) == "1年节假日未导入，按周一至周五计算"


def test_the_ends_of_the_calendar_raise_nothing():
    assert Calendar(date.min, date.max).working_days_until(date.min, date.max) > 2_600_000
    assert Calendar(date.max).before(date.max, 3) == day("9999-12-28")
    assert Calendar(date.max).after(date.max, 2) == date.max
    assert Calendar().note() == ""


def test_a_calendar_reads_once_however_many_dates_it_is_asked(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = Calendar(day("2026-01-01"), day("2026-12-31"))
        for month in range(1, 13):
            calendar.before(date(2026, month, 1), 3)
            calendar.working_days_until(date(2026, month, 1), day("2026-12-31"))
            calendar.note(date(2027, month, 1))


def test_the_first_filling_knows_2004_to_2026():
    assert list(CalendarYear.objects.values_list("year", flat=True)) == list(range(2004, 2027))
    assert CalendarDay.objects.filter(is_working=False).count() == 621
    assert CalendarDay.objects.filter(is_working=True).count() == 150
