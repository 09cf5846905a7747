"""宣传承诺: what is to be published, each single promise, the register of all that was submitted, and promises found in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.models import Document
from intervention.papers.vocabulary import Channel, FoundState, PromiseSubject
from organization import access, clock
from organization.models import Person, Project
from organization.posts import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

# Who reads confirmations and what was found in use: both sides of a promise (guide 3.1.2).
PROMISE_READERS = (
    Post.PROPERTY_CLERK,
    Post.PROPERTY_PROJECT_MANAGER,
    Post.PROPERTY_LEADER,
    Post.PROPERTY_GM,
    Post.MARKETING_HANDLER,
    Post.MARKETING_HEAD,
    Post.SERVICE_HANDLER,
    Post.SERVICE_HEAD,
    Post.DEPARTMENT_HEAD,
    Post.GENERAL_MANAGER,
)


class Publicity(models.Model):
    """The head of a 宣传承诺确认单. A draft may be incomplete; what is missing is told at submission."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="publicity")
    subject = models.CharField(_("宣传名称"), max_length=60, blank=True, default="")
    channel = models.CharField(_("发布渠道"), max_length=14, choices=Channel.choices, blank=True, default="")
    channel_note = models.CharField(_("渠道说明"), max_length=100, blank=True, default="")
    text = models.CharField(_("拟发布内容"), max_length=2000, blank=True, default="")
    from_on = models.DateField(_("开始使用日期"), null=True, blank=True)
    until_on = models.DateField(_("停止使用日期"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_on=None)
                | models.Q(until_on=None)
                | models.Q(until_on__gte=models.F("from_on")),
                name="publicity_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=("", *Channel.values)), name="publicity_known_channel"
            ),
        ]


class PromiseLine(models.Model):
    """A single promise of a confirmation's working copy. ``key`` is stable over revisions."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="promise_lines")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(_("序号"))
    subject = models.CharField(_("承诺事项"), max_length=12, choices=PromiseSubject.choices, blank=True, default="")
    wording = models.CharField(_("承诺表述"), max_length=500, blank=True, default="")

    class Meta:
        ordering = ["document", "position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="promise_line_once_per_document")]


class Promise(models.Model):
    """A row of the register: a promise as it was last submitted. Written with each submission, never from a working copy."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="promises")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(_("序号"))
    subject = models.CharField(_("承诺事项"), max_length=12, choices=PromiseSubject.choices)
    wording = models.CharField(_("承诺表述"), max_length=500)
    channel = models.CharField(_("发布渠道"), max_length=14, choices=Channel.choices)
    channel_note = models.CharField(_("渠道说明"), max_length=100, blank=True, default="")
    from_on = models.DateField(_("开始使用日期"))
    until_on = models.DateField(_("停止使用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("宣传承诺")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="promise_once_per_document")]
        indexes = [models.Index(fields=["from_on"], name="promise_by_first_use")]


class FoundPromiseQuerySet(models.QuerySet["FoundPromise"]):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> FoundPromiseQuerySet:
        """Those of projects that a person sees and in which they hold a post that reads promises."""
        return self.where_held(person, PROMISE_READERS)

    def where_held(self, person: Person, posts: Iterable[str]) -> FoundPromiseQuerySet:
        """Those of visible projects in which a person holds one of the posts."""
        today, wanted = clock.today(), set(posts)
        places = {held.project_id for held in access.memberships(person, today) if held.post in wanted}
        if not places or person.is_administrator:
            return self.none()
        seen = self.filter(project__in=access.visible_keys(person, today))
        return seen if None in places else seen.filter(project__in=places)


class FoundPromise(models.Model):
    """A promise found in use that nobody confirmed. What was found never changes; what became of it is written once.

    Told in the journal of records like one of them; its ``subject`` is what the promise speaks of.
    """

    parts: ClassVar[tuple[str, ...]] = ()
    untold: ClassVar[tuple[str, ...]] = ()

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="found_promises"
    )
    channel = models.CharField(_("渠道"), max_length=14, choices=Channel.choices)
    place = models.CharField(_("位置"), max_length=100)
    subject = models.CharField(_("承诺事项"), max_length=12, choices=PromiseSubject.choices)
    wording = models.CharField(_("承诺表述"), max_length=500)
    since_on = models.DateField(_("开始使用日期"))
    state = FSMField(_("状态"), max_length=10, choices=FoundState.choices, default=FoundState.IN_USE)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    # Who signed the confirmation last, or took it out of use; when; which confirmation; why.
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    confirmation = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmed_promises"
    )
    reason = models.CharField(_("停用说明"), max_length=500, blank=True, default="")

    objects = FoundPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("在用未确认的宣传")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state=FoundState.IN_USE, settled_by=None, settled_at=None, confirmation=None, reason=""
                )
                | models.Q(
                    state=FoundState.CONFIRMED,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                    confirmation__isnull=False,
                    reason="",
                )
                | models.Q(
                    ~models.Q(reason=""),
                    state=FoundState.WITHDRAWN,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                    confirmation=None,
                ),
                name="found_promise_settled_by_someone",
            )
        ]
        indexes = [models.Index(fields=["project", "state"], name="found_promise_by_state")]

    def __str__(self) -> str:
        return self.wording

    @classmethod
    def journal_name(cls) -> str:
        """Its name in the journal."""
        return "found_promise"

    # Transitions state legality only; who may is asked in permissions.
    @transition(field=state, source=FoundState.IN_USE, target=FoundState.CONFIRMED)
    def confirm(self) -> None:
        """A confirmation that covers it has been approved."""

    @transition(field=state, source=FoundState.IN_USE, target=FoundState.WITHDRAWN)
    def take_out_of_use(self) -> None:
        """Taken down, painted over, no longer said."""


class PublicityCover(models.Model):
    """A found promise that a confirmation covers."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="covers")
    found = models.ForeignKey(FoundPromise, on_delete=models.PROTECT, related_name="covers")

    class Meta:
        ordering = ["document", "found"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "found"], name="publicity_covers_once")]
