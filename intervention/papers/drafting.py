"""Drafting the three papers: opened for a project, written field by field; an agreement as the version after the approved one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents import drafting
from documents.models import Document
from documents.refusals import Invalid
from documents.states import DocumentState
from documents.vocabulary import Kind
from intervention.models import FoundPromise, PromiseLine, Publicity, PublicityCover, ServiceAgreement
from intervention.papers.forms import LINES_AT_MOST, PaperForm, paper_of, title_of
from intervention.papers.reading import read_head, read_lines
from intervention.papers.vocabulary import FoundState

if TYPE_CHECKING:
    from organization.models import Person, Project

# What the next version of an agreement brings along.
_KEPT = ("subject", "scope", "payment_terms", "commission")
# Head fields whose second must not come before the first.
_SPANS = (("from_on", "until_on"), ("valid_from", "valid_to"))


def open_paper(*, actor: Person, kind: str, project: Project, found: FoundPromise | None = None) -> Document:
    """A draft of one of the three papers; a confirmation may begin from what was ``found`` in use, which it then covers.

    Raises Denied, or Invalid where an agreement's version is still on its way.
    """
    paper = paper_of(kind)
    drafting.require_may_draft(actor, kind, project)
    if kind == Kind.SERVICE_AGREEMENT:
        return _open_agreement(actor, project)
    if found is not None and (kind != Kind.PUBLICITY_CONFIRMATION or found.project_id != project.pk):
        raise Invalid(_("此项在用宣传不属于本单的项目，请从登记中重新选择。"))

    def fill(document: Document) -> None:
        row = paper.model(document=document)
        if found is not None:
            assert isinstance(row, Publicity)
            row.channel, row.channel_note, row.from_on = found.channel, found.place, found.since_on
            PromiseLine.objects.create(
                document=document, key="p1", position=1, subject=found.subject, wording=found.wording
            )
            PublicityCover.objects.create(document=document, found=found)
        row.save(force_insert=True)

    return drafting.open_draft(kind=kind, actor=actor, project=project, title=title_of(kind, project), fill=fill)


def newest_agreement(project_id: int) -> ServiceAgreement | None:
    """The newest version that counts: submitted at least once and neither rejected nor voided."""
    rows = ServiceAgreement.objects.filter(project=project_id, live=True).select_related("document")
    return rows.order_by("-version").first()


def _open_agreement(actor: Person, project: Project) -> Document:
    before = newest_agreement(project.pk)
    if before is not None and before.document.state != DocumentState.APPROVED:
        raise Invalid(
            _("协议第 %(n)d 版 %(number)s 还在办理，请在原单上修改提交。")
            % {"n": before.version, "number": before.document.name}
        )
    version = before.version + 1 if before else 1

    def fill(document: Document) -> None:
        row = ServiceAgreement(document=document, project=project, version=version)
        if before is not None:
            row.predecessor, row.valid_from = before.document, _day_after(before.valid_to)
            for name in _KEPT:
                setattr(row, name, getattr(before, name))
        row.save(force_insert=True)

    title = title_of(Kind.SERVICE_AGREEMENT, project, version=version)
    return drafting.open_draft(kind=Kind.SERVICE_AGREEMENT, actor=actor, project=project, title=title, fill=fill)


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def save_paper(
    *,
    document: Document,
    actor: Person,
    draft_version: int | None,
    head: Mapping[str, Any],
    lines: Iterable[Mapping[str, Any]] | None = None,
    covers: Iterable[int] | None = None,
) -> Document:
    """Write a paper: head fields that were sent, all lines and all covered found promises where these were sent.

    Lines are matched by ``id``; those that are not sent, or sent blank, go. Raises Invalid with every fault, Denied, Conflict.
    """
    paper = paper_of(document.kind)
    faults: list[str] = []
    values = _collect(faults, lambda: read_head(paper.head, head)) or {}
    rows = None
    if lines is not None:
        rows = _collect(faults, lambda: read_lines(paper.lines, lines, LINES_AT_MOST))
    if faults:
        raise Invalid(*faults)

    def change(working: Document) -> None:
        row = paper.model._default_manager.get(document=working)
        for name, value in values.items():
            setattr(row, name, value)
        _require_spans(paper, row)
        row.save()
        if rows is not None and paper.line_model is not None:
            _write_lines(paper, working, rows)
        if covers is not None and paper.kind == Kind.PUBLICITY_CONFIRMATION:
            _write_covers(working, set(covers))
        working.title = title_of(working.kind, working.project, getattr(row, "subject", ""), getattr(row, "version", 1))

    return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)


def _collect(faults: list[str], read: Any) -> Any:
    try:
        return read()
    except Invalid as refusal:
        faults += refusal.sentences
        return None


def _require_spans(paper: PaperForm, row: Any) -> None:
    labels = {field.name: field.label for field in paper.head}
    for first, last in _SPANS:
        if last in labels and getattr(row, first) and getattr(row, last) and getattr(row, last) < getattr(row, first):
            raise Invalid(
                _("%(last)s %(to)s 早于%(first)s %(from)s，请改正其中一个日期。")
                % {
                    "last": labels[last],
                    "first": labels[first],
                    "to": getattr(row, last).isoformat(),
                    "from": getattr(row, first).isoformat(),
                }
            )
    if getattr(row, "supersedes", False) and row.version == 1:
        raise Invalid(_("这是第一版协议，没有可取代的上一版，请去掉「取代上一版」。"))


def _write_lines(paper: PaperForm, document: Document, rows: list[dict[str, Any]]) -> None:
    assert paper.line_model is not None
    model = paper.line_model._default_manager
    stored = {line.key: line for line in model.filter(document=document)}
    last = max((int(key[1:]) for key in {*stored, *_signed_keys(document)}), default=0)
    kept = []
    for n, cells in enumerate(rows, start=1):
        line = stored.pop(cells.pop("id"), None)
        if line is None:
            last += 1
            line = paper.line_model(document=document, key=f"p{last}")
        for name, value in {**cells, "position": n}.items():
            setattr(line, name, value)
        kept.append(line)
    model.filter(document=document, key__in=list(stored)).delete()
    for line in kept:
        line.save()


def _signed_keys(document: Document) -> set[str]:
    """Keys of lines that were ever submitted: a line that has gone since never lends its key to another."""
    contents = document.revisions.values_list("content", flat=True)
    return {line["id"] for content in contents for line in json.loads(content)["lines"]}


def _write_covers(document: Document, keys: set[int]) -> None:
    there = set(document.covers.values_list("found_id", flat=True))
    known = set(
        FoundPromise.objects.filter(
            project=document.project_id, pk__in=keys - there, state=FoundState.IN_USE
        ).values_list("pk", flat=True)
    )
    if gone := keys - there - known:
        raise Invalid(_("所选在用宣传中有 %(n)d 条已处理或不属于本项目，请刷新后重新选择。") % {"n": len(gone)})
    PublicityCover.objects.filter(document=document, found__in=there - keys).delete()
    PublicityCover.objects.bulk_create(PublicityCover(document=document, found_id=pk) for pk in sorted(known))
