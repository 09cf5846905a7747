"""What the pages share: who may come in, and a form whose verb may refuse."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from organization.forms import PlainForm
from organization.models import Project
from organization.permissions import can_administer
from organization.queries import projects_for
from organization.refusals import Denial, NotAllowed, OrganizationRefused

View = Callable[..., HttpResponse]


def allow(denial: Denial | None) -> None:
    """Answer 403 with the predicate's sentence."""
    if denial is not None:
        raise PermissionDenied(denial.reason)


def administrators_only(view: View) -> View:
    """Ask before anything is looked up, so that absent and present rows answer alike."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allow(can_administer(request.user))
        return view(request, *args, **kwargs)

    return inner


def visible_project(request: HttpRequest, code: str) -> Project:
    """The project if this person may see it; one that they may not answers like one that isn't there."""
    projects = projects_for(request.user).select_related("developer", "property_company", "region")
    return get_object_or_404(projects, code=code)


def attempt(form: PlainForm, verb: Callable[..., Any], **arguments: Any) -> Any:
    """Run a verb with a form's cleaned data; None when the form or the verb said no, and the form then says why."""
    if not form.is_valid():
        return None
    try:
        return verb(**arguments, **form.cleaned_data)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except OrganizationRefused as refusal:
        form.refuse(refusal)
        return None


def form_page(request: HttpRequest, form: PlainForm, **context: Any) -> HttpResponse:
    """A page with one form: ``title``, ``back`` (url) and what the button says (``action``)."""
    status = 400 if form.is_bound else 200
    return render(request, "organization/form.html", {"form": form, **context}, status=status)
