"""``manage.py tick``: everything timed. The worker runs it every ten minutes; harmless at any time and any number of times."""

import logging
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend

from budgets.reminding import remind_of_missing_forms
from documents import mailing
from documents.checks import refuse_without_guards
from documents.models import Document
from documents.reminding import remind_of_documents
from documents.rendering.keeping import keep_pdf
from documents.states import DECIDED
from documents.trail import seal_day
from intervention import reminding
from intervention.site import report_runs
from organization import clock
from settlements.packs import runs
from settlements.reminding import remind_of_missing_applications

logger = logging.getLogger(__name__)

# A print asked for at the decision has been made by then, or its request was lost with its process.
PATIENCE = timedelta(minutes=15)
PRINTS_AT_ONCE = 200


class Command(BaseCommand):
    """Seal, remind, mail, ask again for prints, packs and reports that are missing, clear away what has run out."""

    help = (
        "Do everything that is due: seal of yesterday, reminders, mail, missing prints, packs and reports, old sessions and "
        "task results."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other; each stands on its own."""
        refuse_without_guards()
        first_fault: Exception | None = None
        for step in (
            self._seal,
            # Before the mail, so that what is due goes out at once.
            *reminding.steps(),
            remind_of_documents,
            remind_of_missing_forms,
            remind_of_missing_applications,
            mailing.send_due,
            _make_prints,
            runs.take_up,
            report_runs.take_up,
            _clear_away,
        ):
            try:
                step()
            except Exception as fault:  # noqa: BLE001 - one that fails keeps no other from its work
                logger.exception("tick: %s.%s", step.__module__, getattr(step, "__name__", step))
                first_fault = first_fault or fault
        if first_fault is not None:
            raise first_fault

    def _seal(self) -> None:
        seal = seal_day(clock.today() - timedelta(days=1))
        if seal is not None:
            # The hash belongs off this machine: the log carries it there.
            self.stdout.write(f"sealed {seal.day} {seal.documents} documents {seal.hash}")


def _make_prints() -> None:
    for pk in _without_print():
        keep_pdf.enqueue(pk)


def _clear_away() -> None:
    call_command("clearsessions", verbosity=0)
    if isinstance(task_backends["default"], DatabaseBackend):
        call_command("prune_db_task_results", verbosity=0)


def _without_print() -> list[int]:
    """Documents decided a while ago whose PDF is not kept yet."""
    waiting = Document.objects.filter(
        state__in=DECIDED, decided_at__lt=clock.now() - PATIENCE, rendered=None
    ).values_list("pk", flat=True)
    return list(waiting[:PRINTS_AT_ONCE])
