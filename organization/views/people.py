"""People: list, page, make, edit, shut out, let in, new password. Administrators only."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization import appointing, clock
from organization.forms import NewPersonForm, PasswordForm, PersonForm
from organization.models import Person
from organization.queries import appointments_for_table, people_for_table
from organization.refusals import OrganizationRefused
from organization.views.answering import administrators_only, attempt, form_page

PAGE_SIZE = 50


@require_GET
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """The list of people, searched and paged."""
    text, inactive = request.GET.get("q", "").strip(), "inactive" in request.GET
    page = Paginator(people_for_table(text, inactive=inactive), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "organization/people.html", {"page": page, "q": text, "inactive": inactive})


@require_GET
@administrators_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person with all appointments, those that ended included."""
    shown = get_object_or_404(Person.objects.select_related("company"), pk=pk)
    context = {
        "shown": shown,
        "appointments": appointments_for_table(person=shown, ended=True),
        "today": clock.today(),
    }
    return render(request, "organization/person.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@administrators_only
def new_person(request: HttpRequest) -> HttpResponse:
    """Make a person."""
    form = NewPersonForm(request.POST or None)
    made = attempt(form, appointing.create_person, actor=request.user)
    if made is not None:
        messages.success(request, _("已新建 %(person)s。") % {"person": made})
        return redirect("organization:person", pk=made.pk)
    return form_page(request, form, title=_("新建人员"), back=reverse("organization:people"), action=_("新建"))


@require_http_methods(["GET", "POST"])
@administrators_only
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, phone, e-mail."""
    shown = get_object_or_404(Person, pk=pk)
    initial = {"name": shown.name, "phone": shown.phone, "email": shown.email}
    form = PersonForm(request.POST or None, initial=initial)
    back = reverse("organization:person", args=[pk])
    if attempt(form, appointing.edit_person, actor=request.user, person=shown) is not None:
        messages.success(request, _("已保存。"))
        return redirect(back)
    return form_page(request, form, title=_("编辑 %(person)s") % {"person": shown}, back=back, action=_("保存"))


@require_POST
@administrators_only
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a person out at once."""
    shown = get_object_or_404(Person, pk=pk)
    try:
        appointing.deactivate(actor=request.user, person=shown)
    except OrganizationRefused as refusal:
        if refusal.status == 403:
            raise PermissionDenied(str(refusal)) from refusal
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(person)s 已停用，历史记录保留。") % {"person": shown})
    return redirect("organization:person", pk=pk)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@administrators_only
def give_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Reset the password of a person; one who was shut out is let in again by it."""
    shown = get_object_or_404(Person, pk=pk)
    verb = appointing.reset_password if shown.is_active else appointing.reactivate
    title = _("重置 %(person)s 的密码") if shown.is_active else _("重新启用 %(person)s")
    form = PasswordForm(request.POST or None)
    back = reverse("organization:person", args=[pk])
    if attempt(form, verb, actor=request.user, person=shown) is not None:
        messages.success(request, _("密码已设置，本人下次登录时须修改。"))
        return redirect(back)
    return form_page(request, form, title=title % {"person": shown}, back=back, action=_("确定"))
