"""How wide the columns of the entry grid are."""

import pytest

from budgets import grid
from budgets.line_forms import LINE_FORMS

# What a window of 1440 leaves for the grid beside the way, less the line number and the delete button.
ROOM = 878 - 30 - 36


@pytest.mark.parametrize("kind", LINE_FORMS)
def test_all_columns_of_an_entry_grid_stand_beside_the_way_at_1440(kind):
    assert sum(column.width for column in grid.columns_for(kind)) <= ROOM


@pytest.mark.parametrize("kind", LINE_FORMS)
def test_a_category_shows_its_two_characters_and_a_text_more_than_a_date(kind):
    columns = {column.key: column for column in grid.columns_for(kind)}

    assert all(column.width >= 64 for column in columns.values() if column.kind == "choice")
    assert columns["subject"].width > max([column.width for column in columns.values() if column.kind == "date"] or [0])
