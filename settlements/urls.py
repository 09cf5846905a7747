"""Pages of applications and their packs."""

from django.urls import path

from settlements.views import choosing, packing, starting

app_name = "settlements"

urlpatterns = [
    path("settlements/", starting.index, name="index"),
    path("settlements/applications/", starting.applications, name="applications"),
    path("settlements/new/", starting.new, name="new"),
    path("settlements/applications/<str:name>/", choosing.edit, name="edit"),
    path("settlements/applications/<str:name>/pack.<slug:file_format>", packing.download, name="pack"),
]
