"""``manage.py demo``: tables, and the people, projects and months of the demonstration where there is nobody yet."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import cast, telling
from organization import clock
from organization.models import Person
from organization.setup import ensure_migrated

# Before the first act of the story.
FOUNDED = clock.shanghai(2024, 1, 2)
DEFAULT_PASSWORD = "demo-pass-2026"


class Command(BaseCommand):
    """Idempotent: it changes nothing in a database that has people."""

    help = "Migrate, then make the demonstration's companies, projects, people and three months in an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; seed when there is nobody."""
        ensure_migrated()
        if Person.objects.exists():
            self.stdout.write("demo: there are people already, nothing changed")
            return
        password = os.environ.get("DEMO_PASSWORD")
        if not password and not settings.DEVELOPMENT:
            raise CommandError("In production the demonstration needs a password of its own: set DEMO_PASSWORD.")
        # People come with their months or not at all: a run that was cut short is made again from nothing.
        with transaction.atomic():
            with clock.at(FOUNDED):
                cast.build(password or DEFAULT_PASSWORD)
            telling.tell()
        self.stdout.write(
            f"demo: {Person.objects.count()} people in projects CH and YJ, three months of CH; log in with a post's code, such as "
            f"property_clerk, and the password {'of DEMO_PASSWORD' if password else DEFAULT_PASSWORD}"
        )
