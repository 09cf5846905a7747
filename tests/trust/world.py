"""A small office after some weeks of work: every state, a cut, a carried signature, a second round, files, seals."""

import hashlib
from copy import deepcopy
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import circulation, trail
from documents.models import Document, Policy, RenderedFile
from organization import clock
from settlements.models import Pack
from tests import forms

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JANUARY = date(2027, 1, 1)


def pdf(name: str) -> SimpleUploadedFile:
    """A small PDF; its bytes differ by its name."""
    return SimpleUploadedFile(name, PDF + b"%" + name.encode() + b"\n", content_type="application/pdf")


def build(cast: Any) -> SimpleNamespace:
    """Everything through the verbs; afterwards the clock stands at 2026-12-20."""
    world = SimpleNamespace(
        approved=_cut_and_approved(cast),
        running=_in_its_second_round(cast),
        voided=_voided(cast),
        rejected=_rejected(cast),
        draft=forms.purchase_request(cast, month=JANUARY, instalment="CH-1"),
    )
    trail.seal_day(date(2026, 11, 22))
    clock.set_clock(clock.shanghai(2026, 12, 20))
    world.completion = forms.confirmed(
        cast, world.approved, actuals={"垃圾袋": {"quantity": "100", "amount": "860.00"}}
    )
    world.application = forms.application(cast)
    circulation.submit(document_id=world.application.pk, actor=cast.property_finance)
    world.application = forms.sign_through(world.application, cast)
    world.reversal = forms.reversal(cast, world.application, lines=["垃圾袋"])
    circulation.submit(document_id=world.reversal.pk, actor=cast.property_finance)
    circulation.comment(document_id=world.approved.pk, actor=cast.property_clerk, text="已归档")
    world.rendered = _kept(RenderedFile, world.approved, revision_n=world.approved.revision_n, state="approved")
    world.pack = _kept(Pack, world.application, format="pdf")
    world.policy = _other_policy()
    trail.seal_day(date(2026, 12, 19))
    return world


def _cut_and_approved(cast: Any) -> Document:
    document = forms.purchase_request(cast)
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=pdf("报价单.pdf"))
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    forms.sign(document, cast.property_leader, "同意")
    line = document.work_lines.get(subject="鲜花绿植更换")
    forms.send_back(document, cast.property_finance_head, proposals={line.key: forms.Decimal("6000.00")})
    circulation.take_over(document_id=document.pk, actor=cast.property_clerk)
    return forms.sign_through(document, cast)


def _in_its_second_round(cast: Any) -> Document:
    document = forms.submitted(cast, instalment="CH-1")
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    forms.send_back(document, cast.service_handler, "请补充附件", mode="back_to_me")
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    circulation.attach(document_id=document.pk, actor=cast.service_handler, upload=pdf("现场照片.pdf"))
    forms.sign(document, cast.service_handler)
    return forms.send_back(document, cast.service_head, "请经办人复核", to=2)


def _voided(cast: Any) -> Document:
    document = forms.submitted(cast, month=JANUARY)
    circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)
    return circulation.void(document_id=document.pk, actor=cast.property_clerk, reason="填错月份")


def _rejected(cast: Any) -> Document:
    document = forms.submitted(cast, month=JANUARY)
    forms.sign(document, cast.property_leader)
    return circulation.reject(
        document_id=document.pk, actor=cast.property_finance_head, revision=1, round_n=1, opinion="无预算"
    )


def _kept(model: Any, document: Document, **more: Any) -> Any:
    row = model(document=document, size=len(PDF), sha256=hashlib.sha256(PDF).hexdigest(), made_at=clock.now(), **more)
    row.file.save("kept.pdf", ContentFile(PDF), save=False)
    row.save(force_insert=True)
    return row


def _other_policy() -> Policy:
    """A later policy under which the finance head of the property company signs no purchase request."""
    first = Policy.objects.get(version=1)
    rules = deepcopy(first.rules)
    for rule in rules:
        if rule.get("kind") == "purchase_request" and "property_finance_head" in rule["posts"]:
            rule["posts"] = ["property_leader"]
    return Policy.objects.create(
        version=2,
        name="更新",
        valid_from=date(2030, 1, 1),
        rules=rules,
        settings=first.settings,
        published_at=clock.now(),
    )
