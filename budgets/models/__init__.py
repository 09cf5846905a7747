"""Work forms, their lines, how shared ones are split, what was confirmed of them and what lapsed."""

from budgets.models.category import SUBJECTS, Category
from budgets.models.completion import Completion, CompletionLine
from budgets.models.lapse import Lapse
from budgets.models.split import Split, SplitShare
from budgets.models.work import WorkForm, WorkLine, new_key

__all__ = [
    "SUBJECTS",
    "Category",
    "Completion",
    "CompletionLine",
    "Lapse",
    "Split",
    "SplitShare",
    "WorkForm",
    "WorkLine",
    "new_key",
]
