"""Log-in, log-out, one's own page, language and password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization import appointing, clock
from organization.forms import LanguageForm, LoginForm, OwnPasswordForm
from organization.middleware import start_session
from organization.queries import appointments_for_table

LOCKED_STATUS = 429


class LoginView(auth_views.LoginView):
    """Log-in; a fragment request whose session has ended gets sent to the whole page."""

    form_class = LoginForm
    template_name = "organization/login.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("organization:login")})
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        response = super().form_valid(form)
        start_session(self.request)
        return response


class LogoutView(auth_views.LogoutView):
    """Log-out, by POST alone."""

    http_method_names = ["post", "options"]


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """After five wrong tries: the same page for a user who exists and one who doesn't."""
    sentence = _("登录尝试过多，已锁定。请 15 分钟后再试，或联系系统管理员。")
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": [sentence]}, status=LOCKED_STATUS, json_dumps_params={"ensure_ascii": False})
    return render(request, "organization/locked.html", {"sentence": sentence}, status=LOCKED_STATUS)


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who I am, and the posts that I hold."""
    appointments = appointments_for_table(person=request.user)
    context = {
        "appointments": appointments,
        "language_form": LanguageForm(initial={"language": request.user.language}),
        "today": clock.today(),
    }
    return render(request, "organization/me.html", context)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of one's pages and go back to where one was."""
    form = LanguageForm(request.POST)
    if form.is_valid():
        appointing.set_language(person=request.user, language=form.cleaned_data["language"])
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else reverse("organization:me"))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session goes on under a new key, all others end."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = appointing.change_password(person=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, person)
        messages.success(request, _("密码已修改，其他设备上的登录已失效。"))
        return redirect("organization:me")
    status = 400 if form.is_bound else 200
    return render(request, "organization/password.html", {"form": form}, status=status)
