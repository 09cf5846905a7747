"""考核: the property company's month as a group scores it, by a checklist that is data (guide 1, duties of both groups)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.fields import ScaledDecimalField
from documents.forms import month_label
from documents.vocabulary import Side
from intervention.assessing.marks import Marks, marks_of
from intervention.assessing.states import Answer, AssessmentState
from intervention.models.record import Record, RecordQuerySet
from organization.models import Company, Person
from organization.posts import Camp

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PointsField(ScaledDecimalField):
    """Points with one decimal, stored as tenths."""

    decimals = 1


class AssessmentCriterion(models.Model):
    """A row of the checklist: of one group or both, for one property company or all. Assessments keep what they took over."""

    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("考核项目"), max_length=80)
    basis = models.CharField(_("依据和标准"), max_length=200)
    points = PointsField(_("满分"))
    side = models.CharField(_("入伙前后"), max_length=4, choices=Side.choices, blank=True, default="")
    company = models.ForeignKey(
        Company, verbose_name=_("物业公司"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("考核项目")
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=Decimal(1), points__lte=Decimal(100)),
                name="criterion_points_1_to_100",
            ),
            models.CheckConstraint(condition=models.Q(side__in=("", *Side.values)), name="criterion_known_side"),
            models.UniqueConstraint(fields=["title", "side", "company"], name="criterion_title_once_per_company"),
            models.UniqueConstraint(
                fields=["title", "side"], condition=models.Q(company=None), name="criterion_title_once_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GradeBand(models.Model):
    """From which percent on a score is called what; the lowest band begins at 0."""

    start = models.PositiveSmallIntegerField(_("起（%）"), unique=True)
    word = models.CharField(_("等级"), max_length=10, unique=True)

    class Meta:
        verbose_name = _("考核等级")
        ordering = ["-start"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(start__lte=100), name="grade_band_within_100")]

    def __str__(self) -> str:
        return self.word


class AssessmentQuerySet(RecordQuerySet):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> QuerySet[Any]:
        """Those of the projects that a person may see; no score is seen before it is handed in but by the
        developer's side; an administrator sees what everybody sees."""
        rows = super().visible_to(person)
        if person.is_administrator or person.company is None or person.company.camp == Camp.PROPERTY:
            return rows.exclude(state=AssessmentState.DRAFT)
        return rows


class Assessment(Record):
    """A project's month as the group of one side scores it; it never changes an amount."""

    subject = "assessment"
    parts = ("scores",)

    month = models.DateField(_("考核月份"))
    side = models.CharField(_("入伙前后"), max_length=4, choices=Side.choices)
    state = FSMField(_("状态"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.DRAFT)
    # Bands of its opening day, (from, word), the highest first; and the facts as the scorer saw them when handing in.
    bands = models.JSONField(default=list)
    facts = models.JSONField(null=True, blank=True)
    handed_in_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    answer = models.CharField(_("物业答复"), max_length=10, choices=Answer.choices, blank=True, default="")
    answer_text = models.CharField(_("答复说明"), max_length=1000, blank=True, default="")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    conclusion = models.CharField(_("办结意见"), max_length=1000, blank=True, default="")
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("考核")
        ordering = ["-month", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["project", "month", "side"], name="assessment_once_per_month_and_side"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="assessment_month_is_first_day"),
            models.CheckConstraint(condition=models.Q(instalment=None), name="assessment_of_a_whole_project"),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="assessment_known_side"),
            models.CheckConstraint(condition=models.Q(state__in=AssessmentState.values), name="assessment_known_state"),
            models.CheckConstraint(
                condition=models.Q(
                    state=AssessmentState.DRAFT, facts__isnull=True, handed_in_at=None, handed_in_by=None, answer=""
                )
                | (
                    ~models.Q(state=AssessmentState.DRAFT)
                    & models.Q(facts__isnull=False, handed_in_at__isnull=False, handed_in_by__isnull=False)
                ),
                name="assessment_handed_in_with_facts",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(AssessmentState.DRAFT, AssessmentState.SCORED),
                    answer="",
                    answered_at=None,
                    answered_by=None,
                )
                | models.Q(
                    state__in=(AssessmentState.ANSWERED, AssessmentState.CLOSED),
                    answer__in=Answer.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="assessment_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=Answer.OBJECTED) | ~models.Q(answer_text=""),
                name="assessment_objection_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AssessmentState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~models.Q(state=AssessmentState.CLOSED) & models.Q(closed_at=None, closed_by=None, conclusion="")),
                name="assessment_closed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["month", "project"], name="assessment_by_month")]

    def __str__(self) -> str:
        return f"{self.project.name} · {month_label(self.month)} · {self.get_side_display()}"

    @property
    def marks(self) -> Marks | None:
        """Points, percent and grade of its scores; None while one is missing. Reads ``scores``."""
        return marks_of(self.scores.all(), self.bands)

    @property
    def figure(self) -> Marks | None:
        """Its marks once handed in: a draft's points are nobody's figure yet."""
        return None if self.state == AssessmentState.DRAFT else self.marks

    # Transitions state legality only; who may is asked in assessing.permissions.
    @transition(field=state, source=AssessmentState.DRAFT, target=AssessmentState.SCORED)
    def enter_answering(self) -> None:
        """All items are scored."""

    @transition(field=state, source=AssessmentState.SCORED, target=AssessmentState.ANSWERED)
    def take_answer(self) -> None:
        """The property company has answered."""

    @transition(field=state, source=AssessmentState.ANSWERED, target=AssessmentState.CLOSED)
    def end(self) -> None:
        """The group's head has closed it."""


class AssessmentScore(models.Model):
    """One item as the checklist said when the assessment was opened, with its points; ``final`` are the head's instead."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(AssessmentCriterion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("考核项目"), max_length=80)
    basis = models.CharField(_("依据和标准"), max_length=200)
    maximum = PointsField(_("满分"))
    points = PointsField(_("得分"), null=True, blank=True)
    # Nothing to score this month: it counts neither way.
    is_waived = models.BooleanField(_("本月不适用"), default=False)
    remark = models.CharField(_("扣分说明"), max_length=300, blank=True, default="")
    final = PointsField(_("调整后得分"), null=True, blank=True)
    final_reason = models.CharField(_("调整原因"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("考核得分")
        ordering = ["assessment", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_per_item"),
            models.UniqueConstraint(fields=["assessment", "position"], name="score_position_once"),
            models.CheckConstraint(
                condition=models.Q(points=None) | models.Q(points__gte=0, points__lte=models.F("maximum")),
                name="score_within_its_points",
            ),
            models.CheckConstraint(
                condition=models.Q(points=None, is_waived=False)
                | models.Q(points=models.F("maximum"), is_waived=False)
                | ~models.Q(remark=""),
                name="score_deducted_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(is_waived=False) | models.Q(points=None, final=None),
                name="score_waived_has_no_points",
            ),
            models.CheckConstraint(
                condition=models.Q(final=None, final_reason="")
                | (models.Q(final__gte=0, final__lte=models.F("maximum")) & ~models.Q(final_reason="")),
                name="score_changed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def counted(self) -> Any:
        """The points that count: the head's where they were changed."""
        return self.points if self.final is None else self.final
