"""``manage.py tick``: everything timed. The worker calls it every ten minutes; a cron job may do so instead."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from documents import mailing
from documents.checks import refuse_without_guards
from documents.trail import seal_day
from organization import clock


class Command(BaseCommand):
    """Harmless to run at any time and as often as one likes."""

    help = "Seal yesterday, mail what is due, clear sessions and results of tasks that have run out."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal first: it is the one thing that must not wait for a mail server."""
        refuse_without_guards()
        seal = seal_day(clock.today() - timedelta(days=1))
        if seal is not None and options["verbosity"]:
            self.stdout.write(f"sealed {seal.day}: {seal.documents} documents {seal.hash}")
        mailing.send_due()
        call_command("clearsessions")
        call_command("prune_db_task_results", verbosity=0)
