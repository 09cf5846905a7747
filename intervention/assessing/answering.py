"""The property company answers its score once: it accepts, or objects and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.assessing import telling
from intervention.assessing.permissions import can_answer, can_pass_over
from intervention.assessing.states import Answer
from intervention.models import Assessment
from intervention.permissions import who
from organization import clock

if TYPE_CHECKING:
    from organization.models import Person

TEXT = 1000


@verb
def accept(*, assessment_id: int, actor: Person, note: str = "") -> Assessment:
    """Accept the score. Effects: event ``accepted``, notice to the group's 负责人."""
    return _answer(assessment_id, actor, Answer.ACCEPTED, note)


@verb
def object_to(*, assessment_id: int, actor: Person, text: str) -> Assessment:
    """Object to the score and say to what and why. Effects: event ``objected``, notice to the group's 负责人."""
    return _answer(assessment_id, actor, Answer.OBJECTED, text)


@verb
def pass_over(*, assessment_id: int, actor: Person) -> Assessment:
    """The group's 负责人 goes on without an answer that did not come in its days. Effects: event ``silent``, notice to
    项目物业经理 and the handler."""
    row = journal.lock(Assessment, assessment_id)
    require(can_pass_over(who(actor, row.project), row))
    return _answered(row, actor, Answer.SILENT, "")


def _answer(assessment_id: int, actor: Person, answer: Answer, text: str) -> Assessment:
    row = journal.lock(Assessment, assessment_id)
    require(can_answer(who(actor, row.project), row))
    text = clean_text(text, max_length=TEXT, label=_("答复说明"))
    if answer == Answer.OBJECTED and not text:
        raise Invalid(_("请写明对哪些项目有异议和理由，以便负责人复核。"))
    return _answered(row, actor, answer, text)


def _answered(row: Assessment, actor: Person, answer: Answer, text: str) -> Assessment:
    row.take_answer()
    row.answer, row.answer_text, row.answered_by, row.answered_at = answer, text, actor, clock.now()
    row.save(update_fields=["state", "answer", "answer_text", "answered_by", "answered_at"])
    journal.record(row, str(answer), actor, reason=text[:500])
    telling.tell_answered(row)
    return row
