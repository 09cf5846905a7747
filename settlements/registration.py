"""What this app tells the engine: its kinds, what it adds to earlier apps' kinds, and its guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from documents import drafting, guards, kinds, verifying
from documents.forms import month_label
from documents.kinds import FormKind, Hint, NextStep, Part, Related
from documents.models import Document
from documents.noticing import on_commit
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Kind
from organization import clock
from organization.posts import Post
from settlements import deadlines
from settlements.applying import count_settled, lock_origin_lines, missing, release
from settlements.gathering import gatherable
from settlements.guards import APPLICATION_GUARDS
from settlements.reckoning import reckon
from settlements.retelling import earlier_differences
from settlements.sheets import application_content, application_sheet
from settlements.standing import reversal_marks, standing_of
from settlements.verifying import (
    APPLICATION_LOADS,
    SETTLED_LOADS,
    application_differences,
    application_place,
    pack_differences,
    settled_differences,
)

if TYPE_CHECKING:
    from django.db.models import Q

    from documents.deadlines import Limit
    from documents.models import Act
    from documents.sheets import Sheet
    from organization.models import Person
    from organization.working_days import Calendar


# Figures of the head whose change lets all signatures fall.
MATERIAL = ("nature", "reverses", "rate", "subtotal", "commission", "invoice_kind", "tax_rate", "net", "tax")


class ApplicationKind(FormKind):
    """物业前期介入费用申请: confirmed cost with commission, project + month + side (D9)."""

    kind = Kind.EXPENSE_APPLICATION
    submitters = (Post.PROPERTY_FINANCE, Post.PROPERTY_CLERK, Post.PROPERTY_PROJECT_MANAGER)
    audience = (
        Post.PROPERTY_LEADER,
        Post.PROPERTY_FINANCE_HEAD,
        Post.PROPERTY_GM,
        Post.MARKETING_HANDLER,
        Post.MARKETING_HEAD,
        Post.SERVICE_HANDLER,
        Post.SERVICE_HEAD,
        Post.DEPARTMENT_HEAD,
        Post.FINANCE,
        Post.GENERAL_MANAGER,
    )
    icon = "cash"
    loads = APPLICATION_LOADS

    def limits(
        self, documents: list[Document], posts: Mapping[int, frozenset[str]], calendar: Calendar
    ) -> dict[int, Limit]:
        apart = deadlines.not_monthly(documents)
        return {
            row.pk: deadlines.limit_of(row, posts.get(row.pk, frozenset()), calendar, monthly=row.pk not in apart)
            for row in documents
        }

    def due_between(self, first: date, last: date, calendar: Calendar) -> Q | None:
        return deadlines.due_between(first, last, calendar)

    def facts(self, document: Document) -> dict[str, Any]:
        # No annual budget can be approved yet, so nothing can be over it (guide 5, "Over budget"); a reversal never is.
        return {"over_budget": False, "nature": document.application.nature}

    def amount(self, document: Document) -> Decimal:
        return document.application.subtotal + document.application.commission

    def routed_amount(self, document: Document) -> Decimal:
        return document.application.subtotal

    def prepare(self, document: Document) -> None:
        reckon(document)

    def content(self, document: Document) -> dict[str, Any]:
        return application_content(document)

    def material(self, content: dict[str, Any]) -> Any:
        """Lines and figures; a reworded note or reason lets the signatures stand."""
        head = {key: content["head"].get(key) for key in MATERIAL}
        return {"lines": content["lines"], **head}

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return application_sheet(content, document)

    def locks(self, document: Document, verb: str) -> None:
        lock_origin_lines(document)
        if verb == "submit" and document.is_submitted:
            # What stood before it may have been decided since; the first submission reckons when its policy is fixed.
            reckon(document)

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        return missing(document) if verb == "submit" else []

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb in ("reject", "void"):
            release(document)
        elif verb == "approved":
            count_settled(document)
            on_commit(lambda: _make_packs(document))

    def marks(self, documents: list[Document]) -> dict[int, str]:
        return reversal_marks(documents)

    def way_notes(self, document: Document) -> list[str]:
        return [_("本年度无已批预算，未作超预算检查。")]

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        if document.state != DocumentState.APPROVED:
            return None
        from settlements.packs.standing import pack_state

        return "settlements/_packs.html", {"pack": pack_state(document)}

    def related(self, document: Document) -> list[Related]:
        origins = Document.objects.filter(work_lines__completion_lines__application_lines__document=document).distinct()
        completions = Document.objects.filter(completion_lines__application_lines__document=document).distinct()
        application = document.application
        taken_back = Document.objects.filter(pk=application.reverses_id)
        reversals = Document.objects.filter(application__reverses=document, application__live=True)
        return [
            *(Related(_("被冲销的申请"), original) for original in taken_back),
            *(Related(_("冲销申请"), reversal) for reversal in reversals.order_by("pk")),
            *(Related(_("原单"), origin) for origin in origins.order_by("pk")),
            *(Related(_("事后确认"), completion) for completion in completions.order_by("pk")),
        ]

    def differences(self, document: Document) -> Iterable[str]:
        return application_differences(document)

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        return application_place(document, path)

    def new_url(self) -> str:
        return reverse("settlements:new")

    def edit_url(self, document: Document) -> str:
        return reverse("settlements:edit", args=[document.name])


def _make_packs(document: Document) -> None:
    # The renderer loads fonts: processes that never approve anything never load it.
    from settlements.packs import runs

    # The row that was locked still carries the state before; what is asked for is tested against the new one.
    runs.start(Document.objects.get(pk=document.pk))


class ReversingPart(Part):
    """What stands beside an application: how it came to its figures, what was taken back of it, and taking it back."""

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        return "settlements/_explaining.html", standing_of(person, document)

    def hints(self, document: Document, person: Person) -> list[Hint]:
        mark = reversal_marks([document]).get(document.pk)
        return [Hint("warn", _("此申请%(mark)s，见关联单据中的冲销申请。") % {"mark": mark})] if mark else []


class SettledPart(Part):
    """What settlement adds to work forms: the applications that pay for them, and the counters' check."""

    loads = SETTLED_LOADS

    def related(self, document: Document) -> list[Related]:
        applications = Document.objects.filter(
            application_lines__completion_line__origin_line__document=document
        ).distinct()
        return [Related(_("费用申请"), application) for application in applications.order_by("pk")]

    def differences(self, document: Document) -> Iterable[str]:
        return settled_differences(document)


class ConfirmedPart(Part):
    """What settlement adds to confirmations: the applications that hold their lines."""

    def related(self, document: Document) -> list[Related]:
        applications = Document.objects.filter(application_lines__completion_line__document=document).distinct()
        return [Related(_("费用申请"), application) for application in applications.order_by("pk")]

    def next_steps(self, document: Document, person: Person) -> list[NextStep]:
        """The application that would gather its lines, for those who may begin one, until one holds them."""
        if not drafting.may_draft(person, Kind.EXPENSE_APPLICATION, document.project):
            return []
        month = max(document.period, clock.today().replace(day=1))
        free = gatherable(document.project, month, document.side).filter(document=document, was_reversed=False)
        if not free.exists():
            return []
        wanted = {"project": document.project.code, "month": month.strftime("%Y-%m"), "side": document.side}
        text = _("已确认、未列入申请的工作量可以列入%(month)s的费用申请。") % {"month": month_label(month)}
        return [NextStep(_("费用申请"), text, "cash", f"{reverse('settlements:new')}?{urlencode(wanted)}")]


def register_all() -> None:
    """Called once from ``ready()``."""
    kinds.register(ApplicationKind())
    kinds.extend(Kind.EXPENSE_APPLICATION, ReversingPart())
    for kind in WORK_KINDS:
        kinds.extend(kind, SettledPart())
    kinds.extend(Kind.WORK_COMPLETION, ConfirmedPart())
    verifying.add(pack_differences)
    verifying.add(earlier_differences)
    guards.add(APPLICATION_GUARDS)
    guards.add(guards.insert_only("settlements_pack"))
