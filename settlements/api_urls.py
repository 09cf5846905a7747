"""REST routes of settlement, under ``/api/v1/``."""

from django.urls import path, re_path

from settlements import api, packs

app_name = "settlements_api"

FORMATS = "|".join(packs.FORMATS)

urlpatterns = [
    path("applications/", api.ApplicationsView.as_view(), name="applications"),
    path("documents/<str:reference>/application-lines/", api.ApplicationLinesView.as_view(), name="application_lines"),
    path("documents/<str:reference>/reversals/", api.ReversalsView.as_view(), name="reversals"),
    path("documents/<str:reference>/explained/", api.ExplainedView.as_view(), name="explained"),
    re_path(rf"^documents/(?P<reference>[^/]+)/pack/(?P<file_format>{FORMATS})/$", api.PackView.as_view(), name="pack"),
]
