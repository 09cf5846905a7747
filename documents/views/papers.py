"""Settings: the papers without which a kind cannot be submitted, of one company or of all. Administrators only."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents import kinds, requiring
from documents.models import RequiredPaper
from documents.refusals import Invalid, Refused
from organization.models import Company, Person
from organization.posts import Camp
from organization.views.answering import administrators_only

VERBS = ("rename", "activate", "deactivate")


@require_http_methods(["GET", "POST"])
@administrators_only
def papers(request: HttpRequest) -> HttpResponse:
    """All required papers; POST adds one."""
    if request.method == "GET":
        return _page(request)
    typed = {name: request.POST.get(name, "") for name in ("company", "kind", "name", "need")}
    try:
        made = requiring.add_paper(
            actor=request.user,
            company=_company(typed["company"]),
            kind=typed["kind"],
            name=typed["name"],
            is_required=typed["need"] != "suggested",
        )
    except Refused as refusal:
        return _page(request, refusal, typed)
    messages.success(request, _("已新增必备资料「%(name)s」。") % {"name": made.name})
    return redirect("documents:papers")


@require_POST
@administrators_only
def paper(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Rename, ask for no longer, ask for again."""
    if verb not in VERBS:
        raise Http404
    found = get_object_or_404(RequiredPaper, pk=pk)
    try:
        _perform(verb, found, request.user, request.POST.get("name", ""))
    except Refused as refusal:
        return _page(request, refusal)
    messages.success(request, _("已保存。"))
    return redirect("documents:papers")


def _perform(verb: str, found: RequiredPaper, actor: Person, name: str) -> RequiredPaper:
    if verb == "rename":
        return requiring.rename_paper(actor=actor, paper=found, name=name)
    return requiring.switch_paper(actor=actor, paper=found, active=verb == "activate")


def _company(code: str) -> Company | None:
    """The company of a code; empty stands for all."""
    if not code:
        return None
    company = _companies().get(code)
    if company is None:
        raise Invalid(_("没有这个公司，请重新选择。"))
    return company


def _companies() -> dict[str, Company]:
    return {row.code: row for row in Company.objects.exclude(camp=Camp.REGION).order_by("camp", "name")}


def _page(request: HttpRequest, refusal: Refused | None = None, typed: Mapping[str, str] | None = None) -> HttpResponse:
    context = {
        "rows": requiring.listed(),
        "companies": _companies().values(),
        "kinds": [(form.kind, form.kind.label) for form in kinds.registered()],
        "sentences": refusal.sentences if refusal else (),
        "typed": typed or {},
    }
    return render(request, "documents/papers.html", context, status=refusal.status if refusal else 200)
