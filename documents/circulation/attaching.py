"""Files and comments on a document."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from documents import filetypes, noticing, papers, trail
from documents.circulation.transactions import lock, verb
from documents.models import Attachment, Document, Editor
from documents.permissions import can_attach, can_comment, can_detach, can_label, require
from documents.refusals import Conflict, Denied, Invalid, Refused, TooLarge
from documents.standing import standing
from documents.texts import clean_text
from organization import clock

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from organization.models import Person

MAX_FILES = 50


def attach(*, document_id: int, actor: Person, upload: UploadedFile, paper: str = "") -> Document:
    """Add a file: PDF, picture or office file by its content, at most 20 MB. Its bytes never change afterwards.

    ``paper`` names the required or suggested paper that it is, if it is one. The file is read, looked through and stored before
    the form is locked, so that nobody waits behind it; a crash in between leaves an unused file, never a row without one.
    """
    document = Document.objects.select_related("project", "creator").get(pk=document_id)
    require(can_attach(standing(actor, document)))
    attachment = _read(document, actor, upload, paper)
    _require_room(document, attachment)
    upload.seek(0)
    attachment.file.save(attachment.name, upload, save=False)
    try:
        return _add(document_id=document_id, actor=actor, attachment=attachment)
    except Refused:
        # Nothing of it was written, so nothing names the file.
        with contextlib.suppress(OSError):
            attachment.file.storage.delete(attachment.file.name)
        raise


def _read(document: Document, actor: Person, upload: UploadedFile, paper: str) -> Attachment:
    """The row of an upload, its bytes checked; neither is stored yet."""
    if upload.size is None or upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise TooLarge(_("附件超过 20 MB，请压缩或拆分后再上传。"))
    name = clean_text(upload.name or "", max_length=150, label=_("文件名")) or _("附件")
    data = upload.read()
    return Attachment(
        document=document,
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=filetypes.media_type(data, name),
        paper=clean_text(paper, max_length=50, label=_("资料名称")),
        uploaded_by=actor,
    )


def _require_room(document: Document, attachment: Attachment) -> None:
    if document.attachments.count() >= MAX_FILES:
        raise Invalid(_("一份单据最多 50 个附件。"))
    if document.attachments.filter(sha256=attachment.sha256).exists():
        raise Conflict(_("此文件已在附件中：%(name)s。") % {"name": attachment.name})


@verb
def _add(*, document_id: int, actor: Person, attachment: Attachment) -> Document:
    """The row of a file that lies in the storage, behind the form's lock."""
    document = lock(document_id)
    require(can_attach(standing(actor, document)))
    _require_room(document, attachment)
    attachment.pk = None
    attachment.document, attachment.revision_n, attachment.uploaded_at = document, document.revision_n, clock.now()
    attachment.save(force_insert=True)
    _written(document, actor)
    if document.is_submitted:
        trail.record(document, "attached", actor, name=attachment.name, sha256=attachment.sha256)
    return document


@verb
def detach(*, document_id: int, actor: Person, attachment_id: int) -> Document:
    """Take a file away again while the form may be edited; earlier revisions keep naming it by its hash."""
    document = lock(document_id)
    require(can_detach(standing(actor, document)))
    attachment = document.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise Invalid(_("附件不存在或已被移除。"))
    if _has_been_out(document, attachment) or attachment.uploaded_by.company_id != actor.company_id:
        raise Invalid(_("已提交过的附件须留存备查，不能移除；可另行补充正确的文件。"))
    stored = attachment.file
    attachment.delete()
    if document.is_submitted:
        trail.record(document, "detached", actor, name=attachment.name, sha256=attachment.sha256)
    _written(document, actor)
    noticing.on_commit(lambda: stored.storage.delete(stored.name))
    return document


@verb
def label(*, document_id: int, actor: Person, attachment_id: int, paper: str) -> Document:
    """Say of a file that is there which required or suggested paper it is, or (empty) none; its bytes and name stay.

    The drafting side says it of its own company's files while the form is editable, a signer at their station of their own.
    """
    document = lock(document_id)
    require(can_label(standing(actor, document)))
    attachment = document.attachments.select_related("uploaded_by").filter(pk=attachment_id).first()
    if attachment is None:
        raise Invalid(_("附件不存在或已被移除。"))
    if not is_own_file(document, attachment, actor):
        raise Denied(_("附件「%(name)s」由%(who)s上传，资料名称由其本人标注。") % _whose(attachment))
    paper = clean_text(paper, max_length=50, label=_("资料名称"))
    names = list(dict.fromkeys([*papers.required(document), *papers.suggested(document)]))
    if paper and paper not in names:
        raise Invalid(
            _("「%(paper)s」不是此单的资料名称；可选：%(names)s。")
            % {"paper": paper, "names": "、".join(names) or _("无")}
        )
    if paper == attachment.paper:
        return document
    was, attachment.paper = attachment.paper, paper
    attachment.save(update_fields=["paper"])
    _written(document, actor)
    if document.is_submitted:
        trail.record(document, "labelled", actor, name=attachment.name, sha256=attachment.sha256, paper=paper, was=was)
    return document


def is_own_file(document: Document, attachment: Attachment, person: Person) -> bool:
    """Whose word a file's name as a paper is: its company's while the form is being written, else its uploader's alone."""
    if document.is_editable:
        return attachment.uploaded_by.company_id == person.company_id
    return attachment.uploaded_by_id == person.pk


def _whose(attachment: Attachment) -> dict[str, str]:
    return {"name": attachment.name, "who": attachment.uploaded_by.name}


def _has_been_out(document: Document, attachment: Attachment) -> bool:
    """Whether a file was there while the form circulated: submitted with it, or added by a signer."""
    back = document.events.filter(code__in=("returned", "withdrawn")).aggregate(last=Max("seq"))["last"] or 0
    added = document.events.filter(code="attached", seq__gt=back, parameters__sha256=attachment.sha256)
    return document.is_submitted and not added.exists()


def _written(document: Document, actor: Person) -> None:
    document.changed_at = clock.now()
    document.save(update_fields=["changed_at"])
    if document.is_editable:
        Editor.objects.get_or_create(document=document, person=actor)


@verb
def comment(*, document_id: int, actor: Person, text: str) -> Document:
    """Put a remark on the trail."""
    document = lock(document_id)
    require(can_comment(standing(actor, document)))
    if not Document.objects.visible_to(actor).filter(pk=document.pk).exists():
        raise Denied(_("您没有查看此单的权限，不能留言。"))
    text = clean_text(text, max_length=500)
    if not text:
        raise Invalid(_("请填写留言内容。"))
    trail.record(document, "commented", actor, text=text)
    return document
