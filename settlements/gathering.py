"""Which confirmed lines an application may take: the guide's cut-off day, what waits for the next month, what was reversed."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from budgets.models import CompletionLine, WorkLine
from documents import policies
from documents.forms import month_label
from documents.models import Period
from documents.refusals import Blocked
from documents.routing import RoutingError
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import clock
from settlements.models import ApplicationLine, Nature

if TYPE_CHECKING:
    from documents.models import Policy
    from organization.models import Project

# 大型紧急专项 may be filed on its own within the month (guide 6.3).
INTERIM_KINDS = (Kind.SERVICE_CONFIRMATION, Kind.UNPLANNED_WORK)


def policy_now() -> Policy:
    """The policy that a new application follows. Raises Blocked with its sentence, e.g. under a wrong clock."""
    try:
        return policies.in_force(clock.today())
    except RoutingError as error:
        raise Blocked(_("%(why)s，请核对系统时间。") % {"why": error}) from error


def cutoff_day(month: date, policy: Policy) -> int:
    """The last day on which a confirmation still goes into the month's application; the month's last one where it is shorter."""
    return max(1, min(int(policies.setting(policy, "cutoff_day")), monthrange(month.year, month.month)[1]))


def cutoff(month: date, policy: Policy) -> datetime:
    """The moment from which on a confirmation waits for the next month's application: midnight after the day, in Shanghai."""
    last = clock.shanghai(month.year, month.month, cutoff_day(month, policy), 0)
    return last + timedelta(days=1)


def held_lines() -> QuerySet[ApplicationLine]:
    """Lines of live applications, to be asked for a confirmed line: a reversing line holds nothing."""
    return ApplicationLine.objects.filter(completion_line=OuterRef("pk"), live=True, reverses=None)


def taken_back() -> Exists:
    """Whether an approved reversal took a confirmed line back: it may be applied for again, and never is by itself."""
    return Exists(
        ApplicationLine.objects.filter(
            completion_line=OuterRef("pk"), live=True, reverses__isnull=False, document__state=DocumentState.APPROVED
        )
    )


def cutoff_now(month: date) -> datetime | None:
    """The month's cut-off for what a page says; None where no policy is in force, e.g. under a wrong clock."""
    try:
        return cutoff(month, policy_now())
    except Blocked:
        return None


def free_lines(project: Project, month: date, side: str) -> QuerySet[CompletionLine]:
    """Confirmed lines of a side that no live application holds, of months up to this one, in the order of their forms.

    ``was_reversed`` marks those that an approved reversal took back: they are offered, never taken in by themselves.
    """
    return (
        CompletionLine.objects.filter(
            document__state=DocumentState.APPROVED,
            document__project=project,
            document__side=side,
            document__period__lte=month.replace(day=1),
            amount__gt=0,
        )
        .filter(~Exists(held_lines()))
        .annotate(was_reversed=taken_back())
        .select_related("origin_line__document__work_form", "document")
        .order_by(
            "origin_line__document__period",
            "origin_line__document_id",
            "origin_line__position",
            "document__period",
            "pk",
        )
    )


def gatherable(
    project: Project, month: date, side: str, nature: str = Nature.MONTHLY, policy: Policy | None = None
) -> QuerySet[CompletionLine]:
    """What an application may take: the month's own what was confirmed up to the cut-off day, an interim one special work."""
    lines = free_lines(project, month, side)
    if nature == Nature.INTERIM:
        return lines.filter(origin_line__document__kind__in=INTERIM_KINDS)
    return lines.filter(document__decided_at__lt=cutoff(month, policy or policy_now()))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was confirmed after the cut-off day and waits for the next month's application; amount in 元."""

    day: int
    lines: int
    amount: Decimal

    def __bool__(self) -> bool:
        return self.lines > 0


def waiting(project: Project, month: date, side: str, policy: Policy | None = None) -> Waiting:
    """Lines that the month's application may not take because they were confirmed too late."""
    policy = policy or policy_now()
    found = (
        free_lines(project, month, side)
        .filter(document__decided_at__gte=cutoff(month, policy))
        .order_by()
        .aggregate(lines=Count("pk"), amount=Sum("amount"))
    )
    return Waiting(cutoff_day(month, policy), found["lines"], found["amount"] or Decimal(0))


def nothing_found(project: Project, month: date, side: str, nature: str) -> list[str]:
    """Why there is nothing to settle, and what to do."""
    if nature == Nature.INTERIM:
        return [
            _("没有可结算的明细：%(month)s及以前没有已确认、未列入申请的专项或超计划工作；其他费用请列入月度申请。")
            % {"month": month_label(month)}
        ]
    found = [_("没有可结算的明细：%(month)s及以前没有已确认、未列入申请的工作量。") % {"month": month_label(month)}]
    if late := waiting(project, month, side):
        found.append(
            _("另有 %(n)d 行在本月 %(day)d 日截止之后确认，请列入下月的申请。") % {"n": late.lines, "day": late.day}
        )
    return found


def hold_month(project: Project, month: date) -> None:
    """Take the month's row alone, so that of two people who open its application the second sees the first one's."""
    period, _created = Period.objects.get_or_create(project=project, month=month)
    Period.objects.select_for_update(no_key=True).get(pk=period.pk)


def locked(lines: QuerySet[CompletionLine]) -> list[CompletionLine]:
    """Lock the origin lines by key, then read again what is still free behind the lock (design 11)."""
    keys = list(lines.order_by().values_list("origin_line", flat=True))
    list(WorkLine.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
    return list(lines.all())
