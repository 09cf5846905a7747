"""The months one may choose from."""

from datetime import date

import pytest

from documents.forms import month_choices

TODAY = date(2026, 11, 27)


def test_months_start_a_year_ahead_for_plans_and_with_the_current_one_for_settlement():
    assert month_choices(TODAY)[0][0] == "2027-11"
    assert month_choices(TODAY, ahead=0)[0][0] == "2026-11"


def test_a_month_outside_the_choices_is_offered_while_it_is_shown():
    offered = [
        value for value, _label in month_choices(TODAY, back=1, ahead=0, shown=(date(2031, 5, 1), date(2026, 10, 1)))
    ]

    assert offered == ["2031-05", "2026-11", "2026-10"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/intervention/calendar/", "2027-11"),
        ("/budgets/months/", "2027-11"),
        ("/settlements/applications/", "2026-11"),
        ("/settlements/compare/", "2026-11"),
    ],
)
def test_lists_of_months_do_not_begin_in_a_far_future(cast, log_in, address, first):
    page = log_in(cast.service_handler).get(address).content.decode()
    months = page[page.index('name="month"' if 'name="month"' in page else 'name="left"') :]

    assert months.split('<option value="', 1)[1].startswith(first)
