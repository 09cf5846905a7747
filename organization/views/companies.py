"""Companies and their departments. Administrators only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from organization import appointing
from organization.forms import CompanyForm, DepartmentForm
from organization.models import Company
from organization.views.answering import administrators_only, attempt, form_page


@require_GET
@administrators_only
def companies(request: HttpRequest) -> HttpResponse:
    """Companies with their departments."""
    rows = Company.objects.prefetch_related("departments")
    return render(request, "organization/companies.html", {"companies": rows})


@require_http_methods(["GET", "POST"])
@administrators_only
def new_company(request: HttpRequest) -> HttpResponse:
    """Add a company."""
    form = CompanyForm(request.POST or None)
    made = attempt(form, appointing.create_company, actor=request.user)
    if made is not None:
        messages.success(request, _("已新建 %(company)s。") % {"company": made})
        return redirect("organization:companies")
    return form_page(request, form, title=_("新建公司"), back=reverse("organization:companies"), action=_("新建"))


@require_http_methods(["GET", "POST"])
@administrators_only
def new_department(request: HttpRequest) -> HttpResponse:
    """Add a department."""
    form = DepartmentForm(request.POST or None, initial={"company": request.GET.get("company")})
    made = attempt(form, appointing.create_department, actor=request.user)
    if made is not None:
        messages.success(request, _("已新建 %(department)s。") % {"department": made})
        return redirect("organization:companies")
    return form_page(request, form, title=_("新建部门"), back=reverse("organization:companies"), action=_("新建"))
