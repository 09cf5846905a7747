"""States of an assessment and the moves between them. Pure leaf; the state machine and the database's guards read one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssessmentState(TextChoices):
    """Where an assessment is in its life."""

    DRAFT = "draft", _("评分中")
    SCORED = "scored", _("待物业答复")
    ANSWERED = "answered", _("待负责人办结")
    CLOSED = "closed", _("已办结")


class Answer(TextChoices):
    """What the property company said of its score, once; or that it let its days pass."""

    ACCEPTED = "accepted", _("认可")
    OBJECTED = "objected", _("有异议")
    SILENT = "silent", _("期限内未答复")


TRANSITIONS: tuple[tuple[str, str], ...] = (
    ("draft", "scored"),
    ("scored", "answered"),
    ("answered", "closed"),
)
