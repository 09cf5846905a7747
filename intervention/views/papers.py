"""The entry pages of the three papers: begun for a project, written, submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents import drafting
from documents.models import Document
from documents.refusals import Refused
from documents.views import entry
from documents.vocabulary import Kind
from intervention.forms import NewPaperForm
from intervention.models import FoundPromise
from intervention.papers.drafting import open_paper, save_paper
from intervention.papers.forms import LINES_AT_MOST, PAPERS, PaperForm
from intervention.papers.queries import coverable
from intervention.papers.reading import Field, Shape, is_blank, shown, text_of, told_of, typed_text

OF = tuple(Kind(kind) for kind in PAPERS)
BLANK_LINES = 3


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose the project; POST makes the draft and leads to its entry page. ``found`` is what it begins from."""
    if kind not in PAPERS:
        raise Http404
    projects = drafting.draftable_projects(request.user, kind)
    found = _found(request)
    if request.method == "GET":
        chosen = found.project.code if found else request.GET.get("project", "")
        return _new(request, kind, NewPaperForm(projects=projects, initial={"project": chosen}), found=found)
    form = NewPaperForm(request.POST, projects=projects)
    if not form.is_valid():
        return _new(request, kind, form, found=found, status=400)
    try:
        document = open_paper(actor=request.user, kind=kind, project=form.cleaned_data["project"], found=found)
    except Refused as refusal:
        return _new(request, kind, form, found=found, sentences=refusal.sentences, status=refusal.status)
    return redirect("intervention:edit_paper", document.name)


def _found(request: HttpRequest) -> FoundPromise | None:
    text = request.GET.get("found", "") or request.POST.get("found", "")
    if not text:
        return None
    key = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    found = FoundPromise.objects.visible_to(request.user).select_related("project").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _new(request: HttpRequest, kind: str, form: NewPaperForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "kind": Kind(kind), "paper": PAPERS[kind], "none": not form.projects.exists(), **more}
    return render(request, "intervention/papers/new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Head, lines and covered found promises; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    if request.method == "GET":
        return _page(request, document)
    return PaperEntry(request, document).answer()


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save the head, lines and covered found promises that the page holds now."""
    return PaperEntry(request, entry.editable(request.user, name, OF)).autosave()


@dataclass(frozen=True, slots=True)
class Typed:
    """What the page sent: texts of the head, of lines, and keys of found promises; None where it did not ask."""

    head: dict[str, str]
    lines: list[dict[str, str]] | None
    covers: set[int] | None
    # Which of the page's lines were left blank: these are not among the lines.
    blanks: tuple[bool, ...] = ()


def typed_in(request: HttpRequest, paper: PaperForm) -> Typed:
    """Read the page's inputs; an unticked box is not sent."""
    data = request.POST
    head = {
        field.name: typed_text(data.get(field.name))
        for field in paper.head
        if field.name in data or field.shape == Shape.FLAG
    }
    total = data.get("lines-total", "")
    names = ("id", *(field.name for field in paper.lines))
    lines, blanks = None, ()
    if paper.lines and total.isascii() and total.isdecimal() and len(total) < 4:
        rows = range(min(int(total), LINES_AT_MOST * 2))
        lines = [{name: typed_text(data.get(f"line-{n}-{name}")) for name in names} for n in rows]
        blanks = tuple(is_blank(paper.lines, line) for line in lines)
        lines = [line for line, blank in zip(lines, blanks, strict=True) if not blank]
    keys = {int(key) for key in data.getlist("cover") if key.isascii() and key.isdecimal() and len(key) < 19}
    return Typed(head, lines, keys if "covers-asked" in data else None, blanks)


class PaperEntry(entry.Entry):
    """Head, lines and covered found promises of a paper."""

    kinds = OF

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        self.paper = PAPERS[document.kind]
        self.typed = typed_in(request, self.paper)

    def save(self, document: Document, version: int) -> Document:
        typed = self.typed
        return save_paper(
            document=document,
            actor=self.request.user,
            draft_version=version,
            head=typed.head,
            lines=typed.lines,
            covers=typed.covers,
        )

    def differences(self, now: Document) -> list[tuple[str, str, str]]:
        row = self.paper.row(now)
        found = [
            (str(field.label), shown(field, text), shown(field, text_of(field, getattr(row, field.name))))
            for field in self.paper.head
            if (text := self.typed.head.get(field.name)) is not None
        ]
        if self.typed.lines is not None:
            found += _line_differences(self.paper, self.typed.lines, stored_lines(now, self.paper))
        if self.typed.covers is not None:
            there = set(now.covers.values_list("found_id", flat=True))
            words = {True: _("补确认"), False: _("不补确认")}
            found += [
                (row.wording[:30], words[row.pk in self.typed.covers], words[row.pk in there]) for row in coverable(now)
            ]
        return [pair for pair in found if pair[1] != pair[2]]

    def values(self, now: Document) -> dict[str, str]:
        row = self.paper.row(now)
        # A box is known by its name and value: what stands there is whether it is ticked.
        said = {
            f"{field.name}=1" if field.shape == Shape.FLAG else field.name: text_of(field, getattr(row, field.name))
            for field in self.paper.head
        }
        for n, line in enumerate(stored_lines(now, self.paper)):
            said |= {f"line-{n}-{name}": text for name, text in line.items()}
        return said | {f"cover={pk}": "1" for pk in now.covers.values_list("found_id", flat=True)}

    def after(self, document: Document) -> dict[str, Any]:
        keys = iter([line["id"] for line in stored_lines(document, self.paper)])
        return {"ids": ["" if blank else next(keys, "") for blank in self.typed.blanks]}

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return _page(self.request, document, self.typed if typed else None, refusal, draft_version=version, **more)


def _line_differences(
    paper: PaperForm, mine: list[dict[str, str]], theirs: list[dict[str, str]]
) -> list[tuple[str, str, str]]:
    """Lines side by side as texts; one that only one copy has stands against nothing."""

    def said(lines: list[dict[str, str]], n: int) -> str:
        if n >= len(lines):
            return ""
        return " ".join(text for field in paper.lines if (text := shown(field, lines[n].get(field.name, ""))))

    return [
        (_("第 %(n)d 行") % {"n": n + 1}, said(mine, n), said(theirs, n)) for n in range(max(len(mine), len(theirs)))
    ]


def stored_lines(document: Document, paper: PaperForm) -> list[dict[str, str]]:
    """The stored lines as their inputs hold them."""
    if not paper.lines_name:
        return []
    return [
        {"id": line.key, **{field.name: text_of(field, getattr(line, field.name)) for field in paper.lines}}
        for line in getattr(document, paper.lines_name).all()
    ]


def _cell(field: Field, name: str, value: str, error: str) -> dict[str, Any]:
    """An input: its field, name and text, its choices, and what is wrong with it."""
    choices = field.choices.choices if field.choices else ()
    return {"field": field, "name": name, "value": value, "choices": choices, "error": error}


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence of a refusal with the input it is about, if the page has one."""

    sentence: str
    anchor: str

    def __str__(self) -> str:
        return self.sentence


def _placed(sentences: Sequence[str], head: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[Placed]:
    cells = [*head, *(cell for line in lines for cell in line["cells"])]
    anchors = {cell["error"]: f"id_{cell['name']}" for cell in reversed(cells)}
    return [Placed(sentence, anchors.get(sentence, "")) for sentence in sentences]


def _lines(document: Document, paper: PaperForm, typed: Typed | None, sentences: Sequence[str]) -> list[dict[str, Any]]:
    """The inputs of the lines, with blank ones to fill."""
    if not paper.lines:
        return []
    rows = list(typed.lines) if typed and typed.lines is not None else stored_lines(document, paper)
    rows += [{} for _n in range(min(BLANK_LINES, max(LINES_AT_MOST - len(rows), 0)))]
    return [
        {
            "id": row.get("id", ""),
            "cells": [
                _cell(
                    field,
                    f"line-{n}-{field.name}",
                    row.get(field.name, ""),
                    told_of(field, _("第 %(n)d 行 ") % {"n": n + 1}, sentences),
                )
                for field in paper.lines
            ],
        }
        for n, row in enumerate(rows)
    ]


def _covers(document: Document, typed: Typed | None) -> list[tuple[FoundPromise, bool]]:
    if document.kind != Kind.PUBLICITY_CONFIRMATION:
        return []
    stored = set(document.covers.values_list("found_id", flat=True))
    chosen = typed.covers if typed and typed.covers is not None else stored
    return [(row, row.pk in chosen) for row in coverable(document)]


def _page(
    request: HttpRequest,
    document: Document,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    paper = PAPERS[document.kind]
    row = paper.row(document)
    stored = {field.name: text_of(field, getattr(row, field.name)) for field in paper.head}
    texts = stored | typed.head if typed else stored
    fields = [field for field in paper.head if field.name != "supersedes" or row.predecessor]
    sentences = refusal.sentences if refusal else ()
    head = [_cell(field, field.name, texts[field.name], told_of(field, "", sentences)) for field in fields]
    lines = _lines(document, paper, typed, sentences)
    context = entry.beside(request, document) | {
        "paper": paper,
        "row": row,
        "head": head,
        "lines": lines,
        "covers": _covers(document, typed),
        "sentences": _placed(sentences, head, lines),
        "draft_version": document.draft_version,
        **more,
    }
    return render(request, "intervention/papers/edit.html", context, status=refusal.status if refusal else 200)
