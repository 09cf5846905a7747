"""What this app tells the engine: its kinds, what it adds to earlier apps' kinds, and its guards."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.sheets import as_text
from documents import guards, kinds
from documents.kinds import FormKind, Part, Related
from documents.models import Document
from documents.money import figures, plain
from documents.noticing import on_commit
from documents.revisions import total_amount
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Kind
from organization.posts import Post
from settlements.applying import count_settled, lock_origin_lines, release, settled_differences
from settlements.models import Application, ApplicationLine
from settlements.sheets import application_sheet, line_content

if TYPE_CHECKING:
    from documents.models import Act
    from documents.sheets import Sheet
    from organization.models import Person


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
        Post.FINANCE_LEADER,
        Post.GENERAL_MANAGER,
        Post.REGIONAL_VP,
    )
    icon = "cash"

    def facts(self, document: Document) -> dict[str, Any]:
        # No annual budget can be approved yet, so nothing can be over it (guide 5, "Over budget").
        return {"over_budget": False}

    def amount(self, document: Document) -> Decimal:
        return document.application.subtotal + document.application.commission

    def routed_amount(self, document: Document) -> Decimal:
        return document.application.subtotal

    def content(self, document: Document) -> dict[str, Any]:
        application = document.application
        lines = document.application_lines.select_related(
            "completion_line__document", "completion_line__origin_line__document"
        ).order_by("position")
        return {
            "head": {
                "rate": as_text(application.rate),
                "subtotal": plain(application.subtotal),
                "commission": plain(application.commission),
                "note": application.note,
                "no_budget": True,
            },
            "lines": [line_content(line) for line in lines],
        }

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return application_sheet(content, document)

    def locks(self, document: Document, verb: str) -> None:
        lock_origin_lines(document)

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        if verb == "submit" and not document.application_lines.exists():
            return [_("没有可结算的明细，请先收入已确认的工作量。")]
        return []

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb in ("reject", "void"):
            release(document)
        elif verb == "approved":
            count_settled(document)
            on_commit(lambda: _make_packs(document.pk))

    def way_notes(self, document: Document) -> list[str]:
        return [_("本年度无已批预算，未作超预算检查。")]

    def related(self, document: Document) -> list[Related]:
        origins = Document.objects.filter(
            work_lines__completion_lines__application_lines__document=document
        ).distinct()
        completions = Document.objects.filter(
            completion_lines__application_lines__document=document
        ).distinct()
        return [
            *(Related(_("原单"), origin) for origin in origins.order_by("pk")),
            *(Related(_("事后确认"), completion) for completion in completions.order_by("pk")),
        ]

    def differences(self, document: Document) -> list[str]:
        return settled_differences(document)

    def new_url(self) -> str:
        return reverse("settlements:new")

    def edit_url(self, document: Document) -> str:
        return reverse("settlements:edit", args=[document.name])


def _make_packs(document_id: int) -> None:
    # The renderer loads fonts: processes that never approve anything never load it.
    from settlements.packs import make_packs

    make_packs.enqueue(document_id)


class SettledPart(Part):
    """What settlement adds to work forms: the applications that pay for them, and the counters' check."""

    def related(self, document: Document) -> list[Related]:
        applications = Document.objects.filter(
            application_lines__completion_line__origin_line__document=document
        ).distinct()
        return [Related(_("费用申请"), application) for application in applications.order_by("pk")]

    def differences(self, document: Document) -> list[str]:
        found = []
        for line in document.work_lines.all():
            counted = total_amount(
                ApplicationLine.objects.filter(
                    completion_line__origin_line=line, document__state=DocumentState.APPROVED
                )
            )
            if counted != line.settled:
                found.append(f"budgets_workline {line.pk} settled: {figures(line.settled)} ≠ {figures(counted)}")
        return found


class ConfirmedPart(Part):
    """What settlement adds to confirmations: the applications that hold their lines."""

    def related(self, document: Document) -> list[Related]:
        applications = Document.objects.filter(application_lines__completion_line__document=document).distinct()
        return [Related(_("费用申请"), application) for application in applications.order_by("pk")]


def register_all() -> None:
    """Called once from ``ready()``."""
    kinds.register(ApplicationKind())
    for kind in WORK_KINDS:
        kinds.extend(kind, SettledPart())
    kinds.extend(Kind.WORK_COMPLETION, ConfirmedPart())
    guards.add(
        [
            *guards.payload("settlements_application", guards.columns_of(Application)),
            *guards.payload("settlements_applicationline", guards.columns_of(ApplicationLine, without=("live",))),
            *guards.insert_only("settlements_pack"),
        ]
    )
