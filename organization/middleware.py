"""What holds for every page of a person who is logged in: age of the session, language, password due, privacy.

Sessions live by the machine's clock, never by the domain's: a test or the demonstration may set that one.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from organization import access

GetResponse = Callable[[HttpRequest], HttpResponseBase]

STARTED, SEEN = "session_started", "session_seen"
# Seconds after which "seen" is written again: one session write a minute, not one a request.
SEEN_STEP = 60
# Where a person may go whose password is due.
OPEN_WHILE_DUE = {"organization:password", "organization:logout", "organization:language"}
PERMISSIONS_POLICY = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


def start_session(request: HttpRequest) -> None:
    """Begin the session's two spans; called at log-in."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


class SessionAgeMiddleware:
    """Ends a session after 8 idle hours and after 12 hours at the latest (ASVS 7.3)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            if STARTED not in request.session:
                start_session(request)
            idle = now - request.session.get(SEEN, 0)
            if idle > settings.SESSION_IDLE_SECONDS or now - request.session[STARTED] > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif idle > SEEN_STEP:
                request.session[SEEN] = now
        return self.get_response(request)


class PersonLanguageMiddleware:
    """Pages speak the person's own language; before log-in the browser's choice holds."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if not person.is_authenticated:
            return self.get_response(request)
        with translation.override(person.language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers["Content-Language"] = request.LANGUAGE_CODE
        return response


class MustChangePasswordMiddleware:
    """A password given by an administrator opens one page only: the one where it is changed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        person = request.user
        if not person.is_authenticated or not person.must_change_password:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"errors": [_("请先修改初始密码。")]}, status=403, json_dumps_params={"ensure_ascii": False}
            )
        if not getattr(view, "login_required", True):
            return None
        if request.resolver_match and request.resolver_match.view_name in OPEN_WHILE_DUE:
            return None
        return redirect(reverse("organization:password"))


class OneLookMiddleware:
    """A request that only shows reads who is asking once, whatever the page holds."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with access.one_look():
            return self.get_response(request)


class PrivateResponsesMiddleware:
    """Nothing made for a person is kept by browsers or proxies; no page may use the device's sensors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Rendered lazily below, the answer must not change the question who is asking.
        private = request.user.is_authenticated or request.path.startswith("/api/")
        response = self.get_response(request)
        if private or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response
