"""Projects, instalments, contacts and 对接与授权名单. A project that one may not see answers 404."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from organization import appointing, clock
from organization.forms import ContactForm, EditProjectForm, NewInstalmentForm, NewProjectForm
from organization.permissions import can_administer, can_record_contact
from organization.queries import projects_for, projects_with_instalments
from organization.queries import roster as roster_of
from organization.views.answering import administrators_only, allow, attempt, form_page, visible_project


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that this person may see."""
    rows = projects_with_instalments(projects_for(request.user))
    return render(request, "organization/projects.html", {"projects": rows, "denial": can_administer(request.user)})


@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project: anchor dates, instalments, contacts, who holds what."""
    shown = visible_project(request, code)
    context = {
        "project": shown,
        "roster": roster_of(shown, clock.today()),
        "instalments": shown.instalments.all(),
        "administer_denial": can_administer(request.user),
        "contact_denial": can_record_contact(request.user, shown),
        "today": clock.today(),
    }
    return render(request, "organization/project.html", context)


@require_GET
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """对接与授权名单, for reading and for print."""
    shown = visible_project(request, code)
    ended = "ended" in request.GET
    context = {"project": shown, "roster": roster_of(shown, clock.today(), ended=ended), "ended": ended}
    return render(request, "organization/roster.html", {**context, "today": clock.today()})


@require_http_methods(["GET", "POST"])
@administrators_only
def new_project(request: HttpRequest) -> HttpResponse:
    """Add a project."""
    form = NewProjectForm(request.POST or None)
    made = attempt(form, appointing.create_project, actor=request.user)
    if made is not None:
        messages.success(request, _("已新建 %(project)s。") % {"project": made})
        return redirect("organization:project", code=made.code)
    return form_page(request, form, title=_("新建项目"), back=reverse("organization:projects"), action=_("新建"))


@require_http_methods(["GET", "POST"])
@administrators_only
def edit_project(request: HttpRequest, code: str) -> HttpResponse:
    """Change name, region, use."""
    shown = visible_project(request, code)
    initial = {field: getattr(shown, field) for field in ("name", "region", "is_active")}
    form = EditProjectForm(request.POST or None, initial=initial)
    back = reverse("organization:project", args=[code])
    if attempt(form, appointing.edit_project, actor=request.user, project=shown) is not None:
        messages.success(request, _("已保存。"))
        return redirect(back)
    return form_page(request, form, title=_("编辑 %(project)s") % {"project": shown}, back=back, action=_("保存"))


@require_http_methods(["GET", "POST"])
@administrators_only
def new_instalment(request: HttpRequest, code: str) -> HttpResponse:
    """Add an instalment."""
    shown = visible_project(request, code)
    form = NewInstalmentForm(request.POST or None)
    back = reverse("organization:project", args=[code])
    if attempt(form, appointing.create_instalment, actor=request.user, project=shown) is not None:
        messages.success(request, _("已新建分期。"))
        return redirect(back)
    return form_page(request, form, title=_("%(project)s：新建分期") % {"project": shown}, back=back, action=_("新建"))


@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a contact of the two sides for a phase."""
    shown = visible_project(request, code)
    allow(can_record_contact(request.user, shown))
    form = ContactForm(request.POST or None, project=shown, initial={"contacted_on": clock.today()})
    back = reverse("organization:project", args=[code])
    if attempt(form, appointing.record_contact, actor=request.user, project=shown) is not None:
        messages.success(request, _("对接记录已登记。"))
        return redirect(back)
    return form_page(request, form, title=_("%(project)s：登记对接") % {"project": shown}, back=back, action=_("登记"))
