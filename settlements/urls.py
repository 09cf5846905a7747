"""Pages of applications and their packs."""

from django.urls import path

from settlements.views import beginning, choosing, explaining, packing, reading, reversing, starting

app_name = "settlements"

urlpatterns = [
    path("settlements/", starting.index, name="index"),
    path("settlements/applications/", starting.applications, name="applications"),
    path("settlements/ageing/", reading.aged, name="ageing"),
    path("settlements/ageing/export/", reading.aged_export, name="ageing_export"),
    path("settlements/compare/", reading.compared, name="compare"),
    path("settlements/compare/export/", reading.compared_export, name="compare_export"),
    path("settlements/new/", beginning.new, name="new"),
    path("settlements/applications/<str:name>/", choosing.edit, name="edit"),
    path("settlements/applications/<str:name>/explained/", explaining.explained, name="explained"),
    path("settlements/applications/<str:name>/reverse/", reversing.start, name="reverse"),
    path("settlements/applications/<str:name>/pack/", packing.pack, name="pack_state"),
    path("settlements/applications/<str:name>/pack.<slug:file_format>", packing.download, name="pack"),
    path("settlements/packs/", packing.month, name="month_packs"),
    path("settlements/packs/month.zip", packing.month_zip, name="month_zip"),
]
