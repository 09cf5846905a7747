"""REST routes of the organization, under ``/api/v1/``."""

from django.urls import path

from organization import api

app_name = "organization_api"

urlpatterns = [
    path("token/", api.TokenView.as_view(), name="token"),
    path("me/", api.MeView.as_view(), name="me"),
    path("projects/", api.ProjectsView.as_view(), name="projects"),
    path("calendar/", api.CalendarView.as_view(), name="calendar"),
]
