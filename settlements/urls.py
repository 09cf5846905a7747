"""Pages of applications and their packs."""

from django.urls import path

from settlements.views import beginning, choosing, explaining, packing, reversing, starting

app_name = "settlements"

urlpatterns = [
    path("settlements/", starting.index, name="index"),
    path("settlements/applications/", starting.applications, name="applications"),
    path("settlements/new/", beginning.new, name="new"),
    path("settlements/applications/<str:name>/", choosing.edit, name="edit"),
    path("settlements/applications/<str:name>/explained/", explaining.explained, name="explained"),
    path("settlements/applications/<str:name>/reverse/", reversing.start, name="reverse"),
    path("settlements/applications/<str:name>/pack.<slug:file_format>", packing.download, name="pack"),
]
