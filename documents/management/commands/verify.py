"""``manage.py verify``: recompute everything from the rows alone; a line per difference."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from documents import verifying
from organization.setup import ensure_migrated


class Command(BaseCommand):
    """Prints ``0 differences``, or a line for each (table, key, column), and then ends with status 1."""

    help = "Recomputes amounts, hashes, trails, chains, numbers, seals, files and grants, and names every difference."
    # It says itself what is wrong, guards included.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each difference as it is found."""
        ensure_migrated()
        found = 0
        for line in verifying.differences():
            self.stdout.write(line)
            found += 1
        if found:
            self.stderr.write(f"{found} difference{'s' if found > 1 else ''}")
            sys.exit(1)
        self.stdout.write("0 differences")
