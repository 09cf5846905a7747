"""Random walks over the verbs: whatever people do in whatever order, ``verify`` finds nothing after any step.

``WALKS`` and ``WALK_STEPS`` lengthen it for the gate; a failing walk names its seed.
"""

import os
import random
from datetime import date
from decimal import Decimal

import pytest

from budgets.confirming import rooms, save_completion
from budgets.drafting import save_lines
from documents import circulation, kinds, trail, verifying
from documents.models import Document, Step
from documents.refusals import Refused
from documents.states import EDITABLE, StepStatus
from settlements.applying import open_application
from settlements.reversing import open_reversal
from tests import forms
from tests.trust.world import pdf

pytestmark = pytest.mark.django_db

WALKS = int(os.environ.get("WALKS", "3"))
STEPS = int(os.environ.get("WALK_STEPS", "40"))
MONTHS = (date(2026, 12, 1), date(2027, 1, 1))


class Walk:
    """One office, one die."""

    def __init__(self, seed, cast, clock):
        self.die, self.cast, self.clock = random.Random(seed), cast, clock
        self.day, self.done = 0, 0

    def any(self, queryset):
        rows = list(queryset.order_by("pk"))
        return self.die.choice(rows) if rows else None

    def document(self, *states, **which):
        return self.any(Document.objects.filter(state__in=states, **which).select_related("creator", "submitted_by"))

    def turn(self):
        """A form in circulation and somebody whose turn it is, mostly; sometimes anybody."""
        step = self.any(Step.objects.filter(status=StepStatus.OPEN).select_related("document"))
        if step is None:
            return None, None
        username = step.post if self.die.random() < 0.9 else self.die.choice(list(self.cast.people))
        return Document.objects.get(pk=step.document_id), self.cast[username]

    # --- what people do ---
    def open_form(self):
        forms.purchase_request(
            self.cast,
            instalment=self.die.choice(["CH-1", "CH-2"]),
            month=self.die.choice(MONTHS),
            by=self.die.choice(["property_clerk", "property_project_manager"]),
        )

    def submit(self):
        if document := self.document(*EDITABLE):
            circulation.submit(document_id=document.pk, actor=document.creator, late_reason="上月漏报")

    def write(self):
        document = self.document(*EDITABLE, kind="purchase_request")
        if document is None:
            return
        lines = list(document.work_lines.all())
        rows = [
            {"id": line.key, "category": line.category, "subject": line.subject, "unit": line.unit,
             "quantity": str(self.die.randint(1, 50)), "price": str(Decimal(self.die.randint(1, 99999)) / 100)}
            for line in lines[: self.die.randint(1, len(lines))]
        ]  # fmt: skip
        save_lines(document=document, actor=document.creator, draft_version=None, rows=rows)

    def sign(self):
        document, person = self.turn()
        if document:
            forms.sign(document, person)

    def send_back(self):
        document, person = self.turn()
        if document is None:
            return
        if self.die.random() < 0.3:
            forms.send_back(document, person, to=1)
            return
        lines = kinds.get(document.kind).cut_lines(document)
        cut = {}
        if lines and self.die.random() < 0.6:
            line = self.die.choice(lines)
            cut = {line.id: (line.amount / 2).quantize(Decimal("0.01"))}
        forms.send_back(document, person, mode=self.die.choice(["restart", "back_to_me"]), proposals=cut)

    def take_over(self):
        if document := self.document("returned"):
            circulation.take_over(document_id=document.pk, actor=document.submitted_by)

    def reject(self):
        document, person = self.turn()
        if document and self.die.random() < 0.3:
            circulation.reject(
                document_id=document.pk,
                actor=person,
                revision=document.revision_n,
                round_n=document.round_n,
                opinion="否",
            )

    def withdraw(self):
        if document := self.document("circulating"):
            circulation.withdraw(document_id=document.pk, actor=document.submitted_by)

    def void(self):
        if (document := self.document("returned", "withdrawn")) and self.die.random() < 0.3:
            circulation.void(document_id=document.pk, actor=document.submitted_by, reason="作废")

    def discard(self):
        if (document := self.document("draft")) and self.die.random() < 0.3:
            circulation.discard(document_id=document.pk, actor=document.creator)

    def attach(self):
        if document := self.document(*EDITABLE):
            circulation.attach(document_id=document.pk, actor=document.creator, upload=pdf(f"{self.done}.pdf"))

    def detach(self):
        document = self.document(*EDITABLE)
        file = self.any(document.attachments.all()) if document else None
        if file:
            circulation.detach(document_id=document.pk, actor=document.creator, attachment_id=file.pk)

    def comment(self):
        if document := self.document("circulating", "approved"):
            circulation.comment(document_id=document.pk, actor=document.creator, text="请知悉")

    def complete(self):
        origin = self.document("approved", kind="purchase_request")
        if origin is None:
            return
        completion = forms.completion(origin=origin, actor=self.cast.property_clerk)
        left = {room.line.key: room for room in rooms(origin, besides=completion)}
        rows = [
            {
                "id": line.origin_line.key,
                "quantity": str(left[line.origin_line.key].quantity),
                "amount": str(left[line.origin_line.key].amount * self.die.choice([0, 1, 1])),
            }
            for line in completion.completion_lines.select_related("origin_line")
        ]
        save_completion(document=completion, actor=self.cast.property_clerk, draft_version=None, rows=rows)

    def apply(self):
        open_application(
            actor=self.cast.property_finance,
            project=self.cast.projects["CH"],
            month=self.die.choice(MONTHS),
            side=self.die.choice(["pre", "post"]),
        )

    def reverse(self):
        original = self.document("approved", kind="expense_application")
        if original is None:
            return
        lines = list(original.application_lines.values_list("completion_line", flat=True))
        chosen = self.die.sample(lines, self.die.randint(1, len(lines)))
        open_reversal(original=original, actor=self.cast.property_finance, lines=chosen, reason="重算")

    def next_day(self):
        self.day += self.die.randint(1, 5)
        self.clock.set_clock(self.clock.shanghai(2027, 1, 1 + self.day % 28))
        trail.seal_day(date(2026, 12, 31))


# Signing is what an office does most.
ACTIONS = (
    ["sign"] * 12
    + ["submit"] * 6
    + ["open_form", "write", "send_back", "complete", "apply", "reverse"] * 2
    + ["take_over", "reject", "withdraw", "void", "discard", "attach", "detach", "comment", "next_day"]
)


@pytest.mark.parametrize("seed", range(1, WALKS + 1))
def test_after_every_step_nothing_differs(cast, fixed_clock, seed):
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 1))
    walk = Walk(seed, cast, fixed_clock)
    forms.confirmed(cast, forms.approved(cast))
    for step in range(STEPS):
        action = walk.die.choice(ACTIONS)
        try:
            getattr(walk, action)()
            walk.done += 1
        except Refused:
            pass  # refused is an answer too; that nothing was stored is seen below
        assert list(verifying.differences()) == [], f"seed {seed}, step {step}: {action}"
    assert walk.done > STEPS / 3
