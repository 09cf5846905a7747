"""Telling the phases of ``config.story.phases``: laid out, started, ticked off, results filed and received, closed.

Each phase and each result is a generator of its own, as the forms in ``config.telling`` are, and is played together with them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from config.story.phases import OWN_DATES, PHASE_PLANS, PhaseStory, PlanStory, Result, paper
from config.story.shapes import Slot
from documents import circulation
from documents.models import Document, Step
from documents.states import StepStatus
from intervention import phasing, planning, ticking
from intervention.drafting import open_result, save_result
from intervention.models import PlanItem, PlanPhase
from intervention.previewing import seal_of, shifts_of, stored_dates
from intervention.shifting import change_anchors
from organization import places
from organization.models import Instalment, Person, Project

if TYPE_CHECKING:
    from config.story.shapes import Paper

Acts = Generator[datetime, None, None]
Attach = Callable[[Document, Person, "tuple[Paper, ...]"], None]
# A plan's acts keep out of the forms' minutes: they begin the half day.
LAID_OUT, STARTED, TICKED, CLOSED = 2, 6, 20, 150


class PhaseTelling:
    """The plans' part of a performance."""

    def __init__(self, people: dict[str, Person], attach: Attach) -> None:
        self.people, self.attach = people, attach
        self.projects = {row.code: row for row in Project.objects.all()}
        self.instalments = {row.code: row for row in Instalment.objects.select_related("project")}

    def stories(self) -> Iterator[Acts]:
        """Every plan with its phases and results, each act by itself; in the order in which they begin."""
        yield self._dates()
        for story in PHASE_PLANS:
            yield self._plan(story)
            for phase in story.phases:
                yield from self._phase(story, phase)

    def _dates(self) -> Acts:
        """The dates that an instalment has of its own."""
        for code, (day, dates) in OWN_DATES.items():
            yield Slot(day).moment(0)
            places.set_dates(actor=None, place=self.instalments[code], **dates)

    def _plan(self, story: PlanStory) -> Acts:
        yield Slot(story.laid_out).moment(LAID_OUT)
        instalment = Instalment.objects.select_related("project").filter(code=story.place).first()
        project = instalment.project if instalment else Project.objects.get(code=story.place)
        planning.lay_out(actor=self.people[story.by], project=project, instalment=instalment)
        if story.moved:
            day, _name, dates, reason = story.moved
            yield Slot(day).moment(LAID_OUT)
            changed = {f"project:{project.code}": dates}
            project = Project.objects.get(pk=project.pk)
            seen = seal_of(shifts_of(project, changed), stored_dates(project, changed))
            actor = self.people[story.by]
            change_anchors(project=project, actor=actor, changed=changed, reason=reason, seen=seen)

    def _phase(self, story: PlanStory, phase: PhaseStory) -> Iterator[Acts]:
        yield self._started(story, phase)
        yield from (self._ticked(story, phase, day, keys) for day, keys in phase.ticked.items())
        yield from (self._result(story, phase, result) for result in phase.results)
        if phase.closed:
            yield self._closed(story, phase, *phase.closed)

    def _started(self, story: PlanStory, phase: PhaseStory) -> Acts:
        yield Slot(phase.started).moment(STARTED)
        phasing.start(phase_id=self._row(story, phase).pk, actor=self.people[phase.by], reason=phase.reason)

    def _ticked(self, story: PlanStory, phase: PhaseStory, day: date, keys: tuple[str, ...]) -> Acts:
        for n, key in enumerate(keys):
            yield Slot(day, afternoon=True).moment(TICKED + n)
            item = self._item(story, f"{phase.phase}.{key}")
            doer = self.people["property_project_manager" if item.post != "project_engineer" else "project_engineer"]
            ticking.tick(item_id=item.pk, actor=doer)

    def _closed(self, story: PlanStory, phase: PhaseStory, day: date, by: str) -> Acts:
        yield Slot(day, afternoon=True).moment(CLOSED)
        phasing.close(phase_id=self._row(story, phase).pk, actor=self.people[by])

    def _result(self, story: PlanStory, phase: PhaseStory, result: Result) -> Acts:
        actor, slot = self.people[result.by], Slot(result.filed)
        yield slot.moment(40)
        document = open_result(actor=actor, item=self._item(story, f"{phase.phase}.{result.key}"))
        keys = list(document.result_entries.order_by("position").values_list("key", flat=True))
        document = save_result(
            document=document,
            actor=actor,
            draft_version=document.draft_version,
            entries={key: {"page": page} for key, page in zip(keys, result.pages, strict=True)},
        )
        self.attach(document, actor, (paper(result, str(document.get_result_display()), str(story.place)),))
        if result.waits_for == "filing":
            return
        yield slot.moment(55)
        circulation.submit(document_id=document.pk, actor=actor)
        returned = result.returned
        while True:
            step = Step.objects.filter(document=document, status=StepStatus.OPEN).order_by("position", "pk").first()
            if step is None or step.post == result.waits_for:
                return
            slot = slot.later()
            yield slot.moment(45)
            signer = self.people[step.post]
            now = Document.objects.get(pk=document.pk)
            seen = {"document_id": now.pk, "revision": now.revision_n, "round_n": now.round_n}
            if returned and step.post == returned[0]:
                circulation.send_back(**seen, actor=signer, opinion=returned[1])
                returned, slot = None, slot.later(2)
                yield slot.moment(50)
                circulation.submit(document_id=document.pk, actor=actor)
            else:
                circulation.sign(**seen, actor=signer)

    def _row(self, story: PlanStory, phase: PhaseStory) -> PlanPhase:
        return PlanPhase.objects.get(**self._place(story, "plan"), phase=phase.phase)

    def _item(self, story: PlanStory, key: str) -> PlanItem:
        rows = PlanItem.objects.select_related("phase__plan__project", "phase__plan__instalment__project")
        return rows.get(**self._place(story, "phase__plan"), key=key)

    def _place(self, story: PlanStory, at: str) -> dict[str, object]:
        instalment = self.instalments.get(story.place)
        if instalment:
            return {f"{at}__instalment": instalment}
        return {f"{at}__instalment": None, f"{at}__project": self.projects[story.place]}
