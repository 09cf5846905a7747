"""All addresses of the site; the only place that knows every app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from config.health import healthz
from documents.views import lists

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"


def present(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.home, name="home"),
    path("healthz", healthz, name="healthz"),
    *present("", "organization.urls"),
    *present("", "documents.urls"),
    *present("", "budgets.urls"),
    *present("", "settlements.urls"),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    *present("api/v1/", "organization.api_urls"),
    *present("api/v1/", "documents.api.urls"),
    *present("api/v1/", "budgets.api_urls"),
    *present("api/v1/", "settlements.api_urls"),
]
