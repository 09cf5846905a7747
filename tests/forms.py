"""Forms that tests begin with, made through the verbs alone."""

import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from budgets.columns import CheckedRow, check_row
from budgets.drafting import open_work_form
from documents import circulation
from documents.models import Document, Step
from documents.states import StepStatus
from documents.vocabulary import Kind

DECEMBER = date(2026, 12, 1)

# 6 × 168.50 + 120 × 8.60 + 4 × 1650.00 = 8,643.00
LINES = [
    {"category": "清洁", "subject": "洗地机清洁剂", "unit": "桶", "quantity": "6", "price": "168.50"},
    {"category": "清洁", "subject": "垃圾袋", "unit": "卷", "quantity": "120", "price": "8.60"},
    {"category": "客服", "subject": "鲜花绿植更换", "unit": "次", "quantity": "4", "price": "1650"},
]
LINES_AMOUNT = Decimal("8643.00")


def checked(kind: str, lines: list[dict[str, Any]]) -> list[CheckedRow]:
    """Typed lines through the one validator."""
    rows = [check_row(kind, line) for line in lines]
    assert all(isinstance(row, CheckedRow) for row in rows), rows
    return rows  # type: ignore[return-value]


def purchase_request(
    cast: Any, *, by: str = "property_clerk", instalment: str = "CH-2", month: date = DECEMBER, lines: Any = None
) -> Document:
    """A draft of a 物业采购申请表."""
    return open_work_form(
        kind=Kind.PURCHASE_REQUEST,
        actor=getattr(cast, by),
        instalment=cast.instalments[instalment],
        month=month,
        rows=checked(Kind.PURCHASE_REQUEST, LINES if lines is None else lines),
    )


def submitted(cast: Any, **how: Any) -> Document:
    """A purchase request in circulation."""
    document = purchase_request(cast, **how)
    return circulation.submit(document_id=document.pk, actor=document.creator, late_reason="上月漏报")


def sign(document: Document, person: Any, opinion: str = "") -> Document:
    """One signature on what is in circulation now."""
    now = Document.objects.get(pk=document.pk)
    return circulation.sign(
        document_id=now.pk, actor=person, revision=now.revision_n, round_n=now.round_n, opinion=opinion
    )


def send_back(document: Document, person: Any, opinion: str = "请核减", **how: Any) -> Document:
    """One return of what is in circulation now."""
    now = Document.objects.get(pk=document.pk)
    return circulation.send_back(
        document_id=now.pk, actor=person, revision=now.revision_n, round_n=now.round_n, opinion=opinion, **how
    )


def sign_through(document: Document, cast: Any, *, prefix: str = "") -> Document:
    """Every open station signed by the holder of its post (usernames are post codes), until nothing is open."""
    while True:
        step = Step.objects.filter(document=document, status=StepStatus.OPEN).order_by("position", "pk").first()
        if step is None:
            return Document.objects.get(pk=document.pk)
        sign(document, getattr(cast, f"{prefix}{step.post}"))


def approved(cast: Any, **how: Any) -> Document:
    """An approved purchase request."""
    return sign_through(submitted(cast, **how), cast)


def completion(*, origin: Document, actor: Any, month: date | None = None) -> Document:
    """A draft confirmation with a receipt beside it: without any evidence, or a reason, none is submitted."""
    from budgets.confirming import open_completion
    from documents.circulation import attach

    draft = (
        open_completion(origin=origin, actor=actor, month=month)
        if month
        else open_completion(origin=origin, actor=actor)
    )
    attach(document_id=draft.pk, actor=actor, upload=receipt(draft.reference))
    return draft


def receipt(words: str) -> SimpleUploadedFile:
    """A small picture of its own for each form."""
    digest = hashlib.sha256(words.encode()).digest()
    data = io.BytesIO()
    Image.frombytes("RGB", (4, 2), digest[:24]).save(data, "PNG")
    return SimpleUploadedFile(f"收据 {words}.png", data.getvalue())


def confirmed(cast: Any, origin: Document, *, actuals: dict[str, dict[str, str]] | None = None) -> Document:
    """An approved confirmation of an approved form: at full, or with other actuals by subject."""
    from budgets.confirming import open_completion, save_completion

    draft = open_completion(origin=origin, actor=cast.property_clerk)
    lines = list(draft.completion_lines.select_related("origin_line"))
    rows = [
        {
            "id": line.origin_line.key,
            "quantity": str(line.quantity),
            "amount": str(line.amount),
        }
        | (actuals or {}).get(line.origin_line.subject, {})
        for line in lines
    ]
    # Without a file something is said of one line; of one that is confirmed whole, where there is one.
    less = {line.origin_line.key for line in lines if line.origin_line.subject in (actuals or {})}
    whole = next((row for row in rows if row["id"] not in less), rows[0])
    whole.setdefault("note", "凭证随票据寄送")
    draft = save_completion(document=draft, actor=cast.property_clerk, draft_version=draft.draft_version, rows=rows)
    circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
    return sign_through(draft, cast)


def application(
    cast: Any, *, by: str = "property_finance", side: str = "pre", month: date = DECEMBER, nature: str = "monthly"
) -> Document:
    """A draft application over everything that can be settled; an interim one over special work."""
    from settlements.applying import open_application

    project = cast.projects["CH"]
    return open_application(actor=getattr(cast, by), project=project, month=month, side=side, nature=nature)


def settled(cast: Any, **how: Any) -> Document:
    """An approved application over everything that can be settled."""
    draft = application(cast, **how)
    circulation.submit(document_id=draft.pk, actor=draft.creator)
    return sign_through(draft, cast)


def reversal(cast: Any, original: Document, *, lines: Any = None, reason: str = "数量有误，重新结算") -> Document:
    """A draft reversal of an approved application: of the lines with these subjects, or of all that are left."""
    from settlements.reversing import open_reversal

    keys = None
    if lines is not None:
        rows = original.application_lines.select_related("completion_line__origin_line")
        keys = [row.completion_line_id for row in rows if row.completion_line.origin_line.subject in lines]
    return open_reversal(original=original, actor=cast.property_finance, lines=keys, reason=reason)


def reversed_(cast: Any, original: Document, **how: Any) -> Document:
    """An approved reversal."""
    draft = reversal(cast, original, **how)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    return sign_through(draft, cast)
