"""States of a document, statuses of a step, kinds of an act, and the named sets of them. Pure leaf."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentState(TextChoices):
    """Where a form is in its life (design 2). Words of the pages, exports and prints alike."""

    DRAFT = "draft", _("草稿")
    CIRCULATING = "circulating", _("审批中")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("已否决")
    VOIDED = "voided", _("已作废")


EDITABLE = (DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.WITHDRAWN)
VOIDABLE = (DocumentState.RETURNED, DocumentState.WITHDRAWN)
DECIDED = (DocumentState.APPROVED, DocumentState.REJECTED, DocumentState.VOIDED)
# Something is still awaited of somebody.
UNDECIDED = (*EDITABLE, DocumentState.CIRCULATING)
# Live = submitted at least once and neither rejected nor voided.
DEAD = (DocumentState.REJECTED, DocumentState.VOIDED)

# Every state change there is; the guards in the database refuse all others.
TRANSITIONS: tuple[tuple[str, str], ...] = (
    ("draft", "circulating"),
    ("returned", "circulating"),
    ("withdrawn", "circulating"),
    ("circulating", "returned"),
    ("circulating", "withdrawn"),
    ("circulating", "approved"),
    ("circulating", "rejected"),
    ("returned", "voided"),
    ("withdrawn", "voided"),
)


class StepStatus(TextChoices):
    """How a station stands."""

    WAITING = "waiting", _("待处理")
    OPEN = "open", _("处理中")
    SIGNED = "signed", _("已同意")
    RETURNED = "returned", _("已退回")
    REJECTED = "rejected", _("已否决")
    SUPERSEDED = "superseded", _("已失效")
    SKIPPED = "skipped", _("已跳过")


PENDING = (StepStatus.WAITING, StepStatus.OPEN)


class StepMode(TextChoices):
    """What is asked of a station: a signature, or an opinion that passes the form on."""

    SIGN = "sign", _("审批")
    OPINION = "opinion", _("出具意见")


class ActKind(TextChoices):
    """What a person did at a station."""

    SIGN = "sign", _("同意")
    OPINION = "opinion", _("出具意见")
    RETURN = "return", _("退回")
    REJECT = "reject", _("否决")


class ReturnMode(TextChoices):
    """What happens to earlier signatures after a return (design 7); changed money always starts again."""

    RESTART = "restart", _("修改后重新走流程")
    BACK_TO_ME = "back_to_me", _("修改后直接回到我")
