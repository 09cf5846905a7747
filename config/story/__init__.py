"""What happened at 翠湖花园 in August, September and October 2026: literal tables, made real by ``config.telling``.

``after_move_in`` is CH-1 (客服小组), ``before_move_in`` CH-2 (营销小组). Every total is worked out by hand in
``tests/config/test_demo_story.py``. Nothing is told of November 2026 and later: those months belong to whoever tries the site.
"""

from config.story import after_move_in, before_move_in
from config.story.shapes import Plan, Settlement

# Instalment → its forms, in the order in which they were filed.
PLANS: dict[str, tuple[Plan, ...]] = {"CH-1": after_move_in.PLANS, "CH-2": before_move_in.PLANS}
SETTLEMENTS: tuple[Settlement, ...] = (*after_move_in.SETTLEMENTS, *before_move_in.SETTLEMENTS)
