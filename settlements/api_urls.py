"""REST routes of settlement, under ``/api/v1/``."""

from django.urls import path, re_path

from settlements import api, api_packs, packs, reading_api

app_name = "settlements_api"

FORMATS = "|".join(packs.FORMATS)

urlpatterns = [
    path("applications/", api.ApplicationsView.as_view(), name="applications"),
    path("settlements/months/", reading_api.MonthsView.as_view(), name="months"),
    path("settlements/ageing/", reading_api.AgeingView.as_view(), name="ageing"),
    path("settlements/compare/", reading_api.CompareView.as_view(), name="compare"),
    path("documents/<str:reference>/application-lines/", api.ApplicationLinesView.as_view(), name="application_lines"),
    path("documents/<str:reference>/reversals/", api.ReversalsView.as_view(), name="reversals"),
    path("documents/<str:reference>/explained/", api.ExplainedView.as_view(), name="explained"),
    path("documents/<str:reference>/pack/", api_packs.PackStateView.as_view(), name="pack_state"),
    re_path(
        rf"^documents/(?P<reference>[^/]+)/pack/(?P<file_format>{FORMATS})/$",
        api_packs.PackFileView.as_view(),
        name="pack",
    ),
    path("packs/", api_packs.MonthPacksView.as_view(), name="month_packs"),
    path("packs/zip/", api_packs.MonthZipView.as_view(), name="month_zip"),
]
