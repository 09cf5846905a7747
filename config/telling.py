"""Telling the story of ``config.story``: every act by the right person through the verbs, the clock set to its day.

Each form and each application is a generator that yields the moment of its next act and then does it. They are played
together in the order of these moments, so that numbers, keys and notices stand as if the months had passed.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.core.files.storage import default_storage
from django.db import transaction

from budgets.columns import columns_of
from budgets.confirming import open_completion, save_completion
from budgets.drafting import check_rows, copy_last_month, open_work_form, save_lines
from budgets.grid import rows_of
from config.story import PLANS, SETTLEMENTS
from config.story.evidence import upload
from config.story.shapes import WITHOUT_PAPERS, Cut, Done, Paper, Plan, Settlement, Slot
from config.telling_field import FieldTelling
from config.telling_phases import PhaseTelling
from documents import circulation
from documents.models import Document, Notice, Step
from documents.states import StepStatus
from organization import access, clock
from organization.models import Instalment, Person
from settlements.applying import open_application

# Yields the moment of the next act; answers what it made.
Acts = Generator[datetime, None, None]
PROJECT, FINANCE = "CH", "property_finance"
# What was told before this day has been read; the newest notices still wait for their readers.
UNREAD_FROM = (2026, 11, 16)


@transaction.atomic
def tell() -> None:
    """Play all months. One transaction: the whole story stands, or nothing of it, files included."""
    story = _Telling()
    try:
        story.play()
    except BaseException:
        story.remove_files()
        raise


class _Telling:
    """One performance: its people by username, its instalments by code, the files that it has stored."""

    def __init__(self) -> None:
        self.people = {person.username: person for person in Person.objects.select_related("company")}
        self.instalments = {
            row.code: row for row in Instalment.objects.filter(project__code=PROJECT).select_related("project")
        }
        self.files: list[str] = []

    def play(self) -> None:
        """Always the act that comes first in time; at the same moment, in the order of the story."""
        told = [(code, plan) for code, plans in PLANS.items() for plan in plans]
        stories = [self._form(number, self.instalments[code], plan) for number, (code, plan) in enumerate(told)]
        stories += [self._application(number, settlement) for number, settlement in enumerate(SETTLEMENTS)]
        stories += PhaseTelling(self.people, self._attach).stories()
        stories += FieldTelling(self.people, self._attach, self.files).stories()
        due = [(next(acts), number, acts) for number, acts in enumerate(stories)]
        heapq.heapify(due)
        while due:
            moment, number, acts = heapq.heappop(due)
            # Nobody's posts change while the story runs: they are read once an act.
            with clock.at(moment), access.one_look():
                following = next(acts, None)
            if following is not None:
                heapq.heappush(due, (following, number, acts))
        with clock.at(clock.shanghai(*UNREAD_FROM)):
            Notice.objects.filter(read_at=None, created_at__lt=clock.now()).update(read_at=clock.now())

    def remove_files(self) -> None:
        """A broken performance leaves nothing behind."""
        for name in self.files:
            default_storage.delete(name)

    # --- a form, from its draft to its confirmation ---------------------------------------------------------------------
    def _form(self, serial: int, instalment: Instalment, plan: Plan) -> Acts:
        actor, slot = self.people[plan.by], Slot(plan.filed)
        yield _moment(slot, serial)
        document = self._draft(actor, instalment, plan)
        self._attach(document, actor, plan.papers)
        yield _moment(slot, serial, 12)
        circulation.submit(document_id=document.pk, actor=actor, late_reason=plan.late_reason)
        if plan.cut:
            slot = yield from self._cut(document, actor, plan.cut, slot, serial)
        yield from self._sign_through(document, slot.later(), serial, plan.opinions)
        if plan.done:
            yield from self._confirmation(document, plan.done, serial)

    def _draft(self, actor: Person, instalment: Instalment, plan: Plan) -> Document:
        """The form as its writer leaves it: written afresh, or last month's with what has changed."""
        if not plan.copied:
            return open_work_form(
                kind=plan.kind,
                actor=actor,
                instalment=instalment,
                month=plan.month,
                rows=[row for _id, row in check_rows(plan.kind, plan.typed())],
                head=plan.head,
            )
        document = copy_last_month(kind=plan.kind, actor=actor, instalment=instalment, month=plan.month)
        # What is computed is left to the form: a changed part changes it.
        written = {"id", *(column.key for column in columns_of(plan.kind) if column.editable)}
        copied = [
            {key: text for key, text in row.items() if key in written} | plan.changed.get(row["subject"], {})
            for row in rows_of(plan.kind, document.work_lines.order_by("position"))
            if row["subject"] not in plan.dropped
        ]
        return save_lines(
            document=document,
            actor=actor,
            draft_version=document.draft_version,
            rows=[*copied, *plan.typed()],
            head=plan.head,
        )

    def _cut(
        self, document: Document, actor: Person, cut: Cut, slot: Slot, serial: int
    ) -> Generator[datetime, None, Slot]:
        """Signed up to the reviewer, who proposes less; taken over in one click. Answers the slot of that."""
        slot = yield from self._sign_through(document, slot.later(), serial, {}, waits_for=cut.by)
        yield _moment(slot, serial)
        key = document.work_lines.get(subject=cut.subject).key
        circulation.send_back(
            **_seen(document), actor=self.people[cut.by], opinion=cut.opinion, proposals={key: Decimal(cut.to)}
        )
        slot = slot.later()
        yield _moment(slot, serial)
        circulation.take_over(document_id=document.pk, actor=actor)
        return slot

    def _confirmation(self, origin: Document, done: Done, serial: int) -> Acts:
        actor, slot = self.people[done.by], Slot(done.filed)
        yield _moment(slot, serial)
        completion = open_completion(origin=Document.objects.get(pk=origin.pk), actor=actor)
        lines = list(completion.completion_lines.select_related("origin_line"))
        rows = [
            {"id": line.origin_line.key, "quantity": less.quantity, "amount": less.amount, "note": less.note}
            for line in lines
            if (less := done.less.get(line.origin_line.subject))
        ]
        if not done.papers and not rows:
            # Nothing is confirmed without a paper, or a word on why there is none.
            whole = lines[0]
            rows = [
                {
                    "id": whole.origin_line.key,
                    "quantity": str(whole.quantity),
                    "amount": str(whole.amount),
                    "note": WITHOUT_PAPERS,
                }
            ]
        if rows:
            completion = save_completion(
                document=completion, actor=actor, draft_version=completion.draft_version, rows=rows
            )
        self._attach(completion, actor, done.papers)
        yield _moment(slot, serial, 12)
        circulation.submit(document_id=completion.pk, actor=actor)
        by, opinion = done.returned or ("", "")
        slot = yield from self._sign_through(completion, slot.later(), serial, {}, waits_for=by or done.waits_for)
        if by:
            yield _moment(slot, serial)
            circulation.send_back(**_seen(completion), actor=self.people[by], opinion=opinion)

    # --- an application -------------------------------------------------------------------------------------------------
    def _application(self, serial: int, settlement: Settlement) -> Acts:
        """Opened, filed and signed: three signatures of the property company at once, four of the developer on their days."""
        actor, slot = self.people[FINANCE], Slot(settlement.opened)
        yield _moment(slot, serial)
        project = self.instalments["CH-1"].project
        document = open_application(
            actor=actor, project=project, month=settlement.month, side=settlement.side, note=settlement.note
        )
        yield _moment(slot, serial, 12)
        circulation.submit(document_id=document.pk, actor=actor)
        yield from self._sign_through(
            document, slot.later(), serial, settlement.opinions, days=dict(enumerate(settlement.reviewed, start=3))
        )

    # --- signatures and files -------------------------------------------------------------------------------------------
    def _sign_through(
        self,
        document: Document,
        slot: Slot,
        serial: int,
        opinions: Mapping[str, str],
        *,
        waits_for: str = "",
        days: Mapping[int, date] | None = None,
    ) -> Generator[datetime, None, Slot]:
        """A station every half day, or on the day named for its position; ends before ``waits_for``. Answers the slot reached."""
        position = 0
        while True:
            step = Step.objects.filter(document=document, status=StepStatus.OPEN).order_by("position", "pk").first()
            second = step is not None and step.position == position
            if position and not second:
                slot = slot.later()
            if step is None or step.post == waits_for:
                return slot
            position = step.position
            if days and position in days:
                slot = Slot(days[position], afternoon=True)
            yield _moment(slot, serial + 2 * position, 25 if second else 0)
            circulation.sign(**_seen(document), actor=self.people[step.post], opinion=opinions.get(step.post, ""))

    def _attach(self, document: Document, actor: Person, papers: Iterable[Paper]) -> None:
        for paper in papers:
            circulation.attach(document_id=document.pk, actor=actor, upload=upload(paper), paper=paper.paper)
            self.files.append(document.attachments.latest("pk").file.name)


def _moment(slot: Slot, serial: int, minutes: int = 0) -> datetime:
    """A minute of the slot that differs from form to form: people don't act on the hour."""
    return slot.moment(serial * 17 % 130 + minutes)


def _seen(document: Document) -> dict[str, int]:
    """What a signer has before them: form, revision and round as they stand."""
    now = Document.objects.get(pk=document.pk)
    return {"document_id": now.pk, "revision": now.revision_n, "round_n": now.round_n}
