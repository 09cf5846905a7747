"""Reports made by the worker (documents/runs.py): one run for each person and result, taken up again when its worker died."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Document
from documents.refusals import Refused
from documents.runs import INTERRUPTED, LONG_WAIT, PATIENCE, QUEUED, SLOW, Overtaken, Runs, Status
from documents.states import EDITABLE
from intervention.models import ReportRun
from intervention.site import reporting
from organization import clock

if TYPE_CHECKING:
    from intervention.models import PlanItem
    from organization.models import Person

logger = logging.getLogger(__name__)

RUNS = Runs(ReportRun)
TAKEN_UP_AT_ONCE = 50
REFUSED, STORAGE, UNKNOWN = "refused", "storage", "unknown"


@dataclass(frozen=True, slots=True)
class ReportState:
    """Where the making of a report stands: its state, a sentence, and the draft that it went into."""

    state: str
    sentence: str
    document: str = ""
    on_paper: bool = True

    @property
    def is_busy(self) -> bool:
        """Whether a page has something to wait for."""
        return self.state in (Status.WAITING, Status.RUNNING)


def start(*, actor: Person, item: PlanItem) -> ReportState:
    """Ask the worker for a result's report; one that is on its way is left alone. Never call it inside a transaction.

    Raises what ``reporting.require`` raises, so that whoever asks hears at once why not.
    """
    reporting.require(actor, item)
    if RUNS.ask(item=item, actor=actor):
        make_report.enqueue(ReportRun.objects.get(item=item, actor=actor).pk)
    return state_of(actor, item)


@task()
def make_report(run_id: int) -> None:
    """Worker's task: make one report in the name of whoever asked. Does nothing where another worker has taken the run."""
    claim = RUNS.claim(pk=run_id)
    if claim is None:
        return
    run = ReportRun.objects.select_related(
        "item__phase__plan__project", "item__phase__plan__instalment__project", "actor__company"
    ).get(pk=run_id)
    tell = RUNS.teller(claim)
    try:
        made = reporting.produce(actor=run.actor, item=run.item, progress=tell)
    except Overtaken:
        logger.warning("report run %s has been given to another worker", run_id)
    except Refused as refusal:
        # Things have changed since it was asked for.
        RUNS.end(claim, Status.FAILED, REFUSED, said=str(refusal)[:500])
    except Exception as error:
        RUNS.end(claim, Status.FAILED, STORAGE if isinstance(error, OSError) else UNKNOWN)
        raise
    else:
        RUNS.end(claim, Status.DONE, document=made.document, on_paper=made.on_paper)


def take_up() -> None:
    """For ``tick``: ask again for runs whose worker died. A run that has failed waits for a person."""
    for run in RUNS.silent(TAKEN_UP_AT_ONCE):
        if RUNS.ask(item=run.item, actor=run.actor):
            make_report.enqueue(run.pk)


def state_of(actor: Person, item: PlanItem) -> ReportState:
    """Where this person's report of a result stands."""
    return states_of(actor, [item])[item.pk]


def states_of(actor: Person, items: Iterable[PlanItem]) -> dict[int, ReportState]:
    """The same of several, in two queries."""
    keys = [item.pk for item in items]
    runs = {run.item_id: run for run in ReportRun.objects.filter(actor=actor, item__in=keys)}
    wanted = {run.document_id for run in runs.values() if run.document_id}
    # A draft that was submitted or given up since is no longer this report's place.
    drafts = {row.pk: row for row in Document.objects.visible_to(actor).filter(pk__in=wanted, state__in=EDITABLE)}
    return {key: _state(runs.get(key), drafts) for key in keys}


def _state(run: ReportRun | None, drafts: dict[int, Document]) -> ReportState:
    now = clock.now()
    if run is None or (run.status == Status.DONE and run.document_id not in drafts):
        return ReportState("none", "")
    if run.status == Status.DONE:
        return ReportState(run.status, _("报告已生成，附在成果草稿中。"), drafts[run.document_id].name, run.on_paper)
    if run.status == Status.FAILED:
        return ReportState(run.status, _why(run))
    if run.heard_at < now - PATIENCE:
        return ReportState(Status.FAILED, str(INTERRUPTED))
    if run.status == Status.WAITING and run.asked_at < now - LONG_WAIT:
        return ReportState(run.status, str(SLOW))
    return ReportState(run.status, str(QUEUED) if run.status == Status.WAITING else _("正在排版"))


def _why(run: ReportRun) -> str:
    if run.error == REFUSED:
        return run.said
    if run.error == STORAGE:
        return _("生成失败：服务器存储空间不足或无法写入，请联系系统管理员后重试。")
    return _("生成失败，请重试；仍然失败请联系系统管理员。")
