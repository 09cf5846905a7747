"""Files of a document: what people attach, and what is rendered and kept."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document
from documents.vocabulary import Kind
from organization.models import Company, Person


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A server-made path: nothing of the person's file name reaches the disk."""
    return f"attachments/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


def rendered_path(rendered: "RenderedFile", filename: str) -> str:
    """A server-made path for kept PDFs."""
    return f"rendered/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class Attachment(models.Model):
    """A file that someone attached; its bytes never change."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to=attachment_path, max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    # Which required paper it is (委托, 收据 …); empty for any other file.
    paper = models.CharField(_("资料名称"), max_length=50, blank=True, default="")
    # The newest revision when it was added; it belongs to every later one. 0 before the first submission.
    revision_n = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    # Set on reading (``downloads``): a newer file of the same document replaces it.
    is_replaced = False

    class Meta:
        ordering = ["pk"]


class RequiredPaper(models.Model):
    """A paper of a kind; data, for one company or (company empty) for all.

    Without a required one the form cannot be submitted; the others are suggested as names for files (考勤, 收据 …).
    """

    company = models.ForeignKey(
        Company, verbose_name=_("公司"), on_delete=models.PROTECT, null=True, blank=True, related_name="required_papers"
    )
    kind = models.CharField(_("类型"), max_length=30, choices=Kind.choices)
    name = models.CharField(_("资料名称"), max_length=50)
    is_required = models.BooleanField(_("必备"), default=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("必备资料")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "name"], name="paper_once_per_company_and_kind"),
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(company=None), name="paper_of_all_once_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RenderedFile(models.Model):
    """A PDF made after the decision and kept with its hash (design 21)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="rendered")
    revision_n = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    file = models.FileField(upload_to=rendered_path, max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "revision_n", "state"], name="rendered_once_per_state")
        ]
