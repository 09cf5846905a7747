"""``manage.py seal``: chain the newest events of all forms, and all further trails, under one hash for a day."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from documents.models import Seal
from documents.trail import seal_day
from organization import clock
from organization.setup import ensure_migrated


class Command(BaseCommand):
    """Seals yesterday, or today; prints the hash, which belongs off this machine: it proves a cut-off trail."""

    help = (
        "Seals the trails of forms, organization, plans and records for yesterday (or --today); keep the printed hash off this "
        "machine."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--today`` seals what has happened up to now."""
        parser.add_argument("--today", action="store_true", help="seal today as far as it has gone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal once; a day that is sealed stays as it is."""
        ensure_migrated()
        day = clock.today() if options["today"] else clock.today() - timedelta(days=1)
        seal = seal_day(day)
        if seal is None:
            seal = Seal.objects.order_by("-day").first()
            self.stdout.write(f"sealed already: {seal.day} {seal.documents} documents {seal.hash}")
            return
        self.stdout.write(f"{seal.day} {seal.documents} documents {seal.hash}")
