"""All addresses of the site; the only place that knows every app."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from config.desk import home, month
from config.health import healthz
from config.help import page as help_page
from config.offline import page as offline_page
from config.offline import worker

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("", include("organization.api_urls")),
    path("", include("documents.api.urls")),
    path("", include("intervention.api_urls")),
    path("", include("budgets.api_urls")),
    path("", include("settlements.api_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("month-board/", month, name="month_board"),
    path("help/", help_page, name="help"),
    path("healthz", healthz, name="healthz"),
    path("offline/", offline_page, name="offline"),
    path("worker.js", worker, name="worker"),
    path("", include("organization.urls")),
    path("", include("documents.urls")),
    path("", include("intervention.urls")),
    path("", include("budgets.urls")),
    path("", include("settlements.urls")),
    path("api/v1/", include(api)),
]
