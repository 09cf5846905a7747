"""Telling the field of ``config.story.field``: visits, findings, logs, advice, papers and assessments through their verbs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.story.evidence import upload
from config.story.field import ASSESSMENTS, DEEDS, PM, Deed
from config.story.shapes import Paper, Slot
from documents import circulation
from documents.models import Document, Step
from documents.states import StepStatus
from intervention import photos
from intervention.assessing import answering, closing, scoring
from intervention.assessing.opening import open_assessment
from intervention.daily import confirming, writing
from intervention.papers.drafting import open_paper, save_paper
from intervention.papers.finding import record_found
from intervention.planning_work import advising, surveying
from intervention.site import finding, guarding, meeting, visiting
from organization import places
from organization.models import Department, Instalment, Person, Project

if TYPE_CHECKING:
    from config.telling_phases import Attach

Acts = Generator[datetime, None, None]
HANDLERS, HEADS = (
    {"pre": "marketing_handler", "post": "service_handler"},
    {"pre": "marketing_head", "post": "service_head"},
)
# Verbs on what stands already: their function, and the name under which it takes the key.
ON: dict[str, tuple[Callable[..., Any], str]] = {
    "hand": (finding.hand, "finding_id"),
    "fix": (finding.fix, "finding_id"),
    "close": (finding.close, "finding_id"),
    "adopt": (advising.adopt, "advice_id"),
    "decline": (advising.decline, "advice_id"),
    "file": (writing.file_log, "log_id"),
    "confirm": (confirming.confirm, "log_id"),
    "resolve": (meeting.resolve, "meeting_id"),
}
# Verbs that make something in a place.
MAKING: dict[str, Callable[..., Any]] = {
    "visit": visiting.begin,
    "survey": surveying.survey,
    "advise": advising.advise,
    "log": writing.begin,
    "guard": guarding.begin,
    "meeting": meeting.begin,
}


class FieldTelling:
    """The field's part of a performance."""

    def __init__(self, people: dict[str, Person], attach: Attach, files: list[str]) -> None:
        self.people, self.attach, self.files = people, attach, files
        self.projects = {row.code: row for row in Project.objects.all()}
        self.instalments = {row.code: row for row in Instalment.objects.select_related("project")}
        self.made: dict[str, int] = {}

    def stories(self) -> Iterator[Acts]:
        """Every deed by itself; papers and assessments with all that follows from them."""
        for deed in DEEDS:
            yield self._paper(deed) if deed.what == "paper" else self._deed(deed)
        for n, (month, side, day, taken, ended) in enumerate(ASSESSMENTS):
            yield self._assessment(n, month, side, day, taken, ended)

    def _deed(self, deed: Deed) -> Acts:
        yield Slot(deed.day).moment(deed.minute)
        done = self._done(deed)
        if deed.mark:
            self.made[deed.mark] = done.pk

    def _done(self, deed: Deed) -> Any:
        actor = self.people[deed.who]
        if deed.what == "found":
            return finding.begin(actor=actor, **self._place(deed), visit=self.made[deed.on], **deed.said)
        if deed.what == "photo":
            return self._photograph(deed, actor)
        if deed.what == "contact":
            return self._contact(deed, actor)
        if deed.what == "promise_found":
            return record_found(actor=actor, project=self.projects[deed.place], **deed.said)
        if deed.what in MAKING:
            return MAKING[deed.what](actor=actor, **self._place(deed), **deed.said)
        function, key = ON[deed.what]
        return function(**{key: self.made[deed.on]}, actor=actor, **deed.said)

    def _place(self, deed: Deed) -> dict[str, Any]:
        instalment = self.instalments.get(deed.place)
        return {"project": instalment.project if instalment else self.projects[deed.place], "instalment": instalment}

    def _contact(self, deed: Deed, actor: Person) -> Any:
        project = self.projects[deed.place]
        sides = {"developer_department": project.developer_id, "property_department": project.property_company_id}
        departments = {
            name: Department.objects.get(company=company, name=deed.said[name]) for name, company in sides.items()
        }
        return places.record_contact(
            actor=actor,
            project=project,
            phase=deed.said["phase"],
            contacted_on=deed.day,
            note=deed.said["note"],
            **departments,
        )

    def _photograph(self, deed: Deed, actor: Person) -> Any:
        taken = photos.add(
            subject="finding",
            pk=self.made[deed.on],
            actor=actor,
            uploads=[upload(deed.said["paper"])],
            role=deed.said["role"],
        )
        self.files += [file.name for photo in taken for file in (photo.file, photo.small)]
        return taken[0]

    def _paper(self, deed: Deed) -> Acts:
        """A document with its chain, a half day a station."""
        actor, slot, said = self.people[deed.who], Slot(deed.day), deed.said
        yield slot.moment(deed.minute)
        document = open_paper(actor=actor, kind=said["kind"], project=self.projects[deed.place])
        save_paper(document=document, actor=actor, draft_version=None, head=said["head"], lines=said["lines"])
        if said["file"]:
            sheet = Paper(said["file"], "sheet", (said["file"].removesuffix(".pdf"), said["head"]["subject"]))
            self.attach(document, actor, (sheet,))
        yield slot.moment(deed.minute + 20)
        circulation.submit(document_id=document.pk, actor=actor)
        while step := Step.objects.filter(document=document, status=StepStatus.OPEN).order_by("position").first():
            slot = slot.later()
            yield slot.moment(deed.minute + 30)
            now = Document.objects.get(pk=document.pk)
            circulation.sign(
                document_id=now.pk, revision=now.revision_n, round_n=now.round_n, actor=self.people[step.post]
            )

    def _assessment(
        self, n: int, month: date, side: str, day: date, taken: dict[str, tuple[str, str]], ended: bool
    ) -> Acts:
        handler, slot = self.people[HANDLERS[side]], Slot(day)
        yield slot.moment(n)
        row = open_assessment(actor=handler, project=self.projects["CH"], month=month, side=side)
        items = [(item, *taken.get(item.title, ("0", ""))) for item in row.scores.all()]
        scores = [
            {"item": item.pk, "points": str(item.maximum - Decimal(off)), "remark": remark}
            for item, off, remark in items
        ]
        scoring.score(assessment_id=row.pk, actor=handler, scores=scores)
        if not ended:
            return
        scoring.hand_in(assessment_id=row.pk, actor=handler)
        slot = slot.later(2)
        yield slot.moment(n)
        answering.accept(assessment_id=row.pk, actor=self.people[PM], note="")
        slot = slot.later()
        yield slot.moment(n)
        closing.close(assessment_id=row.pk, actor=self.people[HEADS[side]])
