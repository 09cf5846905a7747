"""Who holds which post: list by project, post and person; appoint; end; the trail. Administrators only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from organization import appointing, clock
from organization.forms import AppointForm, EndForm
from organization.models import Appointment, Project
from organization.posts import Post
from organization.queries import appointments_for_table, events_before
from organization.views.answering import administrators_only, attempt, form_page
from organization.wording import worded

PAGE_SIZE = 60


@require_GET
@administrators_only
def posts(request: HttpRequest) -> HttpResponse:
    """Appointments, filtered."""
    chosen = Project.objects.filter(code=request.GET.get("project", "")).first()
    post = request.GET.get("post", "")
    post = post if post in Post.values else ""
    ended = "ended" in request.GET
    rows = appointments_for_table(project=chosen, post=post, ended=ended)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "projects": Project.objects.all(),
        "posts": Post.choices,
        "chosen": chosen,
        "post": post,
        "ended": ended,
        "today": clock.today(),
    }
    return render(request, "organization/posts.html", context)


@require_http_methods(["GET", "POST"])
@administrators_only
def appoint(request: HttpRequest) -> HttpResponse:
    """Give a person a post; person or project may be named in the address."""
    given = {name: request.GET[name] for name in ("person", "project", "post") if name in request.GET}
    form = AppointForm(request.POST or None, initial=given)
    made = attempt(form, appointing.appoint, actor=request.user)
    if made is not None:
        messages.success(request, _("已任命：%(appointment)s。") % {"appointment": made})
        return redirect("organization:person", pk=made.person_id)
    return form_page(request, form, title=_("任命"), back=reverse("organization:posts"), action=_("任命"))


@require_http_methods(["GET", "POST"])
@administrators_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the last day of an appointment."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "project"), pk=pk)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    back = reverse("organization:person", args=[appointment.person_id])
    if attempt(form, appointing.end_appointment, actor=request.user, appointment=appointment) is not None:
        messages.success(request, _("已记录任命的最后一天。"))
        return redirect(back)
    title = _("结束任命：%(appointment)s") % {"appointment": appointment}
    return form_page(request, form, title=title, back=back, action=_("确定"))


@require_GET
@administrators_only
def trail(request: HttpRequest) -> HttpResponse:
    """The organization's trail, newest first."""
    before = request.GET.get("before", "")
    lines = worded(events_before(int(before) if before.isdecimal() and len(before) < 18 else None))
    return render(request, "organization/trail.html", {"lines": lines})
