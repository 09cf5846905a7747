"""``manage.py create_administrator USERNAME NAME``: the first account of a new installation."""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organization import appointing
from organization.refusals import OrganizationRefused


class Command(BaseCommand):
    """Makes an administrator, who runs the system and can neither submit nor sign."""

    help = "Make an administrator; the password is read from ADMINISTRATOR_PASSWORD or asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        password = os.environ.get("ADMINISTRATOR_PASSWORD") or getpass.getpass()
        try:
            appointing.create_person(
                actor=None, username=username, name=name, company=None, password=password, is_administrator=True
            )
        except OrganizationRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(username)
