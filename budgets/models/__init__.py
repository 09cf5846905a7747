"""Work forms, their lines, and what was confirmed of them."""

from budgets.models.category import Category
from budgets.models.completion import Completion, CompletionLine
from budgets.models.work import WorkForm, WorkLine, new_key

__all__ = ["Category", "Completion", "CompletionLine", "WorkForm", "WorkLine", "new_key"]
