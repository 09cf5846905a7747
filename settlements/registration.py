"""What this app tells the engine: its kinds, what it adds to earlier apps' kinds, and its guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.sheets import as_text
from documents import guards, kinds, policies, verifying
from documents.kinds import FormKind, Part, Related
from documents.models import Document
from documents.money import plain
from documents.noticing import on_commit
from documents.revisions import rows_of
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Kind
from organization.posts import Post
from settlements import deadlines
from settlements.applying import count_settled, lock_origin_lines, reckon, release
from settlements.models import Application, ApplicationLine
from settlements.sheets import application_sheet, line_content
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
        return {row.pk: deadlines.limit_of(row, posts.get(row.pk, frozenset()), calendar) for row in documents}

    def due_between(self, first: date, last: date, calendar: Calendar) -> Q | None:
        return deadlines.due_between(first, last, calendar)

    def facts(self, document: Document) -> dict[str, Any]:
        # No annual budget can be approved yet, so nothing can be over it (guide 5, "Over budget").
        return {"over_budget": False}

    def amount(self, document: Document) -> Decimal:
        return document.application.subtotal + document.application.commission

    def routed_amount(self, document: Document) -> Decimal:
        return document.application.subtotal

    def prepare(self, document: Document) -> None:
        reckon(document, policies.commission_rate(document.policy))

    def content(self, document: Document) -> dict[str, Any]:
        application = document.application
        lines = rows_of(
            document, "application_lines", "completion_line__document", "completion_line__origin_line__document"
        )
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

    def material(self, content: dict[str, Any]) -> Any:
        """Lines and figures; a reworded note lets the signatures stand."""
        return {"lines": content["lines"], **{key: content["head"][key] for key in ("rate", "subtotal", "commission")}}

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

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        if document.state != DocumentState.APPROVED:
            return None
        return "settlements/_packs.html", {"name": document.name, "formats": (("pdf", "PDF"), ("xlsx", "Excel"))}

    def related(self, document: Document) -> list[Related]:
        origins = Document.objects.filter(work_lines__completion_lines__application_lines__document=document).distinct()
        completions = Document.objects.filter(completion_lines__application_lines__document=document).distinct()
        return [
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


def _make_packs(document_id: int) -> None:
    # The renderer loads fonts: processes that never approve anything never load it.
    from settlements.packs import make_packs

    make_packs.enqueue(document_id)


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


def register_all() -> None:
    """Called once from ``ready()``."""
    kinds.register(ApplicationKind())
    for kind in WORK_KINDS:
        kinds.extend(kind, SettledPart())
    kinds.extend(Kind.WORK_COMPLETION, ConfirmedPart())
    verifying.add(pack_differences)
    guards.add(
        [
            *guards.payload("settlements_application", guards.columns_of(Application)),
            *guards.payload("settlements_applicationline", guards.columns_of(ApplicationLine, without=("live",))),
            *guards.insert_only("settlements_pack"),
        ]
    )
