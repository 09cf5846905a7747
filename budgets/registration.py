"""What this app tells the engine: its kinds and its guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets import comparing, deadlines, line_dates, shared_lines
from budgets.columns import LINE_FORMS
from budgets.confirming import count_confirmed, excess, lock_origin_lines, rooms
from budgets.drafting import grouping_of
from budgets.heads import ATTENDANCE, HEADS, missing
from budgets.models import Completion, CompletionLine, WorkForm, WorkLine
from budgets.onward import confirmation_steps
from budgets.rests import rests_for, sums_of
from budgets.sheets import as_text, completion_line_content, completion_sheet, work_line_content, work_sheet
from budgets.verbs import LAPSE
from budgets.verifying import (
    COMPLETION_LOADS,
    WORK_LOADS,
    completion_differences,
    completion_place,
    split_differences,
    work_differences,
    work_place,
)
from documents import guards, kinds, papers, verbs, verifying
from documents.kinds import CutLine, FormKind, Hint, NextStep, Part, Related
from documents.models import Document
from documents.revisions import rows_of, total_of
from documents.sides import side_of
from documents.states import DocumentState
from documents.vocabulary import MONTHLY_KINDS, WORK_KINDS, Kind
from organization import clock
from organization.guards import forbid
from organization.posts import Post

if TYPE_CHECKING:
    from django.db.models import Q

    from documents.deadlines import Limit
    from documents.models import Act
    from documents.sheets import Sheet
    from organization.models import Person
    from organization.working_days import Calendar

CLERKS = (Post.PROPERTY_CLERK, Post.PROPERTY_PROJECT_MANAGER)
# Who reads the month's forms beside those who sign them.
READERS = (
    Post.PROPERTY_LEADER,
    Post.PROPERTY_FINANCE,
    Post.PROPERTY_FINANCE_HEAD,
    Post.PROPERTY_GM,
    Post.SERVICE_HANDLER,
    Post.SERVICE_HEAD,
    Post.MARKETING_HANDLER,
    Post.MARKETING_HEAD,
    Post.DEPARTMENT_HEAD,
    Post.FINANCE,
    Post.GENERAL_MANAGER,
)


class WorkFormKind(FormKind):
    """A work form: lines of quantity × price in an instalment's month."""

    submitters = CLERKS
    audience = READERS
    icon = "report-money"
    loads = WORK_LOADS

    def __init__(self, kind: Kind, submitters: tuple[str, ...] = CLERKS) -> None:
        self.kind = kind
        self.submitters = submitters

    def side(self, document: Document) -> str | None:
        return side_of(document.instalment, document.period)

    def grouping(self, document: Document) -> str:
        return grouping_of({field.key: getattr(document.work_form, field.key) for field in HEADS[self.kind]})

    def amount(self, document: Document) -> Decimal:
        return total_of(document, "work_lines")

    def content(self, document: Document) -> dict[str, Any]:
        rows = list(rows_of(document, "work_lines"))
        shares = shared_lines.shares_of(rows)
        lines = [work_line_content(document.kind, line, shares.get(line.split_id)) for line in rows]
        form = document.work_form
        head = {
            field.key: as_text(getattr(form, field.key))
            for field in HEADS[self.kind]
            if getattr(form, field.key) or not field.sparse
        }
        return {"head": head, "lines": lines}

    def work_begins_on(self, document: Document) -> date | None:
        starts = [line.starts_on for line in document.work_lines.all() if line.starts_on]
        return min(starts) if starts else document.period

    def limits(
        self, documents: list[Document], posts: Mapping[int, frozenset[str]], calendar: Calendar
    ) -> dict[int, Limit]:
        return deadlines.limits(documents, calendar)

    def due_between(self, first: date, last: date, calendar: Calendar) -> Q | None:
        return deadlines.due_between(first, last, calendar) if self.kind in MONTHLY_KINDS else None

    def copies(self, document: Document) -> tuple[str, ...]:
        # Another department's need is confirmed by copy to its head (guide 5, Contents).
        asked = self.kind in (Kind.SERVICE_CONFIRMATION, Kind.UNPLANNED_WORK)
        if asked and document.department is not None and not document.department.is_lead:
            return (Post.REQUESTING_DEPARTMENT_HEAD,)
        return ()

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return work_sheet(content, document)

    def material(self, content: dict[str, Any]) -> Any:
        """Lines with their figures; a corrected typo in a text lets the signatures stand, another article doesn't."""
        numbers = {
            "id",
            "subject",
            "unit",
            "specification",
            "quantity",
            "price",
            "amount",
            "cut_to",
            "share",
            "shares",
            *LINE_FORMS[self.kind].factors,
        }
        return [{key: line[key] for key in sorted(numbers & set(line))} for line in content["lines"]]

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        if verb != "submit":
            return []
        form = document.work_form
        sentences = missing(self.kind, {field.key: getattr(form, field.key) for field in HEADS[self.kind]})
        if not document.work_lines.exists():
            sentences.append(_("还没有明细行，请先填写或导入后再提交。"))
        if form.requested_on and form.requested_on > clock.today():
            sentences.append(
                _("提出日期 %(date)s 晚于今天：需求须先提出，再提交此单。") % {"date": form.requested_on.isoformat()}
            )
        return [*sentences, *line_dates.blockers(document), *shared_lines.blockers(document)]

    def cut_lines(self, document: Document) -> list[CutLine]:
        return [
            CutLine(line.key, _("第 %(n)d 行 %(subject)s") % {"n": line.position, "subject": line.subject}, line.amount)
            for line in document.work_lines.order_by("position")
        ]

    def cut(self, document: Document, proposals: dict[str, Decimal]) -> None:
        for line in document.work_lines.filter(key__in=proposals):
            # A line that its writer has lowered further since stays as it is: a cut never raises an amount.
            if proposals[line.key] < line.amount:
                line.amount = line.cut_to = proposals[line.key]
                line.save(update_fields=["amount", "cut_to"])

    def hints(self, document: Document, person: Person) -> list[Hint]:
        return [*comparing.hints(document, person), *shared_lines.hints(document)]

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        return comparing.panel(document, person)

    def related(self, document: Document) -> list[Related]:
        confirmations = document.completions.select_related("document").order_by("pk")
        return [
            *(Related(_("事后确认"), completion.document) for completion in confirmations),
            *shared_lines.related(document),
        ]

    def next_steps(self, document: Document, person: Person) -> list[NextStep]:
        return confirmation_steps(document, person)

    def differences(self, document: Document) -> Iterable[str]:
        return work_differences(document)

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        return work_place(document, path)

    def new_url(self) -> str:
        return reverse("budgets:new", args=[self.kind])

    def edit_url(self, document: Document) -> str:
        return reverse("budgets:edit", args=[document.name])


class RestPart(Part):
    """What is left of an approved form, line by line, and the way to let it lapse."""

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        if document.state != DocumentState.APPROVED:
            return None
        rests = rests_for(person, document)
        shown = [rest for rest in rests if rest.is_open or rest.lapse]
        return "budgets/_rests.html", {"rests": shown, "sums": sums_of(rests), "name": document.name}


class CompletionKind(FormKind):
    """Confirmation after the work, by the group that approved the plan (D5)."""

    kind = Kind.WORK_COMPLETION
    submitters = CLERKS
    audience = READERS
    icon = "clipboard-check"
    loads = COMPLETION_LOADS

    def facts(self, document: Document) -> dict[str, Any]:
        return {"of": document.completion.origin.kind}

    def amount(self, document: Document) -> Decimal:
        return total_of(document, "completion_lines")

    def content(self, document: Document) -> dict[str, Any]:
        origin = document.completion.origin
        lines = rows_of(document, "completion_lines", "origin_line")
        return {
            "head": {"origin": origin.number, "origin_kind": origin.kind, "origin_label": str(origin.title)},
            "lines": [completion_line_content(line) for line in lines],
        }

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return completion_sheet(content, document)

    def locks(self, document: Document, verb: str) -> None:
        if verb in ("submit", "sign"):
            lock_origin_lines(document)

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        if verb != "submit":
            return []
        # Another confirmation of this form and month is why nothing is left: what is left would only mislead.
        if clash := self._clash(document):
            return clash
        sentences = []
        if clock.today() < document.period:
            sentences.append(
                _("%(month)s 的事后确认最早于当月 1 日提交；工作完成后再确认。") % {"month": document.month}
            )
        lines = list(document.completion_lines.select_related("origin_line"))
        done = [line for line in lines if line.quantity or line.amount]
        sentences += [
            _("第 %(n)d 行工作自 %(date)s 开始，开始之前不能确认。")
            % {"n": line.position, "date": line.origin_line.starts_on.isoformat()}
            for line in done
            if line.origin_line.starts_on and clock.today() < line.origin_line.starts_on
        ]
        if not done:
            sentences.append(_("没有任何实际工作量，请填写实际数量和金额后再提交。"))
        if done and not document.attachments.exists() and not any(line.note for line in done):
            sentences.append(_("没有任何证明材料：请上传考勤、收据或照片；确实没有的，请在明细的「说明」中写明原因。"))
        left = {room.line.pk: room for room in rooms(document.completion.origin, besides=document)}
        for line in lines:
            sentences += [
                _("第 %(n)d 行 %(fault)s") % {"n": line.position, "fault": fault}
                for _key, fault in excess(line, left[line.origin_line_id])
            ]
        return sentences

    def _clash(self, document: Document) -> list[str]:
        other = (
            Completion.objects.filter(origin=document.completion.origin, month=document.period, live=True)
            .exclude(document=document)
            .select_related("document")
            .first()
        )
        if other is None:
            return []
        return [
            _("%(origin)s 的 %(month)s 已有事后确认单 %(number)s，请在原单上处理。")
            % {"origin": document.completion.origin.number, "month": document.month, "number": other.document.number}
        ]

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb == "submit":
            Completion.objects.filter(document=document).update(live=True)
        elif verb in ("reject", "void"):
            Completion.objects.filter(document=document).update(live=False)
        elif verb == "approved":
            lock_origin_lines(document)
            count_confirmed(document)

    def hints(self, document: Document, person: Person) -> list[Hint]:
        named = set(document.attachments.values_list("paper", flat=True))
        if not named:
            return [Hint("warn", _("没有证明材料：请上传收据、考勤或照片。"))]
        of_people = document.completion.origin.kind == Kind.STAFFING_PLAN
        # Personnel cost is settled by attendance (guide 8); where the company suggests the name, its lack is said.
        if of_people and ATTENDANCE not in named and ATTENDANCE in papers.suggested(document):
            return [Hint("warn", _("没有注明为「考勤」的附件：人员费用按考勤确认，请补充或在说明中写明。"))]
        return []

    def related(self, document: Document) -> list[Related]:
        return [Related(_("原单"), document.completion.origin)]

    def differences(self, document: Document) -> Iterable[str]:
        return completion_differences(document)

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        return completion_place(document, path)

    def new_url(self) -> str:
        return reverse("budgets:completions")

    def edit_url(self, document: Document) -> str:
        return reverse("budgets:edit_completion", args=[document.name])


# Shares are all there before the first line is reckoned by them.
SHARES_STAND = forbid(
    "guard_splitshare_stands",
    "budgets_splitshare",
    "INSERT",
    "shares of a split do not change",
    "EXISTS (SELECT 1 FROM budgets_workline l WHERE l.split_id = NEW.split_id)",
)


def register_all() -> None:
    """Called once from ``ready()``."""
    for kind in WORK_KINDS:
        only_clerk = kind == Kind.SALES_OFFICE_SUNDRIES
        kinds.register(WorkFormKind(kind, (Post.PROPERTY_CLERK,) if only_clerk else CLERKS))
        kinds.extend(kind, RestPart())
    kinds.register(CompletionKind())
    verbs.register(LAPSE)
    verifying.add(split_differences)
    guards.add(
        [
            *guards.payload("budgets_workform", guards.columns_of(WorkForm)),
            *guards.payload("budgets_workline", guards.columns_of(WorkLine, without=WorkLine.COUNTERS)),
            *guards.insert_only("budgets_split"),
            *guards.insert_only("budgets_splitshare"),
            SHARES_STAND,
            *guards.payload("budgets_completion", guards.columns_of(Completion, without=("live",))),
            *guards.payload("budgets_completionline", guards.columns_of(CompletionLine)),
            *guards.insert_only("budgets_lapse"),
            forbid(
                "guard_lapse_approved",
                "budgets_lapse",
                "INSERT",
                "only the rest of an approved form lapses",
                "NOT EXISTS (SELECT 1 FROM budgets_workline l JOIN documents_document d ON d.id = l.document_id"
                " WHERE l.id = NEW.line_id AND d.state = 'approved')",
            ),
        ]
    )
