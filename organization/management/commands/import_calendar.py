"""``manage.py import_calendar FILE``: take holidays and make-up working days over from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organization import calendars
from organization.refusals import OrganizationRefused
from organization.setup import ensure_migrated


class Command(BaseCommand):
    """Replaces each year that the file gives; a fault anywhere, and nothing changes."""

    help = "Import a year's holidays and make-up working days from lines date,type,name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--source", default="", help="where the days come from; by default the file's name")

    def handle(self, *args: Any, file: Path, source: str, **options: Any) -> None:
        """Print a line per year; every fault on a line of its own, and status 1."""
        ensure_migrated()
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            taken = calendars.import_calendar(actor=None, data=data, source=source or file.name)
        except OrganizationRefused as refusal:
            raise CommandError("\n".join(refusal.sentences)) from refusal
        for year in taken:
            days = list(year.days.values_list("is_working", flat=True))
            self.stdout.write(f"{year.year} {len(days) - sum(days)} holidays {sum(days)} make-up days")
