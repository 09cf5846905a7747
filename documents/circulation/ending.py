"""Withdraw, void, discard: what a submitter or creator does alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents import aftermath, noticing, trail
from documents.circulation import stations
from documents.circulation.transactions import call_effects, call_locks, lock, verb
from documents.permissions import can_discard, can_void, can_withdraw, require
from documents.refusals import Invalid
from documents.standing import standing
from documents.texts import clean_text
from organization import clock

if TYPE_CHECKING:
    from documents.models import Document
    from organization.models import Person


@verb
def withdraw(*, document_id: int, actor: Person) -> Document:
    """Take a submission back before anyone has acted on it; number and revision stay."""
    document = lock(document_id)
    call_locks(document, "withdraw")
    require(can_withdraw(standing(actor, document)))
    stations.supersede_pending(document)
    document.take_back()
    document.changed_at = clock.now()
    document.save(update_fields=["state", "changed_at"])
    call_effects(document, "withdraw", actor)
    trail.record(document, "withdrawn", actor)
    noticing.forget_open_turns(document)
    return document


@verb
def void(*, document_id: int, actor: Person, reason: str) -> Document:
    """Void a returned or withdrawn form for good; its number stays used, what it held is freed."""
    document = lock(document_id)
    call_locks(document, "void")
    require(can_void(standing(actor, document)))
    reason = clean_text(reason, max_length=500, label=_("原因"))
    if not reason:
        raise Invalid(_("请填写作废原因。"))
    document.make_void()
    document.decided_at = document.changed_at = clock.now()
    document.save(update_fields=["state", "decided_at", "changed_at"])
    call_effects(document, "void", actor)
    trail.record(document, "voided", actor, reason=reason)
    noticing.tell_decided(document, "voided")
    aftermath.keep_pdf_of(document)
    return document


@verb
def discard(*, document_id: int, actor: Person) -> None:
    """Delete a draft that was never submitted, with its lines and files; what it held is freed."""
    document = lock(document_id)
    call_locks(document, "discard")
    require(can_discard(standing(actor, document)))
    call_effects(document, "discard", actor)
    files = [attachment.file for attachment in document.attachments.all()]
    document.delete()
    noticing.on_commit(lambda: [file.storage.delete(file.name) for file in files])
