"""``manage.py demo``: tables, and the people and projects of the demonstration where there are none yet."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import cast
from organization.models import Person
from organization.setup import ensure_migrated

DEFAULT_PASSWORD = "demo-pass-2026"


class Command(BaseCommand):
    """Idempotent: it changes nothing in a database that has people."""

    help = "Migrate, then make the demonstration's companies, projects and people in an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; seed when there is nobody."""
        ensure_migrated()
        if Person.objects.exists():
            self.stdout.write("demo: there are people already, nothing changed")
            return
        password = os.environ.get("DEMO_PASSWORD")
        if not password and not settings.DEVELOPMENT:
            raise CommandError("In production the demonstration needs a password of its own: set DEMO_PASSWORD.")
        cast.build(password or DEFAULT_PASSWORD)
        self.stdout.write(
            f"demo: {Person.objects.count()} people in projects CH and YJ; log in with a post's code, such as "
            f"property_clerk, and the password {'of DEMO_PASSWORD' if password else DEFAULT_PASSWORD}"
        )
