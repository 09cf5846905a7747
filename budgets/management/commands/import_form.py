"""``manage.py import_form``: a clerk's workbook becomes a draft, or a submitted form, or every reason why not."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from budgets.drafting import import_work_form
from budgets.workbooks.faults import WorkbookRefused
from documents import circulation, kinds
from documents.models import Document
from documents.refusals import Refused
from documents.vocabulary import WORK_KINDS
from organization.models import Instalment, Person
from organization.refusals import OrganizationRefused
from organization.setup import ensure_migrated

Fault = dict[str, Any]


class Faults(Exception):
    """Everything that is wrong, as the answer states it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


def whole(*sentences: str) -> Faults:
    """Faults of the whole file or of the request."""
    nowhere = {"sheet": None, "row": None, "column": None, "value": None}
    return Faults(*({**nowhere, "message": sentence} for sentence in sentences))


class Command(BaseCommand):
    """All or nothing: with any fault nothing is stored, and the status is 1."""

    help = "Imports a workbook as a draft, with --submit as a submitted form; prints its reference or number."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(WORK_KINDS))
        parser.add_argument("workbook", metavar="WORKBOOK", type=Path, help=".xlsx, .xls or .ods")
        parser.add_argument("--project", required=True, help="code, e.g. CH")
        parser.add_argument("--instalment", required=True, help="code, e.g. CH-2")
        parser.add_argument("--month", required=True, help="YYYY-MM")
        parser.add_argument("--as", required=True, dest="actor", metavar="USER", help="who files it: a username")
        parser.add_argument("--submit", action="store_true", help="put it into circulation at once")
        parser.add_argument("--late-reason", default="", metavar="TEXT", help="why it comes after its work began")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print, and end with status 1 when it was refused."""
        ensure_migrated()
        # Scripts compare the words: they do not change with the caller's locale.
        with translation.override(settings.LANGUAGE_CODE):
            try:
                document, warnings = self.take(options)
            except Faults as refused:
                self.refuse(refused.faults, as_json=options["json"])
                sys.exit(1)
        name = "number" if options["submit"] else "reference"
        value = getattr(document, name)
        if options["json"]:
            self.write_json({name: value, "warnings": warnings})
            return
        for warning in warnings:
            self.stderr.write(warning)
        self.stdout.write(value)

    def take(self, options: dict[str, Any]) -> tuple[Document, list[str]]:
        """Import and, where asked for, submit, in one transaction. Raises ``Faults``."""
        given = _request(options)
        try:
            if not options["submit"]:
                return import_work_form(**given)
            with transaction.atomic():
                document, warnings = import_work_form(**given)
                reason = options["late_reason"]
                return (
                    circulation.submit(document_id=document.pk, actor=given["actor"], late_reason=reason),
                    warnings,
                )
        except WorkbookRefused as refused:
            raise Faults(*(error.as_json() for error in refused.errors)) from refused
        except (Refused, OrganizationRefused) as refused:
            raise whole(*refused.sentences) from refused

    def refuse(self, faults: tuple[Fault, ...], *, as_json: bool) -> None:
        """Print every fault; a sentence of a row names it itself."""
        if as_json:
            self.write_json({"errors": list(faults)})
            return
        for fault in faults:
            self.stdout.write(fault["message"])
        self.stderr.write(_("%(n)d 处错误，没有导入任何内容。") % {"n": len(faults)})

    def write_json(self, data: dict[str, Any]) -> None:
        """One object on one line, with real characters where the terminal allows it."""
        text = json.dumps(data, ensure_ascii=False)
        try:
            text.encode(getattr(self.stdout, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(data)
        self.stdout.write(text)


def _request(options: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as the drafting verb takes it; everything wrong with it is told at once."""
    faults = []
    kind = options["kind"]
    if kind not in WORK_KINDS or not kinds.is_registered(kind):
        faults.append(_("没有这种工作表单：%(kind)s。") % {"kind": kind})
    instalment = (
        Instalment.objects.filter(code=options["instalment"], project__code=options["project"])
        .select_related("project")
        .first()
    )
    if instalment is None:
        faults.append(
            _("没有项目 %(project)s 的分期 %(instalment)s。")
            % {"project": options["project"], "instalment": options["instalment"]}
        )
    month = _month(options["month"])
    if month is None:
        faults.append(_("月份 %(month)s 须写成 YYYY-MM，例如 2026-12。") % {"month": options["month"]})
    actor = Person.objects.filter(username=options["actor"], is_active=True).select_related("company").first()
    if actor is None:
        faults.append(_("没有在用的用户 %(user)s。") % {"user": options["actor"]})
    path = Path(options["workbook"])
    try:
        data = path.read_bytes() if path.stat().st_size <= settings.WORKBOOK_MAX_BYTES else None
        if data is None:
            faults.append(_("工作簿大于 5 MB，请删去图片和无关的工作表后再导入。"))
    except OSError:
        faults.append(_("读不到文件 %(path)s。") % {"path": path})
    if faults:
        raise whole(*faults)
    return {
        "kind": kind,
        "actor": actor,
        "instalment": instalment,
        "month": month,
        "data": data,
        "name": path.name,
    }


def _month(text: str) -> date | None:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
    if match is None or not 2000 <= int(match[1]) <= 2999 or not 1 <= int(match[2]) <= 12:
        return None
    return date(int(match[1]), int(match[2]), 1)
