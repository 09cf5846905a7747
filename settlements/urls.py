"""Pages of applications and their packs."""

from django.urls import path

from settlements.views import choosing, packing, reading, starting

app_name = "settlements"

urlpatterns = [
    path("settlements/", starting.index, name="index"),
    path("settlements/applications/", starting.applications, name="applications"),
    path("settlements/ageing/", reading.aged, name="ageing"),
    path("settlements/ageing/export/", reading.aged_export, name="ageing_export"),
    path("settlements/compare/", reading.compared, name="compare"),
    path("settlements/compare/export/", reading.compared_export, name="compare_export"),
    path("settlements/new/", starting.new, name="new"),
    path("settlements/applications/<str:name>/", choosing.edit, name="edit"),
    path("settlements/applications/<str:name>/pack.<slug:file_format>", packing.download, name="pack"),
]
