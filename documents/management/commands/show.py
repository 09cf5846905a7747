"""``manage.py show REFERENCE --json``: one form as data."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import translation

from documents.models import Document
from documents.money import plain
from documents.presenting import content_of
from documents.revisions import full_content
from documents.standing import current_steps
from organization.setup import ensure_migrated


class Command(BaseCommand):
    """Shows a form by its number or by the reference of its draft."""

    help = "Shows a form: kind, number, state, side, amount, lines, steps, revision."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", metavar="REFERENCE", help="number, or reference of the draft")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the form; an unknown one ends with status 1."""
        ensure_migrated()
        name = options["reference"].strip()
        document = (
            Document.objects.filter(Q(number=name) | Q(reference=name))
            .select_related("project", "instalment", "policy")
            .first()
        )
        if document is None:
            if options["json"]:
                self.stdout.write(json.dumps({"error": f"no document {name}"}))
                sys.exit(1)
            raise CommandError(f"no document {name}")
        with translation.override(settings.LANGUAGE_CODE):
            data = as_data(document)
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        for key, value in data.items():
            if isinstance(value, list):
                self.stdout.write(f"{key}: {len(value)}")
                for item in value:
                    self.stdout.write(f"  {json.dumps(item, ensure_ascii=False)}")
            else:
                self.stdout.write(f"{key}: {'' if value is None else value}")


def as_data(document: Document) -> dict[str, Any]:
    """The form as it stands: the working copy while it may be edited, else what was signed last."""
    if document.is_editable:
        content = full_content(document)
    else:
        content = content_of(document, document.revision_n)
    return {
        "reference": document.reference,
        "kind": document.kind,
        "number": document.number,
        "state": document.state,
        "side": document.side,
        "amount": plain(document.amount),
        "lines": content["lines"],
        "steps": [
            {
                "position": step.position,
                "post": step.post,
                "status": step.status,
                "person": step.act.person.username if step.act else None,
            }
            for step in current_steps(document)
        ],
        "revision": document.revision_n,
    }
