"""One shell for every kind: the document page, its preview, its comparison, the way to its entry page."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import kinds, presenting, sheets, tables
from documents.models import Document
from documents.permissions import can_edit, require
from documents.standing import standing
from documents.views import onward, showing


@require_GET
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """A form as this person may see it, with what they can do now."""
    seen = Document.objects.visible_to(request.user)
    if number := seen.number_of(ref):
        # Back, or a bookmark of the draft: on to the form that it has become.
        return redirect("documents:document", number)
    found = seen.for_page().get_named(ref)
    context = showing.page(request.user, found)
    if onward.ASKED in request.GET:
        context["onward"] = onward.next_for(request.user, found)
    return render(request, "documents/document.html", context)


@require_GET
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """On to the entry page of the kind's own app."""
    found = Document.objects.visible_to(request.user).get_named(ref)
    require(can_edit(standing(request.user, found)))
    return redirect(kinds.get(found.kind).edit_url(found))


@require_GET
def preview(request: HttpRequest, ref: str) -> HttpResponse:
    """The pane beside the inbox; opened as a page of its own it leads to the whole form."""
    found = Document.objects.visible_to(request.user).for_page().get_named(ref)
    if not request.htmx:
        return redirect("documents:document", found.name)
    return render(request, "documents/_preview.html", showing.preview(request.user, found))


@require_GET
def compare(request: HttpRequest, ref: str) -> HttpResponse:
    """Two revisions cell by cell; the working copy (0) for those only who see it."""
    found = Document.objects.visible_to(request.user).for_page().get_named(ref)
    seen = presenting.shown(found, request.user)
    choices = [(n, _("第 %(n)s 次提交") % {"n": n}) for n in range(1, found.revision_n + 1)]
    if seen.is_working_copy:
        choices.append((0, _("修改中")))
    old, new = _chosen(request, [n for n, _label in choices])
    before = presenting.signed(found, old).sheet if old else seen.sheet
    after = presenting.signed(found, new).sheet if new else seen.sheet
    changes = tables.changes(sheets.differences(before, _common(before, after)))
    context = {"document": found, "choices": choices, "old": old, "new": new, "changes": changes}
    return render(request, "documents/compare.html", context)


def _common(before: sheets.Sheet, after: sheets.Sheet) -> sheets.Sheet:
    """The newer sheet with the columns of both: a column that came with a cut is no change in every line."""
    keys = {column.key for column in before.columns}
    return replace(after, columns=tuple(column for column in after.columns if column.key in keys))


def _chosen(request: HttpRequest, numbers: list[int]) -> tuple[int, int]:
    """The two revisions asked for, by default the last two; 404 for what this person doesn't have."""
    last_two = (numbers[-2:] * 2)[:2] if numbers else [0, 0]
    try:
        old, new = int(request.GET.get("from", last_two[0])), int(request.GET.get("to", last_two[1]))
    except ValueError as error:
        raise Http404 from error
    if old not in numbers or new not in numbers:
        raise Http404
    return old, new
