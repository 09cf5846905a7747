"""Pages of applications and their packs."""

from django.urls import path

from settlements.views import choosing, packing, starting

app_name = "settlements"

urlpatterns = [
    path("settlements/", starting.index, name="index"),
    path("settlements/applications/", starting.applications, name="applications"),
    path("settlements/new/", starting.new, name="new"),
    path("settlements/applications/<str:name>/", choosing.edit, name="edit"),
    path("settlements/applications/<str:name>/pack/", packing.pack, name="pack_state"),
    path("settlements/applications/<str:name>/pack.<slug:file_format>", packing.download, name="pack"),
    path("settlements/packs/", packing.month, name="month_packs"),
    path("settlements/packs/month.zip", packing.month_zip, name="month_zip"),
]
