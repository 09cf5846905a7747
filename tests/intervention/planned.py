"""Plans and results that tests begin with, made through the verbs alone."""

from typing import Any

from documents import circulation
from documents.models import Document
from intervention import phasing, planning, ticking
from intervention.drafting import open_result, save_result
from intervention.models import Plan, PlanItem, PlanPhase
from tests import forms
from tests.intervention import site
from tests.permissions.world import picture


def plan(cast: Any, place: str = "CH-2", by: str = "service_head") -> Plan:
    """A plan of an instalment, or of a project."""
    instalment = cast.instalments.get(place)
    project = instalment.project if instalment else cast.projects[place]
    return planning.lay_out(actor=cast[by], project=project, instalment=instalment)


def phase(laid: Plan, name: str) -> PlanPhase:
    """A phase as it is now."""
    return PlanPhase.objects.select_related("plan__project").get(plan=laid, phase=name)


def item(laid: Plan, key: str) -> PlanItem:
    """A row as it is now, by its key in the template."""
    return PlanItem.objects.select_related("phase__plan__project").get(phase__plan=laid, key=key)


def started(laid: Plan, name: str, cast: Any) -> PlanPhase:
    """A phase that runs."""
    return phasing.start(phase_id=phase(laid, name).pk, actor=cast.service_head, reason="按现场安排")


def result(cast: Any, laid: Plan, key: str, by: str = "property_clerk", filled: bool = True) -> Document:
    """A draft of a result, with its contents and a file."""
    document = open_result(actor=cast[by], item=item(laid, key))
    if filled:
        entries = {
            entry.key: {"text": f"{entry.title}：见正文", "page": "3"} for entry in document.result_entries.all()
        }
        save_result(document=document, actor=cast[by], draft_version=1, entries=entries)
        circulation.attach(document_id=document.pk, actor=cast[by], upload=picture(f"{key}.png"))
    return Document.objects.get(pk=document.pk)


def submitted(cast: Any, laid: Plan, key: str, by: str = "property_clerk") -> Document:
    """A result in circulation."""
    document = result(cast, laid, key, by)
    return circulation.submit(document_id=document.pk, actor=cast[by])


def received(cast: Any, laid: Plan, key: str, by: str = "property_clerk") -> Document:
    """A result that its receiver has signed."""
    return forms.sign_through(submitted(cast, laid, key, by), cast)


def tick_all(laid: Plan, name: str, cast: Any) -> None:
    """Every open activity of a phase ticked off."""
    for row in PlanItem.objects.filter(phase__plan=laid, phase__phase=name, kind="activity", state="open"):
        ticking.tick(item_id=row.pk, actor=cast.property_project_manager)


RESULTS = {
    "planning": ("planning.positioning_survey", "planning.detail_proposals"),
    "marketing": ("marketing.management_plan", "marketing.interim_covenant"),
    "engineering": (
        "engineering.unit_quality_report",
        "engineering.common_area_patrol_report",
        "engineering.defect_list",
    ),
    "handover": (
        "handover.facility_acceptance",
        "handover.building_handover",
        "handover.open_issues",
        "handover.key_handover",
    ),
    "move_in": ("move_in.move_in_papers", "move_in.satisfaction_survey"),
}


def closed(laid: Plan, name: str, cast: Any) -> PlanPhase:
    """A phase gone through: started unless it runs, its work ticked off, its results received, closed."""
    if phase(laid, name).state == "planned":
        started(laid, name, cast)
    tick_all(laid, name, cast)
    if name == "handover":
        site.inspected(cast, laid.code)
    for key in RESULTS[name]:
        received(cast, laid, key)
    return phasing.close(phase_id=phase(laid, name).pk, actor=cast.service_head)
