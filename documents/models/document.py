"""One concrete document for all seventeen forms (design 1-3)."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.fields import MoneyField
from documents.queries import DocumentQuerySet
from documents.states import EDITABLE, UNDECIDED, VOIDABLE, DocumentState
from documents.vocabulary import (
    INSTALMENT_MONTH_KINDS,
    INSTALMENT_YEAR_KINDS,
    MONTHLY_KINDS,
    PROJECT_MONTH_KINDS,
    SIDED_KINDS,
    Kind,
    Phase,
    Result,
    Side,
)
from organization.models import Department, Instalment, Person, Project

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference() -> str:
    """An unguessable name for a draft, which has no number yet: ``D-7F3K92QD``."""
    return "D-" + "".join(secrets.choice(_ALPHABET) for _i in range(8))


def new_check_code() -> str:
    """The code beside the number on paper: ``7F3K-92QD``."""
    code = "".join(secrets.choice(_ALPHABET) for _i in range(8))
    return f"{code[:4]}-{code[4:]}"


class Document(models.Model):
    """A form on its way: what it belongs to, its amount, its state and its people.

    What it says stands in its payload (its kind's own app) and, as signed, in its revisions.
    """

    reference = models.CharField(_("草稿号"), max_length=12, unique=True, default=new_reference)
    number = models.CharField(_("单号"), max_length=50, unique=True, null=True, blank=True)
    check_code = models.CharField(_("校验码"), max_length=9, default=new_check_code)
    kind = models.CharField(_("类型"), max_length=30, choices=Kind.choices)
    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="documents")
    instalment = models.ForeignKey(
        Instalment, verbose_name=_("分期"), on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    period = models.DateField(_("月份"), null=True, blank=True, help_text=_("当月第一天"))
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    side = models.CharField(_("入伙前后"), max_length=4, choices=Side.choices, null=True, blank=True)
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase.choices, null=True, blank=True)
    result = models.CharField(_("成果"), max_length=30, choices=Result.choices, null=True, blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("需求部门"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=120)
    # Subject and supplier, where the kind has them: forms that belong together are tested on their sum (guide 5).
    grouping = models.CharField(max_length=200, blank=True, default="")
    amount = MoneyField(_("金额（元）"), default=0)
    state = FSMField(_("状态"), max_length=12, choices=DocumentState.choices, default=DocumentState.DRAFT)
    policy = models.ForeignKey("documents.Policy", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    creator = models.ForeignKey(Person, verbose_name=_("创建人"), on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        Person, verbose_name=_("提交人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision_n = models.PositiveIntegerField(_("第几次提交"), default=0)
    round_n = models.PositiveIntegerField(_("轮次"), default=0)
    # Counts saves of the working copy: two tabs, two people (the loser keeps what was typed).
    # 事后补报: first submitted when its work had begun already (3.2.2 4)); why, in the submitter's words.
    late = models.BooleanField(_("事后补报"), default=False)
    late_reason = models.CharField(_("补报原因"), max_length=500, blank=True, default="")
    draft_version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(_("创建时间"))
    changed_at = models.DateTimeField(_("最后变动"))
    first_submitted_at = models.DateTimeField(_("首次提交"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("单据")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="document_belongs_as_guide_4_says",
                condition=(
                    models.Q(kind__in=INSTALMENT_MONTH_KINDS, instalment__isnull=False, period__isnull=False, year=None)
                    | models.Q(kind__in=PROJECT_MONTH_KINDS, instalment=None, period__isnull=False, year=None)
                    | models.Q(
                        kind__in=INSTALMENT_YEAR_KINDS, instalment__isnull=False, period=None, year__isnull=False
                    )
                    | models.Q(
                        kind=Kind.PHASE_RESULT,
                        period=None,
                        year=None,
                        side=None,
                        phase__isnull=False,
                        result__isnull=False,
                    )
                    | models.Q(
                        kind__in=(Kind.PUBLICITY_CONFIRMATION, Kind.SERVICE_PLAN_REVIEW, Kind.SERVICE_AGREEMENT),
                        instalment=None,
                        period=None,
                        year=None,
                        side=None,
                    )
                ),
            ),
            models.CheckConstraint(
                name="document_side_where_guide_4_says",
                condition=models.Q(side=None) | models.Q(kind__in=SIDED_KINDS),
            ),
            models.CheckConstraint(
                name="document_submitted_has_number",
                condition=models.Q(number=None, first_submitted_at=None, revision_n=0)
                | models.Q(number__isnull=False, first_submitted_at__isnull=False, revision_n__gte=1),
            ),
            models.CheckConstraint(
                name="document_period_is_first_of_month",
                condition=models.Q(period=None) | models.Q(period__day=1),
            ),
            models.CheckConstraint(name="document_known_state", condition=models.Q(state__in=DocumentState.values)),
            models.CheckConstraint(
                name="document_draft_never_submitted",
                condition=models.Q(state=DocumentState.DRAFT, first_submitted_at=None)
                | (~models.Q(state=DocumentState.DRAFT) & models.Q(first_submitted_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="monthly_form_once_per_instalment",
                fields=["kind", "instalment", "period"],
                condition=models.Q(kind__in=MONTHLY_KINDS, first_submitted_at__isnull=False)
                & ~models.Q(state__in=(DocumentState.REJECTED, DocumentState.VOIDED)),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "kind", "period", "state"], name="document_by_place"),
            models.Index(fields=["project", "-id"], name="document_by_project"),
            models.Index(fields=["creator", "-id"], name="document_by_creator"),
            models.Index(fields=["submitted_by", "-id"], name="document_by_submitter"),
            models.Index(fields=["kind", "-id"], name="document_by_kind"),
            models.Index(fields=["instalment", "period"], name="document_by_month"),
            models.Index(
                fields=["project", "period"],
                condition=models.Q(state__in=UNDECIDED),
                name="document_undecided_by_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The number once there is one, the draft's reference before."""
        return self.number or self.reference

    @property
    def is_editable(self) -> bool:
        """Whether the working copy may be written."""
        return self.state in EDITABLE

    @property
    def is_submitted(self) -> bool:
        """Whether it was submitted at least once."""
        return self.first_submitted_at is not None

    @property
    def month(self) -> str:
        """``2026-12``, empty where the kind has no month."""
        return self.period.strftime("%Y-%m") if self.period else ""

    # Transitions state legality only; who may is asked in permissions.py, safety is the guards' and the locks'.
    @transition(field=state, source=list(EDITABLE), target=DocumentState.CIRCULATING)
    def enter_circulation(self) -> None:
        """Submit or submit again."""

    @transition(field=state, source=DocumentState.CIRCULATING, target=DocumentState.RETURNED)
    def go_back(self) -> None:
        """Return to the submitter."""

    @transition(field=state, source=DocumentState.CIRCULATING, target=DocumentState.WITHDRAWN)
    def take_back(self) -> None:
        """Withdraw before anyone has acted."""

    @transition(field=state, source=DocumentState.CIRCULATING, target=DocumentState.APPROVED)
    def pass_through(self) -> None:
        """The last station has signed."""

    @transition(field=state, source=DocumentState.CIRCULATING, target=DocumentState.REJECTED)
    def turn_down(self) -> None:
        """Rejected: final."""

    @transition(field=state, source=list(VOIDABLE), target=DocumentState.VOIDED)
    def make_void(self) -> None:
        """Voided by its submitter: final."""


class Editor(models.Model):
    """Someone who wrote in the working copy; such a person never signs the form (design 5)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "person"], name="editor_once_per_document")]


class Revision(models.Model):
    """What was submitted, immutable: canonical JSON and its hash (design 3)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    n = models.PositiveIntegerField(_("第几次提交"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    amount = MoneyField()
    facts = models.JSONField()
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["document", "n"], name="revision_n_once_per_document")]
