"""Settings: the categories of lines, per property company and kind. Administrators only."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from budgets import categorising
from budgets.models import Category
from documents.refusals import Refused
from organization.models import Company
from organization.views.answering import administrators_only


@require_http_methods(["GET", "POST"])
@administrators_only
def categories(request: HttpRequest) -> HttpResponse:
    """Every kind's categories of one company; POST adds one."""
    chosen = _company((request.POST if request.method == "POST" else request.GET).get("company", ""))
    if request.method == "GET":
        return _page(request, chosen)
    typed = {name: request.POST.get(name, "") for name in ("kind", "name")}
    if chosen is None:
        return _page(request, None, Refused(_("请选择物业公司。")), typed)
    try:
        made = categorising.add_category(actor=request.user, company=chosen, **typed)
    except Refused as refusal:
        return _page(request, chosen, refusal, typed)
    messages.success(request, _("已新增类别「%(name)s」。") % {"name": made.name})
    return _back(chosen)


@require_POST
@administrators_only
def category(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Rename, move, take out of use, put back."""
    if verb not in categorising.VERBS:
        raise Http404
    found = get_object_or_404(Category, pk=pk)
    try:
        categorising.perform(verb, found, request.user, request.POST.get("name", ""))
    except Refused as refusal:
        return _page(request, found.company, refusal)
    messages.success(request, _("已保存。"))
    return _back(found.company)


def _company(code: str) -> Company | None:
    companies = categorising.property_companies()
    return companies.filter(code=code).first() if code else companies.first()


def _back(company: Company) -> HttpResponse:
    return redirect(f"{reverse('budgets:categories')}?company={company.code}")


def _page(
    request: HttpRequest,
    company: Company | None,
    refusal: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    context = {
        "companies": categorising.property_companies(),
        "company": company,
        "shelves": categorising.shelves(company) if company else [],
        "sentences": refusal.sentences if refusal else (),
        "typed": typed or {},
    }
    return render(request, "budgets/categories.html", context, status=refusal.status if refusal else 200)
